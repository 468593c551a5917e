"""Training end to end on a handful of rows: adapter, results, card, resume, distillation."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

import stance
from stance.errors import ConfigError, DataError
from stance.mixture import MixtureConfig
from stance.records import read_own_statements
from stance.training import IGNORED, DistilConfig, TrainConfig, correct_logits, train
from tests.test_mixture import STATEMENTS, _data

pytest.importorskip("peft")
pytest.importorskip("accelerate")


@pytest.fixture(scope="module")
def recipe(tmp_path_factory) -> TrainConfig:
    folder = tmp_path_factory.mktemp("statements")
    for name in ("troops", "diverge"):
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
        bf16=False,
        mixture=MixtureConfig(held_out_themes=0.4, tone=5),
    )


def test_train_writes_a_loadable_adapter_and_its_facts(recipe, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    data = _data(tmp_path / "data")
    results = train(recipe, data, tmp_path / "out", seed=1)
    assert results["dev"]["perspectrum"]["n"] == 20
    stored = json.loads((tmp_path / "out" / "results.json").read_text())
    assert stored["seed"] == 1 and stored["config"]["rank"] == 4
    card = (tmp_path / "out" / "MODEL_CARD.md").read_text()
    assert "perspectrum" in card and stored["commit"] in card
    classifier = stance.load(tmp_path / "out")
    assert classifier.predict_one("They must leave.").stance is not None

    student = replace(
        recipe,
        name="student",
        distil=DistilConfig(teacher=str(tmp_path / "out"), unlabelled=9, corrected=True),
        start_from=(str(tmp_path / "out"), str(tmp_path / "out")),
    )
    first = train(student, data, tmp_path / "student")
    assert first["pairs_per_epoch"] == results["pairs_per_epoch"] + 9
    assert stance.load(tmp_path / "student").facts["name"] == "student"
    train(replace(student, bf16=True), data, tmp_path / "student-2", seed=2)
    assert len(list(tmp_path.glob("teacher-*.npy"))) == 1  # soft labels are shared between seeds


def test_soft_labels_that_contradict_a_label_are_corrected() -> None:
    logits = np.array([[3.0, 1.0, 0.0], [3.0, 1.0, 0.0], [3.0, 1.0, 0.0]], dtype=np.float32)
    correct_logits(logits, [2, 0, IGNORED])
    assert logits.tolist() == [[0.0, 1.0, 3.0], [3.0, 1.0, 0.0], [3.0, 1.0, 0.0]]


def test_no_epochs_give_the_mean_of_the_starts(recipe, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    data = _data(tmp_path / "data")
    starts = [tmp_path / "a", tmp_path / "b"]
    for seed, folder in enumerate(starts):
        train(recipe, data, folder, seed=seed)
    apart = tmp_path / "apart"
    apart.mkdir()
    (apart / "arms.jsonl").write_text((STATEMENTS / "arms.jsonl").read_text(encoding="utf-8"))
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


def test_bad_recipes(recipe, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="stance_train"):
        train(recipe, tmp_path, tmp_path / "out")
    wrong = TrainConfig(task="stance", name="x", backbone="huge")
    with pytest.raises(ConfigError, match="huge"):
        train(wrong, tmp_path, tmp_path / "out")
