"""Shared fixtures: the bundled classifier, the example article, tiny checkpoints built on disk."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

import stance.checkpoint.precision as precision_module

if TYPE_CHECKING:
    from stance.schema import Prediction

ROOT = Path(__file__).resolve().parent.parent
# No example fails because the machine is slow.
settings.register_profile(
    "any machine", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any machine")

# What finds and judges statements computes in fp32 here, as on every machine; tests of other
# formats ask for them.
_all_flags = precision_module._processor_flags
precision_module._processor_flags = lambda: _all_flags() - {"avx512_bf16", "amx_bf16"}


@pytest.fixture
def formats_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here ``auto`` takes the fastest number format of this machine."""
    monkeypatch.setattr(precision_module, "_processor_flags", _all_flags)


@pytest.fixture(scope="session")
def article() -> str:
    return (ROOT / "examples" / "article.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def classifier():
    import stance

    return stance.load("small", precision="fp32")  # the same figures on every machine


@pytest.fixture(scope="session")
def tiny_checkpoint(tmp_path_factory) -> Callable[[dict[int, str]], Path]:
    """Build a random one-layer BERT for sequence classification with the given label names."""
    import torch
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers
    from transformers import BertConfig, BertForSequenceClassification, PreTrainedTokenizerFast

    def build(id2label: dict[int, str]) -> Path:
        folder = tmp_path_factory.mktemp("tiny")
        words = "[PAD] [UNK] [CLS] [SEP] we want them out in speaker is against".split()
        tokenizer = Tokenizer(
            models.WordLevel({w: i for i, w in enumerate(words)}, unk_token="[UNK]")
        )
        tokenizer.normalizer = normalizers.Lowercase()
        tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
        fast = PreTrainedTokenizerFast(
            tokenizer_object=tokenizer,
            pad_token="[PAD]",
            unk_token="[UNK]",
            cls_token="[CLS]",
            sep_token="[SEP]",
        )
        torch.manual_seed(0)
        config = BertConfig(
            vocab_size=len(words),
            hidden_size=16,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=16,
            id2label=id2label,
            label2id={v: k for k, v in id2label.items()},
        )
        BertForSequenceClassification(config).save_pretrained(folder)
        fast.save_pretrained(folder)
        return folder

    return build


@pytest.fixture
def write_jsonl(tmp_path) -> Callable[[str, list[dict[str, object]]], Path]:
    def write(name: str, rows: list[dict[str, object]]) -> Path:
        path = tmp_path / name
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        return path

    return write


class KeywordClassifier:
    """Says against to "out", favor to "come", neutral otherwise; a context decides "it ...".

    ``drops`` are contexts that leave it no room to read them.
    """

    def __init__(self) -> None:
        from stance.model.calibration import Calibration
        from stance.schema import CheckpointInfo

        self.info = CheckpointInfo("bundled", "fake", "cpu", reads_context=True, sha256="f" * 64)
        scores = tuple(i / 100 for i in range(100))
        self.calibration = Calibration(
            stance_temperature=2.0,
            sentiment_temperature=1.5,
            conformal_scores=scores,
            context_temperature=3.0,
        )
        self.sentiment = True
        self.drops: set[str] = set()
        self.calls: list[int] = []

    def predict(
        self,
        statements: Sequence[str],
        targets: Sequence[str],
        contexts: Sequence[str | None] | None = None,
        *,
        speakers: Sequence[str | None] | None = None,
        batch_size: int = 32,
    ) -> list[Prediction]:
        from stance.labels import Sentiment, Stance
        from stance.schema import Prediction

        self.calls.append(len(statements))
        made = []
        for i, statement in enumerate(statements):
            context = contexts[i] if contexts else None
            read = bool(context) and context not in self.drops
            decides = read and statement.lower().startswith("it")
            words = (context if decides else statement).lower()
            best = 0 if "out" in words else 2 if "come" in words else 1
            values = [0.15, 0.15, 0.15]
            values[best] = 0.7
            named = dict(zip(map(str, Sentiment), values, strict=True))
            made.append(
                Prediction(
                    target=targets[i],
                    stance=list(Stance)[best],
                    stance_probabilities=dict(zip(map(str, Stance), values, strict=True)),
                    sentiment=list(Sentiment)[best] if self.sentiment else None,
                    sentiment_probabilities=named if self.sentiment else None,
                    used_context=read,
                )
            )
        return made


@pytest.fixture
def keyword_classifier() -> KeywordClassifier:
    return KeywordClassifier()
