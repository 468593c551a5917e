"""Tables of statements in and out: readers, writer, scoring."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stance.tables.files import check_output, write_text
    from stance.tables.readers import TableFormat, long_cells, open_table, table_format, to_list
    from stance.tables.score import Columns, ScoreReport, score_dataset, score_table
    from stance.tables.writer import TableWriter, arrow_fields, write_header, write_rows

_HOME = {
    "Columns": "score",
    "ScoreReport": "score",
    "TableFormat": "readers",
    "TableWriter": "writer",
    "arrow_fields": "writer",
    "check_output": "files",
    "long_cells": "readers",
    "open_table": "readers",
    "score_dataset": "score",
    "score_table": "score",
    "table_format": "readers",
    "to_list": "readers",
    "write_header": "writer",
    "write_rows": "writer",
    "write_text": "files",
}

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


def __getattr__(name: str) -> object:
    """Import a name when it is first used: Arrow takes its time."""
    if name in _HOME:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
