"""A tiny random backbone on disk, and labelled pairs from which even it can learn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from stance.labels import Sentiment, Stance
from stance.training.records import TrainingPair

WORDS = (
    "[PAD] [UNK] [CLS] [SEP] [ . ] : “ ” we they want welcome praise reject hate the a troops base "
    "treaty tax port said of in on it is not by and leave stay"
).split()


def _build(folder: Path, layers: int = 3) -> Path:
    import torch
    from safetensors.torch import save_file
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import BertConfig, BertModel

    tokenizer = Tokenizer(models.WordLevel({w: i for i, w in enumerate(WORDS)}, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(WORDS),
        hidden_size=32,
        num_hidden_layers=layers,
        num_attention_heads=2,
        intermediate_size=32,
    )
    config.save_pretrained(folder)
    tensors = BertModel(config, add_pooling_layer=False).state_dict()
    save_file({k: v.contiguous().clone() for k, v in tensors.items()}, folder / "model.safetensors")
    return folder


@pytest.fixture(scope="session")
def tiny_backbone(tmp_path_factory) -> Path:
    """Folder of a backbone with random weights and a vocabulary of a few words."""
    return _build(tmp_path_factory.mktemp("backbone"))


@pytest.fixture(scope="module")
def backbone(tiny_backbone: Path, tmp_path_factory, request) -> Iterator[Path]:
    """The tiny backbone, which every name stands for while a module's tests run.

    A module that trains a model of the shape of ``small`` says ``LAYERS = 6``, as many as that has.
    """
    layers = getattr(request.module, "LAYERS", 3)
    if layers != 3:
        tiny_backbone = _build(tmp_path_factory.mktemp("deeper"), layers)
    with pytest.MonkeyPatch.context() as patch:
        for module in (
            "stance.extract.tagger",
            "stance.model.bundled",
            "stance.training.finetune",
            "stance.training.recipe_run",
            "stance.training.tagger",
        ):
            patch.setattr(f"{module}.locate_backbone", lambda *_, **__: tiny_backbone)
        yield tiny_backbone


_VERBS = {Stance.FAVOR: ("welcome", "praise"), Stance.AGAINST: ("reject", "hate")}
_TONE = {Stance.FAVOR: Sentiment.POSITIVE, Stance.AGAINST: Sentiment.NEGATIVE}


@pytest.fixture(scope="session")
def make_pairs() -> Callable[..., list[TrainingPair]]:
    """Pairs whose verb tells the stance; every fifth text is about another target."""

    def make(count: int, *, first: int = 0, source: str = "pairs") -> list[TrainingPair]:
        pairs = []
        for number in range(first, first + count):
            stance = (Stance.FAVOR, Stance.AGAINST)[number % 2]
            spoken = ("the troops", "the base", "the treaty", "the tax", "the port")[number % 5]
            verb = _VERBS[stance][number // 2 % 2]
            other = number % 5 == 4
            pairs.append(
                TrainingPair(
                    f"{verb} {spoken} {number}",
                    "the treaty" if other else spoken,
                    Stance.NEUTRAL if other else stance,
                    _TONE[stance],
                    context="they said it in the port." if number % 3 == 0 else "",
                    group=f"article-{number // 4}",
                    source=source,
                )
            )
        return pairs

    return make
