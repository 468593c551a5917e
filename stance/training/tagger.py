"""Training of the attribution tagger, with the same trainer and updates as the pair model."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from torch import nn

from stance.checkpoint import (
    AdapterInfo,
    load_tokenizer,
    locate_backbone,
    write_adapter,
)
from stance.config import check_range
from stance.errors import ConfigError
from stance.evaluation import (
    ATTRIBUTION_ROLES,
    DataFile,
    MarkedArticle,
    describe_file,
    read_marked_articles,
)
from stance.extract import TAGS, Tagger, build_network, viterbi
from stance.files import write_files
from stance.training.batches import Tensors
from stance.training.losses import IGNORED
from stance.training.low_rank import LowRank, adapter_tensors, add_low_rank, train_norms_and_biases
from stance.training.model_card import write_tagger_card
from stance.training.results import NAME
from stance.training.run_record import Machine, open_run, this_origin
from stance.training.sources import Source, find_files
from stance.training.tagger_batches import TaggedArticle, plan_windows, tag_articles
from stance.training.trainer import (
    Optimisation,
    optimise,
    require_training_extra,
    training_device,
    uses_bf16,
)

logger = logging.getLogger(__name__)

_ROLE_OF_TAG = np.array([ATTRIBUTION_ROLES.index(tag[2:]) if tag != "O" else -1 for tag in TAGS])


@dataclass(frozen=True, slots=True)
class TaggerRecipe:
    """How a tagger is made (``configs/train/attribution.yaml``).

    Attributes:
        name: of the adapter.
        sources: articles of the format ``attribution``, with the roles train and development.
        task: always ``attribution``.
        backbone: which pretrained encoder.
        rank: of the low-rank updates.
        alpha: ``alpha / rank`` is the factor of the updates.
        epochs: passes over the articles.
        tokens_per_step: wordpieces (with padding) in one batch.
        window: most wordpieces of a window.
        optimisation: learning rates, precision and checkpoints.
        seed: of fresh weights, windows and order.
    """

    name: str
    sources: tuple[Source, ...]
    task: Literal["attribution"] = "attribution"
    backbone: Literal["small", "base"] = "small"
    rank: int = 64
    alpha: int = 64
    epochs: float = 4.0
    tokens_per_step: int = 1024
    window: int = 224
    optimisation: Optimisation = field(default_factory=Optimisation)
    seed: int = 7

    def __post_init__(self) -> None:
        """Check ranges.

        Raises:
            ConfigError: a value is out of range, or a source is of another format or role.
        """
        for key in ("rank", "alpha", "tokens_per_step", "window"):
            check_range(key, getattr(self, key), 1)
        check_range("seed", self.seed, 0, 2**31)
        if not 0 < self.epochs <= 1000:
            raise ConfigError(f"epochs is {self.epochs}: give a number above 0, up to 1000")
        for source in self.sources:
            if source.format != "attribution":
                raise ConfigError(
                    f"source {source.name}: a tagger learns from the format attribution, not from "
                    f"{source.format}"
                )
        if {source.role for source in self.sources} != {"train", "development"}:
            raise ConfigError("sources: a tagger takes the roles train and development, both")


@dataclass(frozen=True, slots=True)
class TaggerResults:
    """The result of training a tagger.

    Attributes:
        name: of the adapter.
        version: of this library.
        commit: of its checkout, or None where it is installed.
        recipe: file name of the recipe.
        seed: of the run.
        sources: articles, licence and citation by source and role.
        articles: trained on.
        minutes: of training.
        held_out_articles: development articles.
        held_out_f1: wordpiece F1 of each role on them, with the decoding used at inference.
        machine: where it ran.
        files: that the articles were read from, by source and role.
    """

    name: str
    version: str
    commit: str | None
    recipe: str | None
    seed: int
    sources: tuple[Source, ...]
    articles: int
    epochs: float
    minutes: float
    held_out_articles: int
    held_out_f1: dict[str, float]
    machine: Machine
    files: dict[str, tuple[DataFile, ...]]


def train_tagger(
    recipe: TaggerRecipe,
    home: Path,
    output: Path,
    *,
    data: Path | None = None,
    seed: int | None = None,
    file: str | None = None,
    device: str | None = None,
) -> TaggerResults:
    """Train a tagger and write its adapter; an interrupted run goes on.

    Args:
        recipe: the recipe.
        home: folder of its file.
        output: gets the adapter, ``results.json`` and ``MODEL_CARD.md``.
        data: the folder that ``$DATA`` stands for.
        seed: overrides the recipe's.
        file: name of the recipe's file, for the model card.
        device: as ``torch`` names it; None takes CUDA where it is, else the CPU.

    Raises:
        ConfigError: a value does not fit, or the output holds another run.
        DataError: a file is missing or a row is bad.
        MissingExtraError: the training extra is not installed.
        ModelLoadError: the backbone is missing.
    """
    from transformers import set_seed

    require_training_extra()
    began = time.monotonic()
    seed = recipe.seed if seed is None else seed
    articles = _read(recipe, "train", home, data)
    held_out = _read(recipe, "development", home, data)
    backbone = locate_backbone(recipe.backbone)
    tokenizer = load_tokenizer(backbone)
    where = training_device(device)
    origin = this_origin(where, bf16=uses_bf16(recipe.optimisation.precision, where))
    record = open_run(output, (asdict(recipe), seed, articles), began=began, origin=origin)
    if not record.finished:
        set_seed(seed)
        network = build_network(backbone, training=True)
        add_low_rank(network, LowRank(recipe.rank, recipe.alpha / recipe.rank))
        train_norms_and_biases(network)
        plan = plan_windows(
            tag_articles(articles, tokenizer),
            window=recipe.window,
            tokens=recipe.tokens_per_step,
            epochs=recipe.epochs,
            seed=seed,
        )
        optimise(
            network, plan, tag_loss, recipe.optimisation, seed=seed, device=where, record=record
        )
        write_adapter(output, _info(recipe), adapter_tensors(network))
        record.finish()
    results = TaggerResults(
        name=recipe.name,
        version=record.origin.version,
        commit=record.origin.commit,
        recipe=file,
        seed=seed,
        sources=recipe.sources,
        articles=len({(article.id, article.text) for article in articles}),
        epochs=recipe.epochs,
        minutes=round(record.minutes(), 1),
        held_out_articles=len(held_out),
        held_out_f1=token_f1(
            Tagger.load(output, precision="fp32"), tag_articles(held_out, tokenizer)
        ),
        machine=record.origin.machine,
        files=_files(recipe, home, data),
    )
    text = json.dumps(asdict(results), indent=1, ensure_ascii=False) + "\n"
    write_files(output, {NAME: text})
    write_tagger_card(output)
    return results


def tag_loss(network: nn.Module, batch: Tensors) -> torch.Tensor:
    """Plain cross-entropy over all tags of a batch."""
    logits = network(batch["ids"], batch["features"], batch["mask"])
    return nn.functional.cross_entropy(
        logits.float().flatten(0, 1), batch["tags"].flatten(), ignore_index=IGNORED
    )


def token_f1(tagger: Tagger, articles: Sequence[TaggedArticle]) -> dict[str, float]:
    """Wordpiece F1 of every role with the decoding used at inference."""
    hits, predicted, gold = np.zeros(3), np.zeros(3), np.zeros(3)
    for article in articles:
        scores = tagger.scores(article.encoded)
        found = np.zeros_like(article.tags)
        for start, end in article.encoded.paragraphs:
            found[start:end] = viterbi(scores[start:end])
        counted = article.tags != IGNORED
        left, right = _ROLE_OF_TAG[article.tags[counted]], _ROLE_OF_TAG[found[counted]]
        for role in range(3):
            hits[role] += np.sum((left == role) & (right == role))
            predicted[role] += np.sum(right == role)
            gold[role] += np.sum(left == role)
    f1 = 2 * hits / np.maximum(1, predicted + gold)
    return {name: round(float(f1[i]), 4) for i, name in enumerate(ATTRIBUTION_ROLES)}


def _read(recipe: TaggerRecipe, role: str, home: Path, data: Path | None) -> list[MarkedArticle]:
    articles = []
    for source in recipe.sources:
        if source.role == role:
            for _ in range(source.repeats):
                articles += _marked(source, home, data)
    return articles


def _marked(source: Source, home: Path, data: Path | None) -> list[MarkedArticle]:
    files = find_files(source.file, recipe=home, data=data)
    if not source.labels:
        return [article for path in files for article in read_marked_articles(path)]
    if len(files) != 1:
        raise ConfigError(f"source {source.name}: labels go with one file, not with {len(files)}")
    return [
        article
        for path in find_files(source.labels, recipe=home, data=data)
        for article in read_marked_articles(path, files[0])
    ]


def _files(recipe: TaggerRecipe, home: Path, data: Path | None) -> dict[str, tuple[DataFile, ...]]:
    return {
        f"{source.name}, {source.role}": tuple(
            describe_file(path)
            for name in (source.file, source.labels)
            if name
            for path in find_files(name, recipe=home, data=data)
        )
        for source in recipe.sources
    }


def _info(recipe: TaggerRecipe) -> AdapterInfo:
    return AdapterInfo(
        task="attribution",
        name=recipe.name,
        backbone=recipe.backbone,
        rank=recipe.rank,
        scale=recipe.alpha / recipe.rank,
        labels=TAGS,
    )
