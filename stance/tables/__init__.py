"""Tables of statements in and out: readers, writer, scoring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stance.lazy import lazy_names

if TYPE_CHECKING:
    from stance.tables.arguments import Columns
    from stance.tables.files import check_output, write_text
    from stance.tables.readers import TableFormat, long_cells, open_table, table_format, to_list
    from stance.tables.score import ScoreReport, score_dataset, score_table
    from stance.tables.writer import TableWriter, arrow_fields, write_header, write_rows

__getattr__ = lazy_names(
    __name__,
    {
        "arguments": "Columns",
        "files": "check_output write_text",
        "readers": "TableFormat long_cells open_table table_format to_list",
        "score": "ScoreReport score_dataset score_table",
        "writer": "TableWriter arrow_fields write_header write_rows",
    },
)

__all__ = [
    "Columns",
    "ScoreReport",
    "TableFormat",
    "TableWriter",
    "arrow_fields",
    "check_output",
    "long_cells",
    "open_table",
    "score_dataset",
    "score_table",
    "table_format",
    "to_list",
    "write_header",
    "write_rows",
    "write_text",
]
