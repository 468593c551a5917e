"""Marks of articles kept apart from the articles."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stance.errors import DataError
from stance.evaluation import read_marked_articles
from stance.evaluation.tasks.attribution.articles import Attributed, MarkedSpeaker

TEXT = "The mayor, Ada\nBerg, and the Net Guild denied that they go. It rained."
SPEAKERS = [
    {"name": [11, 19], "kind": "person", "role": [4, 9]},
    {"name": [29, 38], "kind": "organisation"},
]
ITEM = {
    "source": [[0, 38]],
    "cue": [[39, 45]],
    "content": [[51, 58]],
    "speakers": [0, 1],
    "modality": "denied",
    "optional": True,
}


def _row(**fields: object) -> dict[str, object]:
    row = {"article": "n1", "characters": len(TEXT), "speakers": SPEAKERS, "attributions": [ITEM]}
    return {**row, **fields}


def _files(folder: Path, *rows: dict[str, object]) -> tuple[Path, Path]:
    marks, articles = folder / "marks.jsonl", folder / "articles.jsonl"
    marks.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    articles.write_text(json.dumps({"id": "n1", "text": TEXT}) + "\n", encoding="utf-8")
    return marks, articles


def test_marks_are_joined_with_their_articles(tmp_path: Path) -> None:
    untold = {"content": [[60, 69]], "speakers": []}
    (article,) = read_marked_articles(*_files(tmp_path, _row(attributions=[ITEM, untold])))
    assert (article.id, article.text) == ("n1", TEXT)
    assert article.speakers == (
        MarkedSpeaker("Ada Berg", "person", "mayor"),
        MarkedSpeaker("Net Guild", "organisation"),
    )
    assert article.attributions == (
        Attributed(
            content=((51, 58),),
            source=((0, 38),),
            cue=((39, 45),),
            speakers=("Ada Berg", "Net Guild"),
            modality="denied",
            optional=True,
        ),
        Attributed(content=((60, 69),), modality="asserted"),
    )


def test_marked_articles_with_texts_need_no_other_file(tmp_path: Path) -> None:
    whole = {"id": "n2", "text": TEXT, "attributions": []}
    names = [article.id for article in read_marked_articles(*_files(tmp_path, whole, _row()))]
    assert names == ["n2", "n1"]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"article": 3}, "field 'article' is 3: give an article's id"),
        ({"article": "n9"}, "field 'article': 'n9' is not among the 1 articles: give the file"),
        ({"characters": 12}, "field 'characters' is 12, but article 'n1' has 70: .* version"),
        ({"characters": None}, "field 'characters' is None"),
        ({"speakers": None}, "field 'speakers' must be a list of objects"),
        ({"attributions": ["x"]}, "field 'attributions' must be a list of objects"),
        ({"speakers": [{"kind": "person"}]}, "field 'name' of a speaker is None: give"),
        ({"speakers": [{"name": [5, 99], "kind": "person"}]}, r"field 'name' .* \[5, 99\]"),
        ({"speakers": [{"name": [11, 19]}, SPEAKERS[1]]}, "'Ada Berg' has no 'kind'"),
        ({"attributions": [{"speakers": None}]}, "field 'speakers' of an attribution is None"),
        ({"attributions": [{"speakers": [2]}]}, "2 is not the number of one of the 2 speakers"),
        ({"attributions": [{"speakers": [True]}]}, "True is not the number"),
        ({"attributions": [{**ITEM, "cue": [[9, 99]]}]}, r"field 'cue': \[9, 99\] lies outside"),
        ({"attributions": [{**ITEM, "modality": "no"}]}, "field 'modality' is 'no': use one of"),
    ],
)
def test_bad_marks_are_named(fields: dict[str, object], message: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=rf"marks\.jsonl, line 1: .*{message}"):
        read_marked_articles(*_files(tmp_path, _row(**fields)))


def test_an_article_is_marked_once(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"marks\.jsonl, line 2: article 'n1' is marked twice"):
        read_marked_articles(*_files(tmp_path, _row(), _row()))


def test_marks_without_their_articles_say_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"line 1: field 'text' is missing: .*--articles"):
        read_marked_articles(_files(tmp_path, _row())[0])


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([{"id": "n1"}], "line 1: an article needs the fields 'id' and 'text'"),
        ([{"id": "n1", "text": "a"}] * 2, "line 2: field 'id': there are two articles 'n1'"),
    ],
)
def test_bad_articles_are_named(lines: list[dict[str, str]], message: str, tmp_path: Path) -> None:
    marks, articles = _files(tmp_path, _row())
    articles.write_text("".join(json.dumps(row) + "\n" for row in lines), encoding="utf-8")
    with pytest.raises(DataError, match=rf"articles\.jsonl, {message}"):
        read_marked_articles(marks, articles)
