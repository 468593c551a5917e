"""Training pairs as token ids and tensors, and the scores a network gives them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import numpy.typing as npt
import torch

from stance.labels import Sentiment, Stance
from stance.model import EncodedPair, PairEncoder, PairModel
from stance.model.batching import CPU_TOKENS, token_batches
from stance.training.batches import Plan, Tensors, plan_rows
from stance.training.losses import IGNORED
from stance.training.records import TrainingPair

FloatArray = npt.NDArray[np.float32]
_STANCES = {label: column for column, label in enumerate(Stance)}
_SENTIMENTS = {label: column for column, label in enumerate(Sentiment)}


def encode_pairs(pairs: Sequence[TrainingPair], encoder: PairEncoder) -> list[EncodedPair]:
    """Encode pairs as the classifier would."""
    return encoder.encode(
        [p.statement for p in pairs],
        [p.target for p in pairs],
        [p.context for p in pairs],
        [p.speaker for p in pairs],
    )


def stance_columns(pairs: Sequence[TrainingPair]) -> npt.NDArray[np.int64]:
    """Label column of every pair ``[n]``, ``IGNORED`` where it has none."""
    found = [IGNORED if p.stance is None else _STANCES[p.stance] for p in pairs]
    return np.array(found, dtype=np.int64)


def sentiment_columns(pairs: Sequence[TrainingPair]) -> npt.NDArray[np.int64]:
    """Label column of every pair ``[n]``, ``IGNORED`` where it has none."""
    found = [IGNORED if p.sentiment is None else _SENTIMENTS[p.sentiment] for p in pairs]
    return np.array(found, dtype=np.int64)


def plan_pairs(
    pairs: Sequence[TrainingPair],
    encoder: PairEncoder,
    *,
    batch_size: int,
    epochs: float,
    seed: int,
    teacher: FloatArray | None = None,
) -> Plan:
    """Plan the batches of a run over pairs.

    Args:
        pairs: one epoch.
        encoder: of the network.
        batch_size: pairs of a batch.
        epochs: passes over the pairs.
        seed: of the order.
        teacher: soft labels ``[n, 6]`` of a larger model, stance before sentiment.

    Returns:
        A plan whose batches hold the network's inputs and ``stance``, ``sentiment``, ``weight``
        and, with a teacher, ``teacher``.
    """
    encoded = encode_pairs(pairs, encoder)
    columns: dict[str, npt.NDArray[np.generic]] = {
        "stance": stance_columns(pairs),
        "sentiment": sentiment_columns(pairs),
        "weight": np.array([pair.weight for pair in pairs], dtype=np.float32),
    }
    if teacher is not None:
        columns["teacher"] = teacher

    def make(rows: list[int]) -> Tensors:
        inputs = encoder.pad([encoded[row] for row in rows])
        labels = {key: column[rows] for key, column in columns.items()}
        return {key: torch.from_numpy(value) for key, value in (inputs | labels).items()}

    lengths = [len(pair.ids) for pair in encoded]
    steps = plan_rows(lengths, batch_size=batch_size, epochs=epochs, seed=seed)
    return Plan([partial(make, rows) for rows in steps])


def pair_logits(
    model: PairModel, encoder: PairEncoder, encoded: Sequence[EncodedPair], batch_size: int = 32
) -> FloatArray:
    """Score encoded pairs, longest first, original order restored.

    Returns:
        float32 ``[n, 6]``: three stance logits, then three sentiment logits.
    """
    model.eval()
    device = next(model.parameters()).device
    out = np.zeros((len(encoded), 6), dtype=np.float32)
    for rows in token_batches([len(pair.ids) for pair in encoded], CPU_TOKENS, batch_size):
        batch = encoder.pad([encoded[i] for i in rows])
        with torch.inference_mode():
            logits = model(**{k: torch.from_numpy(v).to(device) for k, v in batch.items()})
        out[rows] = torch.cat([logits.stance, logits.sentiment], dim=1).float().cpu().numpy()
    return out
