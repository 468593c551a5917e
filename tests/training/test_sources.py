"""Sources of a recipe: files found from the recipe or the data folder, groups held out whole."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stance.errors import ConfigError, DataError
from stance.training.attributions import read_contents
from stance.training.records import TrainingPair
from stance.training.sources import (
    Source,
    find_files,
    read_corpus,
    read_source,
    split_by_group,
)

ROWS = [
    {"text": f"Text {i}", "target": "t", "stance": "favor", "article": f"a{i // 2}"}
    for i in range(40)
]


def test_files_are_found_from_the_recipe_or_the_data_folder(tmp_path: Path) -> None:
    home, data = tmp_path / "home", tmp_path / "data"
    for folder, names in ((home, ("a.jsonl", "b.jsonl")), (data, ("c.jsonl.gz",))):
        folder.mkdir()
        for name in names:
            (folder / name).touch()
    assert find_files("*.jsonl", recipe=home, data=None) == [home / "a.jsonl", home / "b.jsonl"]
    assert find_files("$DATA/c.jsonl", recipe=home, data=data) == [data / "c.jsonl.gz"]
    with pytest.raises(ConfigError, match=r"\$DATA/c\.jsonl: give the folder .* with --data"):
        find_files("$DATA/c.jsonl", recipe=home, data=None)
    with pytest.raises(DataError, match=r"home has no c\.jsonl"):
        find_files("c.jsonl", recipe=home, data=data)


def _rows(write_jsonl, name: str) -> None:
    """Forty rows of twenty articles that no other file has."""
    write_jsonl(
        f"{name}.jsonl",
        [
            {**row, "text": f"{row['text']} {name}", "article": f"{name}{row['article']}"}
            for row in ROWS
        ],
    )


def test_roles_part_the_pairs(tmp_path: Path, write_jsonl) -> None:
    for name in ("whole", "held", "dev", "scale"):
        _rows(write_jsonl, name)
    sources = (
        Source("whole", "whole.jsonl", weight=0.5),
        Source("held", "held.jsonl", hold_out=0.25),
        Source("dev", "dev.jsonl", role="development", share=0.5),
        Source("scale", "scale.jsonl", role="calibration"),
        Source("around", "whole.jsonl", role="surroundings"),
    )
    corpus = read_corpus(sources, recipe=tmp_path, data=None)
    assert {p.weight for p in corpus.train["whole"]} == {0.5}
    held = [p for p in corpus.development if p.source == "held"]
    assert len(corpus.train["held"]) + len(held) == 40 and 8 <= len(held) <= 15
    assert not {p.group for p in held} & {p.group for p in corpus.train["held"]}
    assert 10 < sum(p.source == "dev" for p in corpus.development) < 30
    assert len(corpus.calibration) == 40 and len(corpus.surroundings) == 40
    with pytest.raises(ConfigError, match="'whole' is listed twice"):
        read_corpus((*sources, sources[0]), recipe=tmp_path, data=None)
    with pytest.raises(ConfigError, match="none has the role train"):
        read_corpus(sources[2:], recipe=tmp_path, data=None)


def test_articles_held_out_of_one_source_are_held_out_of_all(tmp_path: Path, write_jsonl) -> None:
    write_jsonl("rows.jsonl", ROWS)
    write_jsonl("more.jsonl", [{**row, "target": "u"} for row in ROWS])
    sources = (
        Source("before", "more.jsonl"),
        Source("news", "rows.jsonl", hold_out=0.25, hold_out_for="calibration"),
        Source("dev", "more.jsonl", role="development", share=0.0),
    )
    corpus = read_corpus(sources, recipe=tmp_path, data=None)
    held = {pair.group for pair in corpus.calibration}
    assert 4 <= len(held) <= 8 and not corpus.development
    for name in ("before", "news"):
        assert not held & {pair.group for pair in corpus.train[name]}
        assert sum(pair.source == name for pair in corpus.calibration) == 2 * len(held)


@pytest.mark.parametrize(
    ("first", "second"),
    [("train", "development"), ("train", "calibration"), ("development", "calibration")],
)
def test_a_pair_or_an_article_has_one_role(first, second, tmp_path: Path, write_jsonl) -> None:
    _rows(write_jsonl, "own")
    write_jsonl("alone.jsonl", [{k: v for k, v in row.items() if k != "article"} for row in ROWS])
    write_jsonl("other.jsonl", [{**row, "text": "New.", "article": "a3"} for row in ROWS[:1]])
    write_jsonl("rows.jsonl", ROWS)
    train = Source("own", "own.jsonl")
    for file, other, message in (
        ("alone.jsonl", "alone.jsonl", "the pair 'Text 0', 't' is for"),
        ("rows.jsonl", "other.jsonl", r"the group \(article\) 'a3' is for"),
    ):
        sources = (train, Source("a", file, role=first), Source("b", other, role=second))
        with pytest.raises(ConfigError, match=f"{message} {first} in 'a' and for {second} in 'b'"):
            read_corpus(sources, recipe=tmp_path, data=None)


def test_pairs_that_are_trained_on_can_be_dropped(tmp_path: Path, write_jsonl) -> None:
    rows = [{"text": f"Text {i}", "target": "t", "stance": "favor"} for i in range(6)]
    write_jsonl("train.jsonl", rows[:4])
    write_jsonl("dev.jsonl", rows[2:])
    sources = (
        Source("train", "train.jsonl"),
        Source("dev", "dev.jsonl", role="development", drop_trained=True),
    )
    corpus = read_corpus(sources, recipe=tmp_path, data=None)
    assert [pair.statement for pair in corpus.development] == ["Text 4", "Text 5"]


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5])
def test_groups_are_never_split(share: float) -> None:
    pairs = [TrainingPair(f"s{i}", "t", group=f"g{i % 17}") for i in range(200)]
    train, held = split_by_group(pairs, share, seed=1)
    assert not {p.group for p in train} & {p.group for p in held}
    assert share <= len(held) / 200 <= 1.5 * share
    assert sorted(p.statement for p in train + held) == sorted(p.statement for p in pairs)


def test_a_statement_without_a_group_stays_together() -> None:
    pairs = [TrainingPair(f"s{i // 3}", f"t{i}") for i in range(90)]
    train, held = split_by_group(pairs, 0.3, seed=1)
    assert held and not {p.statement for p in train} & {p.statement for p in held}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"share": 1.5}, "x: share is 1.5"),
        ({"hold_out": -0.1}, "x: hold_out is -0.1"),
        ({"repeats": 0}, "x: repeats is 0"),
        ({"weight": -1.0}, "x: weight is -1.0"),
    ],
)
def test_values_out_of_range_are_named(changes: dict[str, float], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        Source("x", "f", **changes)  # type: ignore[arg-type]


def _attributions(folder: Path, item: object) -> Path:
    path = folder / "a.jsonl"
    row = {"id": "n1", "text": "Ada said: we go. They met.\n\nIt rained.", "attributions": item}
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    return path


def test_words_of_attributions_are_statements_without_a_label(tmp_path: Path) -> None:
    item = [{"source": [[0, 3]], "cue": [[4, 8]], "content": [[17, 21], [10, 16]]}, {"cue": []}]
    path = _attributions(tmp_path, item)
    (pair,) = read_contents(path)
    assert (pair.statement, pair.speaker, pair.cue) == ("Ada said: we go. They", "Ada", "said")
    assert pair.context == "[...] met.\n\nIt rained."
    assert (pair.stance, pair.group, pair.number) == (None, "n1", "0")


LABELS = [
    {
        "article": "n1",
        "sentiment": {"0": "negative"},
        "stance": {"going": {"0": ["favor", 3]}, "the rain": {"0": ["none", 1]}},
    }
]


def test_labels_may_stand_apart_from_the_texts(tmp_path: Path, write_jsonl) -> None:
    item = [{"source": [[0, 3]], "cue": [[4, 8]], "content": [[10, 16]]}]
    _attributions(tmp_path, item)
    write_jsonl("labels.jsonl", LABELS)
    source = Source("x", "a.jsonl", "attribution", "labels.jsonl", sure_weights=(0.5, 0.8, 1.0))
    pairs = read_source(source, recipe=tmp_path, data=None)
    assert [(p.target, str(p.stance), p.weight) for p in pairs] == [
        ("going", "favor", 1.0),
        ("the rain", "neutral", 0.5),
    ]
    assert {(p.statement, str(p.sentiment), p.source, p.group) for p in pairs} == {
        ("Ada said: we go.", "negative", "x", "n1")
    }


def test_rows_are_labelled_anew_by_their_number(tmp_path: Path, write_jsonl) -> None:
    rows = [
        {"article": "a", "n": n, "text": f"Words {n}", "target": target, "stance": "against"}
        for n in (1, 2)
        for target in ("t", "u")
    ]
    write_jsonl("rows.jsonl", [{**row, "sentiment": "positive"} for row in rows])
    write_jsonl("labels.jsonl", [{"article": "a", "stance": {"v": {"2": ["favor", 2]}}}])
    source = Source("x", "rows.jsonl", "news", "labels.jsonl")
    (pair,) = read_source(source, recipe=tmp_path, data=None)
    assert (pair.statement, pair.target, str(pair.stance)) == ("Words 2", "v", "favor")
    assert str(pair.sentiment) == "positive"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"article": "b", "stance": {"v": {"1": ["favor", 2]}}}, "'b' has no statement '1'"),
        ({"article": "a", "stance": {"v": {"7": ["favor", 2]}}}, "'a' has no statement '7'"),
        ({"article": "a", "stance": {"v": {"1": "favor"}}}, "'favor' is no label: give a stance"),
        ({"article": "a", "stance": {"v": {"1": ["maybe", 2]}}}, "'v', statement '1': .*maybe"),
        ({"article": "a", "stance": {"v": {"1": ["favor", 4]}}}, "'sure' is 4: give 1 to 3"),
        ({"article": "a", "stance": ["v"]}, r"field 'stance' is \['v'\]: give an object"),
        ({"article": 3, "stance": {}}, "field 'article' is 3: give an article's id"),
        (
            {"article": "a", "sentiment": {"1": "sad"}, "stance": {"v": {"1": ["none", 2]}}},
            "'v', statement '1': .*sad",
        ),
    ],
)
def test_a_bad_label_is_named(tmp_path: Path, write_jsonl, row: object, message: str) -> None:
    rows = [{"article": "a", "n": 1, "text": "Words", "target": "t", "stance": "against"}]
    write_jsonl("rows.jsonl", rows)
    write_jsonl("labels.jsonl", [row])
    source = Source("x", "rows.jsonl", "news", "labels.jsonl", sure_weights=(0.5, 0.8, 1.0))
    with pytest.raises(DataError, match=rf"labels.jsonl, line 1.*{message}"):
        read_source(source, recipe=tmp_path, data=None)
