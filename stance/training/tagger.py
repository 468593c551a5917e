"""Training of the attribution tagger: low-rank updates on the MiniLM encoder, on one CPU thread.

Paragraphs are packed into windows of up to ``window`` wordpieces, cut anew every epoch at paragraph
bounds; the loss is plain cross-entropy over all tags. A run stopped at any time resumes from its
last checkpoint and ends with the same weights.
"""

from __future__ import annotations

import json
import logging
import os
import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import nn

from stance.checkpoint.adapter import AdapterInfo, write_adapter
from stance.checkpoint.backbone import locate_backbone
from stance.checkpoint.encoder import load_tokenizer
from stance.config import from_mapping
from stance.errors import ConfigError, DataError
from stance.extract.document import Document
from stance.extract.segmentation import Range
from stance.extract.tagger import (
    Tagger,
    TaggerNetwork,
    add_low_rank,
    build_network,
    pad_windows,
)
from stance.extract.tagging import TAG_INDEX, TAGS, EncodedText, encode_text, pack_windows, viterbi
from stance.jsonl import find_data, read_jsonl
from stance.training.run_record import RunRecord, open_run

logger = logging.getLogger(__name__)

ROLES = ("source", "cue", "content")
_ROLE_OF_TAG = np.array([ROLES.index(tag[2:]) if tag != "O" else -1 for tag in TAGS])


@dataclass(frozen=True, slots=True)
class AttributionTraining:
    """Recipe of the tagger (``configs/train/attribution.yaml``).

    Attributes:
        task: names the trainer; always ``attribution``.
        backbone: which pretrained encoder.
        rank: rank of the updates; 64 gives an adapter of 6 MB in float16.
        scale: factor of ``up @ down``.
        learning_rate: of the encoder's updates.
        head_learning_rate: of head and input embeddings.
        epochs: passes over the articles.
        tokens_per_step: wordpieces (with padding) in one batch.
        window: most wordpieces of a window.
        warmup_steps: steps of linear warm-up; then linear decay.
        weight_decay: of AdamW.
        seed: of order, windows and initial weights.
        threads: torch threads.
        bf16: autocast to bfloat16 while training.
        checkpoint_steps: steps between checkpoints.
        articles: train on the first N articles only (null: all).
    """

    task: Literal["attribution"] = "attribution"
    backbone: Literal["small"] = "small"
    rank: int = 64
    scale: float = 1.0
    learning_rate: float = 1.0e-3
    head_learning_rate: float = 1.0e-3
    epochs: float = 4.0
    tokens_per_step: int = 1024
    window: int = 224
    warmup_steps: int = 200
    weight_decay: float = 0.01
    seed: int = 7
    threads: int = 1
    bf16: bool = True
    checkpoint_steps: int = 200
    articles: int | None = None

    def __post_init__(self) -> None:
        for name in ("rank", "tokens_per_step", "window", "threads", "checkpoint_steps"):
            if getattr(self, name) < 1:
                raise ConfigError(f"{name} must be at least 1, not {getattr(self, name)}")
        if not 0 < self.epochs <= 1000 or not 0 < self.learning_rate < 1:
            raise ConfigError("epochs must be in (0, 1000] and learning_rate in (0, 1)")


@dataclass(slots=True)
class TaggedArticle:
    """One article as wordpieces with their gold tags."""

    encoded: EncodedText
    tags: NDArray[np.int64]


Window = tuple[int, Range]


def read_attributions(path: Path) -> list[dict[str, object]]:
    """Rows of an attribution file (JSONL, optionally gzip).

    Raises:
        DataError: the file is missing or damaged, or a row has no ``text`` or ``attributions``; the
            message names file and line.
    """
    rows: list[dict[str, object]] = []
    for number, row in read_jsonl(path):
        if not {"text", "attributions"} <= set(row):
            raise DataError(f"{path}, line {number}: needs 'text' and 'attributions'")
        rows.append(row)
    return rows


def gold_tags(
    attributions: Sequence[Mapping[str, list[list[int]]]], encoded: EncodedText
) -> NDArray[np.int64]:
    """Tags of every wordpiece; cue and source win over content where they overlap."""
    tags = np.zeros(len(encoded.ids), dtype=np.int64)
    starts, ends = encoded.offsets[:, 0], encoded.offsets[:, 1]
    for item in attributions:
        for role in ("content", "source", "cue"):
            for number, (start, end) in enumerate(sorted(item.get(role) or [])):
                low = int(np.searchsorted(ends, start, side="right"))
                high = int(np.searchsorted(starts, end, side="left"))
                if high <= low:
                    continue
                tags[low:high] = TAG_INDEX[f"I-{role}"]
                further = role == "content" and number > 0
                tags[low] = TAG_INDEX["J-content" if further else f"B-{role}"]
    return tags


def prepare(rows: Sequence[Mapping[str, object]], tokenizer: Tokenizer) -> list[TaggedArticle]:
    """Encode articles with their gold tags."""
    articles = []
    for row in rows:
        encoded = encode_text(Document(str(row["text"])), tokenizer)
        attributions = row["attributions"]
        if not isinstance(attributions, list):
            raise DataError(f"article {row.get('id')}: 'attributions' must be a list")
        articles.append(TaggedArticle(encoded, gold_tags(attributions, encoded)))
    return articles


def cut_windows(articles: Sequence[TaggedArticle], size: int, rng: random.Random) -> list[Window]:
    """Windows of whole paragraphs, with a random first cut in every article."""
    windows: list[Window] = []
    for number, article in enumerate(articles):
        paragraphs = article.encoded.paragraphs
        if not paragraphs:
            continue
        cut = rng.randint(0, min(3, len(paragraphs) - 1))
        for part in (paragraphs[:cut], paragraphs[cut:]):
            windows.extend((number, core) for _, core in pack_windows(part, core=size, margin=0))
    return windows


def make_batches(windows: Sequence[Window], tokens: int) -> list[list[Window]]:
    """Batches of windows of like length, at most ``tokens`` with padding."""
    batches: list[list[Window]] = []
    batch: list[Window] = []
    for window in sorted(windows, key=lambda item: item[1][1] - item[1][0]):
        length = window[1][1] - window[1][0] + 2
        if batch and length * (len(batch) + 1) > tokens:
            batches.append(batch)
            batch = []
        batch.append(window)
    if batch:
        batches.append(batch)
    return batches


def _tensors(
    articles: Sequence[TaggedArticle], batch: Sequence[Window]
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor, torch.Tensor]:
    length = max(end - start for _, (start, end) in batch) + 2
    parts = [pad_windows(articles[k].encoded, [window]) for k, window in batch]

    def stack(column: int) -> torch.Tensor:
        rows = []
        for part in parts:
            value = part[column]
            padded = torch.zeros((length, *value.shape[2:]), dtype=value.dtype)
            padded[: value.shape[1]] = value[0]
            rows.append(padded)
        return torch.stack(rows)

    gold = torch.full((len(batch), length), -100, dtype=torch.int64)
    for row, (k, (start, end)) in enumerate(batch):
        gold[row, 1 : 1 + end - start] = torch.from_numpy(articles[k].tags[start:end])
    return stack(0), stack(1), stack(2), gold


def trainable_network(config: AttributionTraining, backbone: Path) -> TaggerNetwork:
    """The network with frozen encoder, trained updates, biases and layer norms."""
    network = build_network(backbone)
    network.backbone.requires_grad_(False)
    add_low_rank(network, rank=config.rank, scale=config.scale, dropout=0.0)
    for name, parameter in network.backbone.named_parameters():
        if name.endswith((".bias", ".up", ".down")) or "LayerNorm" in name:
            parameter.requires_grad_(True)
    return network


def export_adapter(
    network: TaggerNetwork, backbone: Path, folder: Path, config: AttributionTraining
) -> None:
    """Write what differs from the backbone to ``folder``."""
    base = build_network(backbone).state_dict()
    state = network.state_dict()
    tensors: dict[str, torch.Tensor] = {}
    for name, value in state.items():
        plain = name.replace(".linear.", ".")
        if name.endswith((".down", ".up")):
            tensors[plain.replace(".down", ".lora_A").replace(".up", ".lora_B")] = value
        elif not plain.startswith("backbone.") or not torch.equal(base[plain], value):
            tensors[plain] = value
    info = AdapterInfo(
        task="attribution",
        name="attribution",
        backbone=config.backbone,
        rank=config.rank,
        scale=config.scale,
        labels=TAGS,
    )
    write_adapter(folder, info, tensors)


def token_scores(tagger: Tagger, articles: Sequence[TaggedArticle]) -> dict[str, float]:
    """Wordpiece F1 of every role with the decoding used at inference."""
    hits, predicted, gold = np.zeros(3), np.zeros(3), np.zeros(3)
    for article in articles:
        scores = tagger.scores(article.encoded)
        found = np.zeros_like(article.tags)
        for start, end in article.encoded.paragraphs:
            found[start:end] = viterbi(scores[start:end])
        left, right = _ROLE_OF_TAG[article.tags], _ROLE_OF_TAG[found]
        for role in range(3):
            hits[role] += np.sum((left == role) & (right == role))
            predicted[role] += np.sum(right == role)
            gold[role] += np.sum(left == role)
    total = np.maximum(1, predicted + gold)
    return {name: float(2 * hits[i] / total[i]) for i, name in enumerate(ROLES)}


def train_attribution(
    config: AttributionTraining | Mapping[str, object], data_dir: Path, output_dir: Path
) -> Path:
    """Train the tagger and write its adapter.

    Args:
        config: the recipe, or the mapping of its YAML file.
        data_dir: holds ``attribution_train`` and ``attribution_dev`` (``.jsonl`` or ``.jsonl.gz``).
        output_dir: gets ``adapter.safetensors``, ``adapter.json``, ``results.json``, and the
            checkpoint that an interrupted run resumes from with its ``run.json``.

    Returns:
        ``output_dir``.

    Raises:
        ConfigError: a key or value of the mapping is not valid, or the folder holds the checkpoint
            of another run.
        DataError: a data file is missing or bad.
    """
    if isinstance(config, AttributionTraining):
        recipe = config
    else:
        recipe = from_mapping(dict(config), AttributionTraining, where="attribution training")
    began = time.monotonic()
    rows = read_attributions(find_data(data_dir, "attribution_train"))
    dev = find_data(data_dir, "attribution_dev")
    torch.set_num_threads(recipe.threads)
    torch.manual_seed(recipe.seed)
    backbone = locate_backbone(recipe.backbone)
    tokenizer = load_tokenizer(backbone)
    random.Random(recipe.seed).shuffle(rows)
    rows = rows[: recipe.articles]
    checkpoint = output_dir / "checkpoint.pt"
    record = open_run(output_dir, (asdict(recipe), rows), resumes=checkpoint.is_file(), began=began)
    articles = prepare(rows, tokenizer)
    network = trainable_network(recipe, backbone)
    _run(recipe, network, articles, checkpoint, record)
    minutes = record.minutes()
    export_adapter(network, backbone, output_dir, recipe)
    tagger = Tagger.load(output_dir)
    results: dict[str, object] = {
        "config": asdict(recipe),
        "articles": len(articles),
        "minutes": round(minutes, 1),
        "dev_token_f1": token_scores(tagger, prepare(read_attributions(dev), tokenizer)),
    }
    text = json.dumps(results, indent=1) + "\n"
    (output_dir / "results.json").write_text(text, encoding="utf-8")
    return output_dir


def _run(
    recipe: AttributionTraining,
    network: TaggerNetwork,
    articles: Sequence[TaggedArticle],
    checkpoint: Path,
    record: RunRecord,
) -> None:
    """The optimisation loop, from the checkpoint where there is one."""
    encoder: list[nn.Parameter] = []
    head: list[nn.Parameter] = []
    for name, parameter in network.named_parameters():
        if parameter.requires_grad:
            (encoder if name.startswith("backbone.") else head).append(parameter)
    rates = (recipe.learning_rate, recipe.head_learning_rate)
    optimizer = torch.optim.AdamW(
        [{"params": group, "lr": rate} for group, rate in zip((encoder, head), rates, strict=True)],
        weight_decay=recipe.weight_decay,
    )

    def batches_of(epoch: int) -> list[list[Window]]:
        rng = random.Random(1000 * recipe.seed + epoch)
        batches = make_batches(cut_windows(articles, recipe.window, rng), recipe.tokens_per_step)
        rng.shuffle(batches)
        return batches

    plan = [
        (epoch, batch)
        for epoch in range(int(np.ceil(recipe.epochs)))
        for batch in batches_of(epoch)
    ]
    total = round(len(plan) * recipe.epochs / np.ceil(recipe.epochs))
    warmup = min(recipe.warmup_steps, max(1, total // 10))
    step = _resume(checkpoint, network, optimizer)
    network.train()
    for epoch, batch in plan[step:total]:
        factor = min(1.0, (step + 1) / warmup) * max(0.02, 1.0 - step / total)
        for group, rate in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = rate * factor
        torch.manual_seed(recipe.seed * 1_000_003 + step)
        ids, features, mask, gold = _tensors(articles, batch)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=recipe.bf16):
            logits = network(ids, features, mask)
        loss = nn.functional.cross_entropy(
            logits.float().flatten(0, 1), gold.flatten(), ignore_index=-100
        )
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_([*encoder, *head], 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        step += 1
        if step % 50 == 0:
            logger.info("epoch %d step %d of %d loss %.4f", epoch, step, total, loss.item())
        if step % recipe.checkpoint_steps == 0 or step == total:
            state = {"net": network.state_dict(), "opt": optimizer.state_dict(), "step": step}
            partial = checkpoint.with_suffix(".partial")
            torch.save(state, partial)
            os.replace(partial, checkpoint)
            record.save()
    network.eval()


def _resume(checkpoint: Path, network: nn.Module, optimizer: torch.optim.Optimizer) -> int:
    """Load the checkpoint where there is one; the number of steps already taken."""
    if not checkpoint.is_file():
        return 0
    state = torch.load(checkpoint, weights_only=True)
    network.load_state_dict(state["net"])
    optimizer.load_state_dict(state["opt"])
    return int(state["step"])
