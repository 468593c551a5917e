"""Checks that the records of :mod:`stance.schema` share; each raises a DataError."""

from __future__ import annotations

import math
from collections.abc import Mapping

from stance.errors import DataError
from stance.labels import Abstention, Sentiment, Stance


def check_one_of(name: str, value: str, allowed: tuple[str, ...]) -> None:
    """Refuse a name that is none of those allowed."""
    if value not in allowed:
        raise DataError(f"{name} is {value!r}: use one of {', '.join(allowed)}")


def check_member(
    name: str, value: object, kind: type[Stance] | type[Sentiment] | type[Abstention]
) -> None:
    """Refuse what is neither a member of an enum nor None."""
    if value is not None and not isinstance(value, kind):
        raise DataError(f"{name} is {value!r}: give a member of stance.{kind.__name__}, or None")


def check_members(name: str, value: object, kind: type[Stance] | type[Sentiment]) -> None:
    """Refuse what is neither a tuple of members of an enum nor None."""
    if value is None:
        return
    if not isinstance(value, tuple) or not all(isinstance(label, kind) for label in value):
        raise DataError(f"{name} is {value!r}: give a tuple of members of stance.{kind.__name__}")


def check_most_probable(
    name: str, label: Stance | Sentiment | None, shares: Mapping[str, float]
) -> None:
    """Refuse a label that another one is more probable than."""
    if label is not None and shares[str(label)] < max(shares.values()):
        best = max(shares, key=shares.__getitem__)
        raise DataError(f"{name} is {label}, and the most probable is {best}: give that one")


def check_share(name: str, value: float) -> None:
    """Refuse what is no number from 0 to 1."""
    if not 0 <= value <= 1:
        raise DataError(f"{name} is {value}: give a number from 0 to 1")


def check_distribution(name: str, shares: Mapping[str, float], labels: list[str]) -> None:
    """Refuse probabilities that are not one a label, or do not sum to 1 up to rounding."""
    if sorted(shares) != sorted(labels):
        raise DataError(f"{name} has {', '.join(shares) or 'no keys'}: give {', '.join(labels)}")
    for label, share in shares.items():
        check_share(f"{name}[{label!r}]", share)
    total = math.fsum(shares.values())
    if abs(total - 1) > 0.01:  # wide enough for probabilities that were rounded to two digits
        raise DataError(f"{name} sum to {total:.4f}: they must sum to 1")
