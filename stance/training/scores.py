"""How right a model is on held-out pairs, source by source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.metrics import f1_score

from stance.training.losses import IGNORED
from stance.training.pair_batches import FloatArray, sentiment_columns, stance_columns
from stance.training.records import TrainingPair


@dataclass(frozen=True, slots=True)
class Scores:
    """Scores on the pairs of one source; None where it has no such labels.

    Macro F1 is over the classes that occur among the labels.
    """

    n: int
    stance_macro_f1: float | None = None
    stance_accuracy: float | None = None
    sentiment_macro_f1: float | None = None
    sentiment_accuracy: float | None = None


def score_pairs(pairs: Sequence[TrainingPair], logits: FloatArray) -> dict[str, Scores]:
    """Scores by source, in the order of the alphabet.

    Args:
        pairs: held out from training.
        logits: float32 ``[n, 6]``, stance before sentiment.
    """
    stance, sentiment = stance_columns(pairs), sentiment_columns(pairs)
    found: dict[str, Scores] = {}
    for source in sorted({pair.source for pair in pairs}):
        rows = np.array([i for i, pair in enumerate(pairs) if pair.source == source])
        found[source] = Scores(
            len(rows),
            *_score(stance[rows], logits[rows, :3]),
            *_score(sentiment[rows], logits[rows, 3:]),
        )
    return found


def _score(gold: npt.NDArray[np.int64], logits: FloatArray) -> tuple[float | None, float | None]:
    """Macro F1 and accuracy of the labelled rows."""
    labelled = gold != IGNORED
    if not labelled.any():
        return None, None
    gold, predicted = gold[labelled], logits[labelled].argmax(1)
    present = sorted(set(gold.tolist()))
    macro = f1_score(gold, predicted, average="macro", labels=present, zero_division=0)
    return float(macro), float(np.mean(predicted == gold))
