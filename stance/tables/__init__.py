"""Tables of statements in and out: readers, writer, scoring."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stance.lazy import lazy_names

if TYPE_CHECKING:
    from stance.tables.arguments import Columns
    from stance.tables.label_studio import (
        ARTICLE_CONFIG,
        STATEMENT_CONFIG,
        Utf16Offsets,
        article_tasks,
        read_label_studio,
        statement_tasks,
        tasks_json,
    )
    from stance.tables.readers import TableFormat, long_cells, open_table, table_format, to_list
    from stance.tables.score import ScoreReport, score_dataset, score_table
    from stance.tables.speakers import read_people, read_speaker_table, write_speaker_table
    from stance.tables.spreadsheet import guard_cell, unguard_cell
    from stance.tables.writer import TableWriter, arrow_fields, write_rows

__getattr__ = lazy_names(
    __name__,
    {
        "arguments": "Columns",
        "label_studio": "ARTICLE_CONFIG STATEMENT_CONFIG Utf16Offsets article_tasks "
        "read_label_studio statement_tasks tasks_json",
        "readers": "TableFormat long_cells open_table table_format to_list",
        "score": "ScoreReport score_dataset score_table",
        "speakers": "read_people read_speaker_table write_speaker_table",
        "spreadsheet": "guard_cell unguard_cell",
        "writer": "TableWriter arrow_fields write_rows",
    },
)

__all__ = [
    "ARTICLE_CONFIG",
    "STATEMENT_CONFIG",
    "Columns",
    "ScoreReport",
    "TableFormat",
    "TableWriter",
    "Utf16Offsets",
    "arrow_fields",
    "article_tasks",
    "guard_cell",
    "long_cells",
    "open_table",
    "read_label_studio",
    "read_people",
    "read_speaker_table",
    "score_dataset",
    "score_table",
    "statement_tasks",
    "table_format",
    "tasks_json",
    "to_list",
    "unguard_cell",
    "write_rows",
    "write_speaker_table",
]
