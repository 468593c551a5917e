"""Fit a checkpoint to a few labels of one's own: ``stance calibrate``.

Ways of fitting are compared on folds that were held out from them; a more elaborate way is taken
only where it beats the simpler ones by more than two standard errors. Fits are drawn toward the
checkpoint's own calibration, so that thirty rows do not pull them far.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from stance.checkpoint import BUNDLED
from stance.config import WEIGHTS_DIR
from stance.errors import CalibrationError, DataError
from stance.evaluation.metrics import macro_f1
from stance.labels import Stance
from stance.model import Calibration, expected_calibration_error
from stance.training.calibration_fit import ascending
from stance.training.few_label_fits import (
    ContextArray,
    LabelArray,
    choose,
    fit_toward,
    mean_gain,
    row_losses,
    split_folds,
)
from stance.training.finetune import FineTuning, train
from stance.training.finishing import CALIBRATION, copy_adapter, score_adapter
from stance.training.pair_batches import FloatArray, stance_columns
from stance.training.records import TrainingPair
from stance.training.trainer import require_training_extra, training_device

logger = logging.getLogger(__name__)

MIN_LABELS = 30
AS_IT_IS, TEMPERATURE, BIAS, FINE_TUNED = (
    "as it is",
    "temperature",
    "temperature and bias",
    "fine-tuned",
)
_FIRST_WRITTEN = ("adapter.safetensors", CALIBRATION)  # before the file that makes it loadable
_OWN_SCORES = 20  # labels of a target from which it has conformal scores of its own
_COVERAGE = 0.9


@dataclass(frozen=True, slots=True)
class WayScores:
    """One way of fitting, on rows that were held out from it.

    Attributes:
        way: its name.
        log_loss: mean negative log-likelihood of the labels; lower is better.
        ece: expected calibration error, in [0, 1].
        macro_f1: of the most probable stance.
        gain: by how much the log loss is lower than as it is.
        error: standard error of the gain, over groups.
    """

    way: str
    log_loss: float
    ece: float
    macro_f1: float
    gain: float
    error: float


@dataclass(frozen=True, slots=True)
class FewLabelsResults:
    """What came of fitting a checkpoint to a few labels.

    Attributes:
        labels: labelled pairs.
        groups: articles, or statements where no article is named.
        ways: that were tried, the simplest first.
        chosen: the way that was taken.
        calibration: that was written.
        own_targets: targets with conformal scores of their own.
        own_kinds: kinds of statements with such.
        covered_before: share of the pairs whose prediction set at a coverage of 0.9 held the label
            with the checkpoint's own scores; None where it has too few.
        covered: the same with the new scores, each pair's own left out.
    """

    labels: int
    groups: int
    ways: tuple[WayScores, ...]
    chosen: str
    calibration: Calibration
    own_targets: tuple[str, ...]
    own_kinds: tuple[str, ...]
    covered_before: float | None
    covered: float


def fit_few_labels(
    pairs: Sequence[TrainingPair],
    output: Path,
    *,
    start: str = "base",
    fine_tune: bool = True,
    seed: int = 0,
    device: str | None = None,
) -> FewLabelsResults:
    """Write a checkpoint that fits the labels as well as held-out folds can show.

    Args:
        pairs: labelled pairs, 30 or more; pairs of one ``group`` are held out together.
        output: folder of the new checkpoint, which :func:`stance.load` takes.
        start: ``small``, ``base`` or the folder of an adapter.
        fine_tune: also try a short fine-tuning.
        seed: of the folds and of training.
        device: as ``torch`` names it; None takes CUDA where it is, else the CPU.

    Raises:
        CalibrationError: fewer than 30 pairs have a stance, or they are of fewer than 4 groups.
        DataError: the output folder is there.
        MissingExtraError: the training extra is not installed.
        ModelLoadError: the start is missing or damaged.
    """
    require_training_extra()
    rows = [pair for pair in pairs if pair.stance is not None]
    if len(rows) < MIN_LABELS:
        raise CalibrationError(
            f"{len(rows)} labels are too few: give {MIN_LABELS} or more. Until then, use the "
            "checkpoint as it is"
        )
    if output.exists() and not _is_unfinished(output):
        raise DataError(f"{output} exists: name another folder")
    folder = WEIGHTS_DIR / start if start in BUNDLED else Path(start)
    own = Calibration.load(folder / CALIBRATION)
    keys = [pair.group or pair.statement for pair in rows]
    folds = split_folds(keys, seed)
    gold = stance_columns(rows)
    where = training_device(device)
    logits, read = score_adapter(folder, rows, where)
    stance, context = logits[:, :3], np.asarray(read, bool)

    def fitted(bias: bool) -> FloatArray:
        def fit(train_rows: LabelArray) -> Calibration:
            return fit_toward(
                own, stance[train_rows], gold[train_rows], context[train_rows], bias=bias
            )

        return _held_out(folds, stance, context, fit)

    found = {
        AS_IT_IS: own.stance_probabilities(stance, context),
        TEMPERATURE: fitted(False),
        BIAS: fitted(True),
    }
    if fine_tune:
        tuned = _fine_tuned(rows, folds, start, seed, device)
        if tuned is not None:
            found[FINE_TUNED] = own.stance_probabilities(tuned, context)
    ways = tuple(_score(way, p, found[AS_IT_IS], gold, keys) for way, p in found.items())
    chosen = choose(found, gold, keys)
    if chosen == FINE_TUNED:
        train(rows, None, _settings(output, start, seed, device, hold_out=0.1))
    made = own
    if chosen in (TEMPERATURE, BIAS):
        made = fit_toward(own, stance, gold, context, bias=chosen == BIAS)
    scores = 1.0 - found[chosen][np.arange(len(gold)), gold]
    made = _with_scores(made, scores, rows)
    if chosen == FINE_TUNED:
        made.save(output / CALIBRATION)
    else:
        copy_adapter(folder, output, made)
    before = 1.0 - found[AS_IT_IS][np.arange(len(gold)), gold]
    return FewLabelsResults(
        labels=len(rows),
        groups=len(set(keys)),
        ways=ways,
        chosen=chosen,
        calibration=made,
        own_targets=tuple(made.conformal_by_target),
        own_kinds=tuple(made.conformal_by_kind),
        covered_before=_covered_before(own, before, gold),
        covered=_covered(scores),
    )


def _is_unfinished(output: Path) -> bool:
    """Whether a folder holds nothing but what a run that was stopped here left."""
    left = {file.name for file in output.iterdir()} if output.is_dir() else {""}
    return all(name in _FIRST_WRITTEN or name.startswith(".stance-") for name in left)


def _held_out(
    folds: Sequence[LabelArray],
    logits: FloatArray,
    context: ContextArray,
    fit: Callable[[LabelArray], Calibration],
) -> FloatArray:
    """Probabilities of each fold by what was fitted on the others."""
    out = np.zeros_like(logits)
    for fold in folds:
        others = np.setdiff1d(np.arange(len(logits)), fold)
        out[fold] = fit(others).stance_probabilities(logits[fold], context[fold])
    return out


def _fine_tuned(
    rows: Sequence[TrainingPair],
    folds: Sequence[LabelArray],
    start: str,
    seed: int,
    device: str | None,
) -> FloatArray | None:
    """Logits of each fold by an adapter trained on the others; None where that cannot be."""
    out = np.zeros((len(rows), 3), np.float32)
    for number, fold in enumerate(folds, start=1):
        inside = set(fold.tolist())
        held = [rows[i] for i in fold]
        others = [row for i, row in enumerate(rows) if i not in inside]
        logger.info("fine-tuning without fold %d of %d", number, len(folds))
        with tempfile.TemporaryDirectory() as folder:
            adapter = Path(folder) / "adapter"
            try:
                train(others, held, _settings(adapter, start, seed, device))
            except DataError as error:
                logger.info("fine-tuning is left out: %s", error)
                return None
            out[fold] = score_adapter(adapter, held, training_device(device))[0][:, :3]
    return out


def _settings(
    output: Path, start: str, seed: int, device: str | None, hold_out: float = 0.2
) -> FineTuning:
    return FineTuning(
        output=output, start=start, seed=seed, device=device, hold_out=hold_out, progress=False
    )


def _score(
    way: str, probabilities: FloatArray, base: FloatArray, gold: LabelArray, keys: Sequence[str]
) -> WayScores:
    gain, error = mean_gain(base, probabilities, gold, keys)
    return WayScores(
        way=way,
        log_loss=float(row_losses(probabilities, gold).mean()),
        ece=expected_calibration_error(probabilities, gold),
        macro_f1=macro_f1(gold, probabilities.argmax(axis=1), len(Stance)),
        gain=gain,
        error=error,
    )


def _with_scores(
    calibration: Calibration, scores: npt.NDArray[np.floating], rows: Sequence[TrainingPair]
) -> Calibration:
    """Conformal scores of held-out rows (cross-conformal; Vovk 2015), also by target and kind."""
    return replace(
        calibration,
        conformal_scores=ascending(scores),
        conformal_by_stance={},
        conformal_by_target=_own_scores(scores, [pair.target for pair in rows]),
        conformal_by_kind=_own_scores(scores, [pair.kind for pair in rows]),
        quality=None,
    )


def _own_scores(
    scores: npt.NDArray[np.floating], names: Sequence[str | None]
) -> dict[str, tuple[float, ...]]:
    """The scores by name, of names with enough of them, where there are several."""
    found: dict[str | None, list[float]] = {}
    for name, score in zip(names, scores, strict=True):
        found.setdefault(name, []).append(float(score))
    if len(found) == 1:
        return {}
    return {
        name: ascending(own)
        for name, own in found.items()
        if name is not None and len(own) >= _OWN_SCORES
    }


def _covered_before(
    own: Calibration, scores: npt.NDArray[np.floating], gold: LabelArray
) -> float | None:
    try:
        least = np.array(own.thresholds(_COVERAGE))
    except CalibrationError:
        return None
    return float(np.mean(1.0 - scores >= least[gold]))


def _covered(scores: npt.NDArray[np.floating]) -> float:
    """Share of the rows that are covered by the scores of the others."""
    held = []
    for row, score in enumerate(scores):
        rest = Calibration(conformal_scores=ascending(np.delete(scores, row)))
        held.append(1.0 - score >= rest.thresholds(_COVERAGE)[0] - 1e-9)
    return float(np.mean(held))
