"""What is printed for people: any text as it stands, messages, and a stdout that fails."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from typer.testing import CliRunner

import stance
from stance.cli import app

ODD = [r"\[/x]", "[bold]them[/bold]", "[/]", ":100:", "[red]", "[link=x]y[/link]", r"\\[dim]"]
CONTROL = ["\x1b[31mred", "\x9b31m", "\x07", "\x7f", "\x1b]0;title\x07", "a\x08b"]
DIRECTION = ["\u202e", "\u2066", "\u2069", "\u200f", "\U000e0041"]


def run(*arguments: object):
    return CliRunner().invoke(
        app, ["analyze", *map(str, arguments), "--extractor", "rules"], env={"COLUMNS": "200"}
    )


@pytest.mark.parametrize("odd", ODD)
@pytest.mark.parametrize("targets", [1, 2])
def test_no_text_is_read_as_markup(tmp_path: Path, odd: str, targets: int) -> None:
    path = tmp_path / "a.txt"
    path.write_text(f"“We want {odd} out,” said Ann Lee.", encoding="utf-8")
    toward = ["-t", f"the {odd} target", "-t", "peace"][: 2 * targets]
    result = run(path, "--title", f"On {odd}", *toward)
    assert result.exit_code == 0, result.output
    assert f"We want {odd} out" in result.stdout
    assert f"On {odd}" in result.stdout
    assert f"{odd} target" in " ".join(result.stdout.split()) or targets == 2
    missing = run(f"no{odd.replace('/', '|')}.txt", "-t", "peace")
    assert missing.exit_code == 2 and "error: " in missing.stderr


@pytest.mark.parametrize("control", CONTROL)
def test_control_characters_are_shown_and_not_obeyed(tmp_path: Path, control: str) -> None:
    path = tmp_path / f"{control.replace('/', '')}.txt"
    path.write_text(f"“We want {control} out,” said Ann Lee.", encoding="utf-8")
    printed = [
        run(path, "-t", f"the {control} target"),
        run(path, "--title", control, "-t", "one", "-t", f"{control} two"),
        run(path, path.with_name(f"no{control}"), "-t", "peace"),
        run(path, "-t", "peace", "--checkpoint", control),
    ]
    for result in printed:
        assert f"\\x{ord(control.lstrip('a')[0]):02x}" in result.output
        assert not any((c < " " and c != "\n") or "\x7f" <= c <= "\x9f" for c in result.output)
    rows = run(path, "-t", "peace", "-f", "csv").stdout
    assert control in rows, "tables for programs keep every character"


def test_the_librarys_messages_reach_stderr(tmp_path: Path, monkeypatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text("“We want them out,” said Ann Lee.", encoding="utf-8")
    load = stance.load

    def waiting(*arguments: object, **options: object):
        logging.getLogger("stance.checkpoint.fetch").info("another process is fetching %s", "[x]")
        logging.getLogger("stance.model").warning("cut")
        return load(*arguments, **options)

    monkeypatch.setattr(stance, "load", waiting)
    logger = logging.getLogger("stance")
    before = logger.level, list(logger.handlers)
    for _ in range(2):
        result = run(path, "-t", "peace", "-f", "json")
        lines = result.stderr.splitlines()
        assert lines == ["another process is fetching [x]", "warning: cut"]
        assert result.stdout.startswith("{")
    assert (logger.level, logger.handlers) == before


def stance_command(*arguments: object, **options: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "stance", *map(str, arguments)],
        stderr=subprocess.PIPE,
        timeout=120,
        **options,  # type: ignore[call-overload]
    )


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_a_terminal_that_knows_few_characters(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text("“We welcome 平和,” said Ann Lee.", encoding="utf-8")
    options = [path, "-t", "平和", "--extractor", "rules"]
    env = {**os.environ, "PYTHONIOENCODING": encoding}
    printed = stance_command("analyze", *options, stdout=subprocess.PIPE, env=env)
    assert printed.returncode == 0, printed.stderr
    assert b"stance toward: ??" in printed.stdout
    failed = stance_command("analyze", "平和", "-t", "x", stdout=subprocess.PIPE, env=env)
    assert failed.returncode == 2 and failed.stderr.startswith(b"error: ?? is no file")


def test_rows_are_utf8_whatever_the_terminal_knows(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("“We welcome 平和,” said Ann Lee.", encoding="utf-8")
    arguments = ["analyze", path, "-t", "平和", "--extractor", "rules", "-f", "csv"]
    env = {**os.environ, "PYTHONIOENCODING": "ascii"}
    rows = stance_command(*arguments, stdout=subprocess.PIPE, env=env)
    assert "平和" in rows.stdout.decode("utf-8")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
@pytest.mark.parametrize(
    ("kind", "unbuffered"),
    [("table", ""), ("csv", ""), ("jsonl", ""), ("json", ""), ("table", "1")],
)
def test_a_full_disk_behind_stdout_is_one_line(tmp_path: Path, kind: str, unbuffered: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text("“We want them out,” said Ann Lee.", encoding="utf-8")
    with open("/dev/full", "wb") as full:
        done = stance_command(
            *("analyze", path, "-t", "x", "--extractor", "rules", "-f", kind),
            stdout=full,
            env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
        )
    assert done.returncode == 2
    (line,) = done.stderr.decode().splitlines()
    assert line.startswith("error: cannot write to standard output")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
@pytest.mark.parametrize("arguments", [["--help"], ["score", "--help"], ["info", "--help"], []])
def test_help_on_a_full_disk_is_one_line(arguments: list[str]) -> None:
    with open("/dev/full", "wb") as full:
        done = stance_command(*arguments, stdout=full)
    assert done.returncode == 2
    (line,) = done.stderr.decode().splitlines()
    assert line.startswith("error: cannot write to standard output")


@pytest.mark.parametrize("odd", [*CONTROL, *DIRECTION])
def test_wrong_arguments_are_shown_and_not_obeyed(odd: str) -> None:
    for arguments in ([odd], [f"--no{odd}"], ["analyze", f"--no{odd}"], ["score", "a", "b" + odd]):
        result = CliRunner().invoke(app, arguments, env={"COLUMNS": "200"})
        assert result.exit_code == 2 and odd not in result.output


@pytest.mark.parametrize("odd", DIRECTION)
def test_marks_of_direction_are_shown(tmp_path: Path, odd: str) -> None:
    path = tmp_path / f"a{odd}.txt"
    path.write_text(f"“We want {odd} out,” said Ann Lee.", encoding="utf-8")
    for result in (run(path, "-t", "peace"), run(f"no{odd}", "-t", "peace")):
        assert odd not in result.output and f"\\u{ord(odd):04x}" in result.output


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a terminal")
@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_rows_on_a_terminal_show_control_characters(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text("“We want \x1b[2J\x9b1m\u202e them out,” said Ann Lee.", encoding="utf-8")
    terminal, side = os.openpty()
    done = stance_command(
        "analyze", path, "-t", "x", "--extractor", "rules", "-f", kind, stdout=side
    )
    os.close(side)
    printed = os.read(terminal, 1 << 20).decode("utf-8")
    os.close(terminal)
    assert done.returncode == 0 and "them out" in printed
    assert not {"\x1b", "\x9b", "\u202e"} & set(printed)


def test_a_reader_that_has_ended_is_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = stance_command("info", stdout=writing)
    finally:
        os.close(writing)
    assert done.stderr == b""
    assert done.returncode == 1


@pytest.mark.parametrize("arguments", [["--help"], ["info", "--help"], ["no-such-command"]])
def test_ctrl_c_after_a_command_is_one_line(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    @contextmanager
    def stopped() -> Iterator[None]:
        yield
        raise KeyboardInterrupt

    monkeypatch.setattr("stance.cli.common.writing_stdout", stopped)
    with pytest.raises(SystemExit) as ended:
        app(arguments)
    assert ended.value.code == 130
    assert capsys.readouterr().err.endswith("what was not whole yet was not written\n")
