"""Sets of a config: absent is not run, damaged is an error."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from eval.sets import load_config, load_sets
from eval.word_baseline import TRAINING_FILES, train_words, training_folder
from stance.errors import ConfigError, DataError

ROOT = Path(__file__).resolve().parent.parent.parent
OWN = {"id": "a", "text": "Out!", "target": "troops", "stance": "against"}
PUBLIC = {"text": "Yes.", "target": "zoos", "stance": "favor", "source": "argkp"}
SENTIMENT = {"text": "Good.", "target": "zoos", "sentiment": "positive", "start": 0, "end": 2}
NEWS = {
    **{"article": "a", "n": 0, "text": "Out", "context": "Out", "speaker": None, "target": "t"},
    **{"stance": "against", "sentiment": "negative", "sure": 2},
}
FILES = {"stance_dev": PUBLIC, "target_sentiment_dev": SENTIMENT, "news_dev": NEWS}


@pytest.fixture
def config(tmp_path, write_jsonl) -> Path:
    write_jsonl("mine.jsonl", [OWN])
    path = tmp_path / "many.yaml"
    path.write_text(
        "sets:\n- {name: mine, path: mine.jsonl}\n"
        "- {name: stance, path: stance_dev, format: public-stance}\n"
        "- {name: sentiment, path: target_sentiment_dev, format: public-sentiment}\n"
        "- {name: news, path: news_dev, format: news}\n"
    )
    (tmp_path / "data").mkdir()
    return path


def _line(row: dict[str, object]) -> bytes:
    return json.dumps(row).encode() + b"\n"


def test_absent_public_sets_are_not_run(config, tmp_path) -> None:
    found, absent = load_sets(load_config(config), config, [])
    assert [part.name for part in found] == ["mine"]
    assert absent == dict.fromkeys(
        ("stance", "sentiment", "news"), "give the folder of the public files with --data"
    )
    _, absent = load_sets(load_config(config), config, [tmp_path / "data"])
    assert absent["news"] == "no news_dev.jsonl.gz in data"


def test_whole_public_sets_are_found_gzipped_or_not(config, tmp_path) -> None:
    for stem, row in FILES.items():
        (tmp_path / "data" / f"{stem}.jsonl.gz").write_bytes(gzip.compress(_line(row)))
    found, absent = load_sets(load_config(config), config, [tmp_path / "data"])
    assert [(part.name, len(part.rows)) for part in found] == [
        ("mine", 1),
        ("stance", 1),
        ("sentiment", 1),
        ("news", 1),
    ]
    assert absent == {}


@pytest.mark.parametrize("stem", list(FILES))
@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda row: _line(row) + b"{broken\n", "line 2"),
        (lambda row: _line(row) + b"[1]\n", "line 2: not a JSON object"),
        (lambda row: _line(row) + _line({**row, "target": None}), "line 2: field 'target'"),
        (lambda row: _line(row) + _line({**row, "stance": "x", "sentiment": "x"}), "line 2: field"),
        (lambda row: _line(row) + b'{"text": "\xff"}\n', "line 2"),
        (lambda row: b"", "no usable rows"),
    ],
)
def test_a_damaged_public_set_is_an_error(config, tmp_path, stem, damage, message) -> None:
    (tmp_path / "data" / f"{stem}.jsonl").write_bytes(damage(FILES[stem]))
    with pytest.raises(DataError, match=message) as caught:
        load_sets(load_config(config), config, [tmp_path / "data"])
    assert f"{stem}.jsonl" in str(caught.value)


@pytest.mark.parametrize("stem", list(FILES))
@pytest.mark.parametrize("cut", [1, 10, 25])
def test_a_cut_download_is_an_error(config, tmp_path, stem, cut) -> None:
    whole = gzip.compress(_line(FILES[stem]) * 50)
    (tmp_path / "data" / f"{stem}.jsonl.gz").write_bytes(whole[:-cut])
    with pytest.raises(DataError, match=rf"cannot read .*{stem}\.jsonl\.gz"):
        load_sets(load_config(config), config, [tmp_path / "data"])


def test_a_folder_in_the_place_of_a_file_is_an_error(config, tmp_path) -> None:
    (tmp_path / "data" / "news_dev.jsonl").mkdir()
    with pytest.raises(DataError, match=r"cannot read .*news_dev\.jsonl"):
        load_sets(load_config(config), config, [tmp_path / "data"])


def test_no_set_at_all(tmp_path) -> None:
    path = tmp_path / "c.yaml"
    path.write_text("sets: [{name: news, path: news_dev, format: news}]\n")
    with pytest.raises(DataError, match="no set to evaluate: news: give the folder"):
        load_sets(load_config(path), path, [])


def test_a_file_that_the_config_names_keeps_its_article() -> None:
    path = ROOT / "configs" / "eval" / "article.yaml"
    config = load_config(path)
    (named,), _ = load_sets(config, path, [])
    (given,), _ = load_sets(config, path, [ROOT / "eval" / "data" / "article.jsonl"])
    assert given.rows == named.rows


def test_the_word_baseline_is_not_run_where_its_files_are_absent(tmp_path) -> None:
    assert training_folder([]) == (None, "give the folder of the training files with --data")
    (tmp_path / "stance_train.jsonl").write_bytes(_line(PUBLIC))
    home, why = training_folder([tmp_path])
    assert home is None and "no target_sentiment_train.jsonl.gz" in why
    (tmp_path / "target_sentiment_train.jsonl").write_bytes(_line(SENTIMENT))
    assert training_folder([tmp_path]) == (tmp_path, "")


@pytest.mark.parametrize("damaged", TRAINING_FILES)
def test_a_damaged_training_file_of_the_word_baseline_is_an_error(tmp_path, damaged) -> None:
    whole = {"stance_train": PUBLIC, "target_sentiment_train": SENTIMENT}
    for stem, row in whole.items():
        lines = [{**row, "text": f"{row['text']} {i}"} for i in range(3)]
        text = b"".join(map(_line, lines)) + (b"{broken\n" if stem == damaged else b"")
        (tmp_path / f"{stem}.jsonl").write_bytes(text)
    home, why = training_folder([tmp_path])
    assert home == tmp_path and why == ""
    with pytest.raises(DataError, match=rf"{damaged}\.jsonl, line 4"):
        train_words(tmp_path, 13)


def test_news_that_a_second_annotator_labels_otherwise_can_be_left_out(tmp_path) -> None:
    rows = [{**NEWS, "second": "against"}, {**NEWS, "n": 1, "second": "neutral"}]
    (tmp_path / "news_dev.jsonl").write_bytes(b"".join(map(_line, rows)))
    path = tmp_path / "news.yaml"
    for option, count in (("", 2), (", agreed_only: true", 1)):
        path.write_text(f"sets: [{{name: n, path: news_dev, format: news{option}}}]\n")
        (part,), _ = load_sets(load_config(path), path, [tmp_path])
        assert len(part.rows) == count
    path.write_text("sets: [{name: n, path: news_dev, agreed_only: true}]\n")
    with pytest.raises(ConfigError, match="set n: agreed_only is for the format news"):
        load_config(path)
