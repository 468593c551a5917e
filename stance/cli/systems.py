"""The systems that ``stance evaluate`` measures side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import stance
from stance.errors import DataError

if TYPE_CHECKING:
    from stance.checkpoint import PrecisionChoice
    from stance.evaluation.stored_answers import StoredAnswers
    from stance.evaluation.tasks.answers import Classifier, OtherSystem
    from stance.model import StanceClassifier
    from stance.model.scorer import CheckpointKind

_KINDS: tuple[CheckpointKind, ...] = ("sequence-classification", "nli")


@dataclass(frozen=True, slots=True)
class Systems:
    """The evaluated system and those beside it.

    Attributes:
        lead: a loaded checkpoint, or stored predictions.
        name: that the user gave it, or None.
        requested: the checkpoint as it was asked for.
        others: in the order in which they were given.
    """

    lead: Classifier | StoredAnswers
    name: str | None
    requested: str
    others: list[OtherSystem]

    def notes(self) -> list[str]:
        """What the labels in stored predictions were taken for."""
        from stance.evaluation.stored_answers import StoredAnswers

        return [
            f"{system.name}: {note}"
            for system in (self.lead, *self.others)
            if isinstance(system, StoredAnswers)
            for note in system.names.notes()
        ]


def load_systems(
    checkpoints: Sequence[str],
    predictions: Sequence[str],
    zero_shot: str | None,
    *,
    columns: Mapping[str, str],
    given: Mapping[str, str],
    device: str | None,
    precision: PrecisionChoice,
    find: Callable[[str], str] = str,
) -> Systems:
    """Load what is to be measured; the first of the checkpoints, else of the predictions, leads.

    Args:
        checkpoints: ``CHECKPOINT`` or ``NAME=CHECKPOINT``, a hub id as ``KIND:ID``; without any,
            and without predictions, the default one.
        predictions: ``NAME=FILE``.
        zero_shot: hub id or folder of an NLI checkpoint, or None.
        columns: of the predictions, see :func:`stance.evaluation.stored_answers.read_answers`.
        given: names of labels in them.
        device: of the checkpoints.
        precision: of the checkpoints.
        find: from the checkpoint that an option names to where it is.

    Raises:
        StanceError: one of them cannot be used.
    """
    from stance.evaluation.stored_answers import check_name, read_answers
    from stance.evaluation.tasks.answers import OtherCheckpoint

    if not checkpoints and not predictions:
        checkpoints = ("default",)
    stored = []
    for option in predictions:
        name, equals, file = option.partition("=")
        if not equals or not file:
            raise DataError(f"--predictions {option!r}: give NAME=FILE, such as ana=ana.csv")
        stored.append(read_answers(check_name(name), Path(file), columns=columns, given=given))
    asked = [_named(option) for option in checkpoints]
    if zero_shot is not None:
        asked.append((f"zero-shot {Path(zero_shot).name}", f"nli:{zero_shot}"))
    loaded = []
    for given_name, place in asked:
        classifier = _load(find(place), device, precision)
        shown = given_name or Path(classifier.info.name).name
        loaded.append((given_name, place, OtherCheckpoint(check_name(shown), classifier)))
    if not checkpoints:
        return Systems(
            stored[0], None, stored[0].name, [*(item[2] for item in loaded), *stored[1:]]
        )
    name_of_lead, place, lead = loaded[0]
    others: list[OtherSystem] = [*(item[2] for item in loaded[1:]), *stored]
    return Systems(lead.classifier, name_of_lead, place, others)


def _named(option: str) -> tuple[str | None, str]:
    """The name that an option gives, and the checkpoint; a path may hold ``=`` of its own."""
    name, equals, place = option.partition("=")
    if not equals or Path(option).exists():
        return None, option
    return name, place


def _load(place: str, device: str | None, precision: PrecisionChoice) -> StanceClassifier:
    kind, _, name = place.partition(":")
    for known in _KINDS:
        if kind == known:
            return stance.load(name, kind=known, device=device, precision=precision)
    return stance.load(place, device=device, precision=precision)
