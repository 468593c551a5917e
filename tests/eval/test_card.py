"""Evaluation runs stated in a model card."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from eval.card import store
from stance.config import WEIGHTS_DIR
from stance.errors import DataError
from stance.evaluation.resampling import Interval
from stance.evaluation.result_files import results_json
from stance.evaluation.results import (
    BaselineScore,
    CalibrationScores,
    ContextScores,
    LabelScores,
    SetResult,
    StanceResults,
    StanceScores,
)
from stance.evaluation.run_facts import CodeFacts, RunFacts, ScoringSettings, Task
from stance.evaluation.tasks.behaviour.perturbation_run import (
    PerturbationResults,
    PerturbationScores,
)
from stance.files import write_files
from stance.schema import CheckpointInfo
from stance.training.model_card import write_model_card
from stance.untrusted import checksum_of


def _interval(value: float, low: float = 0.0, high: float = 1.0) -> Interval:
    return Interval(value, low, high, 0.9, 12, "group")


def _scores(macro_f1: float) -> LabelScores:
    baseline = BaselineScore(0.3, _interval(0.21), _interval(0.5), 0.0)
    return LabelScores(
        n=77,
        labels=("against", "neutral", "favor"),
        accuracy=_interval(0.72),
        macro_f1=_interval(macro_f1, 0.4, 0.9),
        brier=_interval(0.4),
        absent=(),
        classes={},
        confusion=(),
        risk_coverage=(),
        aurc=0.1,
        calibration=CalibrationScores((1.5,), 0.05, 0.4, (), 0.2, 0.5, ()),
        baselines={"majority": baseline},
    )


def _facts(name: str, sha256: str, task: Task, about: dict[str, str] | None = None) -> RunFacts:
    return RunFacts(
        name=name,
        task=task,
        config_hash="0" * 16,
        data={},
        code=CodeFacts("0.2.0", "abc", "0" * 16, "2026-01-02T00:00:00Z"),
        requested="small",
        about=about or {},
        checkpoint=CheckpointInfo("bundled", "small", "cpu", reads_context=True, sha256=sha256),
        seed=13,
        scoring=ScoringSettings(level=0.9),
    )


def _run(
    folder: Path,
    sha256: str,
    macro_f1: float,
    task: Task = "stance",
    *,
    name: str = "dev",
    about: dict[str, str] | None = None,
) -> Path:
    """The stored results of a run with one set, as ``python -m eval`` writes them."""
    run = _facts(name, sha256, task, about)
    part = SetResult(
        set="harbour",
        source="",
        n=77,
        truncated=0,
        stance=StanceScores(_scores(macro_f1), 0.7, 50, 3, 27, 4, None, None),
        context=ContextScores(8, 0.6, _interval(0.3), _interval(0.3), 2, 1, 1, 0, 0),
    )
    write_files(folder, {"results.json": results_json(StanceResults(run, (part,)))})
    return folder


@pytest.fixture
def adapter(tmp_path: Path) -> Path:
    folder = tmp_path / "adapter"
    folder.mkdir()
    for name in ("adapter.json", "results.json", "calibration.json"):
        shutil.copy(WEIGHTS_DIR / "small" / name, folder / name)
    return folder


def test_the_card_states_the_run(adapter: Path, tmp_path: Path) -> None:
    sha256 = json.loads((adapter / "adapter.json").read_text())["sha256"]
    card = store(adapter, [_run(tmp_path / "one", sha256, 0.70)]).read_text(encoding="utf-8")
    row = "| harbour | 77 | 0.700 [0.400, 0.900] | 0.210 | 0.720 | 3/50 | 4/27 | 0.050 |"
    assert row in card
    assert "with its 90 % bootstrap interval" in card
    stored = json.loads((adapter / "evaluation.json").read_text(encoding="utf-8"))
    assert stored["runs"][0]["sets"][0]["n"] == 77
    assert write_model_card(adapter).read_text(encoding="utf-8") == card


def test_news_comes_first_and_its_labels_are_described(adapter: Path, tmp_path: Path) -> None:
    sha256 = json.loads((adapter / "adapter.json").read_text())["sha256"]
    own = _run(tmp_path / "own", sha256, 0.91)
    about = {"harbour": "Labelled by reading, one annotator each."}
    news = _run(tmp_path / "news", sha256, 0.52, name="news", about=about)
    card = store(adapter, [own, news]).read_text(encoding="utf-8")
    assert card.index("configs/eval/news.yaml") < card.index("configs/eval/dev.yaml")
    assert card.index("configs/eval/dev.yaml") < card.index("## Data")
    assert "What the labels are:\n\n- harbour: Labelled by reading, one annotator each." in card


def test_stored_runs_stay_beside_new_ones_of_other_names(adapter: Path, tmp_path: Path) -> None:
    sha256 = json.loads((adapter / "adapter.json").read_text())["sha256"]
    store(adapter, [_run(tmp_path / "one", sha256, 0.7)])
    store(adapter, [_run(tmp_path / "two", sha256, 0.5, name="news")])
    card = store(adapter, [_run(tmp_path / "three", sha256, 0.8)]).read_text(encoding="utf-8")
    assert "| 0.700 [" not in card.replace("harbour | 77", "")
    assert [line.split("|")[3].strip() for line in card.splitlines() if "| harbour |" in line] == [
        "0.500 [0.400, 0.900]",
        "0.800 [0.400, 0.900]",
    ]


def test_perturbed_inputs_stand_beside_their_bar(adapter: Path, tmp_path: Path) -> None:
    sha256 = json.loads((adapter / "adapter.json").read_text())["sha256"]
    run = _facts("news_behaviour", sha256, "perturbation")
    none = PerturbationScores("speaker swapped", "the answer stays", 0, 0, None, None, ())
    some = PerturbationScores(
        "target unrelated", "neutral", 20, 12, _interval(0.9, 0.8, 0.95), 0.95, ()
    )
    folder = tmp_path / "run"
    write_files(folder, {"results.json": results_json(PerturbationResults(run, (none, some)))})
    card = store(adapter, [folder]).read_text(encoding="utf-8")
    assert "| target unrelated | neutral | 12 | 0.900 [0.800, 0.950] | ≥ 0.95 |" in card
    assert "| speaker swapped | the answer stays | 0 |  |  |" in card


def test_what_a_number_format_costs_stands_behind_the_sets(adapter: Path, tmp_path: Path) -> None:
    sha256 = json.loads((adapter / "adapter.json").read_text())["sha256"]
    half = {
        "format": "bf16",
        "same": 0.9968,
        "macro_f1": 0.7249,
        "change": [-0.0001, -0.002, 0.002],
    }
    run = {
        "name": "formats",
        "commit": "abc",
        "created": "2026-01-02T00:00:00Z",
        "rows": 77,
        "formats": [{**half, "wrong_sides": 9, "speed": 2.04}],
    }
    folder = tmp_path / "formats"
    write_files(folder, {"formats.json": json.dumps({"sha256": sha256, "run": run})})
    card = store(adapter, [folder, _run(tmp_path / "dev", sha256, 0.7)]).read_text(encoding="utf-8")
    assert "### `python -m eval.formats --checkpoint small --rows 77`" in card
    assert "| `bf16` | 99.7 % | 0.725 | -0.000 [-0.002, +0.002] | 9 | 2.04 |" in card
    assert card.index("configs/eval/dev.yaml") < card.index("eval.formats")
    write_files(folder, {"formats.json": json.dumps({"sha256": "other", "run": run})})
    with pytest.raises(DataError, match="measured another adapter"):
        store(adapter, [folder])
    write_files(folder, {"formats.json": json.dumps({"sha256": sha256})})
    with pytest.raises(DataError, match="'run' is no object"):
        store(adapter, [folder])


def test_the_card_says_for_which_data_a_licence_is_stated(adapter: Path) -> None:
    path = adapter / "results.json"
    facts = json.loads(path.read_text(encoding="utf-8"))
    facts["data"] = [
        {"name": name, "role": "train", "pairs": 9, "labels": {}, "licence": licence}
        for name, licence in (("claims", "MIT"), ("own", "Apache-2.0"), ("news", None))
    ]
    for row in facts["data"]:
        row["citation"] = None
    path.write_text(json.dumps(facts), encoding="utf-8")
    card = write_model_card(adapter).read_text(encoding="utf-8")
    assert "A licence is stated for claims, own. None is stated for news." in card


def test_a_run_of_another_adapter_is_refused(adapter: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match="measured another adapter"):
        store(adapter, [_run(tmp_path / "one", "other", 0.7)])


def test_runs_of_other_tasks_are_refused(adapter: Path, tmp_path: Path) -> None:
    attribution = _run(tmp_path / "one", "x", 0.7, "attribution")
    with pytest.raises(DataError, match="a run of task attribution"):
        store(adapter, [attribution])


def test_a_card_never_states_the_runs_of_other_weights(adapter: Path, tmp_path: Path) -> None:
    sha256 = json.loads((adapter / "adapter.json").read_text())["sha256"]
    store(adapter, [_run(tmp_path / "one", sha256, 0.7)])
    facts = json.loads((adapter / "adapter.json").read_text())
    (adapter / "adapter.json").write_text(
        json.dumps({**(facts := {**facts, "sha256": "0" * 64}), "checksum": checksum_of(facts)})
    )
    assert "harbour" not in write_model_card(adapter).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["small", "base"])
def test_the_bundled_cards_are_what_their_facts_give(name: str, tmp_path: Path) -> None:
    copy = tmp_path / name
    shutil.copytree(WEIGHTS_DIR / name, copy)
    shipped = (WEIGHTS_DIR / name / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert write_model_card(copy).read_text(encoding="utf-8") == shipped
