"""The ways that are compared, each in a process of its own, so that its memory can be told."""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Literal

import torch

import stance
from eval.bench.texts import Item
from stance.checkpoint import (
    Precision,
    dtype_of,
    load_tokenizer,
    locate_backbone,
    read_adapter_info,
    token_limit,
)
from stance.config import WEIGHTS_DIR

Kind = Literal["zero-shot pipeline", "text-classification pipeline", "stance"]
BATCH = 32  # of the pipelines
WARM = 4  # items that are scored before the clock starts
_NLI = {0: "contradiction", 1: "neutral", 2: "entailment"}


@dataclass(frozen=True, slots=True)
class Way:
    """One way to score statements.

    Attributes:
        kind: what scores them.
        model: bundled model; a pipeline runs its whole backbone under a head of random weights,
            since weights do not change how long a pass takes.
        precision: number format of ``stance``; the pipelines compute in their default, ``fp32``.
    """

    kind: Kind
    model: str
    precision: Precision = "fp32"

    @property
    def title(self) -> str:
        """As it is called in a table."""
        return f"stance, {self.model}, {self.precision}" if self.kind == "stance" else self.kind


@dataclass(frozen=True, slots=True)
class Slice:
    """What scoring some items took.

    Attributes:
        statements: how many were scored.
        seconds: wall-clock time.
        tokens: read, without padding.
        operations: floating-point operations of the transformer's matrix products, without those
            for padding.
        peak: operations a second that the processor reached just before, in the way's number
            format, in one large matrix product.
        memory: bytes that the process has had in memory at most, so far.
    """

    statements: int
    seconds: float
    tokens: int
    operations: float
    peak: float
    memory: int

    @property
    def speed(self) -> float:
        """Statements a second."""
        return self.statements / self.seconds


def serve(way: Way, threads: int, connection: Connection) -> None:
    """Answer each (items, whether with their contexts) with a :class:`Slice`, until None comes."""
    os.environ["TOKENIZERS_PARALLELISM"] = "true"
    torch.set_num_threads(threads)
    with tempfile.TemporaryDirectory() as folder:
        score, count = (_ours if way.kind == "stance" else _pipeline)(way, Path(folder))
        connection.send("ready")
        while (asked := connection.recv()) is not None:
            items, contexts = asked
            score(items[:WARM], contexts)
            peak = _peak(dtype_of(way.precision))
            began = time.perf_counter()
            score(items, contexts)
            seconds = time.perf_counter() - began
            tokens, operations = count(items, contexts)
            connection.send(Slice(len(items), seconds, tokens, operations, peak, _memory()))


Score = Callable[[Sequence[Item], bool], object]
Count = Callable[[Sequence[Item], bool], tuple[int, float]]


def _ours(way: Way, folder: Path) -> tuple[Score, Count]:
    classifier = stance.load(way.model, precision=way.precision)
    from transformers import AutoConfig

    backbone = locate_backbone(backbone_of(way.model))
    layers = read_adapter_info(WEIGHTS_DIR / way.model).layers
    tokenizer = load_tokenizer(backbone)
    config = AutoConfig.from_pretrained(backbone, local_files_only=True)
    if layers is not None:
        config.num_hidden_layers = len(layers)
    most = classifier.info.max_context or 0

    def score(items: Sequence[Item], contexts: bool) -> object:
        return classifier.predict(
            [item.statement for item in items],
            [item.target for item in items],
            [item.context if contexts else None for item in items],
            speakers=[item.speaker if contexts else None for item in items],
            progress=False,
        )

    def count(items: Sequence[Item], contexts: bool) -> tuple[int, float]:
        lengths = []
        for item in items:
            pair = tokenizer.encode(item.statement, item.target).ids
            around = tokenizer.encode(item.context, add_special_tokens=False).ids
            lengths.append(len(pair) + (min(most, len(around)) if contexts else 0))
        return sum(lengths), _operations(config, lengths)

    return score, count


def _pipeline(way: Way, folder: Path) -> tuple[Score, Count]:
    from transformers import PreTrainedTokenizerFast, pipeline
    from transformers.utils import logging

    logging.set_verbosity_error()  # of the head, which is new by intent
    logging.disable_progress_bar()
    backbone = locate_backbone(backbone_of(way.model))
    model = _headed(backbone)
    vocabulary = load_tokenizer(backbone).get_vocab()
    bert = "[CLS]" in vocabulary
    inputs = ["input_ids", *(["token_type_ids"] if bert else []), "attention_mask"]
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_file=str(backbone / "tokenizer.json"),
        cls_token="[CLS]" if bert else "<s>",
        sep_token="[SEP]" if bert else "</s>",
        pad_token="[PAD]" if bert else "<pad>",
        unk_token="[UNK]",
        model_max_length=token_limit(model.config),
        model_input_names=inputs,
    )
    zero_shot = way.kind == "zero-shot pipeline"
    task = "zero-shot-classification" if zero_shot else "text-classification"
    run = pipeline(task, model=model, tokenizer=tokenizer, device="cpu", batch_size=BATCH)

    def texts(items: Sequence[Item], contexts: bool) -> list[str]:
        return [f"{i.statement}\n{i.context}" if contexts else i.statement for i in items]

    def hypotheses(item: Item) -> list[str]:
        return [f"The speaker is {how} {item.target}." for how in ("for", "against", "neutral on")]

    def score(items: Sequence[Item], contexts: bool) -> object:
        read = texts(items, contexts)
        if zero_shot:
            return run(read, candidate_labels=hypotheses(items[0]), hypothesis_template="{}")
        pairs = [
            {"text": text, "text_pair": item.target} for text, item in zip(read, items, strict=True)
        ]
        return run(pairs, truncation=True, top_k=None)

    def count(items: Sequence[Item], contexts: bool) -> tuple[int, float]:
        most, lengths = tokenizer.model_max_length, []
        for text, item in zip(texts(items, contexts), items, strict=True):
            for second in hypotheses(items[0]) if zero_shot else [item.target]:
                lengths.append(min(most, len(tokenizer(text, second)["input_ids"])))
        return sum(lengths), _operations(model.config, lengths)

    return score, count


def backbone_of(model: str) -> str:
    """Name of the backbone of a bundled model."""
    return read_adapter_info(WEIGHTS_DIR / model).backbone


def _headed(backbone: Path) -> torch.nn.Module:
    """A backbone under a head of random weights that tells entailment, in fp32."""
    from transformers import AutoConfig, AutoModelForSequenceClassification

    config = AutoConfig.from_pretrained(backbone, local_files_only=True)
    config.id2label, config.label2id = _NLI, {name: i for i, name in _NLI.items()}
    torch.manual_seed(13)
    headed: torch.nn.Module = AutoModelForSequenceClassification.from_pretrained(
        backbone, config=config, local_files_only=True, use_safetensors=True
    )
    return headed.eval()


def _operations(config: object, lengths: Sequence[int]) -> float:
    """Two for each weight and token, and two for each pair of tokens, twice, in each layer."""
    width, inner, layers = (
        int(getattr(config, name))
        for name in ("hidden_size", "intermediate_size", "num_hidden_layers")
    )
    weights = 4 * width * width + 2 * width * inner
    return float(sum(layers * (2 * n * weights + 4 * n * n * width) for n in lengths))


def _peak(dtype: torch.dtype) -> float:
    """Operations a second of the fastest of some products of a layer's size."""
    rows, width, inner = 2048, 768, 3072
    layer = torch.nn.Linear(width, inner, dtype=dtype)
    given = torch.randn(rows, width, dtype=dtype)
    fastest = float("inf")
    with torch.inference_mode():
        for _ in range(6):
            began = time.perf_counter()
            layer(given)
            fastest = min(fastest, time.perf_counter() - began)
    return 2 * rows * width * inner / fastest


def _memory() -> int:
    """Bytes; Linux counts in kibibytes, macOS in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (
        1 if sys.platform == "darwin" else 1024
    )
