"""The pair model: backbone, two heads, and adapters merged into the backbone's weights.

Nothing here knows what a label means; arrays leave this file as numpy.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import torch
from safetensors.torch import load_file
from torch import nn
from transformers import AutoConfig, AutoModel

from stance.checkpoint.backbone import Size, check_sha256, locate_backbone
from stance.errors import ModelLoadError

ADAPTER_FORMAT = 1


@dataclass(frozen=True, slots=True)
class Logits:
    """Raw scores of a batch; both float32 ``[n, 3]``, columns in canonical label order."""

    stance: torch.Tensor
    sentiment: torch.Tensor


class PairModel(nn.Module):
    """One pass over (target, statement, context) -> stance and sentiment logits.

    Stance depends on both sides like a product (praise of the opposite is opposition), so its
    head reads the first token, the means over the statement's and the target's tokens, and those
    two multiplied. The sentiment head reads the statement's tokens alone, since tone belongs to
    the statement.

    Args:
        folder: backbone folder.
        training: set up for a fast backward pass; the forward pass computes the same.
    """

    HEAD_WIDTH = 256

    def __init__(self, folder: Path, *, training: bool = False) -> None:
        super().__init__()
        config = AutoConfig.from_pretrained(folder, local_files_only=True)
        if training:
            # Low-rank updates regularise enough; dropout inside the backbone costs a sixth of a
            # step, and the backward pass of fused attention two fifths on a CPU.
            config.hidden_dropout_prob = config.attention_probs_dropout_prob = 0.0
            config._attn_implementation = "eager"
        self.backbone = AutoModel.from_config(config, add_pooling_layer=False)
        load_backbone(self.backbone, folder / "model.safetensors")
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
        ).last_hidden_state
        said, target = _mean(hidden, statement_mask), _mean(hidden, target_mask)
        both = torch.cat([hidden[:, 0], said, target, said * target], dim=-1)
        return Logits(
            stance=self.stance_head(self.dropout(both)).float(),
            sentiment=self.sentiment_head(self.dropout(said)).float(),
        )


def load_backbone(backbone: nn.Module, weights: Path) -> None:
    """Copy a backbone's weights; its unused pooling layer and stored positions are passed over.

    Raises:
        ModelLoadError: a weight is missing or of another shape.
    """
    unused = ("pooler.", "embeddings.position_ids")
    tensors = {k: v.float() for k, v in load_file(weights).items() if not k.startswith(unused)}
    try:
        backbone.load_state_dict(tensors)
    except RuntimeError as error:
        raise ModelLoadError(f"{weights} does not fit its config.json: {error}") from error


def _mean(hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """Mean of ``[n, length, width]`` over the masked positions."""
    weights = mask.unsqueeze(-1).to(hidden.dtype)
    mean: torch.Tensor = (hidden * weights).sum(1) / weights.sum(1).clamp(min=1)
    return mean


def merge_low_rank(module: nn.Module, tensors: dict[str, torch.Tensor], scale: float) -> None:
    """Add low-rank updates to a module's weights: ``W += scale * B @ A`` (Hu et al. 2021).

    Args:
        module: the backbone; changed in place.
        tensors: ``<submodule>.lora_A`` ``[r, in]`` and ``<submodule>.lora_B`` ``[out, r]``.
        scale: alpha / r.

    Raises:
        ModelLoadError: a tensor has no partner, or names a weight that is not there.
    """
    names = sorted({name.rsplit(".", 1)[0] for name in tensors})
    for name in names:
        try:
            down, up = tensors[f"{name}.lora_A"], tensors[f"{name}.lora_B"]
            weight = cast(nn.Parameter, module.get_submodule(name).weight)
        except (KeyError, AttributeError) as error:
            raise ModelLoadError(f"adapter does not fit the backbone at {name!r}") from error
        with torch.no_grad():
            weight.add_(up.float() @ down.float(), alpha=scale)


def read_adapter(folder: Path) -> tuple[dict[str, object], dict[str, torch.Tensor]]:
    """Read ``adapter.json`` and its safetensors, checked against the hash in the JSON.

    Raises:
        ModelLoadError: a file is missing, damaged or of an unknown format.
    """
    try:
        facts = json.loads((folder / "adapter.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelLoadError(f"{folder} holds no readable adapter.json: {error}") from error
    if facts.get("format") != ADAPTER_FORMAT:
        raise ModelLoadError(
            f"{folder}/adapter.json has format {facts.get('format')!r}; this version reads "
            f"{ADAPTER_FORMAT}: update the library or train again"
        )
    weights = folder / "adapter.safetensors"
    check_sha256(weights, str(facts["sha256"]))
    return facts, load_file(weights)


def load_pair_model(folder: Path) -> tuple[PairModel, dict[str, object], Path]:
    """Load backbone + adapter, merged and in eval mode.

    Returns:
        The model, the adapter's facts, and the backbone folder (for the tokenizer).

    Raises:
        ModelLoadError: something is missing, damaged or does not fit.
    """
    facts, tensors = read_adapter(folder)
    backbone_dir = locate_backbone(cast(Size, facts["backbone"]))
    model = PairModel(backbone_dir)
    heads = {k: v.float() for k, v in tensors.items() if not k.startswith("backbone.")}
    prefix = "backbone."
    low_rank = {k[len(prefix) :]: v for k, v in tensors.items() if k.startswith(prefix)}
    missing = set(model.state_dict()) - set(heads)
    unexpected = [k for k in heads if k not in model.state_dict()]
    if unexpected or any(not name.startswith(prefix) for name in missing):
        raise ModelLoadError(f"{folder}: adapter heads do not fit the model: {unexpected}")
    model.load_state_dict(heads, strict=False)
    merge_low_rank(model.backbone, low_rank, float(cast(float, facts["scale"])))
    model.eval()
    return model, facts, backbone_dir
