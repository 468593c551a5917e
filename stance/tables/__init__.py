"""Tables of statements in and out: what they are, readers, writer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stance.lazy import lazy_names

if TYPE_CHECKING:
    from stance.tables.corrections import read_corrections
    from stance.tables.datasets import SavedDataset, is_saved_dataset
    from stance.tables.formats import (
        DELIMITERS,
        Compression,
        TableFile,
        TableFormat,
        blocks_of,
        compression_of,
        compression_of_bytes,
        find_encoding,
        format_of_bytes,
        open_plain,
        table_format,
    )
    from stance.tables.label_studio import (
        ARTICLE_CONFIG,
        STATEMENT_CONFIG,
        Utf16Offsets,
        article_tasks,
        read_label_studio,
        statement_tasks,
        tasks_json,
    )
    from stance.tables.readers import Cells, Piece, Table, open_table, read_table, to_list
    from stance.tables.speakers import read_people, read_speaker_table, write_speaker_table
    from stance.tables.spreadsheet import guard_cell, unguard_cell
    from stance.tables.text_rows import Problem, long_cells
    from stance.tables.writer import (
        RowWriter,
        arrow_fields,
        check_schema,
        write_records,
        write_rows,
    )

__getattr__ = lazy_names(
    __name__,
    {
        "corrections": "read_corrections",
        "datasets": "SavedDataset is_saved_dataset",
        "formats": "DELIMITERS Compression TableFile TableFormat blocks_of compression_of "
        "compression_of_bytes find_encoding format_of_bytes open_plain table_format",
        "readers": "Cells Piece Table open_table read_table to_list",
        "label_studio": "ARTICLE_CONFIG STATEMENT_CONFIG Utf16Offsets article_tasks "
        "read_label_studio statement_tasks tasks_json",
        "speakers": "read_people read_speaker_table write_speaker_table",
        "spreadsheet": "guard_cell unguard_cell",
        "text_rows": "Problem long_cells",
        "writer": "RowWriter arrow_fields check_schema write_records write_rows",
    },
)

__all__ = [
    "ARTICLE_CONFIG",
    "DELIMITERS",
    "STATEMENT_CONFIG",
    "Cells",
    "Compression",
    "Piece",
    "Problem",
    "RowWriter",
    "SavedDataset",
    "Table",
    "TableFile",
    "TableFormat",
    "Utf16Offsets",
    "arrow_fields",
    "article_tasks",
    "blocks_of",
    "check_schema",
    "compression_of",
    "compression_of_bytes",
    "find_encoding",
    "format_of_bytes",
    "guard_cell",
    "is_saved_dataset",
    "long_cells",
    "open_plain",
    "open_table",
    "read_corrections",
    "read_label_studio",
    "read_people",
    "read_speaker_table",
    "read_table",
    "statement_tasks",
    "table_format",
    "tasks_json",
    "to_list",
    "unguard_cell",
    "write_records",
    "write_rows",
    "write_speaker_table",
]
