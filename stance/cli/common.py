"""What every command shares: the app, the consoles, one line for an error, the targets."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, wraps
from typing import TYPE_CHECKING, ParamSpec, TextIO, TypeVar

import typer

from stance.errors import DataError, StanceError

if TYPE_CHECKING:
    from rich.console import Console

app = typer.Typer(
    name="stance",
    help="Stance and sentiment of quoted statements in news.",
    no_args_is_help=True,
    rich_markup_mode="markdown",  # joins the lines of a docstring's paragraph
    pretty_exceptions_enable=False,
    add_completion=False,
)
P = ParamSpec("P")
R = TypeVar("R")


@cache
def _console(stderr: bool) -> Console:
    from rich.console import Console  # takes longer to import than the rest of the command line

    return Console(stderr=stderr)


def out() -> Console:
    """The console of the results."""
    return _console(False)


def err() -> Console:
    """The console of messages."""
    return _console(True)


def say(message: str) -> None:
    """One plain line on stderr."""
    err().print(message, markup=False, highlight=False, soft_wrap=True)


def say_error(message: str) -> None:
    """One line on stderr that begins with "error:"."""
    err().print("[bold red]error:[/]", end=" ")
    say(message)


def clean_errors(command: Callable[P, R]) -> Callable[P, R]:
    """Turn a library error into one line on stderr and exit code 2."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except StanceError as error:
            say_error(str(error))
            raise typer.Exit(2) from error

    return run


def plain(text: str) -> str:
    """Keep square brackets of the article from being read as markup."""
    return " ".join(text.split()).replace("[", r"\[")


def count(number: int, noun: str) -> str:
    """A number with its noun, such as "1 article" and "2 articles"."""
    return f"{number} {noun}{'s' * (number != 1)}"


def quoted(argument: str) -> str:
    """An argument as it is typed in a shell, in double quotes where it holds a space."""
    return f'"{argument}"' if " " in argument else argument


def need_targets(targets: list[str] | None, example: str) -> list[str]:
    """The targets of ``--target``.

    Args:
        targets: as given.
        example: a whole command that has a target, for the message.

    Raises:
        DataError: there is none.
    """
    if not targets:
        raise DataError(
            f"--target is missing: say what the stance is toward, for example:  {example}"
        )
    return targets


@contextmanager
def stdout_as_file() -> Iterator[TextIO]:
    """Standard output as a UTF-8 file whose line ends stay as written, on every system."""
    sys.stdout.flush()
    handle = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="")
    try:
        yield handle
    finally:
        handle.flush()
        handle.detach()


@contextmanager
def progress_bar(unit: str, total: int | None = None) -> Iterator[Callable[[int], None]]:
    """A bar on stderr where that is a terminal; gives the function that moves it on.

    Args:
        unit: what is counted.
        total: how many there are, where that is known.
    """
    if not sys.stderr.isatty():
        yield lambda count: None
        return
    from tqdm import tqdm

    with tqdm(unit=unit, total=total, file=sys.stderr) as bar:

        def move(count: int) -> None:
            bar.update(count)

        yield move
