from __future__ import annotations

import csv
import json
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

import stance
from stance.evaluation.report import escape_markdown

ROOT = Path(__file__).resolve().parent.parent.parent
NASTY = 'Out, <script>alert("x")</script> & | `never`'  # row 3 of conftest.py


def row(number: int, text: str, stance: str, **more: object) -> dict[str, object]:
    return {"id": f"r{number}", "text": text, "target": "troops", "stance": stance, **more}


class Checker(HTMLParser):
    """Collects the tags of a page, and what does not close."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag not in {"meta", "rect", "circle", "path", "polyline", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if self.open and self.open[-1] == tag:
            self.open.pop()


def test_run_writes_and_prints(setup) -> None:
    call, folder, _ = setup
    done = call()
    assert done.exit_code == 0, done.output
    assert {p.name for p in folder.iterdir()} == {
        "predictions.csv",
        "results.json",
        "report.md",
        "report.html",
    }
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    stance = results["sets"][0]["stance"]["overall"]
    assert stance["accuracy"]["value"] == 0.75
    assert stance["absent"] == ["neutral"]
    assert set(stance["baselines"]) == {"majority", "sentiment", "gold-sentiment", "vader"}
    assert stance["calibration"]["ece_before"] != stance["calibration"]["ece_after"]
    assert results["sets"][0]["context"]["changed_to_right"] == 1
    assert results["sets"][0]["agreement"]["predicted"]["share"] == 1.0
    run = results["run"]
    assert re.fullmatch("[0-9a-f]{16}", run["config_hash"])
    assert run["checkpoint"]["sha256"] == "f" * 64
    assert run["seed"] == 13
    assert run["code"]["version"] and run["code"]["sha256"]
    assert run["rows"] == 4
    assert "baseline tfidf" in run["not_run"]
    for text in ("macro F1", "0.750", "1 error", NASTY, "majority", "neutral (absent)", "Brier"):
        assert text in done.output


def test_text_is_escaped(setup) -> None:
    call, folder, _ = setup
    call()
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "A &lt;b&gt;" in page
    checker = Checker()
    checker.feed(page)
    assert not checker.open
    assert "svg" in checker.tags
    assert not re.search(r"(?:src|href)=", page), "the page must not load anything"
    markdown = (folder / "report.md").read_text(encoding="utf-8")
    assert "<script" not in markdown.replace("\\<script", "")
    assert escape_markdown("a|b\n*c*") == "a\\|b \\*c\\*"


def test_markdown_tables_are_whole(setup) -> None:
    call, folder, _ = setup
    call()
    lines = (folder / "report.md").read_text(encoding="utf-8").split("\n")
    for first, rule in pairwise(lines):
        if rule.startswith("|---"):
            width = rule.count("|")
            assert len(re.findall(r"(?<!\\)\|", first)) == width
            body = lines[lines.index(rule) + 1]
            assert len(re.findall(r"(?<!\\)\|", body)) == width


def test_rebuild_gives_the_same_without_torch(setup) -> None:
    call, folder, _ = setup
    call()
    before = {p.name: p.read_bytes() for p in folder.iterdir()}
    for name in ("report.md", "report.html"):
        (folder / name).unlink()
    code = (
        "import sys; sys.modules['torch'] = sys.modules['transformers'] = None\n"
        "from pathlib import Path; from eval.harness import evaluate\n"
        "from eval.request import Request\n"
        f"evaluate(Request(Path({str(folder.parent / 'mine.yaml')!r}), "
        f"Path({str(folder)!r}), rebuild=True))\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120, cwd=ROOT)
    assert {p.name: p.read_bytes() for p in folder.iterdir()} == before


def test_a_rebuild_by_other_code_says_so(setup) -> None:
    call, folder, _ = setup
    call()
    path = folder / "results.json"
    stored = json.loads(path.read_text(encoding="utf-8"))
    stored["run"]["code"].update(sha256="0" * 16, commit="old")
    path.write_text(json.dumps(stored), encoding="utf-8")
    assert call("--rebuild").exit_code == 0
    run = json.loads(path.read_text(encoding="utf-8"))["run"]
    assert run["code"]["commit"] == "old" and run["rescored"]["sha256"] != "0" * 16
    for name in ("report.md", "report.html"):
        text = (folder / name).read_text(encoding="utf-8")
        assert "scored anew" in text and run["rescored"]["sha256"] in text
    del stored["run"]["checkpoint"]
    path.write_text(json.dumps(stored), encoding="utf-8")
    done = call("--rebuild")
    assert done.exit_code == 2 and "missing key 'checkpoint'" in done.stderr


def test_no_silent_overwrite(setup, write_jsonl) -> None:
    call, folder, fake = setup
    assert call().exit_code == 0
    again = call()
    assert again.exit_code == 0
    assert "Replaces the same evaluation" in again.stderr
    fake.info = replace(fake.info, sha256="0" * 64)
    other = call()
    assert other.exit_code == 2
    assert "holds another run (other checkpoint" in other.stderr
    assert "--overwrite" in other.stderr
    assert call("--overwrite").exit_code == 0
    write_jsonl("mine.jsonl", [row(1, "Get out.", "against"), row(2, "Come in.", "favor")])
    assert "other data" in call().stderr
    (folder / "results.json").unlink()
    assert call().exit_code == 2


def test_data_file_instead_of_the_sets(setup, write_jsonl) -> None:
    call, folder, _ = setup
    other = write_jsonl("other.jsonl", [row(1, "Come.", "neutral"), row(2, "Out.", "against")])
    assert call("--data", str(other)).exit_code == 0
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    assert [(b["set"], b["n"]) for b in results["sets"]] == [("other", 2)]
    assert results["sets"][0]["stance"]["overall"]["absent"] == ["favor"]
    assert results["sets"][0]["sentiment"] is None


def test_public_sets_are_reported_by_source_or_as_not_run(setup, tmp_path, write_jsonl) -> None:
    call, folder, _ = setup
    config = tmp_path / "many.yaml"
    config.write_text(
        "sets:\n- {name: mine, path: mine.jsonl}\n"
        "- {name: public, path: stance_dev, format: public-stance}\n"
        "- {name: sentiment, path: sentiment_dev, format: public-sentiment}\nbootstrap: 20\n"
    )
    assert call(path=config).exit_code == 0
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    few = "cross-validated baselines of mine"
    assert set(results["run"]["not_run"]) == {"public", "sentiment", "baseline tfidf", few}
    (tmp_path / "data").mkdir()
    write_jsonl(
        "data/stance_dev.jsonl",
        [{"text": "Out.", "target": "t", "stance": "against", "source": s} for s in ("one", "two")],
    )
    done = call("--data", str(tmp_path / "data"), "--overwrite", path=config)
    assert done.exit_code == 0, done.output
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    assert [b["source"] for b in results["sets"]] == ["", "one", "two"]
    few_more = "cross-validated baselines of public"
    assert set(results["run"]["not_run"]) == {"sentiment", "baseline tfidf", few, few_more}
    assert "public · two" in done.output


def test_a_damaged_public_set_ends_the_run(setup, tmp_path) -> None:
    call, folder, _ = setup
    config = tmp_path / "many.yaml"
    config.write_text(
        "sets:\n- {name: mine, path: mine.jsonl}\n"
        "- {name: public, path: stance_dev, format: public-stance}\nbootstrap: 20\n"
    )
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "stance_dev.jsonl").write_text('{"text": "Out."\n')
    done = call("--data", str(tmp_path / "data"), path=config)
    assert done.exit_code == 2
    assert "stance_dev.jsonl, line 1" in done.stderr
    assert not folder.exists()


def test_several_checkpoints_stand_side_by_side(setup) -> None:
    call, folder, _ = setup
    done = call("--checkpoint", "one=small", "--checkpoint", "two=base", "--checkpoint", "base")
    assert done.exit_code == 0, done.output
    part = json.loads((folder / "results.json").read_text(encoding="utf-8"))["sets"][0]["stance"]
    names = [item["system"] for item in part["systems"]]
    assert names[:2] == ["one", "two"] and len(names) == 3
    pairs = [(item["first"], item["second"]) for item in part["comparisons"]]
    assert pairs == [(names[0], names[1]), (names[0], names[2]), (names[1], names[2])]
    assert all(item["p_holm"] >= item["p"] for item in part["comparisons"])
    before = (folder / "report.html").read_bytes()
    assert call("--rebuild").exit_code == 0
    assert (folder / "report.html").read_bytes() == before


def test_a_config_lists_checkpoints_and_asks_for_words(setup, monkeypatch) -> None:
    call, folder, _ = setup
    config = folder.parent / "mine.yaml"
    (folder.parent / "mine_adapter").mkdir()
    config.write_text(config.read_text() + "checkpoint: [small, own=mine_adapter]\n")
    asked: list[str] = []
    load = stance.load
    monkeypatch.setattr("stance.load", lambda name, **more: (asked.append(name), load(name))[1])
    done = call()
    assert done.exit_code == 0, done.output
    assert asked == ["small", str(folder.parent / "mine_adapter")]
    config.write_text(config.read_text() + "explain: true\n")
    done = call("--overwrite")
    assert done.exit_code == 2 and "only a checkpoint can be explained" in done.stderr


@pytest.mark.parametrize(
    ("checkpoint", "said"),
    [("[]", "'checkpoint' is empty"), ("['']", "'checkpoint' is empty"), ("[a, 3]", "checkpoint")],
)
def test_a_list_of_checkpoints_is_checked(setup, checkpoint: str, said: str) -> None:
    call, folder, _ = setup
    config = folder.parent / "mine.yaml"
    config.write_text(config.read_text() + f"checkpoint: {checkpoint}\n")
    done = call()
    assert done.exit_code == 2 and said in done.stderr


def test_a_task_of_one_checkpoint_takes_no_two(setup) -> None:
    call, _, _ = setup
    config = ROOT / "configs/eval/behaviour.yaml"
    done = call("--checkpoint", "small", "--checkpoint", "base", path=config)
    assert done.exit_code == 2 and "--checkpoint is given 2 times" in done.stderr


def test_two_checkpoints_of_one_name_need_names(setup) -> None:
    call, folder, _ = setup
    done = call("--checkpoint", "small", "--checkpoint", "base")
    assert done.exit_code == 2 and "two systems have one name" in done.stderr
    assert not (folder / "results.json").exists()


def test_checkpoint_without_sentiment(setup) -> None:
    call, folder, fake = setup
    fake.sentiment = False
    assert call().exit_code == 0
    block = json.loads((folder / "results.json").read_text(encoding="utf-8"))["sets"][0]
    assert block["sentiment_not_run"]
    assert "sentiment" not in block["stance"]["overall"]["baselines"]
    assert call("--rebuild").exit_code == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("sets: []\n", "'sets' is empty"),
        ("sets: [{name: a, path: mine.jsonl}]\nbootstraps: 5\n", "did you mean 'bootstrap'"),
        ("sets: [{name: a, path: mine.jsonl}]\nbootstrap: 0\n", "must be 1 or more"),
        ("sets: [{name: a, path: mine.jsonl}]\nlevel: 1.5\n", "level is 1.5"),
        ("sets: [{name: a, path: absent.jsonl}]\n", "absent.jsonl"),
        ("sets: [{name: a, path: x, format: csv}]\n", "public-stance"),
        ("task: stances\n", "use one of stance, behaviour, perturbation"),
    ],
)
def test_bad_config(setup, tmp_path, text, message) -> None:
    call, _, _ = setup
    path = tmp_path / "bad.yaml"
    path.write_text(text)
    done = call(path=path)
    assert done.exit_code == 2
    assert message in done.stderr
    assert "Traceback" not in done.output


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("p_favor", "lots", "row 1: field 'p_favor' is no number"),
        ("p_favor", "7", "row 1: field 'p_favor' is 7.0: not in"),
        ("stance", "maybe", "row 1: field 'stance': unknown stance"),
        ("stance", "", "row 1: field 'stance' is empty"),
    ],
)
def test_damaged_predictions(setup, column, value, message) -> None:
    call, folder, _ = setup
    call()
    path = folder / "predictions.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    rows[0][column] = value
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    done = call("--rebuild")
    assert done.exit_code == 2
    assert message in done.stderr


def test_rebuild_of_nothing(setup) -> None:
    call, _, _ = setup
    done = call("--rebuild")
    assert done.exit_code == 2
    assert "Run the evaluation first" in done.stderr


def test_sentiment_baselines_need_no_label_in_every_row(setup, write_jsonl) -> None:
    call, folder, _ = setup
    rows = [row(1, "Out.", "against", sentiment="negative"), row(2, "Come.", "favor")]
    assert call("--data", str(write_jsonl("some.jsonl", rows))).exit_code == 0
    block = json.loads((folder / "results.json").read_text())["sets"][0]
    assert block["sentiment"]["n"] == 1
    assert set(block["sentiment"]["baselines"]) == {"majority", "vader"}


def test_a_checkpoint_that_reads_no_context_is_not_tried_without(setup) -> None:
    call, folder, fake = setup
    fake.info = replace(fake.info, reads_context=False)
    assert call().exit_code == 0
    results = json.loads((folder / "results.json").read_text())
    assert results["sets"][0]["context"] is None
    assert "reads no context" in results["run"]["not_run"]["with and without context"]


def test_names_are_printed_as_they_are(setup, write_jsonl) -> None:
    call, _, _ = setup
    rows = [row(1, "Out.", "against", source="[/b]"), row(2, "Come.", "favor", source="[red]x")]
    done = call("--data", str(write_jsonl("odd.jsonl", rows)))
    assert done.exit_code == 0
    assert "[/b]" in done.output and "[red]x" in done.output


def test_statements_with_several_targets(setup, write_jsonl) -> None:
    call, folder, _ = setup
    rows = [row(1, "Out.", "against"), row(1, "Out.", "favor", target="sovereignty")]
    rows += [row(2, "Come.", "favor"), row(3, "Come.", "favor", target="an invitation")]
    rows += [row(4, "It rains.", "favor"), row(5, "It rains.", "favor")]  # one target twice
    assert call("--data", str(write_jsonl("opposed.jsonl", rows))).exit_code == 0
    stance = json.loads((folder / "results.json").read_text())["sets"][0]["stance"]
    assert stance["several_targets"] == {"n": 2, "all_right": 0.5}
    assert stance["overall"]["macro_f1"]["unit"] == "text"
