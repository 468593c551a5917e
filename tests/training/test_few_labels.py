"""A checkpoint fitted to a few labels: what helps is taken, what does not is left, and said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

import stance
from stance.cli import app
from stance.errors import CalibrationError, DataError
from stance.labels import Stance
from stance.model.calibration import Calibration
from stance.training import (
    FineTuning,
    TrainingPair,
    few_labels,
    finishing,
    fit_few_labels,
    train,
)
from stance.training.few_label_fits import choose, fit_toward, row_losses, split_folds

LAYERS = 6

pytest.importorskip("peft")
STANCES = list(Stance)
Pairs = Callable[..., list[TrainingPair]]


def rows(count: int, sharpness: float, bias: float = 0.0, right: float = 0.7, seed: int = 0):
    """Logits that are right that often, with a bias toward neutral, and the labels."""
    rng = np.random.default_rng(seed)
    gold = rng.integers(0, 3, count)
    said = np.where(rng.random(count) < right, gold, (gold + rng.integers(1, 3, count)) % 3)
    logits = np.zeros((count, 3), np.float32)
    logits[np.arange(count), said] = sharpness
    logits += rng.normal(0, 0.4, logits.shape).astype(np.float32)
    logits[:, 1] += bias
    return logits, gold, np.zeros(count, bool)


def test_few_rows_pull_less_than_many() -> None:
    own = Calibration(context_temperature=2.0)
    factors = [fit_toward(own, *rows(n, 6.0), bias=False).stance_temperature for n in (1, 30, 600)]
    assert 1.0 < factors[1] < factors[2] and factors[2] == pytest.approx(3.9, rel=0.3)
    assert abs(factors[0] - 1) < abs(factors[2] - 1)
    many = fit_toward(own, *rows(600, 6.0), bias=False)
    assert many.context_temperature == pytest.approx(2 * many.stance_temperature)
    assert many.stance_bias == own.stance_bias


def test_a_class_that_is_said_too_often_gets_a_bias() -> None:
    logits, gold, context = rows(200, 2.0, bias=2.5)
    own = Calibration(stance_bias=(0.1, 0.0, -0.1))
    found = fit_toward(own, logits, gold, context, bias=True)
    assert found.stance_bias[1] < -0.8
    assert sum(found.stance_bias) == pytest.approx(0.0, abs=1e-9)
    one_class = fit_toward(own, logits[:5], np.zeros(5, np.int64), context[:5], bias=True)
    assert np.isfinite(one_class.stance_bias).all()  # no class need be there


def test_folds_keep_groups_whole() -> None:
    keys = [f"a{i % 11}" for i in range(60)]
    folds = split_folds(keys, 1)
    assert sorted(np.concatenate(folds).tolist()) == list(range(60))
    assert max(map(len, folds)) - min(map(len, folds)) <= 6
    for fold in folds:
        inside = {keys[i] for i in fold}
        assert all(keys[i] not in inside for i in range(60) if i not in fold)
    assert [f.tolist() for f in split_folds(keys, 1)] == [f.tolist() for f in folds]
    with pytest.raises(CalibrationError, match="are of 3 groups"):
        split_folds(["a", "b", "c"] * 10, 0)


def test_only_a_clear_gain_is_taken() -> None:
    gold = np.zeros(40, np.int64)
    keys = [str(i) for i in range(40)]

    def shares(p: np.ndarray) -> np.ndarray:
        return np.stack([p, (1 - p) / 2, (1 - p) / 2], axis=1).astype(np.float32)

    base = shares(np.full(40, 0.5))
    noise = np.random.default_rng(0).uniform(-0.3, 0.3, 40)
    assert choose({"a": base, "b": shares(0.5 + noise)}, gold, keys) == "a"
    assert choose({"a": base, "b": shares(np.full(40, 0.6))}, gold, keys) == "b"
    better = {"a": base, "b": shares(np.full(40, 0.6)), "c": shares(np.full(40, 0.7))}
    assert choose(better, gold, keys) == "c"
    assert row_losses(base, gold) == pytest.approx(np.full(40, np.log(2)))


@pytest.fixture(scope="module")
def start(backbone: Path, make_pairs: Pairs, tmp_path_factory) -> Path:
    """An adapter of the tiny backbone that has learned little."""
    folder = tmp_path_factory.mktemp("start") / "start"
    args = FineTuning(
        output=folder,
        from_scratch=True,
        epochs=2.0,
        learning_rate=5e-3,
        precision="float32",
        progress=False,
    )
    train(make_pairs(80), make_pairs(40, first=400), args)
    # Far too sure of itself.
    Calibration(stance_temperature=0.05, conformal_scores=(0.1,) * 20).save(
        folder / "calibration.json"
    )
    return folder


def test_overconfidence_is_taken_out(start: Path, make_pairs: Pairs, tmp_path: Path) -> None:
    out = tmp_path / "mine"
    found = fit_few_labels(make_pairs(80, first=600), out, start=str(start), fine_tune=False)
    assert [way.way for way in found.ways] == ["as it is", "temperature", "temperature and bias"]
    assert found.chosen != "as it is" and found.calibration.stance_temperature > 0.06
    assert found.ways[1].log_loss < found.ways[0].log_loss
    assert found.covered_before is not None and abs(found.covered - 0.9) < 0.08
    classifier = stance.load(str(out))
    assert classifier.calibration.stance_temperature == found.calibration.stance_temperature
    assert classifier.predict(["we hate the base"], "the base", coverage=0.9)[0].stance_set
    with pytest.raises(DataError, match="exists: name another folder"):
        fit_few_labels(make_pairs(80, first=600), out, start=str(start), fine_tune=False)


@pytest.mark.parametrize("written", [0, 1, 2])
def test_what_is_stopped_is_done_again(
    start: Path, make_pairs: Pairs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: int
) -> None:
    """Wherever a run is stopped, no folder with the old calibration can be loaded."""
    out, pairs, done = tmp_path / "mine", make_pairs(40, first=600), []

    def write(path: Path, content: bytes, *, overwrite: bool = False) -> None:
        if len(done) == written:
            raise KeyboardInterrupt
        done.append(path.name)
        real(path, content, overwrite=overwrite)

    real = finishing.write_bytes
    with monkeypatch.context() as patch:
        patch.setattr(finishing, "write_bytes", write)
        with pytest.raises(KeyboardInterrupt):
            fit_few_labels(pairs, out, start=str(start), fine_tune=False)
            raise KeyboardInterrupt  # two files are copied so
    if written < 2:
        assert not (out / "adapter.json").exists()
        found = fit_few_labels(pairs, out, start=str(start), fine_tune=False)
        read = Calibration.load(out / "calibration.json")
        assert read.stance_temperature == found.calibration.stance_temperature
        assert len(read.conformal_scores) == 40 and stance.load(str(out)).info.sha256
    else:
        with pytest.raises(DataError, match="exists: name another folder"):
            fit_few_labels(pairs, out, start=str(start), fine_tune=False)
    (tmp_path / "mine" / "notes.txt").write_text("of the user")
    (out / "adapter.json").unlink()
    with pytest.raises(DataError, match="exists: name another folder"):
        fit_few_labels(pairs, out, start=str(start), fine_tune=False)


def test_each_target_has_sets_of_its_own_where_it_has_labels(
    start: Path, make_pairs: Pairs, tmp_path: Path
) -> None:
    pairs = make_pairs(120, first=600)  # 48 of them toward the treaty
    found = fit_few_labels(pairs, tmp_path / "mine", start=str(start), fine_tune=False)
    assert "the treaty" in found.own_targets
    read = Calibration.load(tmp_path / "mine" / "calibration.json")
    own = read.conformal_by_target["the treaty"]
    assert len(own) == 48 and len(read.conformal_scores) == 120
    assert read.thresholds(0.9, "the treaty") == pytest.approx((1 - own[44],) * 3)  # the 45th of 48
    assert read.thresholds(0.9, "another") == read.thresholds(0.9)
    assert read.thresholds(0.985, "the treaty") == read.thresholds(0.985)  # too few of its own


def test_each_kind_has_sets_of_its_own_where_its_targets_have_none(
    start: Path, make_pairs: Pairs, tmp_path: Path
) -> None:
    kinds = ["direct"] * 60 + ["indirect"] * 35 + ["mixed"] * 10 + [None] * 15
    pairs = [
        replace(pair, kind=kind, target="the treaty" if n % 5 == 0 else f"target {n}")
        for n, (pair, kind) in enumerate(zip(make_pairs(120, first=600), kinds, strict=True))
    ]
    found = fit_few_labels(pairs, tmp_path / "mine", start=str(start), fine_tune=False)
    assert set(found.own_kinds) == {"direct", "indirect"}
    assert found.own_targets == ("the treaty",)
    read = Calibration.load(tmp_path / "mine" / "calibration.json")
    direct = read.conformal_by_kind["direct"]
    assert (len(direct), len(read.conformal_by_kind["indirect"])) == (60, 35)
    assert read.thresholds(0.9, "another", "direct") == pytest.approx(
        (1 - direct[54],) * 3
    )  # 55th of 60
    assert read.thresholds(0.9, "another", "mixed") == read.thresholds(0.9)
    assert read.thresholds(0.9, "the treaty", "direct") == read.thresholds(0.9, "the treaty")
    one = [replace(pair, kind="direct") for pair in pairs]
    again = fit_few_labels(one, tmp_path / "one", start=str(start), fine_tune=False)
    assert again.own_kinds == ()  # the sets of all are theirs


@pytest.mark.slow
def test_fine_tuning_is_taken_where_it_wins(
    start: Path, make_pairs: Pairs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def settings(output: Path, start: str, seed: int, device: str | None, hold_out: float = 0.2):
        return FineTuning(
            output=output,
            start=start,
            epochs=20.0,
            learning_rate=5e-3,
            precision="float32",
            seed=seed,
            hold_out=hold_out,
            progress=False,
        )

    monkeypatch.setattr(few_labels, "_settings", settings)
    out = tmp_path / "mine"
    # Another convention than the start has learned: no temperature and no bias can follow it.
    turned = {"favor": Stance.AGAINST, "against": Stance.FAVOR}
    pairs = [replace(p, stance=turned.get(p.stance, p.stance)) for p in make_pairs(80, first=600)]
    found = fit_few_labels(pairs, out, start=str(start), fine_tune=True)
    assert found.ways[-1].way == "fine-tuned" == found.chosen
    assert found.ways[-1].macro_f1 > found.ways[0].macro_f1
    assert stance.load(str(out)).info.sha256 != stance.load(str(start)).info.sha256


def sheet(path: Path, pairs: list[TrainingPair]) -> Path:
    lines = ["statement,target,stance,group"]
    lines += [f"{p.statement},{p.target},{p.stance},{p.group}" for p in pairs]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_the_command_says_when_labels_do_not_help(
    start: Path, make_pairs: Pairs, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    labels = sheet(tmp_path / "mine.csv", make_pairs(40, first=600))
    words = ["calibrate", str(labels), "--checkpoint", str(start), "--no-fine-tune", "-o"]
    done = CliRunner().invoke(app, [*words, str(tmp_path / "one")])
    printed = " ".join(done.output.split())
    assert done.exit_code == 0, printed
    assert "40 labels of 10 groups" in printed and "Taken: temperature" in printed
    # Fitted once, the same labels have nothing more to give.
    words[3] = str(tmp_path / "one")
    done = CliRunner().invoke(app, [*words, str(tmp_path / "two")])
    printed = " ".join(done.output.split())
    assert done.exit_code == 0 and "these labels do not help" in printed, printed
    few = sheet(tmp_path / "few.csv", make_pairs(29))
    done = CliRunner().invoke(app, ["calibrate", str(few), "-o", str(tmp_path / "three")])
    assert done.exit_code == 2 and "29 labels are too few" in done.output
