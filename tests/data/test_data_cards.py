"""The data cards state what the files hold: every count and every checksum."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent.parent
TRAIN = ROOT / "configs" / "train"
STATEMENTS = TRAIN / "statements"
EVAL_DATA = ROOT / "eval" / "data"
STANCES = ("favor", "against", "neutral")
SENTIMENTS = ("positive", "negative", "neutral")


def read_rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def table(card: str, *columns: str) -> list[list[str]]:
    """The body of the one table of a card whose header begins with these columns."""
    head = re.escape("| " + " | ".join(columns) + " |")
    found = re.findall(rf"^{head}.*\n\|[-|]+\|\n((?:\|.*\|\n)+)", card + "\n", re.M)
    assert len(found) == 1, columns
    return [[cell.strip() for cell in line[1:-1].split(" | ")] for line in found[0].splitlines()]


def number(cell: str) -> int:
    return int(cell.replace(",", ""))


def counts(rows: list[dict[str, Any]]) -> list[int]:
    """The numbers of a line of the table of counts."""
    stances = Counter(target["stance"] for row in rows for target in row["targets"])
    sentiments = Counter(row["sentiment"] for row in rows)
    return [
        len(rows),
        sum(bool(row["context"]) for row in rows),
        len({row["author"] for row in rows}),
        stances.total(),
        *(stances[name] for name in STANCES),
        *(sentiments[name] for name in SENTIMENTS),
    ]


@pytest.fixture(scope="module")
def card() -> str:
    return (STATEMENTS / "DATA_CARD.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def files() -> dict[str, list[dict[str, Any]]]:
    """Training rows by file name without ending."""
    return {path.stem: read_rows(path) for path in sorted(STATEMENTS.glob("*.jsonl"))}


@pytest.fixture(scope="module")
def rows(files) -> list[dict[str, Any]]:
    return [row for content in files.values() for row in content]


@pytest.fixture(scope="module")
def calibration() -> list[dict[str, Any]]:
    (path,) = (TRAIN / "calibration").iterdir()
    return read_rows(path)


def test_the_training_card_describes_every_file(card: str, files) -> None:
    named = {line[0].strip("`") for line in table(card, "file", "what it holds")}
    assert {f"{stem}.jsonl" for stem in files} <= named
    for name in named:
        assert (STATEMENTS / name).is_file(), name


def test_the_training_card_counts_rows_and_labels(card: str, files, rows, calibration) -> None:
    stated = {line[0]: [number(c) for c in line[1:]] for line in table(card, "file", "rows")}
    assert stated == {
        **{stem: counts(content) for stem, content in files.items()},
        "all": counts(rows),
        "calibration": counts(calibration),
    }
    crossed = Counter((r["sentiment"], t["stance"]) for r in rows for t in r["targets"])
    assert {(line[0], *map(number, line[1:])) for line in table(card, "sentiment", "favor")} == {
        (name, *(crossed[name, stance] for stance in STANCES)) for name in SENTIMENTS
    }


def test_the_training_card_names_each_author_with_pass_and_file(
    card: str, files, rows, calibration
) -> None:
    found = {
        (row["author"], str(row["pass"]), stem, row["id"].rsplit("-", 1)[0] + "-*")
        for stem, content in {**files, "calibration": calibration}.items()
        for row in content
    }
    size = Counter(row["author"] for row in [*rows, *calibration])
    lines = table(card, "author", "pass")
    assert {(author, turn, file, ids) for author, turn, _, file, ids, _ in lines} == found
    assert {line[0]: number(line[2]) for line in lines} == size
    assert len(lines) == len(found)


def test_the_training_card_lists_held_out_themes_that_exist(card: str, rows) -> None:
    themes = Counter(row["theme"] for row in rows)
    held = {}
    for author, names, size in table(card, "author", "held-out themes"):
        listed = [f"{author}/{name}" for name in names.split("; ")]
        assert sum(themes[name] for name in listed) == number(size)
        held.update({name: themes[name] for name in listed})
    assert all(held.values())
    assert f"({sum(held.values()):,} rows)" in card
    trained = {row["group"] for row in rows if row["group"] and row["theme"] not in held}
    beside = sum(row["theme"] in held and row["group"] in trained for row in rows)
    assert f"Of {beside} of these rows the same text was trained on" in card


def test_the_training_card_states_the_agreement_as_stored(card: str, rows) -> None:
    stored = json.loads((STATEMENTS / "agreement.json").read_text(encoding="utf-8"))["rounds"]
    lines = table(card, "round", "authors read")
    assert len(lines) == len(stored)
    for line, entry in zip(lines, stored, strict=True):
        stance, sentiment = entry["stance"], entry["sentiment"]
        assert line == [
            str(entry["round"]),
            ", ".join(entry["by_author"]),
            str(sentiment["rows"]),
            str(stance["pairs"]),
            f"{stance['agreement']:.1%}".replace("%", " %"),
            _kappa(stance),
            f"{sentiment['agreement']:.1%}".replace("%", " %"),
            _kappa(sentiment),
        ]
        assert sentiment["rows"] == entry["rows_per_author"] * len(entry["by_author"])
    read = [author for entry in stored for author in entry["by_author"]]
    assert sorted(read) == sorted({row["author"] for row in rows})


def _kappa(entry: dict[str, Any]) -> str:
    low, high = entry["kappa_95"]
    return f"{entry['kappa']:.3f} [{low:.3f}, {high:.3f}]"


def test_the_training_card_counts_in_words_what_its_text_says(card: str, rows, calibration) -> None:
    text = " ".join(card.split())
    book = yaml.safe_load((TRAIN / "replies.yaml").read_text(encoding="utf-8"))
    slots = ("questions", "reverse_questions", "advances", "setbacks", "said")
    frames = sum(len(book[name]) for name in slots)
    phrases = sum(map(len, book.values())) - frames
    targets = [target["target"] for row in rows for target in row["targets"]]
    themes: dict[str, set[str]] = {}
    authors: dict[str, set[str]] = {}
    for row in rows:
        authors.setdefault(row["text"], set()).add(row["author"])
        if row["group"]:
            themes.setdefault(row["group"], set()).add(row["theme"])
    several = sum(len(names) > 1 for names in themes.values())
    twice = sum(len(names) > 1 for names in authors.values())
    both = {row["text"] for row in calibration} & set(authors)
    assert len(both) == 1
    for words in (
        f"{len(rows):,} short statements",
        f"{len(targets):,} pairs of statement and target",
        f"A further {len(calibration)} statements",
        f"a book of {phrases + frames:,} replies",
        f"{phrases:,} phrases without a topic",
        f"{frames} frames",
        f"{several} of the {len(themes)} groups have several themes",
        f'{twice} texts, all of them of a few words ("Never again."), were written by two or more',
        f'one ("{both.pop()}") stands in both training and calibration',
        f"The {len(set(targets)):,} distinct targets",
        f"many ({targets.count('foreign intervention'):,} rows)",
    ):
        assert words in text, words


@pytest.mark.parametrize(
    ("folder", "base"),
    [(STATEMENTS, TRAIN), (EVAL_DATA, EVAL_DATA)],
    ids=["training", "evaluation"],
)
def test_checksums(folder: Path, base: Path) -> None:
    card = (folder / "DATA_CARD.md").read_text(encoding="utf-8")
    stated = {name.strip("`"): sha.strip("`") for name, sha in table(card, "file", "sha256")}
    assert {base / name for name in stated} >= set(folder.glob("*.jsonl"))
    for name, sha in stated.items():
        assert hashlib.sha256((base / name).read_bytes()).hexdigest() == sha, name


def test_the_evaluation_card_counts_its_rows() -> None:
    card = (EVAL_DATA / "DATA_CARD.md").read_text(encoding="utf-8")
    stated = {}
    for name, _, size, texts, groups, _ in table(card, "file", "what", "rows"):
        stated[name.strip("`")] = (number(size), number(texts), number(groups))
    found = {}
    for path in EVAL_DATA.glob("*.jsonl"):
        content = read_rows(path)
        texts = {row["text"] for row in content}
        groups = {row["group"] for row in content if row.get("group")}
        found[path.name] = (len(content), len(texts), len(groups))
    assert stated == found
