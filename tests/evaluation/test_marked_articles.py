"""The reader of attribution files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stance.errors import DataError
from stance.evaluation import read_marked_articles
from stance.evaluation.tasks.attribution.articles import Attributed, MarkedSpeaker

TEXT = "Ada and the Fish and Net Guild said: we go. They met.\n\nIt rained."
SPEAKERS = [
    {"name": "Ada", "kind": "person", "role": "mayor", "affiliation": ""},
    {"name": "Fish and Net Guild", "kind": "organisation"},
]


def _file(folder: Path, **fields: object) -> Path:
    path = folder / "a.jsonl"
    path.write_text(json.dumps({"id": "n1", "text": TEXT, **fields}) + "\n", encoding="utf-8")
    return path


def test_all_fields_are_read(tmp_path: Path) -> None:
    item = {
        "source": [[0, 30]],
        "cue": [[31, 35]],
        "content": [[44, 52], [37, 42]],
        "speaker": "Ada and Fish and Net Guild",
        "kind": "indirect",
        "modality": "denied",
        "optional": True,
    }
    path = _file(tmp_path, attributions=[item, {"cue": []}], speakers=SPEAKERS)
    (article,) = read_marked_articles(path)
    assert article.speakers == (
        MarkedSpeaker("Ada", "person", "mayor"),
        MarkedSpeaker("Fish and Net Guild", "organisation"),
    )
    assert article.attributions == (
        Attributed(
            content=((37, 42), (44, 52)),
            source=((0, 30),),
            cue=((31, 35),),
            speakers=("Ada", "Fish and Net Guild"),
            modality="denied",
            optional=True,
        ),
        Attributed(()),
    )


def test_a_file_without_canonical_speakers(tmp_path: Path) -> None:
    (article,) = read_marked_articles(_file(tmp_path, attributions=[{"content": [[37, 42]]}]))
    assert article.speakers is None
    assert (article.attributions[0].speakers, article.attributions[0].modality) == ((), None)


@pytest.mark.parametrize(
    ("attributions", "message"),
    [
        (None, "field 'attributions' must be a list"),
        (["x"], "field 'attributions': 'x' is not an object"),
        ([{"cue": [[4]]}], "field 'cue' must be a list"),
        ([{"content": [[4, 99]]}], r"field 'content': \[4, 99\] lies outside the text"),
        ([{"source": [[4, 4]]}], "field 'source'"),
        ([{"content": [[0, 1, 2]]}], "field 'content' must be a list"),
        ([{"kind": "spoken"}], "field 'kind' is 'spoken': use one of direct"),
        ([{"modality": "doubted"}], "field 'modality' is 'doubted': use one of asserted"),
        ([{"optional": "yes"}], "field 'optional' is 'yes'"),
        ([{"speaker": 3}], "field 'speaker' is 3: give text"),
        ([{"speaker": "Ida"}], "field 'speaker': 'Ida' is not among the 'speakers'"),
        ([{"speaker": "Ada and Ida"}], "field 'speaker': 'Ada and Ida' is not among"),
    ],
)
def test_bad_attributions_are_named(attributions: object, message: str, tmp_path: Path) -> None:
    path = _file(tmp_path, attributions=attributions, speakers=SPEAKERS)
    with pytest.raises(DataError, match=rf"a\.jsonl, line 1: {message}"):
        read_marked_articles(path)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"text": None}, "field 'text' is missing or empty"),
        ({"speakers": ["Ada"]}, "field 'speakers': 'Ada' is not an object"),
        ({"speakers": [{"kind": "person"}]}, "field 'speakers': a speaker has no 'name'"),
        ({"speakers": [{"name": "Ada"}]}, "field 'speakers': 'Ada' has no 'kind'"),
        ({"speakers": [{"name": "Ada", "kind": "boat"}]}, "field 'kind' is 'boat'"),
    ],
)
def test_bad_articles_are_named(fields: dict[str, object], message: str, tmp_path: Path) -> None:
    path = _file(tmp_path, **{"attributions": [], **fields})
    with pytest.raises(DataError, match=rf"a\.jsonl, line 1: {message}"):
        read_marked_articles(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot read"):
        read_marked_articles(tmp_path / "none.jsonl")
