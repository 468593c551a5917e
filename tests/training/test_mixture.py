from __future__ import annotations

import json
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from stance.errors import ConfigError, DataError
from stance.labels import Sentiment, Stance
from stance.model.targets import load_targets
from stance.training.exchanges import load_replies
from stance.training.mixture import (
    MixtureConfig,
    build_mixture,
    negate_target,
    noun_phrase_target,
    unlabelled_pairs,
)
from stance.training.sources import (
    TrainingPair,
    read_own_statements,
    read_tone_pairs,
    split_by_theme,
)

ROOT = Path(__file__).resolve().parent.parent.parent
STATEMENTS = ROOT / "configs" / "train" / "statements"


@pytest.mark.parametrize(
    ("target", "negated"),
    [
        ("We should ban zoos", "We should not ban zoos"),
        ("Zoos should not be banned", "Zoos should be banned"),
        ("School is free for all", "School is not free for all"),
        ("foreign intervention", None),
    ],
)
def test_negated_targets(target: str, negated: str | None) -> None:
    assert negate_target(target) == negated


def test_noun_phrase_targets_turn_the_label_with_the_verb() -> None:
    assert noun_phrase_target("We should ban zoos.") == ("zoos", True)
    assert noun_phrase_target("We should subsidize rail travel") == ("rail travel", False)
    assert noun_phrase_target("Zoos are sad") is None


def test_tone_sentences_have_one_polarity(write_jsonl) -> None:
    path = write_jsonl(
        "t.jsonl",
        [
            {"text": "A praised B.", "target": "A", "sentiment": "positive"},
            {"text": "A praised B.", "target": "B", "sentiment": "negative"},
            {"text": "C wept.", "target": "C", "sentiment": "negative"},
        ],
    )
    pairs = read_tone_pairs(path)
    assert [(p.statement, p.sentiment, p.stance) for p in pairs] == [
        ("C wept.", Sentiment.NEGATIVE, None)
    ]


def test_own_statements_are_many_balanced_and_two_sided() -> None:
    rows = read_own_statements(STATEMENTS)
    assert len(rows) >= 1500
    labels = [stance for row in rows for target, stance in row.targets if "foreign" in target]
    for stance in Stance:
        assert labels.count(stance) / len(labels) > 0.2
    both = sum({Stance.FAVOR, Stance.AGAINST} <= {s for _, s in row.targets} for row in rows)
    assert both / len(rows) > 0.5
    assert sum(bool(row.context) for row in rows) >= len(rows) * 0.15
    crossed = {(row.sentiment, stance) for row in rows for _, stance in row.targets}
    assert len(crossed) == 9


def test_themes_are_split_whole() -> None:
    train, held = split_by_theme(read_own_statements(STATEMENTS), 0.08, seed=0)
    assert not {(s.file, s.theme) for s in train} & {(s.file, s.theme) for s in held}
    assert 0.04 < len(held) / (len(held) + len(train)) < 0.15


def test_evaluation_statements_are_not_in_training() -> None:
    book = load_replies(STATEMENTS.parent / "replies.yaml")
    replies = [phrase for field in fields(book) for phrase in getattr(book, field.name)]
    folders = (STATEMENTS, STATEMENTS.parent / "calibration")
    texts = [statement.text for folder in folders for statement in read_own_statements(folder)]
    trained = {_words(text) for text in [*texts, *replies]}
    for path in (ROOT / "eval" / "data").glob("*.jsonl"):
        for line in path.read_text(encoding="utf-8").splitlines():
            assert _words(json.loads(line)["text"]) not in trained


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"id": "a", "sentiment": "neutral", "targets": [{}]}, "'text'"),
        ({"id": "a", "text": "x", "sentiment": "neutral", "targets": []}, "'targets'"),
        ({"id": "a", "text": "x", "sentiment": "neutral", "targets": ["troops"]}, "'troops'"),
        ({"id": "a", "text": "x", "sentiment": "glad", "targets": [{}]}, "'glad'"),
        (
            {
                "id": "a",
                "text": "x",
                "sentiment": "neutral",
                "targets": [{"target": "t", "stance": "maybe"}],
            },
            "'maybe'",
        ),
    ],
)
def test_bad_rows_name_file_and_line(write_jsonl, row: dict[str, object], message: str) -> None:
    path = write_jsonl("s.jsonl", [row])
    with pytest.raises(DataError, match=rf"s\.jsonl, line 1: .*{message}"):
        read_own_statements(path.parent)


def _data(folder: Path) -> Path:
    rows = [
        {
            "text": f"Zoos teach children number {i}",
            "target": "We should ban zoos" if i % 2 else "Zoos are good",
            "stance": "against" if i % 2 else "favor",
            "source": "ibm-argkp" if i % 2 else "perspectrum",
        }
        for i in range(40)
    ]
    tone = [
        {"text": f"He wept {i}.", "target": "He", "sentiment": "negative", "source": "newsmtsc"}
        for i in range(10)
    ]
    for stem, content in (
        ("stance_train", rows),
        ("stance_dev", rows),
        ("target_sentiment_train", tone),
        ("target_sentiment_dev", tone),
    ):
        text = "".join(json.dumps(row) + "\n" for row in content)
        (folder / f"{stem}.jsonl").write_text(text, encoding="utf-8")
    return folder


def test_the_mixture_is_deterministic_and_has_every_part(tmp_path: Path) -> None:
    data = _data(tmp_path)
    config = MixtureConfig(opposite=1.0, noun_phrase=1.0, neutral=0.5)
    mixture = build_mixture(data, STATEMENTS, config, seed=3)
    assert mixture == build_mixture(data, STATEMENTS, config, seed=3)
    assert mixture != build_mixture(data, STATEMENTS, config, seed=4)
    public = [p for p in mixture if p.source == "ibm-argkp"]
    assert {("zoos", Stance.FAVOR), ("We should not ban zoos", Stance.FAVOR)} <= {
        (p.target, p.stance) for p in public
    }
    assert any(p.stance is Stance.NEUTRAL for p in public)
    assert any(p.source == "news-tone" and p.stance is None for p in mixture)


def test_own_targets_are_given_in_every_wording(tmp_path: Path) -> None:
    data = _data(tmp_path)
    wording = load_targets().find("foreign intervention")
    assert wording is not None
    plain = build_mixture(data, STATEMENTS, MixtureConfig(), seed=3)
    reworded = build_mixture(data, STATEMENTS, MixtureConfig(wordings=0.5, opposed=0.3), seed=3)
    gold = {(p.statement, p.context): p.stance for p in plain if p.target == "foreign intervention"}
    flip = {Stance.FAVOR: Stance.AGAINST, Stance.AGAINST: Stance.FAVOR}
    claims = [p for p in reworded if p.target in wording.claims]
    opposed = [p for p in reworded if p.target in wording.opposed and not p.context]
    assert len(claims) > 50 and len(opposed) > 50
    for pair in claims:
        assert gold.get((pair.statement, pair.context), pair.stance) is pair.stance
    turned = [p for p in opposed if (p.statement, "") in gold]
    agree = sum(p.stance is flip.get(gold[p.statement, ""], gold[p.statement, ""]) for p in turned)
    assert agree / len(turned) > 0.95  # a few statements name an opposed target themselves


def test_shares_of_own_files(tmp_path: Path) -> None:
    data = _data(tmp_path)
    config = MixtureConfig(own_shares={"*": 0.0, "officials": 1.0, "reported_speech": 0.2})
    mixture = build_mixture(data, STATEMENTS, config, seed=3)
    whole = build_mixture(data, STATEMENTS, MixtureConfig(), seed=3)

    def count(pairs: list[TrainingPair], source: str) -> int:
        return sum(p.source == source for p in pairs)

    assert {p.source for p in mixture if p.source.startswith("own-")} == {
        "own-officials",
        "own-reported_speech",
    }
    assert count(mixture, "own-officials") == count(whole, "own-officials")
    assert 0 < count(mixture, "own-reported_speech") < count(whole, "own-reported_speech") / 2


@pytest.mark.parametrize(
    "config",
    [MixtureConfig(own_shares={"trops": 1.0}), MixtureConfig(shares={"trops": 1.0})],
    ids=["own_shares", "shares"],
)
def test_a_share_of_an_unknown_source_or_file_is_named(
    config: MixtureConfig, tmp_path: Path
) -> None:
    with pytest.raises(ConfigError, match=r"shares: .* has no 'trops'; it has "):
        build_mixture(_data(tmp_path), STATEMENTS, config, seed=3)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"shares": {"p-stance": 1.2}}, "shares.p-stance is 1.2: give a number from 0 to 1"),
        ({"own_shares": {"*": -0.1}}, r"own_shares.\* is -0.1"),
        ({"typos": 2.0}, "typos is 2.0"),
        ({"wordings": 0.7, "opposed": 0.5}, r"wordings \+ opposed is 1.2"),
        ({"tone": -1}, "tone is -1: give 0 or more"),
    ],
)
def test_values_out_of_range_are_named(settings: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        MixtureConfig(**settings)


@pytest.mark.parametrize(
    "texts",
    [[("p-stance", "A"), ("p-stance", "B")], [("ibm", "A"), ("ibm", "A")]],
    ids=["tweets", "one target"],
)
def test_neutral_pairs_that_cannot_be_made_are_an_error(
    texts: list[tuple[str, str]], tmp_path: Path
) -> None:
    data = _data(tmp_path)
    rows = [
        {"text": f"Text {i}", "target": target, "stance": "favor", "source": source}
        for i, (source, target) in enumerate(texts * 10)
    ]
    text = "".join(json.dumps(row) + "\n" for row in rows)
    (data / "stance_train.jsonl").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match="set neutral to 0"):
        build_mixture(data, STATEMENTS, MixtureConfig(), seed=3)
    assert build_mixture(data, STATEMENTS, MixtureConfig(neutral=0.0), seed=3)


def test_exchanges_without_claims_are_an_error(tmp_path: Path) -> None:
    config = MixtureConfig(shares={"*": 0.0}, exchanges=10)
    with pytest.raises(ConfigError, match="set exchanges to 0"):
        build_mixture(_data(tmp_path), STATEMENTS, config, seed=3)


def test_typing_errors_change_a_few_words(tmp_path: Path) -> None:
    data = _data(tmp_path)
    plain, typed = (
        build_mixture(data, STATEMENTS, MixtureConfig(typos=share, quoted=0.0), seed=3)
        for share in (0.0, 1.0)
    )
    originals = {p.statement for p in plain}
    own = [p.statement for p in typed if p.source.startswith("own-") and len(p.statement) > 60]
    assert sum(text in originals for text in own) < len(own) / 20
    words = {word for text in originals for word in text.split()}
    strange = sum(word not in words for text in own for word in text.split())
    assert 1 <= strange / len(own) <= 3


def test_unlabelled_pairs_carry_no_label_and_are_deterministic(tmp_path: Path) -> None:
    data = _data(tmp_path)
    pairs = unlabelled_pairs(data, STATEMENTS, MixtureConfig(), 60, seed=1)
    assert len(pairs) == 60
    assert all(p.stance is None and p.sentiment is None for p in pairs)
    assert pairs == unlabelled_pairs(data, STATEMENTS, MixtureConfig(), 60, seed=1)


def test_unlabelled_statements_are_mostly_no_statement_as_written(tmp_path: Path) -> None:
    plain = MixtureConfig(quoted=0.0, surroundings=0.0)
    pairs = unlabelled_pairs(_data(tmp_path), STATEMENTS, plain, 800, seed=1)
    own = [p.statement for p in pairs if p.source.startswith("own-")]
    written = {s.text for s in read_own_statements(STATEMENTS)}
    assert all(statement.strip() for statement in own)
    assert 0.5 < sum(statement not in written for statement in own) / len(own) < 0.75
    joined = [s for s in own if any(s.startswith(w) and s != w for w in written)]
    assert len(joined) > 0.05 * len(own)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="stance_train"):
        build_mixture(tmp_path, STATEMENTS, MixtureConfig(), seed=0)
