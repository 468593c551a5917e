"""The pair model: a backbone and two heads. Nothing here knows what a label means."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import nn

from stance.checkpoint import load_encoder


@dataclass(frozen=True, slots=True)
class Logits:
    """Raw scores of a batch; both float32 ``[n, 3]``, columns in canonical label order."""

    stance: torch.Tensor
    sentiment: torch.Tensor


class PairModel(nn.Module):
    """One pass over (target, statement, context) -> stance and sentiment logits.

    Stance depends on both sides like a product (praise of the opposite is opposition), so its
    head reads the first token, the means over the statement's and the target's tokens, and those
    two multiplied. The sentiment head reads the statement's tokens alone: sentiment belongs to
    the statement.

    Args:
        folder: backbone folder.
        layers: numbers of the backbone's layers that are used, ascending from 0; None uses all.
        training: set up for a fast backward pass, weights drawn at random first, which a seed
            counts on; the forward pass computes the same.
        hidden_dropout: of the backbone while training; see :func:`stance.checkpoint.load_encoder`.
    """

    HEAD_WIDTH = 256

    def __init__(
        self,
        folder: Path,
        *,
        layers: Sequence[int] | None = None,
        training: bool = False,
        hidden_dropout: float = 0.0,
    ) -> None:
        super().__init__()
        # The backward pass of fused attention costs two fifths of a step on a CPU.
        self.backbone = load_encoder(
            folder,
            layers=layers,
            attention="eager" if training else None,
            hidden_dropout=hidden_dropout,
            training=training,
        )
        config = self.backbone.config
        self.segmented = getattr(config, "type_vocab_size", 0) > 1
        width = int(config.hidden_size)
        self.dropout = nn.Dropout(0.1)
        self.stance_head = nn.Sequential(
            nn.Linear(4 * width, self.HEAD_WIDTH),
            nn.GELU(),
            nn.Dropout(0.1),
            nn.Linear(self.HEAD_WIDTH, 3),
        )
        self.sentiment_head = nn.Linear(width, 3)

    def forward(
        self,
        input_ids: torch.Tensor,
        attention_mask: torch.Tensor,
        statement_mask: torch.Tensor,
        target_mask: torch.Tensor,
    ) -> Logits:
        """Score a padded batch of ``[n, length]`` int64 tensors."""
        extra = {"token_type_ids": statement_mask} if self.segmented else {}
        hidden = self.backbone(
            input_ids=input_ids, attention_mask=attention_mask, **extra
        ).last_hidden_state.float()
        said, target = _mean(hidden, statement_mask), _mean(hidden, target_mask)
        both = torch.cat([hidden[:, 0], said, target, said * target], dim=-1)
        return Logits(
            stance=self.stance_head(self.dropout(both)),
            sentiment=self.sentiment_head(self.dropout(said)),
        )


def _mean(hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Mean of ``[n, length, width]`` over the masked positions."""
    weights = mask.unsqueeze(-1).to(hidden.dtype)
    mean: torch.Tensor = (hidden * weights).sum(1) / weights.sum(1).clamp(min=1)
    return mean
