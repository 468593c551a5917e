"""PolNeAR, marked attributions of political news (Newell, Margolin and Ruths 2018)."""

from __future__ import annotations

import re
from pathlib import Path

from stance.errors import DataError
from stance.evaluation.tasks.attribution.articles import Attributed, MarkedArticle, is_direct
from stance.extract import Range
from stance.untrusted import read_bytes

ROLES = ("source", "cue", "content")
_SPAN = re.compile(r"(T\d+)\t(\w+) (\d+ \d+(?:;\d+ \d+)*)\t(.*)")
_EVENT = re.compile(r"(E\d+)\t(\S+(?: \S+)*) ?")


def read(folder: Path) -> list[MarkedArticle]:
    """The articles of a compartment, such as ``data/test``.

    Its folders are ``text`` (``NAME.txt``) and ``attributions`` (``NAME_ANNOTATOR.ann``, brat's
    standoff format: spans ``T`` of a role, events ``E`` that join them). Where several annotators
    marked an article, the first by name counts.

    Raises:
        DataError: a file or line is not of this form.
    """
    texts = sorted((folder / "text").glob("*.txt"))
    if not texts:
        raise DataError(f"{folder}: no text/*.txt")
    marked: dict[str, Path] = {}
    for path in sorted((folder / "attributions").glob("*.ann")):
        marked.setdefault(path.stem.rpartition("_")[0], path)
    articles = []
    for path in texts:
        if path.stem not in marked:
            raise DataError(f"{folder}: no attributions/{path.stem}_*.ann")
        text = _read(path)
        items = _attributions(marked[path.stem], text)
        articles.append(MarkedArticle(path.stem, text, tuple(items)))
    return articles


def _read(path: Path) -> str:
    try:
        return read_bytes(path).decode("utf-8")
    except (OSError, ValueError) as error:
        raise DataError(f"cannot read {path.name}: {error}") from error


def _attributions(path: Path, text: str) -> list[Attributed]:
    spans: dict[str, tuple[Range, ...]] = {}
    events: list[tuple[str, str]] = []
    for number, line in enumerate(_read(path).splitlines(), start=1):
        where = f"{path.name}, line {number}"
        span, event = _SPAN.fullmatch(line), _EVENT.fullmatch(line)
        if span:
            spans[span[1]] = _ranges(span[3], span[4], text, where)
        elif event:
            events.append((where, event[2]))
        elif line.strip() and line[0] != "#":  # an annotator's note
            raise DataError(f"{where}: neither a span nor an event: {line[:60]!r}")
    return [_joined(parts, spans, text, where) for where, parts in events]


def _ranges(listed: str, words: str, text: str, where: str) -> tuple[Range, ...]:
    ranges = []
    for item in listed.split(";"):
        start, end = map(int, item.split())
        ranges.append((start, end))
    there = " ".join(text[start:end] for start, end in ranges)
    if there.split() != words.split():
        raise DataError(f"{where}: these characters of the article are other words")
    return tuple(ranges)


def _joined(parts: str, spans: dict[str, tuple[Range, ...]], text: str, where: str) -> Attributed:
    found: dict[str, tuple[Range, ...]] = dict.fromkeys(ROLES, ())
    for part in parts.split():
        role, _, name = part.partition(":")
        role = role.lower().rstrip("0123456789")
        if name not in spans:
            raise DataError(f"{where}: there is no span {name or part!r}")
        if role in found:
            found[role] = tuple(sorted({*found[role], *spans[name]}))
    return Attributed(
        content=found["content"],
        source=found["source"],
        direct=is_direct(text, found["content"]),
        cue=found["cue"],
    )
