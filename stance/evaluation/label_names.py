"""Reads labels that a file names in its own way, and tells what each name was taken for."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from stance.errors import DataError, LabelError
from stance.labels import SIGNED_STANCES, AnyLabel, Sentiment, Stance, parse_label

_WHOLE = re.compile(r"([+-]?\d+)\.0+")  # as a spreadsheet or pandas writes a column with gaps


class LabelNames:
    """The names of labels in one file.

    Args:
        given: name in the file -> ``favor``, ``positive`` and so on, before all that is known.

    Raises:
        DataError: a name is given for what is no label.
    """

    def __init__(self, given: Mapping[str, str] | None = None) -> None:
        self._given: dict[str, str] = {}
        for name, label in (given or {}).items():
            if _known(Stance, label) is None and _known(Sentiment, label) is None:
                raise DataError(
                    f"the label {name!r} is said to mean {label!r}: use one of favor, neutral, "
                    "against, positive, negative"
                )
            self._given[name.strip().casefold()] = label
        self._seen: Counter[tuple[str, str]] = Counter()
        self._signed: set[str] = set()

    def read(self, kind: type[AnyLabel], value: object, field: str, where: str) -> AnyLabel:
        """The label that a cell means.

        Raises:
            DataError: none is known; the message names field and place.
        """
        name = _name(value)
        if name is None:
            raise DataError(f"{where}: field {field!r} is no label: {value!r}")
        label = self._given.get(name.strip().casefold())
        found = _known(kind, label) if label is not None else None
        if found is None and kind is Stance and name.strip() in SIGNED_STANCES:
            found = parse_label(kind, str(SIGNED_STANCES[name.strip()]))
            self._signed.add(name.strip())
        if found is None:
            try:
                found = parse_label(kind, name)
            except LabelError as error:
                raise DataError(
                    f"{where}: field {field!r}: {error}. --label NAME=LABEL tells what another "
                    "name means"
                ) from None
        if name.strip().casefold() != found.value:
            self._seen[name.strip(), str(found.value)] += 1
        return found

    def check(self, file: str) -> None:
        """Refuse numbers whose meaning cannot be told.

        1, 0 and -1 are favor, neutral and against; where -1 does not occur, 0 is against in some
        data and neutral in others.

        Raises:
            DataError: there are such.
        """
        if self._signed and "-1" not in self._signed and self._signed != {"1"}:
            raise DataError(
                f"{file}: the labels are {' and '.join(sorted(self._signed))}: 0 is against in "
                "some data and neutral in others. Say what they mean, such as --label 1=favor "
                "--label 0=against"
            )

    def notes(self) -> list[str]:
        """One line for each name that is not the label's own."""
        return [
            f"the label {name!r} was read as {label} ({count} {'row' if count == 1 else 'rows'})"
            for (name, label), count in sorted(self._seen.items())
        ]


def read_given(options: Sequence[str]) -> dict[str, str]:
    """What options such as ``pro=favor`` say.

    Raises:
        DataError: one has no ``=``, or a name stands twice.
    """
    given: dict[str, str] = {}
    for option in options:
        name, equals, label = option.rpartition("=")
        if not equals or not name.strip():
            raise DataError(f"--label {option!r}: give NAME=LABEL, such as pro=favor")
        if given.setdefault(name, label) != label:
            raise DataError(f"--label gives {name!r} two meanings")
    return given


def _known(kind: type[AnyLabel], label: str) -> AnyLabel | None:
    try:
        return parse_label(kind, label)
    except LabelError:
        return None


def _name(value: object) -> str | None:
    """The name in a cell; a whole number may be stored as one with decimals."""
    if isinstance(value, bool):
        return None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int):
        return str(value)
    if not isinstance(value, str) or not value.strip():
        return None
    whole = _WHOLE.fullmatch(value.strip())
    return whole.group(1) if whole else value
