"""The classifier users call: statements and targets in, calibrated predictions out."""

from __future__ import annotations

import logging
import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from stance.config import load_yaml_dataclass
from stance.errors import DataError, ModelLoadError
from stance.labels import Sentiment, Stance
from stance.model.calibration import softmax
from stance.model.input_warnings import input_warning
from stance.model.scorers import SCORERS, CheckpointKind, ModelConfig, Rows, Scorer
from stance.schema import Prediction

logger = logging.getLogger(__name__)

_STANCES = list(Stance)
_SENTIMENTS = list(Sentiment)


class StanceClassifier:
    """Scores (statement, target) pairs with one checkpoint.

    Build it with :func:`load`. ``facts`` holds what is known of the checkpoint (kind, name, hash,
    device) and ``truncated`` counts the statements cut in the last call of :meth:`predict`.
    """

    def __init__(self, scorer: Scorer) -> None:
        self._scorer = scorer
        self.facts = scorer.facts
        self.calibration = scorer.calibration
        self.truncated = 0
        self._told_unread = False

    def predict(
        self,
        statements: Sequence[str],
        target: str | Sequence[str] = "foreign intervention",
        contexts: Sequence[str | None] | None = None,
        *,
        speakers: Sequence[str | None] | None = None,
        batch_size: int = 32,
        progress: bool | None = None,
        abstain_below: float | None = None,
        coverage: float | None = None,
    ) -> list[Prediction]:
        """Predict stance toward ``target`` and tone of each statement.

        Args:
            statements: the words to judge, one string each.
            target: one target for all, or one for each statement.
            contexts: the text around each statement (it may contain the statement), or None;
                hub checkpoints do not read it.
            speakers: who said each statement, or None; hub checkpoints do not read it.
            batch_size: pairs in one forward pass; results do not depend on it beyond rounding.
            progress: show a bar on stderr; None shows it only on a terminal.
            abstain_below: stance is None where the highest stance probability is lower.
            coverage: also give conformal prediction sets that hold the right stance for this
                share of statements like those of the calibration set, in (0, 1).

        Returns:
            One prediction a statement, in input order; an empty list for no statements.

        Raises:
            DataError: a statement, target, context or speaker is missing or of the wrong type, or
                a target is too long or unknown to the checkpoint; the message names the row,
                counted from 0.
            CalibrationError: ``coverage`` is out of range for the checkpoint.
        """
        rows = _check_rows(statements, target, contexts, speakers)
        for name in dict.fromkeys(rows.targets):
            problem = self.target_problem(name)
            if problem:
                raise DataError(f"row {rows.targets.index(name)}: {problem}")
        unread = not self._scorer.reads_context and any((*rows.contexts, *rows.speakers))
        if unread and not self._told_unread:
            self._told_unread = True
            logger.warning(
                "a %s checkpoint reads statement and target only: contexts and speakers are unused",
                self.facts["kind"],
            )
        if batch_size < 1:
            raise DataError(f"batch_size is {batch_size}: give 1 or more")
        if abstain_below is not None and not 0 <= abstain_below <= 1:
            raise DataError(f"abstain_below is {abstain_below}: give a number in [0, 1]")
        threshold = None if coverage is None else self.calibration.threshold(coverage)
        self.truncated = 0
        if not len(rows):
            return []
        lengths = self._scorer.lengths(rows)
        order = sorted(range(len(rows)), key=lambda i: -lengths[i])
        found: list[Prediction | None] = [None] * len(rows)
        for indices in _with_progress(_batches(order, batch_size), len(rows), progress):
            part = Rows(
                [rows.statements[i] for i in indices],
                [rows.targets[i] for i in indices],
                [rows.contexts[i] for i in indices],
                [rows.speakers[i] for i in indices],
            )
            predictions = self._predict_batch(part, abstain_below, threshold)
            for index, prediction in zip(indices, predictions, strict=True):
                found[index] = prediction
        done = [prediction for prediction in found if prediction is not None]
        self.truncated = sum(prediction.truncated for prediction in done)
        if self.truncated:
            logger.warning(
                "%d of %d statements were longer than the model reads and were cut",
                self.truncated,
                len(rows),
            )
        return done

    def target_problem(self, target: str) -> str | None:
        """Why the checkpoint cannot judge statements toward a target, or None where it can."""
        return self._scorer.target_problem(target)

    def predict_one(
        self, statement: str, target: str = "foreign intervention", context: str | None = None
    ) -> Prediction:
        """Predict one statement; see :meth:`predict`."""
        return self.predict([statement], target, [context])[0]

    def _predict_batch(
        self, rows: Rows, abstain_below: float | None, threshold: float | None
    ) -> list[Prediction]:
        scores = self._scorer.score(rows)
        heats = self.calibration.stance_temperatures(scores.with_context)
        stance = softmax(scores.stance, heats)
        tone = None
        if scores.sentiment is not None:
            tone = softmax(scores.sentiment, self.calibration.sentiment_temperature)
        finite = np.isfinite(stance if tone is None else np.hstack([stance, tone])).all(axis=1)
        if not finite.all():
            raise ModelLoadError(
                "the checkpoint's logits are not numbers, first for the statement "
                f"{rows.statements[int(finite.argmin())][:60]!r}: its weights are damaged"
            )
        made = []
        for i, statement in enumerate(rows.statements):
            best = int(stance[i].argmax())
            abstained = abstain_below is not None and float(stance[i, best]) < abstain_below
            members = None
            if threshold is not None:
                members = tuple(
                    label for j, label in enumerate(_STANCES) if stance[i, j] >= threshold
                )
            warnings = [input_warning(statement)]
            if scores.context_tokens_cut[i] > 0:
                warnings.append("the context is longer than the model reads and was cut")
            made.append(
                Prediction(
                    target=rows.targets[i],
                    stance=None if abstained else _STANCES[best],
                    stance_probabilities=_named(_STANCES, stance[i]),
                    sentiment=None if tone is None else _SENTIMENTS[int(tone[i].argmax())],
                    sentiment_probabilities=None if tone is None else _named(_SENTIMENTS, tone[i]),
                    stance_set=members,
                    abstained=abstained,
                    truncated=bool(scores.tokens_cut[i] > 0),
                    warnings=tuple(warning for warning in warnings if warning),
                )
            )
        return made


def _named(
    labels: Sequence[Stance] | Sequence[Sentiment], values: npt.NDArray[np.float32]
) -> dict[str, float]:
    return {str(label): float(value) for label, value in zip(labels, values, strict=True)}


def _batches(order: Sequence[int], size: int) -> Iterator[list[int]]:
    for begin in range(0, len(order), size):
        yield list(order[begin : begin + size])


def _with_progress(
    batches: Iterator[list[int]], total: int, progress: bool | None
) -> Iterator[list[int]]:
    if progress is None:
        progress = sys.stderr.isatty()
    if not progress:
        yield from batches
        return
    from tqdm import tqdm

    with tqdm(total=total, unit="statement", file=sys.stderr) as bar:
        for batch in batches:
            yield batch
            bar.update(len(batch))


def _check_rows(
    statements: Sequence[str],
    target: str | Sequence[str],
    contexts: Sequence[str | None] | None,
    speakers: Sequence[str | None] | None,
) -> Rows:
    if isinstance(statements, str):
        raise DataError("statements is one string: give a list of strings, or use predict_one")
    for value, name in ((statements, "statements"), (target, "target")):
        if value is None:
            raise DataError(f"{name} is None: give a text for each statement")
    statements = list(statements)
    n = len(statements)
    for i, statement in enumerate(statements):
        _require_text(statement, "statement", i)
    targets = [target] * n if isinstance(target, str) else list(target)
    _same_length(targets, n, "targets")
    for i, value in enumerate(targets):
        _require_text(value, "target", i)
    return Rows(
        statements,
        targets,
        _optional_texts(contexts, n, "context"),
        _optional_texts(speakers, n, "speaker"),
    )


def _same_length(values: Sequence[object], n: int, name: str) -> None:
    if len(values) != n:
        raise DataError(f"{len(values)} {name} for {n} statements: give one for each")


def _require_text(value: object, name: str, row: int) -> None:
    if isinstance(value, str) and value.strip():
        return
    missing = value is None or (isinstance(value, float) and math.isnan(value))
    kind = "missing (None or NaN)" if missing else "empty" if value == "" else "not usable text"
    raise DataError(f"row {row}: {name} is {kind}: {value!r}. Drop the row or give its text")


def _optional_texts(values: Sequence[str | None] | None, n: int, name: str) -> list[str | None]:
    if values is None:
        return [None] * n
    if isinstance(values, str):
        raise DataError(f"{name}s is one string: give one {name} for each statement")
    listed: list[str | None] = []
    for i, value in enumerate(values):
        if value is not None and not isinstance(value, str):
            if not (isinstance(value, float) and math.isnan(value)):
                raise DataError(f"row {i}: {name} is {value!r}: give text or None")
            value = None
        listed.append(value)
    _same_length(listed, n, f"{name}s")
    return listed


def load(
    name_or_path: str | Path = "default",
    *,
    kind: CheckpointKind | None = None,
    labels: dict[str, str] | None = None,
    revision: str | None = None,
    targets: str | None = None,
    device: str | None = None,
) -> StanceClassifier:
    """Load a classifier.

    Args:
        name_or_path: ``default`` (= ``small``), ``small``, ``base``; a model config (``.yaml``);
            an adapter folder written by ``stance train``; or, with ``kind``, a hub id or folder.
            The arguments below replace what a model config says.
        kind: ``sequence-classification`` or ``nli`` for a hub id or checkpoint folder. It is
            never guessed.
        labels: checkpoint label name -> canonical name, where the checkpoint's are unclear.
        revision: hub revision to pin.
        targets: path of a targets file, for ``nli``.
        device: ``cpu``, ``cuda``, ``mps``; when None ``cuda`` where it is, else ``cpu``.

    Raises:
        ModelLoadError: the checkpoint is missing, damaged or of another kind.
        LabelError: the checkpoint's label names are unclear.
        ConfigError: the config has an unknown key or value, or an argument means nothing to this
            kind of checkpoint.
    """
    name = str(name_or_path)
    if name.endswith((".yaml", ".yml")):
        given: dict[str, Any] = {
            "kind": kind,
            "labels": labels,
            "revision": revision,
            "targets": targets,
            "device": device,
        }
        config = replace(
            load_yaml_dataclass(name, ModelConfig),
            **{key: value for key, value in given.items() if value is not None},
        )
    else:
        if kind is None:
            bundled = name in ("default", "small", "base")
            if not bundled and not (Path(name) / "adapter.json").is_file():
                raise ModelLoadError(
                    f"{name!r} is neither default, small, base, a .yaml config nor an adapter "
                    "folder. For a hub id or checkpoint folder say what it is: "
                    "kind='sequence-classification' or kind='nli'"
                )
            kind = "bundled"
        config = ModelConfig(
            kind=kind,
            checkpoint="small" if name == "default" else name,
            revision=revision,
            labels=labels,
            targets=targets,
            device=device,
        )
    return StanceClassifier(SCORERS[config.kind](config))
