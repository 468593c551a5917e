"""What every command shares: the app, what it prints and where, one line for an error."""

from __future__ import annotations

import gc
import io
import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from enum import Enum
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ParamSpec, TextIO, TypeVar, cast

import typer
from typer.core import TyperGroup

from stance.errors import DataError, StanceError
from stance.texts import visible

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.text import Text

_STOPPED = "stopped by Ctrl-C; what was not whole yet was not written"
# What is wrong with the arguments, whatever kind; typer does not name it.
_UsageError = cast("type[typer.BadParameter]", typer.BadParameter.__mro__[1])


class _Commands(TyperGroup):
    """The commands; whatever goes wrong before or after one of them is one line too."""

    def main(self, *args: Any, **options: Any) -> Any:
        """Run the command line; where standard output cannot be written, that is the error."""
        if sys.stdout is None:  # closed: what is printed fails, as it would on a full disk
            sys.stdout = open(os.devnull, encoding="utf-8")
        ended: SystemExit | None = None
        try:
            with writing_stdout():
                try:
                    return super().main(*args, **options)
                except SystemExit as raised:  # after the command: what it printed is still there
                    ended = raised
        except StanceError as error:
            say_error(str(error))
            sys.exit(2)
        except typer.Exit as quiet:
            sys.exit(quiet.exit_code)
        except KeyboardInterrupt:  # before or after the command itself
            say_error(_STOPPED)
            sys.exit(130)
        raise ended

    def make_context(self, *args: Any, **options: Any) -> Any:
        """Read the arguments; their control characters are shown, not sent to the terminal."""
        with _shown_arguments():
            return super().make_context(*args, **options)

    def invoke(self, ctx: Any) -> Any:
        """Run a command, whose own arguments are read here."""
        with _shown_arguments():
            return super().invoke(ctx)


@contextmanager
def _shown_arguments() -> Iterator[None]:
    try:
        yield
    except _UsageError as error:
        error.message = visible(error.message)
        raise


app = typer.Typer(
    name="stance",
    cls=_Commands,
    help="Stance and sentiment of quoted statements in news.",
    no_args_is_help=True,
    rich_markup_mode="markdown",  # joins the lines of a docstring's paragraph
    pretty_exceptions_enable=False,
    add_completion=False,
)


class PrecisionName(str, Enum):
    """Number formats of the option ``--precision``."""

    auto = "auto"
    fp32 = "fp32"
    bf16 = "bf16"


DeviceOption = Annotated[
    str | None,
    typer.Option(help="cpu, cuda, mps or another of torch; default: cuda where it is."),
]
PrecisionOption = Annotated[
    PrecisionName,
    typer.Option(
        "--precision",
        help="Number format: fp32; bf16, where the processor multiplies it; or auto: the fastest.",
    ),
]

ClusterOption = Annotated[
    str | None,
    typer.Option(
        help="Column of the article, or of what else depends on each other (near_duplicates, "
        "document_id, article or group)."
    ),
]
IdColumn = Annotated[
    str | None, typer.Option(help="Column that names a statement in both files (id).")
]
CheckpointOption = Annotated[
    str, typer.Option(help="small, base, an adapter folder or a model config (.yaml).")
]
ExtractorOption = Annotated[
    str, typer.Option(help="What finds the statements: default, rules or a tagger's folder.")
]

StatementColumn = Annotated[
    str | None, typer.Option(help="Column of the statement (statement or text).")
]
TargetColumn = Annotated[str | None, typer.Option(help="Column of the target (target).")]

P = ParamSpec("P")
R = TypeVar("R")


class _Told(logging.Handler):
    """Log messages as lines on stderr."""

    def emit(self, record: logging.LogRecord) -> None:
        """Print the message, with its level from a warning on."""
        level = f"{record.levelname.lower()}: " if record.levelno >= logging.WARNING else ""
        say(level + self.format(record))


@app.callback()
def prepare(context: typer.Context) -> None:
    """Before any command: messages go to stderr, any text can be printed, starts are quick."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal may know fewer characters than news
            stream.reconfigure(errors="replace")
    logger, handler = logging.getLogger("stance"), _Told()
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    collected = gc.get_threshold()
    gc.set_threshold(50_000, *collected[1:])  # a fifth of importing torch and transformers is gc

    def restore() -> None:
        gc.set_threshold(*collected)
        logger.removeHandler(handler)
        logger.setLevel(before)

    context.call_on_close(restore)


def _console(stderr: bool) -> Console:
    """Made for each call: a console keeps the width that it first saw."""
    from stance.console import PlainConsole  # rich takes longer to import than all the rest

    return PlainConsole(stderr=stderr)


def styled(text: str, style: str = "") -> Text:
    """Text as it stands, whatever square brackets, colons or control characters it holds."""
    from rich.text import Text

    return Text(visible(text), style)


def show(result: RenderableType) -> None:
    """Print a result on standard output; a string is a line that is never broken.

    Raises:
        DataError: standard output cannot be written.
    """
    with writing_stdout():
        if isinstance(result, str):
            _console(False).print(styled(result), soft_wrap=True)
        else:
            _console(False).print(result)


def say(message: str) -> None:
    """One plain line on stderr; where nobody can read it, nothing."""
    with suppress(OSError, ValueError):
        _console(True).print(styled(message), soft_wrap=True)


def say_error(message: str) -> None:
    """One line on stderr that begins with "error:"."""
    with suppress(OSError, ValueError):
        _console(True).print(styled("error:", "bold red"), end=" ")
    say(message)


def clean_errors(command: Callable[P, R]) -> Callable[P, R]:
    """Turn an error of ours or of the system into a line on stderr and code 2; Ctrl-C into 130."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except BrokenPipeError:  # whoever reads the output has enough
            raise
        except (StanceError, OSError) as error:
            say_error(str(error))
            raise typer.Exit(2) from error
        except KeyboardInterrupt as error:
            say_error(_STOPPED)
            raise typer.Exit(130) from error

    return run


def named_columns(**columns: str | None) -> dict[str, str]:
    """The fields whose column is named, with its name; the others are found by their usual ones."""
    return {field: name for field, name in columns.items() if name is not None}


def need_file_name(output: Path | None) -> None:
    """Refuse ``-o -`` where the output cannot be printed.

    Raises:
        DataError: it was given.
    """
    if output == Path("-"):
        raise DataError("-o - is standard output, where this command cannot write: give a name")


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
def writing_stdout() -> Iterator[None]:
    """Whatever is printed within reaches standard output, or is an error.

    Raises:
        DataError: it cannot be written.
        typer.Exit: the program that reads it has ended.
    """
    try:
        yield
        sys.stdout.flush()
    except StanceError:
        raise
    except BrokenPipeError as error:
        _drop_stdout()
        raise typer.Exit(1) from error
    except (OSError, UnicodeError) as error:
        _drop_stdout()
        raise DataError(f"cannot write to standard output: {error}") from error


def _drop_stdout() -> None:
    from stance.files import drop_standard_output

    drop_standard_output()


@contextmanager
def stdout_as_file() -> Iterator[TextIO]:
    """Standard output as a UTF-8 file whose line ends stay as written, on every system.

    Raises:
        DataError: it cannot be written.
    """
    from stance.files import standard_output

    with writing_stdout(), standard_output() as raw:
        handle = io.TextIOWrapper(raw, encoding="utf-8", newline="")
        try:
            yield handle
            handle.flush()
        except OSError:
            _drop_stdout()
            raise
        finally:
            handle.detach()
