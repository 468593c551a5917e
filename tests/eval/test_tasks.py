"""The other tasks of the harness, and the configs that are shipped."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent


def test_behaviour_runs_and_rebuilds(setup, tmp_path) -> None:
    call, folder, _ = setup
    config = tmp_path / "behaviour.yaml"
    config.write_text("task: behaviour\n")
    done = call(path=config)
    assert done.exit_code == 0, done.output
    assert "target_swap" in done.output
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    assert results["cases"] >= 250
    before = (folder / "results.json").read_bytes()
    assert call("--rebuild", path=config).exit_code == 0
    assert (folder / "results.json").read_bytes() == before
    assert call("--rebuild").exit_code == 2


def test_attribution_runs_and_rebuilds(setup, tmp_path, write_jsonl) -> None:
    call, folder, _ = setup
    text = "“We want them out,” Ana Ruiz said."
    gold = {"source": [[20, 28]], "cue": [[29, 33]], "content": [[0, 19]]}
    data = write_jsonl("attribution_dev.jsonl", [{"text": text, "attributions": [gold]}])
    config = tmp_path / "attribution.yaml"
    config.write_text("task: attribution\nsystems: [rules, regex]\nbootstrap: 10\n")
    done = call("--data", str(data), path=config)
    assert done.exit_code == 0, done.output
    assert "direct span, exact" in done.output
    assert "<th>rules" in (folder / "report.html").read_text(encoding="utf-8")
    before = (folder / "report.html").read_bytes()
    assert call("--rebuild", path=config).exit_code == 0
    assert (folder / "report.html").read_bytes() == before
    assert call(path=config).exit_code == 2
    assert call("--data", str(data), "--checkpoint", "base", path=config).exit_code == 2


def test_attribution_reads_both_files_of_a_folder_and_lists_errors(
    setup, tmp_path, write_jsonl
) -> None:
    call, _, _ = setup
    text = "“We want them out,” Ana Ruiz said."
    item = {"source": [[20, 28]], "cue": [[29, 33]], "content": [[0, 19]]}
    data = write_jsonl("attribution_dev.jsonl", [{"text": text, "attributions": [item]}])
    named = {
        "speakers": [{"name": "Ana Ruiz", "kind": "person"}, {"name": "Ida", "kind": "person"}],
        "attributions": [{**item, "speaker": "Ida"}],
    }
    write_jsonl("attribution_world_dev.jsonl", [{"text": text, **named}])
    config = tmp_path / "attribution.yaml"
    config.write_text("task: attribution\nsystems: [rules]\nbootstrap: 10\n")
    done = call("--data", str(data.parent), "--errors", "5", path=config)
    assert done.exit_code == 0, done.output
    for words in ("attribution_dev: 1 articles", "attribution_world_dev: 1 articles"):
        assert words in done.output
    assert "speaker right, of the statements found" in done.output
    assert "wrong speaker" in done.output and "speaker in gold: Ida" in done.output
    assert "speaker found: Ana Ruiz" in done.output


@pytest.mark.parametrize("name", ["article", "dev", "news"])
def test_bundled_configs_of_sets_are_valid(name) -> None:
    from eval.sets import load_config

    assert load_config(ROOT / "configs" / "eval" / f"{name}.yaml").sets


@pytest.mark.parametrize(
    "name", ["news_behaviour", "behaviour", "attribution", "end_to_end", "fairness"]
)
def test_bundled_configs_of_other_tasks_are_valid(name) -> None:
    from eval.attribution_systems import AttributionConfig
    from eval.harness import BehaviourConfig, EndToEndConfig, FairnessConfig
    from eval.perturb.cases import PerturbationConfig
    from stance.config import load_yaml_dataclass

    kinds = {
        "news_behaviour": PerturbationConfig,
        "behaviour": BehaviourConfig,
        "attribution": AttributionConfig,
        "end_to_end": EndToEndConfig,
        "fairness": FairnessConfig,
    }
    load_yaml_dataclass(ROOT / "configs" / "eval" / f"{name}.yaml", kinds[name])


def test_fairness_runs_on_the_names_and_templates_of_a_config(setup, tmp_path) -> None:
    call, _, _ = setup
    rows = ["north\tAda Berg\tBerg\tf\n", "north\tIvo Lund\tLund\tm\n"]
    (tmp_path / "n.tsv").write_text("region\tname\tshort\tgender\n" + "".join(rows))
    (tmp_path / "t.yaml").write_text("- {id: t, text: '“[A: We stay here],” said {A}.'}\n")
    config = tmp_path / "fairness.yaml"
    config.write_text("task: fairness\nsystem: rules\ntable: n.tsv\ntemplates: t.yaml\n")
    done = call(path=config)
    assert done.exit_code == 0, done.output
    assert "north" in done.output and "1.000" in done.output
    assert call("--rebuild", path=config).exit_code == 0
    assert call("--checkpoint", "small", path=config).exit_code == 2


def test_end_to_end_needs_its_two_files(setup, tmp_path) -> None:
    call, _, _ = setup
    config = tmp_path / "end.yaml"
    config.write_text("task: end_to_end\n")
    done = call("--data", str(tmp_path), path=config)
    assert done.exit_code == 2 and "no news_world_articles.jsonl.gz" in done.output
