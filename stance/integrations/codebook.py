"""The codebook of the output as a file: a table for R and others, or commands for Stata."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import get_args

from stance.columns import COLUMNS, ERROR_COLUMN
from stance.errors import DataError
from stance.files import write_text
from stance.labels import Abstention, Sentiment, Stance
from stance.schema import Kind, Modality

VALUES: dict[str, tuple[str, ...]] = {
    "kind": get_args(Kind),
    "modality": get_args(Modality),
    "stance": tuple(Stance),
    "sentiment": tuple(Sentiment),
    "abstained_because": tuple(Abstention),
}
_CODES = range(-1, 2)  # both scales run from against or negative to favor or positive
_LABEL = 80  # characters that Stata keeps of a variable's label


def write_codebook(path: str | Path, *, overwrite: bool = False) -> None:
    """Write what each output column means.

    Args:
        path: ends in ``.csv`` (columns ``name``, ``type``, ``values``, ``description``; the values
            of a closed list joined by ``|``) or in ``.do`` (a Stata do-file that labels the
            variables and adds ``stance_code`` and ``sentiment_code``, -1, 0 and 1).
        overwrite: replace an existing file.

    Raises:
        DataError: the ending is another, or the file exists or cannot be written.
    """
    path = Path(path)
    make = {".csv": _table, ".do": _stata}.get(path.suffix)
    if make is None:
        raise DataError(f"{path.name} ends in neither .csv nor .do: name it so")
    write_text(path, make(), overwrite=overwrite)


def _table() -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(("name", "type", "values", "description"))
    for column in (*COLUMNS, ERROR_COLUMN):
        values = "|".join(VALUES.get(column.name, ()))
        writer.writerow((column.name, column.type, values, column.description))
    return text.getvalue()


def _stata() -> str:
    lines = ["* Labels the variables of an output of stance; run it after `import delimited`."]
    for column in (*COLUMNS, ERROR_COLUMN):
        label = column.description.replace('"', "'").replace("`", "'")[:_LABEL]
        lines.append(f'capture label variable {column.name} "{label}"')
    for name in ("stance", "sentiment"):
        coded = list(zip(_CODES, VALUES[name], strict=True))
        labels = " ".join(f'{code} "{value}"' for code, value in coded)
        lines += [f"label define {name}_label {labels}", f"generate byte {name}_code = ."]
        lines += [f'replace {name}_code = {code} if {name} == "{value}"' for code, value in coded]
        lines.append(f"label values {name}_code {name}_label")
    return "\n".join(lines) + "\n"
