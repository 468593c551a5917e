"""Near-identical articles, such as wire copies of one text, get one name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from stance.errors import MissingExtraError

_WORD = re.compile(r"\w+")
_SHINGLE = 4
_HASHES = 128
_ALIKE = 0.7


class Groups:
    """Numbers from 0 on that are joined into groups (union-find; Tarjan 1975).

    Args:
        count: of the numbers to begin with.
    """

    def __init__(self, count: int = 0) -> None:
        self._parents = list(range(count))

    def add(self) -> int:
        """The next number, in a group of its own."""
        self._parents.append(len(self._parents))
        return self._parents[-1]

    def first(self, number: int) -> int:
        """The lowest number of a group."""
        parents = self._parents
        while parents[number] != number:
            parents[number] = parents[parents[number]]
            number = parents[number]
        return number

    def join(self, one: int, other: int) -> None:
        """Make one group of those of two numbers."""
        first, second = sorted((self.first(one), self.first(other)))
        self._parents[second] = first


def group_near_duplicates(
    articles: Iterable[tuple[tuple[str, int], str, str]],
) -> dict[tuple[str, int], str]:
    """Give articles that share most of their words one name, that of the first of them.

    Two are alike where an estimated 70 % of their runs of four words are the same; who is like one
    of a group belongs to it. An article takes some 2 KB of memory.

    Args:
        articles: key, name and text of each.

    Raises:
        MissingExtraError: datasketch is not installed.

    Source: Broder 1997, On the resemblance and containment of documents.
    """
    try:
        from datasketch import MinHash, MinHashLSH
    except ImportError as error:
        raise MissingExtraError(
            "near duplicates need datasketch: pip install 'newsstance[duplicates]'"
        ) from error

    index = MinHashLSH(threshold=_ALIKE, num_perm=_HASHES)
    groups = Groups()
    numbers: dict[tuple[str, int], int] = {}
    names: list[str] = []
    hashes: dict[int, MinHash] = {}
    for key, name, text in articles:
        number = numbers[key] = groups.add()
        names.append(name)
        shingles = _shingles(text)
        if not shingles:
            continue
        made = MinHash(num_perm=_HASHES, seed=1)
        made.update_batch(shingles)
        for other in index.query(made):
            if made.jaccard(hashes[other]) >= _ALIKE:
                groups.join(number, other)
        hashes[number] = made
        index.insert(number, made, check_duplication=False)
    return {key: names[groups.first(number)] for key, number in numbers.items()}


def _shingles(text: str) -> list[bytes]:
    """The different runs of four words; all words of a text that is shorter."""
    words = _WORD.findall(text.casefold())
    last = max(1, len(words) - _SHINGLE + 1)
    runs = {" ".join(words[i : i + _SHINGLE]) for i in range(last)} if words else set()
    return [run.encode("utf-8", "replace") for run in sorted(runs)]
