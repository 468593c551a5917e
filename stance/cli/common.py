"""What every command shares: the app, the consoles, one line for an error."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import typer
from rich.console import Console

from stance.errors import StanceError

app = typer.Typer(
    name="stance",
    help="Stance and sentiment of quoted statements in news.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
OUT = Console()
ERR = Console(stderr=True)
P = ParamSpec("P")
R = TypeVar("R")


def clean_errors(command: Callable[P, R]) -> Callable[P, R]:
    """Turn a library error into one line on stderr and exit code 2."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except StanceError as error:
            ERR.print("[bold red]error:[/]", end=" ")
            ERR.print(str(error), markup=False, highlight=False, soft_wrap=True)
            raise typer.Exit(2) from error

    return run


def plain(text: str) -> str:
    """Keep square brackets of the article from being read as markup."""
    return " ".join(text.split()).replace("[", r"\[")
