"""Which labelled rows are drawn together: those of one article, or of nearly the same words."""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from dataclasses import replace

from stance.engine.near_duplicates import Groups, group_near_duplicates
from stance.evaluation.labelled_sets import LabelledRow
from stance.evaluation.resampling import MIN_CLUSTERS, choose_clusters
from stance.evaluation.wording import counted

_WORD = re.compile(r"\w+")
_TELLING = 6
"""Words from which on a repeated statement shows that two articles share their text."""


def join_near_duplicates(rows: Sequence[LabelledRow]) -> list[LabelledRow]:
    """The same rows with groups that near duplicates share.

    Rows fall together where they name the same group, say the same words in the same context, or
    where their statements or their contexts are nearly the same (six words or more; see
    :func:`stance.engine.near_duplicates.group_near_duplicates`). Who is like one of a group belongs
    to it. A group is called as its first row calls it, else by that row's number.

    Raises:
        MissingExtraError: datasketch is not installed.
    """
    groups = Groups(len(rows))
    for keys in (
        [None if row.group is None else ("group", row.group) for row in rows],
        [("row", row.text, row.context, row.speaker) for row in rows],
        _alike([row.text for row in rows]),
        _alike([row.context for row in rows]),
    ):
        known: dict[Hashable, int] = {}
        for at, key in enumerate(keys):
            if key is not None:
                groups.join(known.setdefault(key, at), at)
    taken = {row.group for row in rows}
    names: dict[int, str] = {}
    for at in range(len(rows)):
        first = groups.first(at)
        if first not in names:
            names[first] = rows[first].group or _free(f"row {first + 1}", taken)
    return [replace(row, group=names[groups.first(at)]) for at, row in enumerate(rows)]


def _free(name: str, taken: set[str | None]) -> str:
    while name in taken:
        name += "'"
    return name


def _alike(texts: Sequence[str]) -> list[str | None]:
    """What near duplicates share; None for a text of few words."""
    telling = [len(_WORD.findall(text)) >= _TELLING for text in texts]
    places: dict[str, int] = {}
    for at, text in enumerate(texts):
        if telling[at]:
            places.setdefault(text, at)
    found = group_near_duplicates((("", at), str(at), text) for text, at in places.items())
    return [
        found["", places[text]] if usable else None
        for text, usable in zip(texts, telling, strict=True)
    ]


def cluster_note(rows: Sequence[LabelledRow]) -> str | None:
    """Why intervals do not go by the groups that rows name, or None where they do."""
    groups = [row.group for row in rows]
    named = len(groups) - groups.count(None)
    unit = choose_clusters(groups, [row.text for row in rows])[1]
    if not named or unit == "group":
        return None
    taken = {"text": "rows of the same words are drawn together", "row": "each row is drawn alone"}
    why = f"{len(groups) - named} of {len(groups)} rows name no article or group"
    if named == len(groups):
        why = (
            f"{counted(len(set(groups)), 'article')} or groups are too few to draw from "
            f"({MIN_CLUSTERS} are needed)"
        )
    return f"Intervals do not go by article: {why}, so {taken[unit]}; they may be too narrow."
