"""No regular expression of the library costs more than the square of a text's length.

For each repeat of a pattern, texts are made that begin as the pattern does, repeat what the repeat
may match, each alternative and each two of them once, and end in what may fail it. Each text is
tried at some length and, where that took measurable time, at twice that length: what is quadratic
costs four times as much, what is cubic eight times, what is exponential never ends. Squares are
allowed, since most patterns read one sentence or less; that whole articles take linear time is for
``test_cost.py``. Times are the processor's, and compared with each other.
"""

from __future__ import annotations

import ast
import importlib
import re
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import stance
from tests.hostile.pumps import pumped

pytestmark = pytest.mark.slow
LIBRARY = Path(stance.__file__).parent
SOURCES = [
    str(path.relative_to(LIBRARY.parent))
    for path in sorted(LIBRARY.rglob("*.py"))
    if "\nimport re\n" in path.read_text(encoding="utf-8")
]
TEXT, TIMES = 400, 60  # the least code points of a first text, and repetitions
MEASURABLE, LIMIT = 0.005, 1.0  # seconds
ROOM, ROUNDS = 6.0, 6  # between the 4 of a square and the 8 of a cube


def cost(work: Callable[[str], object], text: str) -> float:
    """Seconds of the processor; infinite above the limit (`re` looks for signals as it matches)."""
    begun = time.process_time()

    def stop_if_late(number: int, frame: object) -> None:
        if time.process_time() - begun > LIMIT:
            raise TimeoutError

    signal.signal(signal.SIGALRM, stop_if_late)
    signal.setitimer(signal.ITIMER_REAL, LIMIT / 4, LIMIT / 4)
    try:
        work(text)
        return time.process_time() - begun
    except TimeoutError:
        return float("inf")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def is_above_square(work: Callable[[str], object], start: str, pump: str, end: str) -> bool:
    """Whether a text takes more than its square, as far as can be measured."""
    times = max(TIMES, TEXT // len(pump))
    texts = [start + pump * factor * times + end for factor in (1, 2)]
    once, twice = cost(work, texts[0]), float("inf")
    if once < MEASURABLE or once > LIMIT:
        return once > LIMIT
    for _ in range(ROUNDS):  # a busy machine only ever adds to a time
        twice = min(twice, cost(work, texts[1]))
        if twice <= ROOM * once:
            return False
        once = min(once, cost(work, texts[0]))
    return True


def fault(pattern: re.Pattern[str]) -> str:
    """The first text that takes too long, or nothing."""
    for start, pump, end in pumped(pattern):
        for work in (pattern.findall, pattern.fullmatch):
            if is_above_square(work, start, pump, end):
                return f"{work.__name__} of {start!r} + {pump!r} * n + {end!r}"
    return ""


def evaluated(node: ast.expr, names: dict[str, object]) -> object:
    """An argument, with a name in place of what only a call knows; None if it is all that."""
    if isinstance(node, ast.JoinedStr):
        parts = [evaluated(part, names) for part in node.values]
        return "".join("Berg" if part is None else str(part) for part in parts)
    node = node.value if isinstance(node, ast.FormattedValue) else node
    try:
        return eval(compile(ast.Expression(node), "", "eval"), names)
    except NameError:
        return None


def patterns(source: str) -> Iterator[tuple[int, re.Pattern[str]]]:
    """The line and the pattern of each call of ``re`` in a file of the library."""
    name = source.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    names = vars(importlib.import_module(name))
    for call in ast.walk(ast.parse((LIBRARY.parent / source).read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call) and re.fullmatch(r"re\.\w+", ast.unparse(call.func)):
            values = [evaluated(value, names) for value in call.args]
            values += [evaluated(keyword.value, names) for keyword in call.keywords]
            flags = [value for value in values if isinstance(value, re.RegexFlag)]
            if isinstance(values[0], str) and call.func.attr != "escape":
                yield call.lineno, re.compile(values[0], *flags)


@pytest.mark.parametrize("source", SOURCES)
def test_no_pattern_costs_more_than_the_square(source: str) -> None:
    faults = {f"{source}:{line}": fault(pattern) for line, pattern in patterns(source)}
    assert not {place: text for place, text in faults.items() if text}


@pytest.mark.parametrize(
    "bad",
    [
        r"(?:[\w’'-]+ ?)+$", r"(?:\s+(?:then|also|then))+$",
        r"(?![\d_a-z])\w[\w-]*(?:[’ʻ](?!s\b)\w+)*\.", r"(?:(?:early|\w+ly)[ ,]+)*said",
        r"\s*,?\s+and", r"([^\n]+?)\s+[–-]+\s*(\w+)\)", r"(?:a|ba|ab)*c",
        r"(?:(?:The )?\w+(?: \w+)*, )+$", r".*x.*y.*z",
    ],
)  # fmt: skip
def test_the_search_finds(bad: str) -> None:
    assert fault(re.compile(bad))


@pytest.mark.parametrize(
    "good",
    [
        r"\w+", r"(?:[\w’'-]+ )*[\w’'-]+$", r"(?:\s+(?:then|also))+$", r"\([^()]*\)", r"\s+$",
        r"(?:(?:the|a|of) )*[A-Z]\w+(?: [A-Z]\w+)*", r"(?<!\s)(?:\s*,)?\s+and",
    ],
)  # fmt: skip
def test_the_search_passes(good: str) -> None:
    assert not fault(re.compile(good))


def test_the_search_reads_the_patterns_of_the_library() -> None:
    assert sum(1 for source in SOURCES for _ in patterns(source)) > 250
