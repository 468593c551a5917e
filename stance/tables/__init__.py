"""Tables of statements in and out: readers, writer, scoring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stance.lazy import lazy_names

if TYPE_CHECKING:
    from stance.tables.arguments import Columns
    from stance.tables.readers import TableFormat, long_cells, open_table, table_format, to_list
    from stance.tables.score import ScoreReport, score_dataset, score_table
    from stance.tables.speakers import read_people, read_speaker_table, write_speaker_table
    from stance.tables.spreadsheet import guard_cell, unguard_cell
    from stance.tables.writer import TableWriter, arrow_fields, write_rows

__getattr__ = lazy_names(
    __name__,
    {
        "arguments": "Columns",
        "readers": "TableFormat long_cells open_table table_format to_list",
        "score": "ScoreReport score_dataset score_table",
        "speakers": "read_people read_speaker_table write_speaker_table",
        "spreadsheet": "guard_cell unguard_cell",
        "writer": "TableWriter arrow_fields write_rows",
    },
)

__all__ = [
    "Columns",
    "ScoreReport",
    "TableFormat",
    "TableWriter",
    "arrow_fields",
    "guard_cell",
    "long_cells",
    "open_table",
    "read_people",
    "read_speaker_table",
    "score_dataset",
    "score_table",
    "table_format",
    "to_list",
    "unguard_cell",
    "write_rows",
    "write_speaker_table",
]
