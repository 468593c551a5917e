"""Losses over the rows of a batch; every one is divided by the batch's size."""

from __future__ import annotations

import torch
from torch.nn import functional as F

IGNORED = -100


def weighted_cross_entropy(
    logits: torch.Tensor, labels: torch.Tensor, weights: torch.Tensor, smoothing: float = 0.0
) -> torch.Tensor:
    """Cross-entropy over the labelled rows.

    Args:
        logits: float32 ``[n, k]``.
        labels: int64 ``[n]``, ``IGNORED`` where a row has none.
        weights: float32 ``[n]``, factor of each row.
        smoothing: share of the label that is spread over all classes, in [0, 1).

    Returns:
        The sum over labelled rows divided by n, so that a row counts alike in every batch.
    """
    each = F.cross_entropy(
        logits, labels, ignore_index=IGNORED, reduction="none", label_smoothing=smoothing
    )
    return (each * weights).sum() / len(labels)


def soft_label_loss(
    logits: torch.Tensor, teacher: torch.Tensor, temperature: float
) -> torch.Tensor:
    """Divergence from a teacher's softened distribution (Hinton et al. 2015), times temperature².

    Args:
        logits: ``[n, k]`` of the student.
        teacher: ``[n, k]``, its logits.
        temperature: divides both, above 0.
    """
    student = F.log_softmax(logits / temperature, dim=-1)
    target = F.softmax(teacher / temperature, dim=-1)
    return F.kl_div(student, target, reduction="batchmean") * temperature**2
