"""Shared fixtures: the bundled classifier, the example article, tiny checkpoints built on disk."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def article() -> str:
    return (ROOT / "examples" / "article.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def classifier():
    import stance

    return stance.load("default")


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
