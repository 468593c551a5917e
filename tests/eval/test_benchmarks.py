"""The run over public benchmarks: one table, what is missing is named, training is left out."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from eval.__main__ import app
from eval.attribution_systems import regex_system
from eval.benchmarks.headline import HEADLINES
from eval.benchmarks.seen import are_seen, beginning, hash_of, normalised, read_hashes
from stance.errors import DataError
from stance.evaluation.tasks.attribution.run import System

ROOT = Path(__file__).resolve().parents[2]
TWEETS = [  # of the keyword classifier: "out" is against, "come" favor, all else neutral
    ("1", "Troops", "Get out!", "AGAINST"),
    ("2", "Troops", "Come in, all of you", "FAVOR"),
    ("3", "Troops", "Come what may", "AGAINST"),
    ("4", "Bases", "A seen tweet, out with it", "AGAINST"),
    ("5", "Bases", "It rains", "NONE"),
    ("6", "Bases", "They may stay for ever", "FAVOR"),
]
ARGUMENTS = (
    "topic,argument,key_point,stance,label\nBases,Out with them,k,1,0\nBases,So be it,k,-1,0\n"
)


@pytest.fixture
def run(tmp_path, monkeypatch, keyword_classifier):
    """A config of three benchmarks of which two are there, and a function that runs it."""
    data = tmp_path / "data"
    data.mkdir()
    rows = ["\t".join((n, target, f"{text} #SemST", s)) for n, target, text, s in TWEETS]
    (data / "gold.txt").write_text("\n".join(["ID\tTarget\tTweet\tStance", *rows]))
    (data / "ArgKP_dataset.csv").write_text(ARGUMENTS)
    np.save(tmp_path / "seen.npy", np.array([hash_of("a seen tweet out with it")], np.uint64))
    (tmp_path / "public.yaml").write_text(
        "task: benchmarks\ntrained: seen.npy\nbootstrap: 50\nbenchmarks:\n"
        "- {name: tweets, format: semeval, files: [semeval/gold.txt], headline: F_avg,\n"
        "   labels: {AGAINST: against, FAVOR: favor, NONE: neutral}, training: nothing of it,\n"
        "   published: [{system: a team, value: 0.5, source: A paper}]}\n"
        "- {name: arguments, format: argkp, files: [ArgKP_dataset.csv], headline: accuracy,\n"
        '   labels: {"1": favor, "-1": against}, training: its train split}\n'
        "- {name: comments, format: vast, files: [vast/vast_test.csv], training: nothing}\n"
    )
    monkeypatch.setattr("stance.load", lambda name, **_: keyword_classifier, raising=False)

    def call(*arguments: str):
        config = [str(tmp_path / "public.yaml"), "--output", str(tmp_path / "o")]
        return CliRunner().invoke(app, [*config, *arguments])

    return call, tmp_path


def test_one_table_of_what_is_there(run) -> None:
    call, folder = run
    done = call("--data", str(folder / "data"))
    assert done.exit_code == 0, done.output
    table = json.loads((folder / "o" / "benchmarks.json").read_text())
    tweets, arguments = table["lines"]
    assert (tweets["n"], tweets["left_out"], arguments["n"]) == (5, 1, 2)
    # against 1 of 1 named, 2 there; favor 1 right of 2 named and 2 there; neutral 1 of 2 named
    assert tweets["value"]["value"] == pytest.approx((2 / 3 + 1 / 2) / 2)
    assert tweets["ours"]["value"] == pytest.approx((2 / 3 + 1 / 2 + 2 / 3) / 3)
    # the first is against; of neutral the sides share the rest, and against comes first
    assert arguments["value"]["value"] == 0.5
    assert arguments["ours"]["value"] == 0.0
    for text in ("tweets", "F_avg", "0.583 [", "0.500 a team (A paper)", "its train split"):
        assert text in " ".join(done.output.split())
    assert "not run: comments: looked for" in done.output
    assert str(folder / "data" / "vast" / "vast_test.csv") in done.output.replace("\n", "")
    page = (folder / "o" / "report.md").read_text()
    assert "1 of 6 rows stand in training and are left out" in page
    markdown = (folder / "o" / "benchmarks.md").read_text()
    assert markdown.count("| tweets |") == 1 and "not run: comments" in markdown


def test_the_table_is_rebuilt_byte_for_byte(run) -> None:
    call, folder = run
    call("--data", str(folder / "data"))
    before = {path.name: path.read_bytes() for path in (folder / "o").iterdir()}
    (folder / "o" / "benchmarks.md").unlink()
    done = call("--rebuild")
    assert done.exit_code == 0, done.output
    assert {path.name: path.read_bytes() for path in (folder / "o").iterdir()} == before


def test_nothing_there_and_other_files_are_errors(run) -> None:
    call, folder = run
    (folder / "empty").mkdir()
    none = call("--data", str(folder / "empty"))
    assert none.exit_code == 2 and "no benchmark to measure: tweets: looked for" in none.stderr
    assert "give --data" in call().stderr
    config = folder / "public.yaml"
    text = config.read_text()
    config.write_text(text.replace("headline: F_avg", "headline: F_avg, sha256: [abc]"))
    other = call("--data", str(folder / "data"))
    assert other.exit_code == 2 and "but the config says abc" in other.stderr
    config.write_text(text)
    (folder / "data" / "gold.txt").write_text("ID\tTarget\tTweet\tStance\n1\tTroops\tOut\n")
    bad = call("--data", str(folder / "data"))
    assert bad.exit_code == 2 and "gold.txt, line 2: 3 fields" in bad.stderr


def test_a_benchmark_that_was_all_trained_on_is_not_run(run) -> None:
    call, folder = run
    seen = np.array([hash_of("out with them"), hash_of("so be it")], np.uint64)
    np.save(folder / "seen.npy", np.sort(seen))
    done = call("--data", str(folder / "data"))
    assert "not run: arguments: every row stands in training" in done.output


def test_headlines_by_hand() -> None:
    """Two targets; rows gold, columns predicted: against, neutral, favor."""
    first = [[3, 0, 1], [0, 0, 0], [1, 0, 3]]
    second = [[0, 1, 1], [0, 2, 0], [0, 0, 1]]
    counts = np.array([first, second])
    # against: 3 hits, 4 named, 6 there; favor: 4 hits, 6 named, 5 there; neutral: 2, 3, 2
    against, favor, neutral = 6 / 10, 8 / 11, 4 / 5
    expected = {
        "F_avg": (against + favor) / 2,
        "F_avg by target": ((0.75 + 0.75) / 2 + (0 + 2 / 3) / 2) / 2,
        "macro F1": (against + favor + neutral) / 3,
        "accuracy": 9 / 13,
        "F1 of favor": favor,
    }
    assert {name: float(measure(counts)) for name, measure in HEADLINES.items()} == pytest.approx(
        expected
    )


def test_a_text_is_found_whatever_its_punctuation(tmp_path) -> None:
    known = [hash_of("we stay a while"), hash_of(beginning("Word " * 90))]
    hashes = np.array(sorted(known), np.uint64)
    texts = ["“We STAY, a while!” https://x.example/y", "we stay @ana a while", "We stay."]
    assert are_seen(map(normalised, texts), hashes) == [True, True, False]
    assert are_seen([beginning("word, " * 50 + "and another end")], hashes) == [True]
    (tmp_path / "bad.npy").write_bytes(b"no array")
    with pytest.raises(DataError, match=r"cannot read .*bad\.npy"):
        read_hashes(tmp_path / "bad.npy")


def test_own_training_statements_are_among_the_stored_hashes() -> None:
    hashes = read_hashes(ROOT / "eval" / "benchmarks" / "trained.npy")
    for file in sorted((ROOT / "configs" / "train" / "statements").glob("*.jsonl")):
        lines = file.read_text(encoding="utf-8").splitlines()
        texts = [json.loads(line)["text"] for line in lines if line.strip()]
        assert all(are_seen(map(normalised, texts), hashes)), f"{file.name}: see eval/benchmarks"


def test_marked_articles_are_scored_beside_the_pairs(run, monkeypatch) -> None:
    call, folder = run
    test = folder / "data" / "polnear"
    for name in ("text", "attributions"):
        (test / name).mkdir(parents=True)
    article = "“We want them to leave our country now,” said Ana Ruiz."
    for name, text in (("one", article), ("two", f"Seen before. {article}")):
        (test / "text" / f"{name}.txt").write_text(text, encoding="utf-8")
    spans = (
        "T1\tContent 0 40\t“We want them to leave our country now,”\nT2\tSource 46 54\tAna Ruiz\n"
    )
    brat = f"{spans}T3\tCue 41 45\tsaid\nE1\tAttribution:T3 Source:T2 Cue:T3 Content:T1\n"
    for name in ("one", "two"):
        (test / "attributions" / f"{name}_a.ann").write_text(
            brat if name == "one" else "", encoding="utf-8"
        )
    seen = [hash_of(beginning(f"Seen before. {article}"))]
    np.save(folder / "seen.npy", np.array(seen, np.uint64))
    (folder / "public.yaml").write_text(
        "task: benchmarks\ntrained: seen.npy\nbootstrap: 50\nbenchmarks:\n"
        "- {name: P, format: polnear, files: [polnear], answers: statements, training: some}\n"
    )
    found = {"stance": System(regex_system)}, {}
    monkeypatch.setattr("eval.benchmarks.run.load_systems", lambda config: found)
    done = call("--data", str(folder / "data"))
    assert done.exit_code == 0, done.output
    (line,) = json.loads((folder / "o" / "benchmarks.json").read_text())["lines"]
    assert (line["n"], line["left_out"], line["value"]) == (1, 1, None)
    assert line["ours"]["value"] == 1.0
    assert call("--rebuild").exit_code == 0
