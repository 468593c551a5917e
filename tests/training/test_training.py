"""Training end to end on a handful of rows: adapter, results, card, resume, distillation."""

from __future__ import annotations

import json
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

import stance
from stance.checkpoint.files import sha256_of
from stance.errors import ConfigError, DataError, ModelLoadError
from stance.training import trainer as training
from stance.training.mixture import MixtureConfig
from stance.training.run_record import RunRecord
from stance.training.sources import TrainingPair, read_own_statements
from stance.training.trainer import IGNORED, DistilConfig, TrainConfig, correct_logits, train
from tests.training.test_mixture import STATEMENTS, _data

pytest.importorskip("peft")
pytest.importorskip("accelerate")


@pytest.fixture(scope="module")
def recipe(tmp_path_factory) -> TrainConfig:
    folder = tmp_path_factory.mktemp("statements")
    for name in ("intervention", "sentiment_differs"):
        lines = (STATEMENTS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()[:60]
        (folder / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    return TrainConfig(
        task="stance",
        name="tiny",
        statements=str(folder),
        rank=4,
        alpha=4,
        epochs=0.2,
        batch_size=8,
        save_steps=3,
        bf16=False,
        mixture=MixtureConfig(held_out_themes=0.4, tone=5),
    )


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> Path:
    return _data(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def trained(recipe, data, tmp_path_factory) -> tuple[Path, dict[str, Any]]:
    """Folder and results of a finished run with seed 1."""
    folder = tmp_path_factory.mktemp("trained") / "out"
    return folder, train(recipe, data, folder, seed=1)


def test_train_writes_a_loadable_adapter_and_its_facts(trained) -> None:
    folder, results = trained
    assert results["dev"]["perspectrum"]["n"] == 20
    stored = json.loads((folder / "results.json").read_text())
    assert stored["seed"] == 1 and stored["config"]["rank"] == 4
    card = (folder / "MODEL_CARD.md").read_text()
    assert "perspectrum" in card and stored["commit"] in card
    classifier = stance.load(folder)
    assert classifier.predict_one("They must leave.", "foreign troops").stance is not None


def test_soft_labels_are_shared_between_seeds(recipe, data, trained, tmp_path: Path) -> None:
    folder, results = trained
    student = replace(
        recipe,
        name="student",
        distil=DistilConfig(teacher=str(folder), unlabelled=9, corrected=True),
        start_from=(str(folder), str(folder)),
    )
    first = train(student, data, tmp_path / "student")
    assert first["pairs_per_epoch"] == results["pairs_per_epoch"] + 9
    assert stance.load(tmp_path / "student").info.name == "student"
    train(student, data, tmp_path / "student-2", seed=2)
    assert len(list(tmp_path.glob("teacher-*.npy"))) == 1


def test_bfloat16(recipe, data, trained, tmp_path: Path) -> None:
    folder, _ = trained
    few = replace(recipe.mixture, own_shares={"*": 0.05}, held_out_themes=0.0)
    distil = DistilConfig(teacher=str(folder))
    fast = replace(recipe, bf16=True, mixture=few, distil=distil, calibration=recipe.statements)
    train(fast, data, tmp_path / "fast")
    assert stance.load(tmp_path / "fast").info.name == "tiny"
    pairs = [TrainingPair("Numbers must go.", "numbers", None, None, "x")]
    for bf16 in (True, False):
        training._teacher_logits(folder, pairs, tmp_path / "c", bf16=bf16)
    assert len(list(tmp_path.glob("c/teacher-*.npy"))) == 2  # they say other things


def test_two_runs_at_once_score_the_teacher_once(trained, tmp_path: Path, monkeypatch) -> None:
    folder, _ = trained
    pairs = [TrainingPair(f"Number {i} must go.", "numbers", None, None, "x") for i in range(3)]
    scored = []
    score = training.pair_logits

    def slow(*arguments: Any) -> np.ndarray:
        scored.append(1)
        time.sleep(0.3)
        return score(*arguments)

    monkeypatch.setattr(training, "pair_logits", slow)
    with ThreadPoolExecutor(2) as pool:
        a, b = pool.map(
            lambda _: training._teacher_logits(folder, pairs, tmp_path / "c", bf16=False), range(2)
        )
    assert len(scored) == 1
    np.testing.assert_array_equal(a, b)


def test_an_interrupted_run_goes_on_and_another_does_not(
    recipe, data, trained, tmp_path: Path, monkeypatch
) -> None:
    out = tmp_path / "out"
    save = RunRecord.save

    def save_and_stop(record: RunRecord) -> None:
        save(record)
        if (record.path.parent / "checkpoint-3").is_dir():
            raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(RunRecord, "save", save_and_stop)
        train(recipe, data, out, seed=1)

    refused = "holds checkpoints of another run"
    with pytest.raises(ConfigError, match=refused):
        train(recipe, data, out, seed=2)
    with pytest.raises(ConfigError, match=refused):
        train(replace(recipe, learning_rate=1e-4), data, out, seed=1)
    with pytest.raises(ConfigError, match=refused):
        train(replace(recipe, mixture=replace(recipe.mixture, tone=4)), data, out, seed=1)
    record = out / "checkpoints" / "run.json"
    stored = json.loads(record.read_text())
    record.unlink()
    with pytest.raises(ConfigError, match=refused):
        train(recipe, data, out, seed=1)
    assert not (out / "adapter.safetensors").exists()

    # As a kill leaves it that comes while a checkpoint is written.
    (out / "checkpoints" / "checkpoint-6").mkdir()
    record.write_text(json.dumps({**stored, "minutes": 600.0}))
    assert train(recipe, data, out, seed=1)["minutes"] >= 600
    once, resumed = (load_file(f / "adapter.safetensors") for f in (trained[0], out))
    for name, value in once.items():
        torch.testing.assert_close(resumed[name], value, atol=1e-3, rtol=1e-2)


def test_missing_files_are_found_before_the_training(
    recipe, data, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.setattr(training, "_fit", lambda *_: pytest.fail("trained"))
    for name in ("stance_dev", "target_sentiment_dev"):
        partial = tmp_path / name
        shutil.copytree(data, partial)
        next(partial.glob(f"{name}.jsonl*")).unlink()
        with pytest.raises(DataError, match=name):
            train(recipe, partial, tmp_path / "out")
    with pytest.raises(DataError, match="nowhere"):
        train(replace(recipe, calibration=str(tmp_path / "nowhere")), data, tmp_path / "out")


def test_soft_labels_that_contradict_a_label_are_corrected() -> None:
    logits = np.array([[3.0, 1.0, 0.0], [3.0, 1.0, 0.0], [3.0, 1.0, 0.0]], dtype=np.float32)
    correct_logits(logits, [2, 0, IGNORED])
    assert logits.tolist() == [[0.0, 1.0, 3.0], [3.0, 1.0, 0.0], [3.0, 1.0, 0.0]]


def test_no_epochs_give_the_mean_of_the_starts(recipe, data, trained, tmp_path: Path) -> None:
    starts = [trained[0], tmp_path / "b"]
    train(recipe, data, starts[1])
    apart = STATEMENTS.parent / "calibration"
    mean = replace(recipe, epochs=0.0, start_from=tuple(map(str, starts)), calibration=str(apart))
    results = train(mean, data, tmp_path / "mean")
    pairs = sum(len(statement.targets) for statement in read_own_statements(apart))
    assert results["calibration"]["n"] == pairs
    a, b, both = (
        load_file(folder / "adapter.safetensors") for folder in (*starts, tmp_path / "mean")
    )
    for name, value in both.items():
        expected = (a[name].float() + b[name].float()) / 2
        torch.testing.assert_close(value.float(), expected, atol=1e-3, rtol=1e-3)


def test_unfit_starts_are_named(recipe, data, trained, tmp_path: Path) -> None:
    start = replace(recipe, epochs=0.0, start_from=(str(trained[0]),))
    with pytest.raises(ModelLoadError, match=r"out is an adapter of scale 1\.0, not 2\.0"):
        train(replace(start, alpha=8), data, tmp_path / "out")
    with pytest.raises(ModelLoadError, match="another backbone or rank"):
        train(replace(start, rank=2, alpha=2), data, tmp_path / "out")
    lacking = tmp_path / "lacking"
    shutil.copytree(trained[0], lacking, ignore=shutil.ignore_patterns("checkpoints"))
    weights = lacking / "adapter.safetensors"
    tensors = load_file(weights)
    del tensors["sentiment_head.bias"]
    save_file(tensors, weights)
    facts = json.loads((lacking / "adapter.json").read_text())
    facts["sha256"] = sha256_of(weights)
    (lacking / "adapter.json").write_text(json.dumps(facts))
    both = replace(start, start_from=(str(trained[0]), str(lacking)))
    with pytest.raises(ModelLoadError, match=r"lacking is an adapter .*sentiment_head\.bias"):
        train(both, data, tmp_path / "out")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"epochs": -1.0}, "epochs is -1.0"),
        ({"epochs": float("nan")}, "epochs is nan"),
        ({"batch_size": 0}, "batch_size is 0: give 1 or more"),
        ({"rank": 0}, "rank is 0"),
        ({"warmup_share": 1.5}, "warmup_share is 1.5: give a number from 0 to 1"),
        ({"learning_rate": 0.0}, "learning_rate is 0.0: give a number above 0"),
    ],
)
def test_values_out_of_range_are_named(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        TrainConfig(task="stance", name="x", **settings)


@pytest.mark.parametrize("settings", [{"weight": 1.1}, {"temperature": 0.0}, {"unlabelled": -1}])
def test_distillation_out_of_range(settings: dict[str, Any]) -> None:
    ((key, value),) = settings.items()
    with pytest.raises(ConfigError, match=f"{key} is {value}"):
        DistilConfig(teacher="x", **settings)


def test_bad_recipes(recipe, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="stance_dev"):
        train(recipe, tmp_path, tmp_path / "out")
    wrong = TrainConfig(task="stance", name="x", backbone="huge")
    with pytest.raises(ConfigError, match="huge"):
        train(wrong, tmp_path, tmp_path / "out")
    with pytest.raises(ConfigError, match="seed is -1"):
        train(recipe, tmp_path, tmp_path / "out", seed=-1)
