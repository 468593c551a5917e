"""Commands in forked processes, which can be signalled and start at once: what is loaded stays so.

What a test replaced by monkeypatch holds in them too.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random

from stance.cli import app

Program = Callable[[list[str]], object]
SIGNALS = (signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its exit code, or minus the signal; and all that it printed."""

    code: int
    printed: str
    seconds: float


class Command:
    """``stance`` with some arguments, at work in a process of its own.

    Args:
        arguments: of the command.
        folder: where it runs.
        file_limit: bytes that a file may have, as if the disk were full beyond.
        program: another one than ``stance``.
    """

    def __init__(
        self,
        arguments: Sequence[object],
        folder: Path,
        *,
        file_limit: int | None = None,
        program: Program = app,
    ) -> None:
        self.begun = time.monotonic()
        self.program = program
        self.printed, out = os.pipe()  # not a file: the limit would cut it
        started, self.starts = os.pipe()
        self.started = open(started, "rb", 0)
        self.process = os.fork()
        if not self.process:
            self._run([str(argument) for argument in arguments], folder, out, file_limit)
        os.close(out)
        os.close(self.starts)

    def _run(self, arguments: list[str], folder: Path, out: int, file_limit: int | None) -> None:
        code = 99
        try:
            os.setsid()
            for number in SIGNALS[1:]:
                signal.signal(number, signal.SIG_DFL)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            os.chdir(folder)
            os.dup2(out, 1)
            os.dup2(out, 2)
            sys.stdout = open(1, "w", encoding="utf-8", closefd=False)
            sys.stderr = open(2, "w", encoding="utf-8", closefd=False)
            sys.stdin = open(os.devnull, encoding="utf-8")
            if file_limit is not None:
                signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
                resource.setrlimit(resource.RLIMIT_FSIZE, (file_limit, file_limit))
            os.close(self.starts)
            try:
                self.program(arguments)
            except SystemExit as ended:
                code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
            sys.stdout.flush()
        except KeyboardInterrupt:  # before or after the command: that is of the test
            code = 130
        except BaseException:
            traceback.print_exc()
        finally:
            with suppress(OSError, ValueError):
                sys.stderr.flush()
            os._exit(code)

    def wait_for_start(self) -> None:
        """Until the command itself begins."""
        self.started.read()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal; a process that has ended by itself takes none."""
        os.kill(self.process, number)

    def ended(self) -> Ended:
        """Wait for it."""
        with open(self.printed, encoding="utf-8", errors="replace") as printed:
            text = printed.read()
        self.started.close()
        _, status = os.waitpid(self.process, 0)
        seconds = time.monotonic() - self.begun
        return Ended(os.waitstatus_to_exitcode(status), text, seconds)


def assert_stopped(done: Ended, number: signal.Signals) -> None:
    """It ended by itself, by the signal, or with a line that says so; never with a traceback."""
    assert "Traceback" not in done.printed, done.printed
    if number == signal.SIGINT and done.printed:  # else before the command itself
        # A library may take Ctrl-C for a fault of what it reads.
        assert done.code in (0, 130) or (done.code == 2 and "error: " in done.printed), done
        assert done.code != 130 or "stopped by Ctrl-C" in done.printed, done
    else:
        assert done.code in (0, -number, 128 + number), done


def interrupted(
    arguments: Sequence[object],
    folder: Path,
    within: float,
    random: Random,
    *,
    program: Program = app,
) -> tuple[Ended, signal.Signals]:
    """Run a command and send it a signal at some moment of its first ``within`` seconds."""
    command = Command(arguments, folder, program=program)
    command.wait_for_start()
    time.sleep(random.random() * within)
    number = random.choice(SIGNALS)
    command.signal(number)
    return command.ended(), number
