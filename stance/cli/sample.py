"""``stance sample``: draw statements to label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stance.cli.common import (
    StatementColumn,
    TargetColumn,
    app,
    clean_errors,
    named_columns,
    need_file_name,
    say,
    show,
)
from stance.errors import DataError

if TYPE_CHECKING:
    from stance.evaluation.sampling import Drawn
    from stance.evaluation.scored import ScoredTable

_SHOWN = ("context", "speaker", "kind")


class DesignName(str, Enum):
    """Designs of ``stance sample``."""

    random = "random"
    stratified = "stratified"
    uncertain = "uncertain"
    disagreement = "disagreement"


@app.command("sample")
@clean_errors
def sample_command(
    scored: Annotated[
        Path, typer.Argument(help="The table that `stance score` or `stance analyze` wrote.")
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            help="File to write: .csv, or .json for Label Studio. Several coders get one each.",
        ),
    ] = None,
    size: Annotated[int | None, typer.Option("--size", "-n", help="Statements to draw.")] = None,
    design: Annotated[
        DesignName,
        typer.Option(
            help="random; stratified (as many of each predicted stance, target and --by); "
            "uncertain (mostly unsure ones); disagreement (mostly those that --other judges "
            "differently)."
        ),
    ] = DesignName.random,
    by: Annotated[
        list[str] | None, typer.Option(help="Stratified: also by this column. Repeatable.")
    ] = None,
    other: Annotated[
        Path | None,
        typer.Option(help="Disagreement: the same statements scored by another checkpoint."),
    ] = None,
    coder: Annotated[
        list[str] | None, typer.Option(help="Who labels. Repeatable: the sample is dealt out.")
    ] = None,
    overlap: Annotated[int, typer.Option(help="Statements that all coders label.", min=0)] = 0,
    half_width: Annotated[
        float | None,
        typer.Option(help="Say how many labels an interval of plus or minus this share needs."),
    ] = None,
    cluster: Annotated[
        str | None,
        typer.Option(
            help="Column of the article (near_duplicates, document_id, article or group)."
        ),
    ] = None,
    id_column: Annotated[
        str | None, typer.Option(help="Column that names a statement (id).")
    ] = None,
    statement_column: StatementColumn = None,
    target_column: TargetColumn = None,
    seed: Annotated[int, typer.Option(help="The same seed draws the same sample.", min=0)] = 13,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace an existing output.")
    ] = False,
) -> None:
    """Draw statements to label, and record with what probability each was drawn.

    The predicted stance is left out, so that it does not pull those who label. Fill in the column
    `stance` (favor, neutral or against) and leave the others as they are: `stance agree`,
    `stance estimate` and `stance evaluate` read the file. With --half-width alone, nothing is
    drawn.
    """
    from stance.engine.sources import refuse_inputs
    from stance.evaluation.prevalence.grouping import find_unit
    from stance.evaluation.sampling import draw_sample, predicted_counts
    from stance.evaluation.scored import read_scored

    columns = named_columns(id=id_column, statement=statement_column, target=target_column)
    if (size is None) != (output is None):
        raise DataError("give --size and -o together: how many to draw, and where to write them")
    if size is None and half_width is None:
        raise DataError("give --size and -o to draw a sample, or --half-width to plan one")
    table = read_scored(scored, columns=columns)
    unit = find_unit(table, cluster)
    if half_width is not None:
        for line in _plan(table, half_width, unit):
            show(line)
    if size is None or output is None:
        return
    need_file_name(output)
    files = _files(output, coder or [])
    for file in files.values():
        refuse_inputs(file, [scored, *([] if other is None else [other])])
    drawn = draw_sample(
        table,
        size,
        design=design.value,
        by=by or (),
        other=None if other is None else read_scored(other, columns=columns),
        seed=seed,
    )
    _write(files, table, drawn, overlap, unit, seed=seed, overwrite=overwrite)
    counts = ", ".join(f"{n} {name}" for name, n in predicted_counts(table, drawn).items() if n)
    say(f"{size} of {len(table.rows)} statements drawn, predicted {counts}")
    for file in files.values():
        say(f"written to {file}")


def _plan(table: ScoredTable, half_width: float, unit: str) -> list[str]:
    """How many labels each target needs, in plain sentences."""
    from stance.evaluation.sampling import labels_needed

    lines = []
    for target in table.targets:
        rows = [row for row in table.rows if row.target == target]
        articles = len({str(row.cells.get(unit)) for row in rows}) if unit else None
        needed = labels_needed(rows, half_width, articles=articles)
        shown = [
            "more than these articles can give" if n is None else f"about {n} labels"
            for n in (needed.alone, needed.corrected)
        ]
        lines.append(
            f"{target}: ±{100 * half_width:g} percentage points need {shown[0]} drawn at random; "
            f"with the correction, if the probabilities are right, {shown[1]}"
        )
    return lines


def _files(output: Path, coders: Sequence[str]) -> dict[str, Path]:
    """The file of each coder; one without a name where there are none.

    Raises:
        DataError: the ending is of no format, or a name is none of a file.
    """
    if output.suffix.lower() not in (".csv", ".json"):
        raise DataError(f"{output}: end it in .csv, or in .json for Label Studio")
    for coder in coders:
        if not coder.strip() or Path(coder).name != coder:
            raise DataError(f"--coder {coder!r} cannot be part of a file's name")
    if len(set(coders)) < len(coders):
        raise DataError(f"two coders have one name: {', '.join(coders)}")
    if not coders:
        return {"": output}
    return {coder: output.with_name(f"{output.stem}.{coder}{output.suffix}") for coder in coders}


def _write(
    files: Mapping[str, Path],
    table: ScoredTable,
    drawn: Sequence[Drawn],
    overlap: int,
    unit: str,
    *,
    seed: int,
    overwrite: bool,
) -> None:
    from stance.evaluation.files import csv_text
    from stance.evaluation.sampling import deal
    from stance.files import write_files
    from stance.tables import STATEMENT_CONFIG, statement_tasks, tasks_json

    dealt = deal(drawn, list(files), overlap, seed=seed) if len(files) > 1 else {}
    written: dict[str, str] = {}
    for coder, file in files.items():
        rows = [_row(table, item, unit, coder) for item in dealt.get(coder, drawn)]
        if file.suffix.lower() == ".json":
            written[file.name] = tasks_json(statement_tasks(rows))
            written[file.with_suffix(".xml").name] = STATEMENT_CONFIG
            continue
        names = list(rows[0])
        written[file.name] = csv_text([*names, "stance"], [[*row.values(), None] for row in rows])
    write_files(next(iter(files.values())).parent, written, overwrite=overwrite)


def _row(table: ScoredTable, item: Drawn, unit: str, coder: str) -> dict[str, object]:
    """What is shown of a statement, without what was predicted."""
    row = table.rows[item.position]
    cells: dict[str, object] = {"id": row.id}
    if unit:
        cells["group"] = row.cells.get(unit)
    cells |= {name: row.cells.get(name) for name in _SHOWN if name in table.columns}
    cells |= {"statement": row.statement, "target": row.target}
    if coder:
        cells["coder"] = coder
    return {**cells, "sampling_probability": float(f"{item.probability:.9g}")}
