"""Label names, their canonical order, and the aliases accepted for them.

Ids differ between checkpoints and benchmarks (VAST codes 0 = con, P-Stance 0 = AGAINST,
SemEval-2016 says NONE), so labels are always mapped by *name*, and only here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from typing import TypeVar

from stance.errors import LabelError


class Stance(str, Enum):
    """Stance of a statement toward a target. Member order is the column order of arrays."""

    AGAINST = "against"
    NEUTRAL = "neutral"
    FAVOR = "favor"

    def __str__(self) -> str:
        return self.value


class Sentiment(str, Enum):
    """Sentiment of a statement, whatever its target. Member order is the column order of arrays."""

    NEGATIVE = "negative"
    NEUTRAL = "neutral"
    POSITIVE = "positive"

    def __str__(self) -> str:
        return self.value


class Abstention(str, Enum):
    """Why a classifier gives no stance; of several reasons the first in this order is given."""

    NO_LETTERS = "no letters"
    NOT_ENGLISH = "not English"
    CUT = "cut"
    UNSURE = "unsure"

    def __str__(self) -> str:
        return self.value


class Entailment(str, Enum):
    """Labels of a natural-language-inference checkpoint."""

    CONTRADICTION = "contradiction"
    NEUTRAL = "neutral"
    ENTAILMENT = "entailment"

    def __str__(self) -> str:
        return self.value


AnyLabel = TypeVar("AnyLabel", bound=Enum)

_ALIASES: dict[type[Enum], dict[str, str]] = {
    Stance: {
        "support": "favor",
        "supports": "favor",
        "supporting": "favor",
        "pro": "favor",
        "favour": "favor",
        "in favor": "favor",
        "in favour": "favor",
        "for": "favor",
        "agree": "favor",
        "agrees": "favor",
        "oppose": "against",
        "opposes": "against",
        "opposing": "against",
        "con": "against",
        "anti": "against",
        "disagree": "against",
        "disagrees": "against",
        "none": "neutral",
        "neither": "neutral",
        "no stance": "neutral",
        "unrelated": "neutral",
    },
    Sentiment: {"pos": "positive", "neg": "negative", "neu": "neutral", "mixed": "neutral"},
    Entailment: {
        "entail": "entailment",
        "entails": "entailment",
        "contradict": "contradiction",
        "contradicts": "contradiction",
    },
}

# Signs as labels. 0 is neutral beside -1 alone: where that does not occur it may be against.
SIGNED_STANCES = {"1": Stance.FAVOR, "+1": Stance.FAVOR, "0": Stance.NEUTRAL, "-1": Stance.AGAINST}

_PLACEHOLDER = re.compile(r"^label[_ ]?\d+$", re.IGNORECASE)


def parse_label(kind: type[AnyLabel], name: str) -> AnyLabel:
    """Map a label name or one of its aliases to its enum member.

    Case, surrounding space and ``_``/``-`` in place of a space do not matter.

    Raises:
        LabelError: the name is neither a label nor an alias.
    """
    key = re.sub(r"[_\-\s]+", " ", str(name)).strip().casefold()
    key = _ALIASES[kind].get(key, key)
    try:
        return kind(key)
    except ValueError:
        names = ", ".join(str(member.value) for member in kind)
        aliases = ", ".join(sorted(_ALIASES[kind]))
        raise LabelError(
            f"unknown {kind.__name__.lower()} label {name!r}: use one of {names} "
            f"(aliases: {aliases})"
        ) from None


def read_label_map(
    kind: type[AnyLabel],
    id2label: Mapping[int, str],
    explicit: Mapping[str, str] | None = None,
) -> list[int]:
    """Find the checkpoint column of each canonical label, by name.

    Args:
        kind: the label enum the checkpoint should predict.
        id2label: the checkpoint's own ``config.id2label``.
        explicit: label map from the configuration: checkpoint name -> canonical name.

    Returns:
        For each member of ``kind`` in canonical order the column index in the checkpoint's
        logits, or -1 for a label that the checkpoint does not predict (a two-way checkpoint
        has no ``neutral``).

    Raises:
        LabelError: names are placeholders such as ``LABEL_0`` and no explicit map is given, two
            names map to one label, or a label other than ``neutral`` is missing.
    """
    columns: dict[AnyLabel, int] = {}
    explicit = explicit or {}
    unused = set(explicit) - {str(name) for name in id2label.values()}
    if unused:
        raise LabelError(
            f"label map names {', '.join(sorted(unused))}, which the checkpoint does not have: "
            f"it has {', '.join(map(str, id2label.values()))}"
        )
    for index, name in id2label.items():
        if str(name) not in explicit and _PLACEHOLDER.match(str(name)):
            raise LabelError(
                f"the checkpoint names its labels {', '.join(map(str, id2label.values()))}: "
                "their meaning cannot be known. Give `labels:` in the model config, for "
                "example {LABEL_0: against, LABEL_1: neutral, LABEL_2: favor}"
            )
        member = parse_label(kind, explicit.get(str(name), str(name)))
        if member in columns:
            raise LabelError(f"two checkpoint labels mean {member.value!r}: fix `labels:`")
        columns[member] = int(index)
    missing = [m.value for m in kind if m not in columns and m.value != "neutral"]
    if missing:
        raise LabelError(
            f"the checkpoint has no label for {', '.join(missing)}; its labels are "
            f"{', '.join(map(str, id2label.values()))}"
        )
    return [columns.get(member, -1) for member in kind]
