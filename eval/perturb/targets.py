"""A target in other words, and turned into its opposite, where that is sure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from eval.slices import target_kind
from stance.config import load_yaml_dataclass
from stance.model import TargetBook
from stance.training.target_wordings import negate_target

_FILE = Path(__file__).parent / "wordings.yaml"
_ARTICLE = re.compile(r"(?:the|a|an) (?=\w)")
_AFTER_HEAD = re.compile(
    r" (?:of|to|on|in|for|against|with|by|from|over|between|about|at|into|under|after|that)\b"
)
_DETERMINED = re.compile(
    r"[A-Z]|\S+(?:ing|er|[’']s|s[’'])\b|(?:more|less|no|any|all|some|such|how|what|why)\b"
)
_TURNED = re.compile(r"(?:opposition|ending|an end|rejecting|no|not|against|stopping)\b")
_FUNCTION_WORD = re.compile(r"(?:The|A|An|It|There|We|They|This|These|Our|No|Other|All|\w+ing)\b")

Worded = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Wordings:
    """The content of ``wordings.yaml``; its comments say what each part holds."""

    same: tuple[tuple[str, ...], ...]
    plural: Mapping[str, str]
    base: Mapping[str, str]
    bodies: tuple[str, ...]
    ongoing: tuple[str, ...]
    deniable: tuple[str, ...]
    names: Mapping[str, tuple[str, ...]]
    parties: Mapping[str, tuple[str, ...]]
    party_words: tuple[str, ...]


@lru_cache(maxsize=1)
def wordings() -> Wordings:
    """The tables, read once."""
    return load_yaml_dataclass(_FILE, Wordings)


def reworded(target: str, book: TargetBook) -> Iterator[Worded]:
    """The same target in other words: (kind of change, target)."""
    tables = wordings()
    yield from (("synonym", other) for other in _synonyms(target, tables.same))
    wording = book.find(target)
    if wording:
        yield from (("synonym", alias) for alias in wording.aliases)
    if target_kind(target) == "claim":
        first = target if not _FUNCTION_WORD.match(target) else target[0].lower() + target[1:]
        yield "the view that", f"the view that {first.rstrip('.')}"
        return
    article = _ARTICLE.match(target)
    if article:
        yield "article dropped", target[article.end() :]
    elif not _DETERMINED.match(target):
        yield "article added", f"the {target}"
    before, head, after = _parts(target)
    if head in tables.plural:
        bare = re.sub(r"^(?:a|an) ", "", before)
        yield "plural", f"{bare}{tables.plural[head]}{after}"
    singular = {many: one for one, many in tables.plural.items()}
    if head in singular and before.startswith("the "):
        yield "singular", f"{before}{singular[head]}{after}"
    verb = tables.base.get(target.split()[0])
    if verb:
        yield "the plan to", f"the plan to {verb} {target.split(maxsplit=1)[1]}"
    short = target.startswith("the ") and len(after.split()) <= 2
    if short and (head in tables.bodies or head in tables.plural):
        yield "itself", f"{target} itself"


def opposed(target: str, book: TargetBook) -> Iterator[Worded]:
    """The opposite of a target: (kind of change, target)."""
    wording = book.find(target)
    if wording:
        yield from (("opposite by the targets file", other) for other in wording.opposed)
    kind = target_kind(target)
    if kind == "claim":
        negated = negate_target(target)
        yield ("claim negated", negated) if negated else ("not true", _not_true(target))
        return
    if _TURNED.match(target):
        return
    yield "opposition to", f"opposition to {target}"
    if kind == "person or body":
        return
    head = _parts(target)[1]
    if head in wordings().deniable:
        yield "denying", f"denying {target}"
    else:
        yield "rejecting", f"rejecting {target}"
    if head in wordings().ongoing and not target.split()[0].endswith("ing"):
        yield "an end to", f"an end to {target}"
        yield "ending", f"ending {target}"


def _not_true(claim: str) -> str:
    first = claim if not _FUNCTION_WORD.match(claim) else claim[0].lower() + claim[1:]
    return f"It is not true that {first.rstrip('.')}"


def _parts(phrase: str) -> tuple[str, str, str]:
    """A phrase before its head, the head (the last word before a preposition), and the rest."""
    found = _AFTER_HEAD.search(phrase)
    stem = phrase[: found.start()] if found else phrase
    before, _, head = stem.rpartition(" ")
    return f"{before} " if before else "", head, phrase[len(stem) :]


def _synonyms(target: str, groups: Sequence[Sequence[str]]) -> Iterator[str]:
    for group in groups:
        for phrase in group:
            found = re.search(rf"(?<![\w’'-]){re.escape(phrase)}(?![\w’'-]| [A-Z])", target)
            if found:
                for other in group:
                    if other != phrase:
                        yield target[: found.start()] + other + target[found.end() :]
                break
