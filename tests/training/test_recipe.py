"""Recipes: stages one after the other, several seeds, a teacher; and the shipped ones."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch

import stance
from stance.checkpoint.adapter import read_adapter
from stance.config import load_yaml_dataclass
from stance.errors import ConfigError, ModelLoadError
from stance.labels import Stance
from stance.training import (
    Recipe,
    TaggerRecipe,
    TrainingPair,
    TrainingResults,
    load_recipe,
    run_recipe,
    training_pairs,
)
from stance.training.averaging import average_updates
from stance.training.distillation import Distillation
from stance.training.mixture import Mixture
from stance.training.sources import Source
from stance.training.stages import Stage
from stance.training.trainer import Optimisation, training_device
from stance.training.unlabelled import Unlabelled

pytest.importorskip("peft")
pytest.importorskip("accelerate")

RECIPES = Path(__file__).resolve().parents[2] / "configs" / "train"
FAST = Optimisation(learning_rate=5e-3, head_learning_rate=5e-3, precision="float32")


def _write(path: Path, pairs: list[TrainingPair]) -> None:
    rows = [
        {
            "text": p.statement,
            "target": p.target,
            "stance": str(p.stance),
            "sentiment": str(p.sentiment),
            "context": p.context,
            "article": p.group,
        }
        for p in pairs
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


@pytest.fixture(scope="module")
def home(tmp_path_factory, make_pairs: Callable[..., list[TrainingPair]]) -> Path:
    """A folder with a recipe's files, and one beside it that ``$DATA`` stands for."""
    folder = tmp_path_factory.mktemp("home")
    (folder / "data").mkdir()
    _write(folder / "own.jsonl", make_pairs(60))
    _write(folder / "data" / "news.jsonl", make_pairs(40, first=200))
    _write(folder / "data" / "dev.jsonl", make_pairs(40, first=400))
    _write(folder / "data" / "scale.jsonl", make_pairs(40, first=600))
    return folder


SOURCES = (
    Source("own", "own.jsonl", hold_out=0.2, licence="CC0", citation="Berg 2026"),
    Source("news", "$DATA/news.jsonl", format="news"),
    Source("dev", "$DATA/dev.jsonl", role="development"),
    Source("scale", "$DATA/scale.jsonl", role="calibration"),
)
RECIPE = Recipe(
    name="two",
    sources=SOURCES,
    stages=(
        Stage("first", Mixture(shares={"news": 0.0}), optimisation=FAST),
        Stage("second", optimisation=FAST, trainable_layers=2, seeds=(0, 1)),
    ),
    rank=4,
    alpha=8,
)


@pytest.fixture(scope="module")
def made(backbone, home, tmp_path_factory) -> tuple[Path, TrainingResults]:
    output = tmp_path_factory.mktemp("recipe") / "two"
    return output, run_recipe(RECIPE, home, output, data=home / "data", file="two.yaml")


def test_every_stage_leaves_an_adapter_that_can_be_loaded(made) -> None:
    output, results = made
    for folder in (output / "stages" / "1-first", output / "stages" / "2-second", output):
        assert stance.load(str(folder)).predict_one("praise the tax", "the tax").stance in Stance
    assert [(s.name, s.seed) for s in results.stages] == [
        ("first", 0),
        ("second", 0),
        ("second", 1),
    ]
    assert set(results.held_out) == {"own", "dev"}


def test_the_result_is_the_mean_of_the_updates_of_the_last_stage(made) -> None:
    output, results = made
    runs = [read_adapter(output / "stages" / "2-second" / f"seed-{i}") for i in (0, 1)]
    mean = average_updates(runs)
    assert results.averaging_error == pytest.approx(mean.error)
    stored = read_adapter(output)
    for name, value in stored.tensors.items():
        assert (value.float() - mean.tensors[name]).abs().max() < 1e-2


def test_the_card_states_sources_stages_and_average(made, home) -> None:
    output, _ = made
    card = (output / "MODEL_CARD.md").read_text(encoding="utf-8")
    digest = hashlib.sha256((home / "own.jsonl").read_bytes()).hexdigest()
    assert f"- own, train: `own.jsonl` `{digest}`" in card
    assert "CC0 | Berg 2026" in card and "recipe `two.yaml`" in card
    assert card.count("| second |") == 2 and "mean of its runs' updates" in card


def test_what_is_finished_is_not_done_again(made, home, monkeypatch, tmp_path: Path) -> None:
    output, results = made
    kept = tmp_path / "kept"  # a day later, with the adapters of the stages alone
    shutil.copytree(output / "stages" / "1-first", kept / "stages" / "1-first")
    done = []
    run = stance.training.stages.optimise

    def watch(*arguments, **more):
        done.append(more["seed"])
        return run(*arguments, **more)

    monkeypatch.setattr("stance.training.stages.optimise", watch)
    monkeypatch.setattr("stance.training.run_record.code_version", lambda: "today")
    again = run_recipe(RECIPE, home, output, data=home / "data")
    assert done == [] and again.held_out == results.held_out
    assert again.commit == results.commit
    run_recipe(RECIPE, home, kept, data=home / "data")
    assert done == [0, 1]
    other = replace(RECIPE, stages=(replace(RECIPE.stages[0], epochs=2.0),))
    before = (output / "adapter.safetensors").read_bytes()
    for recipe, seed in (
        (other, None),
        (RECIPE, 9),
        (replace(RECIPE, stages=(Stage("else", optimisation=FAST),)), None),
    ):
        with pytest.raises(ConfigError, match="two holds another run"):
            run_recipe(recipe, home, output, data=home / "data", seed=seed)
    assert (output / "adapter.safetensors").read_bytes() == before


def test_a_teacher_scores_each_pair_once(made, home, tmp_path: Path, monkeypatch) -> None:
    teacher, _ = made
    folder = home / "teacher"
    shutil.copytree(teacher, folder, dirs_exist_ok=True)
    lesson = Distillation("teacher", corrected=True, unlabelled=Unlabelled(12, altered=1.0))
    stage = Stage("student", optimisation=FAST, distillation=lesson)
    student = replace(RECIPE, stages=(stage,))
    run_recipe(student, home, tmp_path / "a", data=home / "data")
    (cache,) = (tmp_path / "a" / "soft_labels").glob("*.jsonl")
    rows = cache.read_text().splitlines()
    assert 80 < len(rows) <= 112 and len({json.loads(row)[0] for row in rows}) == len(rows)
    # A run that was killed leaves half a line.
    shutil.copytree(tmp_path / "a" / "soft_labels", tmp_path / "b" / "soft_labels")
    cut = tmp_path / "b" / "soft_labels" / cache.name
    cut.write_text("\n".join(rows[:50]) + "\n" + rows[50][:20])
    run_recipe(student, home, tmp_path / "b", data=home / "data")
    assert sorted(cut.read_text().splitlines()) == sorted(rows)


def test_a_recipe_goes_on_from_an_adapter(made, home, tmp_path: Path) -> None:
    output, _ = made
    shutil.copytree(output, home / "start", dirs_exist_ok=True)
    later = replace(RECIPE, start="start", stages=(Stage("more", optimisation=FAST, epochs=0.2),))
    results = run_recipe(later, home, tmp_path / "out", data=home / "data", seed=5)
    assert results.seed == 5 and results.start == "the adapter `start`"
    with pytest.raises(ConfigError, match="of the backbone 'small'"):
        run_recipe(replace(later, backbone="base"), home, tmp_path / "x", data=home / "data")
    with pytest.raises(ModelLoadError, match="nowhere"):
        run_recipe(replace(later, start="nowhere"), home, tmp_path / "x", data=home / "data")


def test_a_student_is_cut_from_its_teacher(made, home, tmp_path: Path) -> None:
    output, _ = made
    shutil.copytree(output, home / "whole", dirs_exist_ok=True)
    stage = Stage("student", optimisation=FAST, distillation=Distillation("whole"), seeds=(0, 1))
    student = replace(RECIPE, start="whole", layers=(0, 2), rank=6, alpha=None, stages=(stage,))
    run_recipe(student, home, tmp_path / "student", data=home / "data")
    made_of = read_adapter(tmp_path / "student")
    assert (made_of.info.layers, made_of.info.rank, made_of.info.scale) == ((0, 2), 6, 2.0)
    assert {n.split("layer.")[1][0] for n in made_of.tensors if "lora" in n} == {"0", "2"}
    loaded = stance.load(str(tmp_path / "student"))
    assert loaded.predict_one("praise the tax", "the tax").stance in Stance
    card = (tmp_path / "student" / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert "layers 0, 2 of it" in card and "rank 6" in card
    # What goes on from it has its layers and its rank, unless the recipe says otherwise.
    shutil.copytree(tmp_path / "student", home / "student", dirs_exist_ok=True)
    more = Stage("more", optimisation=FAST, epochs=0.2)
    later = replace(RECIPE, start="student", rank=None, alpha=None, stages=(more,))
    run_recipe(later, home, tmp_path / "later", data=home / "data")
    info = read_adapter(tmp_path / "later").info
    assert (info.layers, info.rank, info.scale) == ((0, 2), 6, 2.0)
    for change, message in (
        ({"layers": (0, 1)}, r"only the layers \[0, 2\]"),
        ({"rank": 5}, "rank is 5: the start 'student' has rank 6"),
    ):
        with pytest.raises(ConfigError, match=message):
            run_recipe(replace(later, **change), home, tmp_path / "x", data=home / "data")


def test_a_student_of_the_bare_backbone(backbone, home, tmp_path: Path) -> None:
    stage = Stage("only", optimisation=FAST, epochs=0.2)
    recipe = replace(RECIPE, layers=(1,), rank=None, alpha=None, stages=(stage,))
    run_recipe(recipe, home, tmp_path / "one", data=home / "data")
    info = read_adapter(tmp_path / "one").info
    assert (info.layers, info.rank, info.scale) == ((1,), 64, 2.0)
    with pytest.raises(ModelLoadError, match="the backbone has 3 layers"):
        run_recipe(replace(recipe, layers=(3,)), home, tmp_path / "x", data=home / "data")


def test_recipes_that_do_not_fit_together_are_named(home, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="first: only the last stage may have several seeds"):
        replace(RECIPE, stages=(replace(RECIPE.stages[0], seeds=(0, 1)), RECIPE.stages[1]))
    with pytest.raises(ConfigError, match="cannot be averaged: add a stage before it"):
        replace(RECIPE, stages=(RECIPE.stages[1],))
    for layers in ((), (2, 0), (1, 1), (-1,)):
        with pytest.raises(ConfigError, match=r"layers is .*: it must be a list of ascending"):
            replace(RECIPE, layers=layers)
    with pytest.raises(ConfigError, match="rank is 0"):
        replace(RECIPE, rank=0)
    with pytest.raises(ConfigError, match="give each its own name"):
        replace(RECIPE, stages=(RECIPE.stages[0],) * 2)
    with pytest.raises(ConfigError, match="source t: attributions carry no stance"):
        replace(RECIPE, sources=(*SOURCES, Source("t", "f", format="attribution")))
    with pytest.raises(ConfigError, match="none has the role development"):
        run_recipe(replace(RECIPE, sources=(Source("own", "own.jsonl"),)), home, tmp_path / "o")
    with pytest.raises(ConfigError, match="with --data"):
        run_recipe(RECIPE, home, tmp_path / "o")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"epochs": 0.0}, "epochs is 0.0"),
        ({"epochs": float("nan")}, "epochs is nan"),
        ({"batch_size": 0}, "batch_size is 0"),
        ({"seeds": (1, 1)}, r"seeds are \(1, 1\)"),
        ({"label_smoothing": 2.0}, "label_smoothing is 2.0"),
    ],
)
def test_values_out_of_range_are_named(settings: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        Stage("x", **settings)  # type: ignore[arg-type]
    with pytest.raises(ConfigError, match=r"learning_rate is 0.0: give a number above 0"):
        Optimisation(learning_rate=0.0)
    with pytest.raises(ConfigError, match=r"distillation\.temperature is 0.0"):
        Distillation("x", temperature=0.0)


@pytest.mark.parametrize(
    "path",
    sorted(RECIPES / f"{name}.yaml" for name in ("attribution", "base", "small")),
    ids=lambda path: path.stem,
)
def test_shipped_recipes_load(path: Path) -> None:
    recipe: Recipe | TaggerRecipe
    if path.stem == "attribution":
        recipe = load_yaml_dataclass(path, TaggerRecipe)
    else:
        recipe = load_recipe(path)
    assert recipe.name == path.stem
    for source in recipe.sources:
        assert source.file.startswith("$DATA/") or list(RECIPES.glob(source.file))
    for source in recipe.sources:
        assert source.role != "train" or source.licence or source.citation, source.name


def test_recipes_may_share_their_sources(tmp_path: Path) -> None:
    shared, path = tmp_path / "shared.yaml", tmp_path / "recipe.yaml"
    path.write_text("name: x\nsources: shared.yaml\nstages: [{name: a}]\n")
    shared.write_text("sources: [{name: own, file: own.jsonl}]\n")
    assert load_recipe(path).sources == (Source("own", "own.jsonl"),)
    for words, message in (
        ("sources: [{name: own, files: own.jsonl}]\n", "did you mean 'file'"),
        ("name: y\nsources: []\n", r"shared\.yaml .* must have the key sources, alone"),
        ("{}\n", r"shared\.yaml .* must have the key sources, alone"),
    ):
        shared.write_text(words)
        with pytest.raises(ConfigError, match=message):
            load_recipe(path)
    shared.unlink()
    with pytest.raises(ConfigError, match=r"shared\.yaml"):
        load_recipe(path)


def test_a_misspelt_key_names_the_nearest(tmp_path: Path) -> None:
    path = tmp_path / "recipe.yaml"
    path.write_text("name: x\nsources: []\nstages: [{name: a, mixture: {neutrals: 0.5}}]\n")
    with pytest.raises(ConfigError, match="did you mean 'neutral'"):
        load_recipe(path)


def test_the_pairs_of_a_recipe(home, tmp_path: Path) -> None:
    path = home / "words.yaml"
    path.write_text(
        "name: words\n"
        "sources:\n"
        "  - {name: own, file: own.jsonl}\n"
        "  - {name: news, file: $DATA/news.jsonl, share: 0.5}\n"
        "stages: [{name: all}]\n"
    )
    pairs = training_pairs(path, home / "data")
    assert sum(p.source == "own" for p in pairs) == 60
    assert 10 < sum(p.source == "news" for p in pairs) < 30


def test_training_takes_no_numbered_device(monkeypatch) -> None:
    monkeypatch.setattr("stance.training.trainer.pick_device", torch.device)
    assert training_device("cuda:0") == torch.device("cuda", 0)
    with pytest.raises(ConfigError, match="CUDA_VISIBLE_DEVICES=1 and give --device cuda"):
        training_device("cuda:1")
