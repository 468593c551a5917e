"""``stance agree``: how far coders agree, and the labels that follow."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stance.cli.common import (
    app,
    clean_errors,
    count,
    named_columns,
    need_file_name,
    say,
    show,
)

if TYPE_CHECKING:
    from stance.evaluation.agreement import CodedStatement, CoderAgreement


@app.command("agree")
@clean_errors
def agree_command(
    labels: Annotated[
        list[Path],
        typer.Argument(
            help="What coders labelled: CSV, TSV, JSONL, Parquet or Label Studio's JSON, one file "
            "a coder or with a column coder."
        ),
    ],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="CSV of all statements with the labels that follow."),
    ] = None,
    decisions: Annotated[
        Path | None, typer.Option(help="The same columns, with the labels of disputed ones.")
    ] = None,
    majority: Annotated[
        bool, typer.Option("--majority", help="More than half of the coders settle a dispute.")
    ] = False,
    disputes: Annotated[int, typer.Option(help="Print at most this many disputes.", min=0)] = 20,
    id_column: Annotated[
        str | None, typer.Option(help="Column that names a statement (id).")
    ] = None,
    stance_column: Annotated[
        str | None, typer.Option(help="Column of the labels (stance).")
    ] = None,
    coder_column: Annotated[
        str | None, typer.Option(help="Column of the coder (coder; else the file's name).")
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace an existing output.")
    ] = False,
) -> None:
    """Measure how far coders agree, list what they dispute, and join their labels.

    Prints Krippendorff's alpha of all and Cohen's kappa of each two, with 95 % bootstrap intervals.
    With -o every statement is written: with its label where all agree, and without one where they
    do not and nothing settles it. Settle the disputes in that file or with --decisions.
    """
    from stance.engine.sources import refuse_inputs
    from stance.evaluation.agreement import adjudicate, measure_agreement, read_coded
    from stance.evaluation.files import csv_text
    from stance.files import check_output, write_text

    if output is not None:
        need_file_name(output)
        check_output(output, overwrite=overwrite)
        refuse_inputs(output, [*labels, *([] if decisions is None else [decisions])])
    columns = named_columns(id=id_column, stance=stance_column, coder=coder_column)
    coded = read_coded(labels, columns=columns)
    settled = read_coded([decisions], columns=columns) if decisions is not None else []
    rows = adjudicate(coded, settled, majority=majority)
    _show(measure_agreement(coded), coded, disputes)
    if output is None:
        return
    header = list(dict.fromkeys(name for row in rows for name in row))
    text = csv_text(header, [[row.get(name) for name in header] for row in rows])
    write_text(output, text, overwrite=overwrite)
    open_ = sum(row["stance"] is None for row in rows)
    say(f"{count(len(rows), 'statement')} written to {output}, {open_} of them without a label")


def _show(found: CoderAgreement, coded: list[CodedStatement], limit: int) -> None:
    from stance.evaluation.wording import interval

    show(
        f"{count(found.statements, 'statement')}, {found.shared} labelled by two or more, "
        f"{found.disputed} of them disputed"
    )
    for coder, counts in found.coders.items():
        show(f"  {coder}: " + ", ".join(f"{n} {name}" for name, n in counts.items()))
    not_defined = "not defined: there is one label throughout"
    alpha = not_defined if found.alpha is None else interval(found.alpha)
    unit = "" if found.alpha is None else f", by {found.alpha.unit}"
    show(f"Krippendorff's alpha (nominal): {alpha}{unit}")
    for pair in found.pairs:
        kappa = not_defined if pair.kappa is None else interval(pair.kappa)
        show(
            f"{pair.first} and {pair.second}: Cohen's kappa {kappa}; {pair.same:.0%} of "
            f"{pair.statements} the same, {pair.opposed} favor to one and against to the other"
        )
    disputed = [item for item in coded if item.disputed]
    for item in disputed[:limit]:
        words = str(item.cells.get("statement") or item.cells.get("text") or "")
        given = ", ".join(f"{coder} {label}" for coder, label in item.labels.items())
        show(f"  {item.id}, toward {item.target!r}: {given}: {' '.join(words.split())}")
    if len(disputed) > limit:
        show(f"  and {len(disputed) - limit} more")
