"""Perturbed inputs made of news rows; every text here is invented."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from eval.__main__ import app
from eval.perturb.cases import PerturbationConfig
from eval.perturb.speakers import swapped
from eval.perturb.targets import opposed, reworded
from eval.perturb.unrelated import Unrelated
from stance.errors import ConfigError
from stance.evaluation.labelled_sets import LabelledRow
from stance.labels import Stance
from stance.model import TargetBook, load_targets

EMPTY = TargetBook()


@pytest.mark.parametrize(
    ("target", "kind", "other"),
    [
        ("the harbour ban", "article dropped", "harbour ban"),
        ("stricter ferry rules", "article dropped", None),
        ("ferry rules", "article added", "the ferry rules"),
        ("cutting ferry fees", "article added", None),
        ("Ruiz's ferry plan", "article added", None),
        ("tougher ferry rules", "article added", None),
        ("a ban on night ferries", "plural", "bans on night ferries"),
        ("the new tax on ferries", "plural", "the new taxes on ferries"),
        ("the strikes in the port", "singular", "the strike in the port"),
        ("sending ferries north", "the plan to", "the plan to send ferries north"),
        ("the ferry plan", "itself", "the ferry plan itself"),
        ("the town council", "itself", "the town council itself"),
        ("the mayor", "itself", None),
        ("The port should close", "the view that", "the view that the port should close"),
        ("Norland should pay", "the view that", "the view that Norland should pay"),
        ("an inquiry into the fees", "synonym", "an investigation into the fees"),
        ("the US", "synonym", "the United States"),
        ("the US Ferry Board", "synonym", None),
        ("The port should close", "synonym", "The port ought to close"),
    ],
)
def test_rewordings(target: str, kind: str, other: str | None) -> None:
    found = [worded for k, worded in reworded(target, EMPTY) if k == kind]
    assert found == ([] if other is None else [other])


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("Ana Ruiz", {"opposition to": "opposition to Ana Ruiz"}),
        (
            "the ferry tax",
            {
                "opposition to": "opposition to the ferry tax",
                "rejecting": "rejecting the ferry tax",
                "an end to": "an end to the ferry tax",
                "ending": "ending the ferry tax",
            },
        ),
        (
            "the claim that the vote was rigged",
            {
                "opposition to": "opposition to the claim that the vote was rigged",
                "denying": "denying the claim that the vote was rigged",
            },
        ),
        ("The port should close", {"claim negated": "The port should not close"}),
        (
            "The new law breaks old promises",
            {"not true": "It is not true that the new law breaks old promises"},
        ),
        ("opposition to the ferry tax", {}),
        ("ending the ferry tax", {}),
    ],
)
def test_opposites(target: str, expected: dict[str, str]) -> None:
    assert dict(opposed(target, EMPTY)) == expected


def test_wordings_of_the_targets_file_are_used() -> None:
    book = load_targets()
    own = book.targets["foreign intervention"]
    same = [other for kind, other in reworded("foreign intervention", book) if kind == "synonym"]
    assert set(own.aliases) <= set(same)
    turned = dict(opposed("foreign intervention", book))
    assert turned["opposite by the targets file"] in own.opposed


ROW = LabelledRow(
    id="g#1",
    text="Mr. Ruiz said the fees were too high",
    target="the harbour fees",
    stance=Stance.AGAINST,
    context="Omar Ruiz met the fishers. [...]. “They are wrong,” Mr. Ruiz added.",
    speaker="Omar Ruiz",
    group="gazette_2016-03-01_fees",
    start=30,
    end=70,
)


def _swaps(row: LabelledRow):
    return {kind: (one, other) for kind, one, other in swapped(row, random.Random(1))}


def test_the_speaker_is_renamed_in_all_that_is_read() -> None:
    before, after = _swaps(ROW)["name"]
    assert before.text == ROW.text and before.speaker == "Omar Ruiz"
    assert after.speaker is not None
    given, family = after.speaker.split()
    assert "Ruiz" not in f"{after.text}{after.context}"
    assert after.text == f"Mr. {family} said the fees were too high"
    assert after.context.startswith(f"{given} {family} met the fishers.")
    assert after.target == before.target


def test_the_form_of_address_is_swapped() -> None:
    _, after = _swaps(ROW)["form of address"]
    assert after.text == "Ms. Ruiz said the fees were too high"
    assert after.context.endswith("Ms. Ruiz added.")
    spoken = replace(ROW, text="She said he was wrong", context="It rained. [...].")
    _, after = _swaps(spoken)["form of address"]
    assert after.text == "He said he was wrong"  # what is said stays


def test_two_parties_are_compared() -> None:
    one, other = _swaps(ROW)["party"]
    named = {part.context.split(",")[1].strip() for part in (one, other)}
    assert named == {"a Republican", "a Democrat"}
    about_parties = replace(ROW, target="the Conservative Party")
    assert "party" not in _swaps(about_parties)


@pytest.mark.parametrize(
    "change",
    [
        {"target": "Omar Ruiz"},
        {"target": "the Ruiz plan"},
        {"speaker": "Norland Fisheries Agency"},
        {"speaker": "the mayor"},
        {"speaker": None},
    ],
)
def test_who_is_no_named_person_or_is_the_target_is_left_alone(change) -> None:
    assert _swaps(replace(ROW, **change)) == {}


def test_unrelated_targets_share_no_word_with_the_article() -> None:
    articles = {
        "fees": "The harbour fees rose. Fishers in Lund protested against the fee.",
        "opera": "The opera in Norland reopens with a new stage and an old singer.",
        "lund": "The museum of Lund closed for the winter.",
    }
    donors = [
        replace(ROW, group="opera", target="reopening the opera"),
        replace(ROW, group="lund", target="the museum in Lund"),  # names a place of the article
        replace(ROW, group="fees", target="the harbour fees"),
    ]
    found = {Unrelated(articles, donors).find("fees", random.Random(i)) for i in range(20)}
    assert found == {"reopening the opera"}
    assert Unrelated(articles, donors[2:]).find("fees", random.Random(1)) is None


def test_donors_are_sets() -> None:
    with pytest.raises(ConfigError, match="donors: 'b' is not among the sets"):
        PerturbationConfig(sets=("a",), donors=("b",))


def test_the_command_makes_runs_and_rebuilds(
    tmp_path: Path, write_jsonl, monkeypatch, keyword_classifier
) -> None:
    texts = {
        "fees-1": "“Out with the harbour fees,” said Omar Ruiz. He left.",
        "opera-1": "“Come to the opera,” said Lena Falk. She sang.",
    }
    write_jsonl("articles.jsonl", [{"id": k, "text": text} for k, text in texts.items()])
    rows = [
        {
            "article": article,
            "n": 0,
            "text": text[1 : text.index(",”")],
            "spans": [[1, text.index(",”")]],
            "kind": "direct",
            "context": text,
            "speaker": speaker,
            "cue": "said",
            "target": target,
            "stance": stance,
            "sentiment": "neutral",
            "sure": 3,
        }
        for (article, text), speaker, target, stance in zip(
            texts.items(),
            ("Omar Ruiz", "Lena Falk"),
            ("the harbour tax", "the opera"),
            ("against", "favor"),
            strict=True,
        )
    ]
    write_jsonl("news.jsonl", rows)
    config = tmp_path / "run.yaml"
    config.write_text(
        "task: perturbation\nsets: [news]\ndonors: [news]\narticles: [articles]\nbootstrap: 20\n"
        "bars: {target opposed: 0.85}\n"
    )
    monkeypatch.setattr("stance.load", lambda name, **_: keyword_classifier, raising=False)
    folder = tmp_path / "o"
    arguments = [str(config), "--output", str(folder)]
    done = CliRunner().invoke(app, [*arguments, "--data", str(tmp_path)])
    assert done.exit_code == 0, done.output
    assert "≥ 0.85" in done.output and "target opposed" in done.output
    results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    by_name = {c["capability"]: c for c in results["capabilities"]}
    # The fake reads no target: it never turns round, and never calls the other target neutral.
    assert by_name["target opposed"]["passed"]["value"] == 0.0
    assert by_name["speaker swapped"]["passed"]["value"] == 1.0
    assert by_name["target unrelated"]["counted"] == 2
    before = (folder / "results.json").read_bytes()
    assert CliRunner().invoke(app, [*arguments, "--rebuild"]).exit_code == 0
    assert (folder / "results.json").read_bytes() == before
    (tmp_path / "articles.jsonl").write_text(json.dumps({"id": "other", "text": "x"}) + "\n")
    done = CliRunner().invoke(app, [*arguments, "--data", str(tmp_path), "--overwrite"])
    assert done.exit_code == 2
    assert "no text of article fees-1" in done.stderr
