"""``stance speakers``: who speaks in analysed articles, counted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stance.cli.common import app, clean_errors, count, need_file_name, say, show, styled

if TYPE_CHECKING:
    from stance.people import Person
    from stance.speaker_counts import SpeakerTable

_NAMED = 10


@app.command("speakers")
@clean_errors
def speakers_command(
    tables: Annotated[
        list[Path],
        typer.Argument(help="CSV, TSV, JSONL or Parquet files that stance analyze wrote."),
    ],
    people: Annotated[
        Path | None,
        typer.Option(
            "--people",
            "-p",
            help="Your own list to join: a column name, and aliases, role, party, … as you like.",
        ),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="CSV, TSV, JSONL or Parquet; else it is printed."),
    ] = None,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace an existing output.")
    ] = False,
) -> None:
    """Count who speaks in analysed articles: statements, articles and stances of each speaker.

    One row a speaker and target. A person of several articles is one where full name and role
    agree, never by the surname alone; groups and unnamed speakers stay with their article.

    What identified people think of politics is specially protected in many countries: read "Limits
    and ethics" in the documentation before you store such a table.
    """
    from stance.engine.sources import refuse_inputs
    from stance.files import check_output
    from stance.tables import (
        read_people,
        read_speaker_table,
        table_format,
        write_speaker_table,
    )

    need_file_name(output)
    if output is not None:
        check_output(output, overwrite=overwrite)
        refuse_inputs(output, [*tables, *([] if people is None else [people])])
        table_format(output)
    known = None if people is None else read_people(people)
    found = read_speaker_table(tables, people=known)
    if output is not None:
        write_speaker_table(found, output, overwrite=overwrite)
        say(f"{count(len(found.rows), 'speaker')} written to {output}")
    else:
        _print(found)
    if found.unknown:
        say(f"{count(found.unknown, 'statement')} without a known speaker")
    if known is not None:
        joined = len(known.persons) - len(found.absent)
        say(
            f"{joined} of {count(len(known.persons), 'row')} of {people} joined{_but(found.absent)}"
        )


def _but(absent: tuple[Person, ...]) -> str:
    """Who of a list does not speak; of many the first."""
    names = [person.name for person in absent[:_NAMED]]
    if len(absent) > _NAMED:
        names.append(f"{len(absent) - _NAMED} more")
    return f"; no statement of {', '.join(names)}" if names else ""


def _print(found: SpeakerTable) -> None:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD)
    table.add_column("Speaker", min_width=16, max_width=36)
    table.add_column("Target", max_width=18)
    table.add_column("Articles", justify="right", no_wrap=True)
    table.add_column("Statements", justify="right", no_wrap=True)
    table.add_column("Stances")
    for row in found.rows:
        role = f", {row.roles[0]}" if row.roles else ""
        shown = [" ".join(f"{row.name}{role}".split()), str(len(row.document_ids))]
        for target, counts in row.stances.items():
            stances = ", ".join(f"{number} {name}" for name, number in counts.items() if number)
            made = str(sum(counts.values()))
            cells = (shown[0], " ".join(target.split()), shown[1], made, stances)
            table.add_row(*map(styled, cells))
            shown = ["", ""]
    show(table)
