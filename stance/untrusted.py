"""Files that strangers wrote: bytes, lines, JSON and YAML, read within bounds.

Every reader of the library goes through here, so that a small file cannot take much memory or time:
sizes, nesting, digits and what aliases stand for are bounded, and whatever is refused is named with
its file and place. The bounds lie far above what any honest file of its kind needs.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import stat
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from io import BufferedIOBase
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, cast

from stance.errors import ConfigError, DataError, StanceError

if TYPE_CHECKING:
    from yaml import SafeLoader

MOST_BYTES = 64 << 20
"""Of a file that is read whole, and of a line of one that is read by lines."""
MOST_YAML_BYTES = 1 << 20
"""Of a YAML file; the longest in this project has a tenth of it."""
MOST_YAML_NODES = 20_000
"""Keys and values of a YAML file; the same has a third of it."""
MOST_DEPTH = 64
"""Lists and mappings within each other."""
MOST_DIGITS = 300
"""Of a whole number; more would not fit a floating-point number."""
MOST_EXPANDED = 4 << 20
"""Characters of a YAML file with every alias written out."""

EDITED = (
    "was damaged or edited after it was written (its checksum does not fit): get the adapter's "
    "folder anew, or train again"
)

_HALF = re.compile("[\ud800-\udfff]")
_LONG_NUMBER = re.compile(rf"\d{{{MOST_DIGITS + 1}}}")


def in_short(value: object, most: int = 200) -> str:
    """How code writes a value, cut where it is long."""
    text = repr(value)
    return text if len(text) <= most else f"{text[:most]}… ({len(text):,} characters)"


def open_file(path: Path) -> IO[bytes]:
    """Open an ordinary file or a pipe to read; a pipe that nobody writes to is empty.

    Raises:
        OSError: it is missing, a folder or a device, or may not be read.
        ValueError: no file can have that name.
    """
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    try:
        mode = os.fstat(handle).st_mode
        if stat.S_ISDIR(mode):
            raise OSError("it is a folder")
        if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode)):
            raise OSError("it is no ordinary file")
        if hasattr(os, "set_blocking"):
            with suppress(OSError):
                os.set_blocking(handle, True)
        return os.fdopen(handle, "rb")
    except BaseException:
        os.close(handle)
        raise


def read_bytes(path: Path, *, most: int = MOST_BYTES) -> bytes:
    """A whole file.

    Raises:
        OSError: it cannot be read.
        ValueError: it has more than ``most`` bytes, or no file can have that name.
    """
    with open_file(path) as handle:
        return read_all(handle, most=most)


def read_all(handle: IO[bytes], *, most: int = MOST_BYTES) -> bytes:
    """What is left of an open file.

    Raises:
        ValueError: that is more than ``most`` bytes.
    """
    content = handle.read(most + 1)
    if len(content) > most:
        raise ValueError(f"it has more than {most >> 20} MB")
    return content


def read_lines(path: Path) -> Iterator[bytes]:
    """The lines of a file, gzipped or not, each with its end.

    Raises:
        OSError: it cannot be read or its compression is damaged.
        ValueError: a line has more than 64 MB.
    """
    with open_file(path) as raw:
        handle = cast(BufferedIOBase, gzip.GzipFile(fileobj=raw) if path.suffix == ".gz" else raw)
        try:
            while line := handle.readline(MOST_BYTES + 1):
                if len(line) > MOST_BYTES:
                    raise ValueError(f"a line has more than {MOST_BYTES >> 20} MB")
                yield line
        except (EOFError, zlib.error) as error:
            raise OSError(str(error)) from error


def parse_json(text: str) -> object:
    """A JSON value.

    Raises:
        ValueError: it is not JSON, nests too deep, holds a whole number of too many digits or half
            a character, or an object has a key twice.
    """
    try:
        value: object = json.loads(
            text,
            parse_int=_whole_number if _LONG_NUMBER.search(text) else None,
            object_pairs_hook=_with_single_keys,
        )
    except RecursionError:
        raise ValueError("it nests too deep") from None
    if text.count("[") + text.count("{") > MOST_DEPTH:
        _check_depth(value)
    if "\\u" in text:  # an escape may stand for half a character, which is no text
        json.dumps(value, ensure_ascii=False).encode()
    return value


def _whole_number(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise ValueError(f"it holds a whole number of {len(digits)} digits")
    return int(digits)


def _with_single_keys(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) < len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise ValueError(f"an object has the key {in_short(twice)} twice")
    return made


def _check_depth(value: object) -> None:
    level, depth = [value], 0
    while level:
        inner = [v for v in level if isinstance(v, (dict, list))]
        depth += bool(inner)
        if depth > MOST_DEPTH:
            raise ValueError(f"it nests too deep: {MOST_DEPTH} lists and objects are the most")
        level = [item for v in inner for item in (v.values() if isinstance(v, dict) else v)]


def read_json_object(path: Path, *, error: type[StanceError] = DataError) -> dict[str, object]:
    """Read a file of one JSON object, of 64 MB at most.

    Args:
        path: of the file.
        error: class of the errors raised.

    Raises:
        StanceError: of class ``error``: the file is missing, too large or not JSON, nests too
            deep, holds a number that is too large or a key twice, or holds something else than an
            object.
    """
    try:
        loaded = parse_json(read_bytes(path).decode("utf-8"))
    except (OSError, ValueError) as problem:
        raise error(f"cannot read {path}: {problem}") from problem
    if not isinstance(loaded, dict):
        raise error(f"{path} holds a {type(loaded).__name__}, not an object of fields")
    return loaded


def checksum_of(record: Mapping[str, object]) -> str:
    """SHA-256 of a JSON object without its ``checksum``, whatever its layout and order; 64 digits.

    A file that holds its own checksum tells when it was damaged or edited.
    """
    content = {key: value for key, value in record.items() if key != "checksum"}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def read_yaml(path: Path, *, error: type[StanceError] = ConfigError) -> object:
    """Read a YAML file of 1 MB at most, whose aliases stand for 4 MB at most.

    Args:
        path: of the file.
        error: class of the errors raised.

    Raises:
        StanceError: of class ``error``: the file is missing, too large or not YAML, nests too
            deep, holds a number that is too large or a key twice, or its aliases stand for too
            much; the message names the line.
    """
    import yaml

    try:
        text = read_bytes(path, most=MOST_YAML_BYTES).decode("utf-8-sig")
    except (OSError, ValueError) as problem:
        raise error(f"cannot read config {path}: {problem}") from problem
    try:
        return yaml.load(text, Loader=_bounded_loader())  # a safe loader
    except (yaml.YAMLError, ValueError, RecursionError) as problem:
        raise error(f"{path} is not valid YAML: {_in_one_line(problem)}") from problem


def _in_one_line(problem: Exception) -> str:
    """What PyYAML says, with the place and without the lines of the file."""
    said = [getattr(problem, part, None) for part in ("context", "problem")]
    mark = getattr(problem, "problem_mark", None) or getattr(problem, "context_mark", None)
    text = ", ".join(part for part in said if part) or " ".join(str(problem).split())
    text = text if len(text) <= 300 else f"{text[:300]}…"
    return text if mark is None else f"{text} (line {mark.line + 1}, column {mark.column + 1})"


@cache
def _bounded_loader() -> type[SafeLoader]:
    """PyYAML's safe loader with bounds; made when YAML is first read, since it takes its time."""
    import yaml

    class Bounded(yaml.SafeLoader):
        def __init__(self, stream: str) -> None:
            super().__init__(stream)
            self._depth = 0
            self._nodes = 0
            # Of each whole node with its aliases written out: characters, and depth.
            self._sizes: dict[int, tuple[int, int]] = {}

        def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
            event: yaml.Event = self.peek_event()  # type: ignore[no-untyped-call]
            self._depth += 1
            self._nodes += 1
            if self._depth > MOST_DEPTH:
                self._refuse("it nests too deep", event)
            if self._nodes > MOST_YAML_NODES:
                self._refuse(f"it has more than {MOST_YAML_NODES:,} keys and values", event)
            node = super().compose_node(parent, index)
            self._depth -= 1
            if isinstance(event, yaml.AliasEvent):
                if id(node) not in self._sizes:
                    self._refuse(f"the alias *{event.anchor} stands within itself", event)
            elif node is not None:
                self._sizes[id(node)] = self._measure(node, event)
            return node

        def _measure(self, node: yaml.Node, event: yaml.Event) -> tuple[int, int]:
            if isinstance(node, yaml.ScalarNode):
                if not node.value.isascii() and _HALF.search(node.value):
                    self._refuse("it holds half a character (a lone surrogate)", event)
                return len(node.value) + 1, 0
            parts = node.value
            if isinstance(node, yaml.MappingNode):
                parts = [part for pair in node.value for part in pair]
            sizes = [self._sizes[id(part)] for part in parts]
            size = 1 + sum(size for size, _ in sizes)
            depth = 1 + max((depth for _, depth in sizes), default=0)
            if size > MOST_EXPANDED:
                self._refuse(f"its aliases stand for more than {MOST_EXPANDED >> 20} MB", event)
            if depth > MOST_DEPTH:
                self._refuse("its aliases nest too deep", event)
            return size, depth

        def _refuse(self, problem: str, event: yaml.Event) -> None:
            mark = cast("yaml.Mark", event.start_mark)
            raise yaml.composer.ComposerError(None, None, problem, mark)

        def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
            try:
                return super().construct_object(node, deep=deep)
            except (ValueError, ArithmeticError, LookupError, AttributeError, TypeError) as problem:
                said = in_short(node.value)  # PyYAML trusts the tags that a file gives its values
                raise yaml.constructor.ConstructorError(
                    None, None, f"{said} is not of its type: {problem}", node.start_mark
                ) from problem

        def construct_yaml_int(self, node: yaml.ScalarNode) -> int:
            if len(node.value) > MOST_DIGITS:
                raise ValueError(f"it is a whole number of {len(node.value)} digits")
            return super().construct_yaml_int(node)

        def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
            seen = set()
            for key, _ in node.value:
                if isinstance(key, yaml.ScalarNode) and key.value != "<<":
                    if key.value in seen:
                        raise yaml.constructor.ConstructorError(
                            None,
                            None,
                            f"the key {in_short(key.value)} stands twice",
                            key.start_mark,
                        )
                    seen.add(key.value)
            return super().construct_mapping(node, deep=deep)

    Bounded.add_constructor("tag:yaml.org,2002:int", Bounded.construct_yaml_int)
    return Bounded
