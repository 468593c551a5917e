"""Training of the attribution tagger, end to end on a tiny backbone."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from stance.checkpoint.encoder import load_tokenizer
from stance.errors import ConfigError, DataError
from stance.evaluation import Attributed, read_marked_articles
from stance.extract.document import Document
from stance.extract.tagger import Tagger
from stance.extract.tagging import TAGS, encode_text
from stance.training import TaggerRecipe, train_tagger
from stance.training.losses import IGNORED
from stance.training.run_record import RunRecord
from stance.training.sources import Source
from stance.training.tagger_batches import gold_tags, plan_windows, tag_articles
from stance.training.trainer import Optimisation

pytest.importorskip("peft")
pytest.importorskip("accelerate")

RECIPE = TaggerRecipe(
    name="tiny",
    sources=(
        Source("marked", "$DATA/train.jsonl", format="attribution", citation="Berg 2026"),
        Source("marked-dev", "dev.jsonl", format="attribution", role="development"),
    ),
    rank=2,
    alpha=2,
    epochs=2.0,
    tokens_per_step=64,
    optimisation=Optimisation(1e-3, 1e-3, save_steps=2, precision="float32"),
)


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("home")
    rows = []
    for number in range(6):
        text = f"They said the tax of town {number} is not in.\n\nWe stay by the port."
        item = {"source": [[0, 4]], "cue": [[5, 9]], "content": [[10, text.index(".")]]}
        rows.append({"id": str(number), "text": text, "attributions": [item]})
    for name in ("train", "dev"):
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def made(backbone, home, tmp_path_factory) -> Path:
    output = tmp_path_factory.mktemp("tagger") / "out"
    train_tagger(RECIPE, home, output, data=home, file="tiny.yaml")
    return output


def test_the_folder_holds_a_tagger_and_its_card(made: Path, home: Path) -> None:
    results = json.loads((made / "results.json").read_text(encoding="utf-8"))
    assert set(results["held_out_f1"]) == {"source", "cue", "content"}
    assert isinstance(Tagger.load(made).tag(Document("They said it.")), list)
    card = (made / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert "| marked | train | not stated | Berg 2026 |" in card and "`tiny.yaml`" in card
    first = (made / "adapter.safetensors").read_bytes()
    train_tagger(RECIPE, home, made, data=home)
    assert (made / "adapter.safetensors").read_bytes() == first


def test_a_run_that_was_killed_goes_on_and_another_does_not(
    made: Path, home: Path, tmp_path: Path, monkeypatch
) -> None:
    out = tmp_path / "out"
    save = RunRecord.save

    def stop(record: RunRecord, **more: bool) -> None:
        save(record, **more)
        if (record.checkpoints / "checkpoint-2").is_dir():
            raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(RunRecord, "save", stop)
        train_tagger(RECIPE, home, out, data=home)
    with pytest.raises(ConfigError, match="holds another run"):
        train_tagger(RECIPE, home, out, data=home, seed=8)
    train_tagger(RECIPE, home, out, data=home)
    once, resumed = (load_file(folder / "adapter.safetensors") for folder in (made, out))
    assert once.keys() == resumed.keys()
    for name, value in once.items():
        torch.testing.assert_close(resumed[name], value, atol=1e-3, rtol=1e-2)


def test_bfloat16_trains_too(backbone, home: Path, tmp_path: Path) -> None:
    fast = replace(RECIPE, epochs=1.0, optimisation=Optimisation(precision="bf16"))
    assert train_tagger(fast, home, tmp_path / "o", data=home).machine.bf16


def test_gold_tags(backbone: Path) -> None:
    text = "They said: we stay, of the tax, and leave."
    encoded = encode_text(Document(text), load_tokenizer(backbone))
    item = Attributed(((11, 18), (31, 41)), ((0, 4),), cue=((5, 9),))
    words = [text[start:end] for start, end in encoded.offsets]
    tags = dict(zip(words, (TAGS[tag] for tag in gold_tags([item], encoded)), strict=True))
    assert tags["They"] == "B-source" and tags["said"] == "B-cue" and tags["tax"] == "O"
    assert tags["we"] == "B-content" and tags["stay"] == "I-content" and tags["leave"] != "O"
    assert "J-content" in tags.values()


def test_optional_attributions_are_not_learned(backbone: Path) -> None:
    text = "They said: we stay, of the tax, and leave."
    encoded = encode_text(Document(text), load_tokenizer(backbone))
    sure = Attributed(((11, 18),), ((0, 4),), cue=((5, 9),))
    doubtful = Attributed(((11, 41),), ((0, 4),), optional=True)
    words = [text[start:end] for start, end in encoded.offsets]
    for items in ([sure, doubtful], [doubtful, sure]):
        tags = dict(zip(words, gold_tags(items, encoded), strict=True))
        assert TAGS[tags["They"]] == "B-source" and TAGS[tags["stay"]] == "I-content"
        assert tags["tax"] == tags["leave"] == IGNORED


@pytest.mark.parametrize("epochs", [0.5, 1.0, 2.5])
def test_the_plan_sees_every_wordpiece_once_an_epoch(
    backbone: Path, home: Path, epochs: float
) -> None:
    articles = tag_articles(read_marked_articles(home / "train.jsonl"), load_tokenizer(backbone))
    plan = plan_windows(articles, window=8, tokens=32, epochs=epochs, seed=1)
    seen = sum(int((plan[i]["tags"] >= 0).sum()) for i in range(len(plan)))
    whole = sum(len(article.tags) for article in articles)
    assert seen == pytest.approx(epochs * whole, rel=0.25)
    assert all(plan[i]["ids"].numel() <= 32 for i in range(len(plan)))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"rank": 0}, "rank is 0"),
        ({"epochs": 0.0}, "epochs is 0.0"),
        ({"sources": RECIPE.sources[:1]}, "takes the roles train and development"),
        ({"sources": (Source("x", "f"),)}, "source x: a tagger learns from .* not from pairs"),
    ],
)
def test_bad_values_are_named(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        replace(RECIPE, **changes)  # type: ignore[arg-type]


def test_a_source_takes_marks_kept_apart_from_its_articles(
    backbone: Path, home: Path, tmp_path: Path
) -> None:
    whole = [json.loads(line) for line in (home / "train.jsonl").read_text("utf-8").splitlines()]
    articles = [{"id": row["id"], "text": row["text"]} for row in whole]
    marks = [
        {
            "article": row["id"],
            "characters": len(row["text"]),
            "speakers": [],
            "attributions": [{**item, "speakers": []} for item in row["attributions"]],
        }
        for row in whole[:2]
    ]
    for name, rows in (("articles", articles), ("marks", marks)):
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (tmp_path / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    (tmp_path / "dev.jsonl").write_bytes((home / "dev.jsonl").read_bytes())
    further = Source(
        "further", "$DATA/articles.jsonl", "attribution", labels="marks.jsonl", repeats=3
    )
    recipe = replace(RECIPE, sources=(further, RECIPE.sources[1]), epochs=1.0)
    results = train_tagger(recipe, tmp_path, tmp_path / "out", data=tmp_path)
    assert results.articles == 2  # those with marks, each once
    read = {file.file for file in results.files["further, train"]}
    assert read == {"articles.jsonl", "marks.jsonl"}
    several = replace(further, file="*s.jsonl")
    recipe = replace(recipe, sources=(several, RECIPE.sources[1]))
    with pytest.raises(ConfigError, match="further: labels go with one file, not with 2"):
        train_tagger(recipe, tmp_path, tmp_path / "other", data=tmp_path)


def test_missing_data_is_named(backbone, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"has no train\.jsonl"):
        train_tagger(RECIPE, tmp_path, tmp_path / "out", data=tmp_path)
