"""Marks of articles kept apart from the articles, whose text may not be passed on.

A file of marks is JSONL, one article a line. Every value is a place in the text or a choice, so
that a file holds no word of an article::

    {"article": "a1", "characters": 812,
     "speakers": [{"name": [0, 9], "kind": "person", "role": [12, 17], "affiliation": [18, 31]}],
     "attributions": [{"source": [[0, 9]], "cue": [[33, 37]], "content": [[38, 80]],
                       "speakers": [0], "modality": "denied", "optional": true}]}

``article`` is the ``id`` of a row of the file of articles, ``characters`` the length of its text.
``name``, ``role`` and ``affiliation`` are the places where these words stand; an attribution's
``speakers`` are the numbers of those who say it, counted from 0, and empty where the article does
not tell. ``source``, ``cue``, ``content``, ``kind``, ``modality`` and ``optional`` are as in
:mod:`stance.evaluation.tasks.attribution.articles`; ``modality`` is asserted where it is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from stance.errors import DataError
from stance.evaluation.rows import Row, read_rows

WORDS = ("name", "role", "affiliation")


def texts_by_id(path: Path) -> dict[str, str]:
    """The texts of a file of articles (``id``, ``text``) by id.

    Raises:
        DataError: the file is missing or damaged, or a row has no id or no text, or the id of
            another one.
    """
    texts: dict[str, str] = {}
    for place, row in read_rows(path):
        name, text = row.get("id"), row.get("text")
        if not isinstance(name, str) or not isinstance(text, str):
            raise DataError(f"{place}: an article needs the fields 'id' and 'text'")
        if name in texts:
            raise DataError(f"{place}: field 'id': there are two articles {name!r}")
        texts[name] = text
    return texts


def with_text(row: Row, texts: Mapping[str, str], where: str) -> Row:
    """A row of marks as one that holds its text and its speakers' names.

    Args:
        row: of a file of marks.
        texts: by id.
        where: file and line, for errors.

    Raises:
        DataError: the article is unknown or has another length, or a field holds no such value.
    """
    name = row.get("article")
    if not isinstance(name, str):
        raise DataError(f"{where}: field 'article' is {name!r}: give an article's id")
    text = texts.get(name)
    if text is None:
        raise DataError(
            f"{where}: field 'article': {name!r} is not among the {len(texts)} articles: give the "
            "file of articles that the marks are of"
        )
    if row.get("characters") != len(text):
        raise DataError(
            f"{where}: field 'characters' is {row.get('characters')!r}, but article {name!r} has "
            f"{len(text)}: the marks are of another version of its text"
        )
    speakers = [
        {**speaker, **{key: _words(speaker.get(key), text, key, where) for key in WORDS}}
        for speaker in _objects(row, "speakers", where)
    ]
    names = [str(speaker["name"]) for speaker in speakers]
    attributions: list[Row] = []
    for item in _objects(row, "attributions", where):
        joined = " and ".join(_chosen(item.get("speakers"), names, where))
        attributions.append({"modality": "asserted", **item, "speaker": joined})
    return {"id": name, "text": text, "speakers": speakers, "attributions": attributions}


def _objects(row: Row, key: str, where: str) -> list[Row]:
    listed = row.get(key)
    if not isinstance(listed, list) or not all(isinstance(item, dict) for item in listed):
        raise DataError(f"{where}: field {key!r} must be a list of objects")
    return listed


def _words(span: object, text: str, key: str, where: str) -> str:
    """The words at a place, with single spaces; nothing where no place is given."""
    if span is None and key != "name":
        return ""
    match span:
        case [int(start), int(end)] if 0 <= start < end <= len(text):
            return " ".join(text[start:end].split())
    raise DataError(
        f"{where}: field {key!r} of a speaker is {span!r}: give [start, end] inside the text"
    )


def _chosen(numbers: object, names: list[str], where: str) -> list[str]:
    if not isinstance(numbers, list):
        raise DataError(f"{where}: field 'speakers' of an attribution is {numbers!r}: give a list")
    for number in numbers:
        if type(number) is not int or not 0 <= number < len(names):
            raise DataError(
                f"{where}: field 'speakers' of an attribution: {number!r} is not the number of one "
                f"of the {len(names)} speakers, counted from 0"
            )
    return [names[number] for number in numbers]
