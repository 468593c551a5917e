"""The directive ``column-table``: output columns as the code describes them."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from stance import columns

GROUPS = {
    "document": columns.DOCUMENT_COLUMNS,
    "statement": columns.STATEMENT_COLUMNS,
    "prediction": columns.PREDICTION_COLUMNS,
    "speakers": columns.SPEAKER_COLUMNS,
    "error": (columns.ERROR_COLUMN,),
}


class ColumnTable(SphinxDirective):
    """A table of one group of output columns: name, type and meaning."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Build the table from ``stance.columns``."""
        group = GROUPS.get(self.arguments[0])
        if group is None:
            raise self.error(f"no group of columns {self.arguments[0]!r}: use one of {[*GROUPS]}")
        table = nodes.table(classes=["table"])
        table_group = nodes.tgroup(cols=3)
        table += table_group
        for width in (25, 12, 63):
            table_group += nodes.colspec(colwidth=width)
        head = nodes.thead()
        head += self._row([[nodes.Text(name)] for name in ("Column", "Type", "Meaning")])
        table_group += head
        body = nodes.tbody()
        for column in group:
            name = nodes.literal("", column.name)
            meaning = nodes.Text(column.description)
            body += self._row([[name], [nodes.Text(column.type)], [meaning]])
        table_group += body
        return [table]

    @staticmethod
    def _row(cells: list[list[nodes.Node]]) -> nodes.row:
        row = nodes.row()
        for cell in cells:
            entry = nodes.entry()
            entry += nodes.paragraph("", "", *cell)
            row += entry
        return row


def setup(app: Sphinx) -> ExtensionMetadata:
    """Register the directive."""
    app.add_directive("column-table", ColumnTable)
    return {"parallel_read_safe": True}
