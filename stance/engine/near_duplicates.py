"""Near-identical articles, such as wire copies of one text, get one name."""

from __future__ import annotations

import re
from collections.abc import Iterable

from stance.errors import MissingExtraError

_WORD = re.compile(r"\w+")
_SHINGLE = 4
_HASHES = 128
_ALIKE = 0.7


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
    parents: dict[tuple[str, int], tuple[str, int]] = {}
    names: dict[tuple[str, int], str] = {}
    order: dict[tuple[str, int], int] = {}
    hashes: dict[tuple[str, int], MinHash] = {}

    def root(key: tuple[str, int]) -> tuple[str, int]:
        while parents[key] != key:
            parents[key] = parents[parents[key]]
            key = parents[key]
        return key

    for key, name, text in articles:
        parents[key], names[key], order[key] = key, name, len(order)
        shingles = _shingles(text)
        if not shingles:
            continue
        made = MinHash(num_perm=_HASHES, seed=1)
        made.update_batch(shingles)
        for other in index.query(made):
            if made.jaccard(hashes[other]) >= _ALIKE:
                first, second = sorted((root(key), root(other)), key=order.__getitem__)
                parents[second] = first
        hashes[key] = made
        index.insert(key, made, check_duplication=False)
    return {key: names[root(key)] for key in parents}


def _shingles(text: str) -> list[bytes]:
    """The different runs of four words; all words of a text that is shorter."""
    words = _WORD.findall(text.casefold())
    last = max(1, len(words) - _SHINGLE + 1)
    runs = {" ".join(words[i : i + _SHINGLE]) for i in range(last)} if words else set()
    return [run.encode("utf-8", "replace") for run in sorted(runs)]
