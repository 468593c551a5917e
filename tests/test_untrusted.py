"""Files that strangers wrote are read within bounds, and what is refused is named."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from stance import untrusted
from stance.config import read_yaml as read_mapping
from stance.errors import ConfigError, DataError, ModelLoadError, StanceError
from stance.untrusted import read_bytes, read_json_object, read_lines, read_yaml

LAUGHS = "a0: &a0 [ha, ha]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 12)
)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'{"scale": ' + b"9" * 400 + b"}", "a whole number of 400 digits"),
        (b'{"scale": -' + b"1" * 6_000 + b"}", "a whole number of 6001 digits"),
        (b"[" * 100_000, "nests too deep"),
        (b'{"a": ' * 100_000, "nests too deep"),
        (b'{"a": ' + b"[" * 300 + b"]" * 300 + b"}", "nests too deep: 64"),
        (b'{"rank": 1, "scale": 2, "rank": 3}', "key 'rank' twice"),
        (b'{"name": "\\udc80"}', "surrogates not allowed"),
        (b"[1]", "holds a list, not an object"),
        (b"{", "cannot read"),
        (b"\xff\xfe", "cannot read"),
        (None, "cannot read"),
    ],
)
def test_a_file_of_one_object(tmp_path: Path, content: bytes | None, message: str) -> None:
    path = tmp_path / "one.json"
    path.write_text('{"a": [1, 2.5], "\\u00e9": {}}', encoding="utf-8")
    assert read_json_object(path) == {"a": [1, 2.5], "é": {}}
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    for kind in (DataError, ModelLoadError):
        with pytest.raises(kind, match=message):
            read_json_object(path, error=kind)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (LAUGHS, "aliases stand for more than 4 MB"),
        (f"a: &a {'x' * 600_000}\nb: [*a, *a, *a, *a, *a, *a, *a]\n", "aliases stand for more"),
        ("a: &a [*a]\n", r"\*a stands within itself \(line 1, column 8\)"),
        ("a: &a {<<: *a}\n", r"\*a stands within itself"),
        (
            "a0: &a0 [1]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}]\n" for i in range(1, 900)),
            "its aliases nest too deep",
        ),
        ("[" * 30_000, r"it nests too deep \(line 1, column 65\)"),
        ("a:\n " + "- " * 4_000, r"it nests too deep \(line 2"),
        ("{a: " * 3_000, "it nests too deep"),
        ("? " * 3_000, "it nests too deep"),
        (f"count: 1\nsize: {'9' * 5_000}\n", r"whole number of 5000 digits \(line 2, column 7\)"),
        (f"size: 0x{'f' * 5_000}\n", "whole number of 5002 digits"),
        (f"size: {'1_' * 4_000}1\n", "whole number of 8001 digits"),
        ("a: 1\nb: 2\na: 3\n", r"the key 'a' stands twice \(line 3, column 1\)"),
        ("a: {1: x, '1': y}\n", "the key '1' stands twice"),
        ("day: 2026-13-40\n", r"'2026-13-40' is not of its type: month"),
        ("a: !!timestamp soon\n", "'soon' is not of its type"),
        ("a: !!bool maybe\n", "'maybe' is not of its type"),
        ("a: !!int ''\n", "'' is not of its type"),
        ("a: !!float x\n", "'x' is not of its type"),
        ("a: !!python/object/apply:os.system [ls]\n", "could not determine a constructor"),
        ("? [a]\n: b\n", "unhashable key"),
        ('a: "\\ud800"\n', "half a character"),
        ("a: \x00\n", "unacceptable character"),
        ("a: 1\n---\nb: 2\n", "expected a single document"),
        ("[" + "a, " * 21_000 + "]", "more than 20,000 keys and values"),
        ("#" * (1 << 20) + "\n", "more than 1 MB"),
        (b"\xff\xfea\x00", "cannot read config"),
        (None, "cannot read config"),
    ],
)
def test_yaml_that_is_refused(tmp_path: Path, content: str | bytes | None, message: str) -> None:
    path = tmp_path / "config.yaml"
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    for kind in (ConfigError, DataError):
        with pytest.raises(kind, match=message) as raised:
            read_yaml(path, error=kind)
        said = str(raised.value)
        assert str(path) in said and "\n" not in said and len(said) < 1_000


@pytest.mark.parametrize(
    ("content", "value"),
    [
        ("a: &a {x: 1}\nb: {<<: *a, y: 2}\n", {"a": {"x": 1}, "b": {"x": 1, "y": 2}}),
        ("a: &a [1, 2]\nb: *a\n", {"a": [1, 2], "b": [1, 2]}),
        ("\ufeffa: 1\n", {"a": 1}),
        ("a: 1e400\nb: -.inf\n", {"a": "1e400", "b": float("-inf")}),
        ("", None),
    ],
)
def test_yaml_that_is_read(tmp_path: Path, content: str, value: object) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(content, encoding="utf-8")
    assert read_yaml(path) == value


@pytest.mark.parametrize("key", ["k" * 50_000, "k\x1b[2J", "a" * 3])
def test_a_long_key_or_value_is_cut_in_messages(tmp_path: Path, key: str) -> None:
    from stance.config import from_mapping
    from stance.model.scorer import ModelConfig

    for values in ({key: 1}, {"max_length": key * 20}, {"labels": [key] * 200}):
        with pytest.raises(ConfigError) as raised:
            from_mapping(values, ModelConfig, where="config")
        assert len(str(raised.value)) < 1_000 and "\x1b" not in str(raised.value)


@pytest.mark.parametrize("read", [read_yaml, read_json_object, read_mapping])
def test_what_is_no_ordinary_file_is_an_error(
    tmp_path: Path, read: Callable[[Path], object]
) -> None:
    for path in (tmp_path, tmp_path / ("n" * 300), tmp_path / "a\x00b", tmp_path / "a" / "b"):
        with pytest.raises(StanceError, match="cannot read"):
            read(path)
    if os.path.exists("/dev/zero"):
        with pytest.raises(StanceError, match="no ordinary file"):
            read(Path("/dev/zero"))


def _has_begun(reading: int) -> bool:
    """Whether the first byte has come; a writer that has opened the pipe may not have written."""
    try:
        return bool(os.read(reading, 1))
    except BlockingIOError:
        return False


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_read_and_one_without_a_writer_is_empty(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert read_bytes(pipe) == b""
    reading = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    writer = threading.Thread(target=lambda: pipe.write_bytes(b"text" * 50_000))
    writer.start()
    while not _has_begun(reading):
        pass
    assert read_bytes(pipe).endswith(b"text")
    writer.join()
    os.close(reading)


def test_sizes_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(untrusted, "MOST_BYTES", 1_000)
    path = tmp_path / "rows.jsonl"
    path.write_bytes(b"x" * 900 + b"\n" + b"y" * 1_100 + b"\n")
    lines = read_lines(path)
    assert len(next(lines)) == 901
    with pytest.raises(ValueError, match="a line has more than"):
        next(lines)
    with pytest.raises(ValueError, match="more than"):
        read_bytes(path, most=2_000)
