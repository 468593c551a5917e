"""Fine-tuning on one's own pairs, end to end on a tiny backbone."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

import stance
from stance.checkpoint.adapter import AdapterInfo, read_adapter_info, write_adapter
from stance.config import WEIGHTS_DIR
from stance.errors import ConfigError, DataError, ModelLoadError
from stance.labels import Stance
from stance.model.calibration import Calibration
from stance.model.network import PairModel
from stance.training import FineTuning, TrainingPair, TrainingResults, train
from stance.training.low_rank import LowRank, adapter_tensors, add_low_rank
from stance.training.run_record import RunRecord

LAYERS = 6

pytest.importorskip("peft")
pytest.importorskip("accelerate")

Pairs = Callable[..., list[TrainingPair]]


def _args(output: Path, **changes: object) -> FineTuning:
    settings: dict[str, object] = {
        "output": output,
        "from_scratch": True,
        "epochs": 1.0,
        "learning_rate": 5e-3,
        "precision": "float32",
        "progress": False,
    }
    return FineTuning(**{**settings, **changes})  # type: ignore[arg-type]


def _goes_on(output: Path, start: Path) -> FineTuning:
    return _args(output, start=start, from_scratch=False)


@pytest.fixture(scope="module")
def made(backbone, make_pairs, tmp_path_factory) -> tuple[Path, TrainingResults]:
    folder = tmp_path_factory.mktemp("made") / "mine"
    dev = make_pairs(60, first=400, source="dev")
    return folder, train(make_pairs(120), dev, _args(folder, epochs=12.0))


def test_the_folder_can_be_loaded_and_is_right(made, make_pairs: Pairs) -> None:
    folder, results = made
    assert results.held_out["dev"].n == 60
    assert results.held_out["dev"].stance_macro_f1 > 0.9
    classifier = stance.load(str(folder))
    pairs = [p for p in make_pairs(60, first=400) if p.stance is not Stance.NEUTRAL]
    found = classifier.predict(
        [p.statement for p in pairs], [p.target for p in pairs], [p.context for p in pairs]
    )
    right = sum(f.stance is p.stance for f, p in zip(found, pairs, strict=True))
    assert right / len(pairs) > 0.9


def test_the_card_is_about_these_data(made) -> None:
    folder, _ = made
    card = (folder / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert "| pairs | train | 120 |" in card
    assert "| dev | development | 60 |" in card
    assert "the bare backbone" in card
    assert "Files (SHA-256)" not in card  # the pairs were given, no files
    for name in ("Perspectrum", "P-Stance", "ArgKP", "maintainers", "CC BY-SA"):
        assert name not in card


def test_calibration_is_fitted_on_the_held_out_pairs(made) -> None:
    folder, results = made
    stored = json.loads((folder / "calibration.json").read_text())
    assert len(stored["conformal_scores"]) == 60
    (note,) = results.calibration_notes
    assert note == "Sentiment: calibration rows lack label column(s) [1]; no calibration."


def test_nothing_in_the_folder_is_a_pickle(made) -> None:
    folder, _ = made
    kinds = {path.suffix for path in folder.rglob("*") if path.is_file()}
    assert kinds <= {".json", ".safetensors", ".md"}
    assert not (folder / "checkpoints").exists()


def test_a_finished_run_is_not_done_again(made, make_pairs: Pairs, monkeypatch) -> None:
    folder, results = made
    monkeypatch.setattr("stance.training.stages.optimise", lambda *_, **__: pytest.fail("trained"))
    monkeypatch.setattr("stance.training.run_record.code_version", lambda: "today")
    dev = make_pairs(60, first=400, source="dev")
    (folder / "checkpoints" / "checkpoint-9").mkdir(parents=True)  # killed while it deleted them
    again = train(make_pairs(120), dev, _args(folder, epochs=12.0))
    assert not (folder / "checkpoints").exists()
    assert again.held_out == results.held_out
    assert (again.commit, again.machine) == (results.commit, results.machine)
    with pytest.raises(ConfigError, match="holds another run"):
        train(make_pairs(110), dev, _args(folder, epochs=12.0))
    with pytest.raises(ConfigError, match="holds another run"):
        train(make_pairs(120), dev, _args(folder, epochs=12.0, seed=2))


def test_it_goes_on_from_an_adapter_and_tells_before_and_after(
    made, make_pairs: Pairs, tmp_path: Path
) -> None:
    folder, first = made
    dev = make_pairs(60, first=400, source="dev")
    results = train(make_pairs(100, first=800), dev, _goes_on(tmp_path / "more", folder))
    assert results.before == first.held_out
    card = (tmp_path / "more" / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert "before" in card and json.loads((folder / "adapter.json").read_text())["sha256"] in card
    with pytest.raises(ConfigError, match="is an adapter for attribution and cannot judge pairs"):
        train(make_pairs(100), dev, _goes_on(tmp_path / "b", WEIGHTS_DIR / "attribution"))


@pytest.mark.parametrize("from_scratch", [False, True])
def test_a_bundled_model_may_stand_on_some_layers_of_another_backbone(
    backbone, make_pairs: Pairs, tmp_path: Path, monkeypatch, from_scratch: bool
) -> None:
    labels = tuple(str(label) for label in Stance)
    info = AdapterInfo("stance", "small", "base", 3, 2.0, labels, 64, 24, layers=(0, 2))
    network = PairModel(backbone, layers=(0, 2))
    add_low_rank(network, LowRank(3, 2.0))
    write_adapter(tmp_path / "weights" / "small", info, adapter_tensors(network))
    Calibration().save(tmp_path / "weights" / "small" / "calibration.json")
    asked = []
    for module in ("stance.model.bundled", "stance.training.finetune"):
        monkeypatch.setattr(
            f"{module}.locate_backbone", lambda name, **_: asked.append(name) or backbone
        )
    for module in ("stance.model.scorer", "stance.training.finetune"):
        monkeypatch.setattr(f"{module}.WEIGHTS_DIR", tmp_path / "weights")
    bundled = stance.load("small")
    assert (bundled.info.name, bundled.info.backbone) == ("small", "base")
    assert bundled.predict_one("praise the tax", "the tax").stance in Stance
    args = _args(tmp_path / "out", from_scratch=from_scratch, learning_rate=None)
    results = train(make_pairs(60), None, args)
    made_of = read_adapter_info(tmp_path / "out")
    assert (made_of.backbone, made_of.layers, made_of.rank) == ("base", (0, 2), 3)
    assert (made_of.max_length, made_of.max_context) == (64, 24)
    assert ("bare backbone" in results.start) == from_scratch
    assert ("bundled adapter `small`" in results.start) != from_scratch
    assert results.stages[0].learning_rate == (4e-4 if from_scratch else 2e-4)
    assert set(asked) == {"base"}


def test_too_few_held_out_pairs_keep_the_calibration_of_the_start(
    made, make_pairs: Pairs, tmp_path: Path
) -> None:
    folder, _ = made
    few = make_pairs(20, first=400)
    results = train(make_pairs(40, first=800), few, _goes_on(tmp_path / "few", folder))
    assert "at least 30 rows, got 20; the calibration of the start" in results.calibration_notes[0]
    kept = [json.loads((f / "calibration.json").read_text()) for f in (folder, tmp_path / "few")]
    assert kept[0] == kept[1]


@pytest.mark.slow
@pytest.mark.parametrize("steps", [1, 7])
def test_a_run_that_was_killed_goes_on_and_ends_alike(
    backbone, make_pairs: Pairs, tmp_path: Path, monkeypatch, steps: int
) -> None:
    pairs, dev = make_pairs(60), make_pairs(40, first=400)
    args = _args(tmp_path / "once", epochs=2.5)
    stage = args.stage("small")
    stage = replace(stage, optimisation=replace(stage.optimisation, save_steps=steps))
    monkeypatch.setattr(FineTuning, "stage", lambda *_: stage)
    train(pairs, dev, args)
    save = RunRecord.save

    def stop(record: RunRecord, **more: bool) -> None:
        save(record, **more)
        if (record.checkpoints / "checkpoint-7").is_dir():
            raise KeyboardInterrupt

    killed = _args(tmp_path / "killed", epochs=2.5)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(RunRecord, "save", stop)
        train(pairs, dev, killed)
    assert not (tmp_path / "killed" / "adapter.json").exists()
    names = {path.name for path in (tmp_path / "killed").rglob("checkpoint-7/*")}
    safe = {"trained.safetensors", "optimizer.safetensors", "state.json", "trainer_state.json"}
    assert names == safe
    # As kill -9 leaves it, in the middle of a checkpoint.
    (tmp_path / "killed" / "checkpoints" / "checkpoint-8").mkdir()
    record = tmp_path / "killed" / "run.json"
    record.write_text(json.dumps({**json.loads(record.read_text()), "minutes": 600.0}))
    assert train(pairs, dev, killed).stages[0].minutes >= 600
    once, again = (load_file(tmp_path / n / "adapter.safetensors") for n in ("once", "killed"))
    for name, value in once.items():
        torch.testing.assert_close(again[name], value, atol=1e-3, rtol=1e-2)


def test_another_run_does_not_go_on_from_the_checkpoints(
    backbone, make_pairs: Pairs, tmp_path: Path
) -> None:
    checkpoint = tmp_path / "out" / "checkpoints" / "checkpoint-3"
    checkpoint.mkdir(parents=True)
    (checkpoint / "trainer_state.json").write_text('{"global_step": 3}')
    with pytest.raises(ConfigError, match=r"holds another run .* or one without a record"):
        train(make_pairs(60), None, _args(tmp_path / "out"))


def _without_groups(pairs: list[TrainingPair], **changes: str) -> list[TrainingPair]:
    return [replace(pair, group="", **changes) for pair in pairs]


@pytest.mark.parametrize(
    ("change", "by"),
    [
        (lambda pairs: pairs, "group"),
        (lambda pairs: [_without_groups([p], target=p.group)[0] for p in pairs], "target"),
        (lambda pairs: _without_groups(pairs, target="the port"), "statement"),
    ],
)
def test_without_development_pairs_whole_groups_are_held_out(
    backbone, make_pairs: Pairs, tmp_path: Path, change, by: str
) -> None:
    # Every text stands twice, so that a split by statement must keep both together.
    pairs = change([*make_pairs(60), *[replace(p, context="x") for p in make_pairs(60)]])
    results = train(pairs, None, _args(tmp_path / "out", epochs=0.2, hold_out=0.3))
    assert results.held_out_by == by
    facts = {d.role: d.pairs for d in results.data}
    assert facts["train"] + facts["development"] == 120
    assert 20 <= facts["development"] <= 60


def test_what_cannot_be_learned_from_is_said(make_pairs: Pairs, tmp_path: Path) -> None:
    args = _args(tmp_path)
    with pytest.raises(DataError, match="19 pairs with a stance are too few"):
        train(make_pairs(19), None, args)
    with pytest.raises(DataError, match="every pair is favor"):
        train([replace(p, stance=Stance.FAVOR) for p in make_pairs(40)], None, args)
    with pytest.raises(DataError, match="3 development pairs are among the training pairs"):
        train(make_pairs(40), make_pairs(6, first=37), args)
    shared = [replace(p, statement=f"{p.statement}!") for p in make_pairs(6, first=34)]
    with pytest.raises(DataError, match=r"2 groups \(articles\) have .* 'article-8'"):
        train(make_pairs(40), shared, args)
    with pytest.raises(DataError, match="no development pair has a stance"):
        train(make_pairs(40), [replace(make_pairs(1, first=90)[0], stance=None)], args)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"hold_out": 0.9}, "hold_out is 0.9"),
        ({"epochs": -1.0}, "epochs is -1.0"),
        ({"epochs": 0.0}, "epochs is 0.0: give a number above 0"),
        ({"learning_rate": 0.0}, "learning_rate is 0.0: give a number above 0"),
        ({"batch_size": 0}, "batch_size is 0"),
        ({"seed": -1}, "seed is -1"),
        ({"learning_rate": -1e-3}, "learning_rate is -0.001"),
    ],
)
def test_values_out_of_range_are_named(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        _args(Path("x"), **changes)


def test_a_missing_start_is_named(backbone, make_pairs: Pairs, tmp_path: Path) -> None:
    with pytest.raises(ModelLoadError, match="nowhere"):
        train(make_pairs(40), None, _goes_on(tmp_path / "o", tmp_path / "nowhere"))


def test_bfloat16_trains_too(backbone, make_pairs: Pairs, tmp_path: Path) -> None:
    args = _args(tmp_path / "fast", epochs=0.5, precision="bf16")
    assert train(make_pairs(60), None, args).machine.bf16
    assert stance.load(str(tmp_path / "fast"))
    shutil.rmtree(tmp_path / "fast")
