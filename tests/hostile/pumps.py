"""Texts that may take a regular expression long: one piece of it over and over, before an end."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

try:
    from re import _compiler as compiler
    from re import _parser as parser
except ImportError:  # Python 3.10
    import sre_compile as compiler
    import sre_parse as parser

MOST = 50  # pieces of one repeat
REPEATED = ("MAX_REPEAT", "MIN_REPEAT")
SINGLES = ("IN", "LITERAL", "NOT_LITERAL", "ANY")
ENDS = ("", "\0", "\n", " !")
COMMON = "aA1 ,-’.\n"


def fits(op: str, value: object, char: str) -> bool:
    """Whether a node that matches one character matches this one."""
    if op == "IN":
        negated = str(value[0][0]) == "NEGATE"
        return negated != any(fits(str(kind), part, char) for kind, part in value[negated:])
    if op == "RANGE":
        return value[0] <= ord(char) <= value[1]
    if op == "CATEGORY":
        name = str(value).removeprefix("CATEGORY_")
        letter = {"DIGIT": "d", "SPACE": "s", "WORD": "w"}[name.removeprefix("NOT_")]
        return bool(re.match("\\" + (letter.upper() if "NOT_" in name else letter), char))
    return (char != "\n") if op == "ANY" else (ord(char) == value) == (op == "LITERAL")


def inner(op: str, value: object) -> list[Iterable]:
    """The sequences within a node."""
    if op == "BRANCH":
        return value[1]
    place = {"MAX_REPEAT": 2, "MIN_REPEAT": 2, "SUBPATTERN": 3, "ASSERT": 1, "ASSERT_NOT": 1}
    return [value[place[op]]] if op in place else []


class Sampler:
    """Texts that a pattern, or a part of one, may match."""

    def __init__(self, tree: Iterable) -> None:
        singles = list(self._singles(tree))
        literals = [chr(value) for op, value in singles if op == "LITERAL"]
        sets = [value for op, value in singles if op == "IN"]
        literals += [chr(part) for one in sets for op, part in one if str(op) == "LITERAL"]
        # What many sets match can be read in many ways.
        wide = [one for one in singles if one[0] != "LITERAL"]
        self.chars = sorted(
            dict.fromkeys([*COMMON, *literals]),
            key=lambda char: (-sum(fits(*one, char) for one in wide), -literals.count(char)),
        )

    def _singles(self, tree: Iterable) -> Iterator[tuple[str, object]]:
        for op, value in ((str(op), value) for op, value in tree):
            if op in SINGLES:
                yield op, value
            for part in inner(op, value):
                yield from self._singles(part)

    def node(self, op: str, value: object) -> list[str]:
        """What one node matches: each alternative, optional parts with and without."""
        if op in SINGLES:
            return [char for char in self.chars if fits(op, value, char)] or ["\u2603"]
        if op == "BRANCH":
            return list(dict.fromkeys(text for part in value[1] for text in self.run(part)))
        if op in REPEATED:
            texts = [text * max(1, value[0]) for text in self.run(value[2])]
            return [*texts, ""] if not value[0] else texts
        if op == "SUBPATTERN" or (op == "ASSERT" and value[0] < 0):  # or behind it
            return self.run(inner(op, value)[0])
        return [""]

    def run(self, tree: Iterable) -> list[str]:
        """What nodes in a row match: the first of each, then each other of one of them."""
        parts, ahead = [], None
        for op, value in ((str(op), value) for op, value in tree):
            texts = self.node(op, value)
            if ahead:
                pattern, true = ahead
                texts = [text for text in texts if bool(pattern.match(text)) == true] or texts
            parts.append(texts[:3] if op in SINGLES else texts)
            looks = op in ("ASSERT", "ASSERT_NOT") and value[0] > 0
            ahead = (compiler.compile(value[1]), op == "ASSERT") if looks else None
        first = [part[0] for part in parts]
        others = [
            "".join([*first[:place], other, *first[place + 1 :]])
            for place, part in enumerate(parts)
            for other in part[1:]
        ]
        return list(dict.fromkeys(["".join(first), *others]))

    def loops(self, tree: Iterable, before: tuple[str, str] = ("", "")) -> Iterator[tuple]:
        """What stands before each repeat, in full and in short, and what it repeats."""
        for place, (op, value) in enumerate((str(op), value) for op, value in tree):
            texts = self.run(tree[:place])
            starts = before[0] + texts[0], before[1] + min(texts, key=len)
            if op in REPEATED and value[1] > 1:
                pumps = [text for text in self.run(value[2]) if text][:MOST]
                pairs = [(pumps[0] + text, text + pumps[0]) for text in pumps[1:]]
                yield starts, [*pumps, *(text for pair in pairs for text in pair)]
            for part in inner(op, value):
                yield from self.loops(part, starts)


def pumped(pattern: re.Pattern[str]) -> Iterator[tuple[str, str, str]]:
    """What stands before, what is repeated, and what ends it."""
    tree = parser.parse(pattern.pattern, pattern.flags)
    sampler = Sampler(tree)
    whole = [text for text in sampler.run(tree) if text][:MOST]
    for before, pumps in [*sampler.loops(tree), (("", ""), whole)]:
        for start in dict.fromkeys(before):
            yield from ((start, pump, end) for pump in pumps for end in ENDS)
