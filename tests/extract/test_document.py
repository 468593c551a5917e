"""A document is checked, parsed once, and never changes."""

from __future__ import annotations

import dataclasses
import pkgutil
import threading
from collections import Counter
from importlib import import_module

import pytest

import stance
import stance.extract
from stance.errors import ConfigError, DataError, ModelLoadError
from stance.extract import document as document_module
from stance.extract.document import Document
from stance.extract.extractor import RuleExtractor, default_extractor
from stance.schema import Span, Statement

PARSERS = ("paragraph_ranges", "sentence_ranges", "quote_regions", "quote_state")
TEXT = "Rain fell. “We stay,” said Ada Berg.\n\n  “So do we. All of us.”  "


def test_the_parts_of_a_document() -> None:
    document = Document(TEXT)
    assert [TEXT[s:e] for s, e in document.paragraphs] == [
        "Rain fell. “We stay,” said Ada Berg.",
        "“So do we. All of us.”",
    ]
    assert [[TEXT[s:e] for s, e in part] for part in document.sentences] == [
        ["Rain fell.", "“We stay,” said Ada Berg."],
        ["“So do we.", "All of us.”"],
    ]
    assert document.sentences_of(1) == document.sentences[1]
    assert [TEXT[r.inner_start : r.inner_end] for r in document.quote_regions] == [
        "We stay,",
        "So do we. All of us.",
    ]
    assert document.paragraph_at(TEXT.index("All")) == 1
    assert len(document.quote_state) == len(TEXT)


def test_parts_are_parsed_once() -> None:
    document = Document(TEXT)
    assert document.paragraphs is document.paragraphs
    assert document.sentences is document.sentences
    assert document.quote_regions is document.quote_regions


@pytest.mark.parametrize("text", ["", " \n\n "])
def test_an_empty_text_has_no_parts(text: str) -> None:
    document = Document(text)
    assert document.paragraphs == document.sentences == document.quote_regions == ()
    assert document.paragraph_at(0) == 0


def test_what_is_known_of_an_article_is_kept() -> None:
    document = Document(TEXT, id="7", outlet="The Daily Globe", authors=["A. Reporter", "B. Two"])
    assert (document.id, document.outlet, document.title) == ("7", "The Daily Globe", None)
    assert document.authors == ("A. Reporter", "B. Two")
    assert document == Document(
        TEXT, id="7", outlet="The Daily Globe", authors=("A. Reporter", "B. Two")
    )


def test_a_document_never_changes() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Document(TEXT).text = ""  # type: ignore[misc]


@pytest.mark.parametrize("text", [None, 7, b"bytes", ["a"]])
def test_a_text_that_is_no_string_is_refused(text: object) -> None:
    with pytest.raises(DataError, match="give a string"):
        Document(text)  # type: ignore[arg-type]
    with pytest.raises(DataError, match="give a string"):
        stance.extract_statements(text)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "fields", [{"id": 7}, {"title": b"x"}, {"date": 2026}, {"outlet": ()}, {"url": 1.5}]
)
def test_a_field_that_is_no_string_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(DataError, match=next(iter(fields))):
        Document(TEXT, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("authors", ["Ada Berg", None, 7, [7]])
def test_authors_are_a_list_of_names(authors: object) -> None:
    with pytest.raises(DataError, match="list of names"):
        Document(TEXT, authors=authors)  # type: ignore[arg-type]


def test_text_and_document_give_the_same() -> None:
    rules = stance.load_extractor("rules")
    assert stance.extract_statements(TEXT, extractor=rules) == stance.extract_statements(
        Document(TEXT, title="Rain"), extractor=rules
    )


def test_an_extractor_of_ones_own_is_used() -> None:
    class Whole:
        def extract(self, document: Document) -> list[Statement]:
            return [Statement(document.text, (Span.of(document.text, 0, len(document.text)),))]

    (found,) = stance.extract_statements("We stay.", extractor=Whole())
    assert found.text == "We stay."


def test_rules_and_default_are_known_by_name() -> None:
    assert isinstance(stance.load_extractor("rules"), RuleExtractor)
    assert stance.extract_statements(TEXT) == stance.load_extractor("default").extract(
        Document(TEXT)
    )


@pytest.mark.parametrize("name", ["default ", "Rules", "spacy", "no/such/folder"])
def test_an_unknown_extractor_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(ConfigError, match="'default', 'rules' or the folder"):
        stance.load_extractor(name)


def test_a_folder_without_an_adapter_is_refused(tmp_path) -> None:
    with pytest.raises(ModelLoadError, match=r"adapter\.json"):
        stance.load_extractor(tmp_path)


@pytest.mark.parametrize("device", ["cuda:99", "nonsense"])
def test_an_absent_device_is_refused(device: str) -> None:
    with pytest.raises(ConfigError, match=r"not available|use cpu, cuda"):
        stance.load_extractor("default", device=device)


def test_the_default_extractor_is_made_once() -> None:
    assert default_extractor() is default_extractor()


def test_the_tagger_gives_the_same_from_several_threads(article: str) -> None:
    extractor = stance.load_extractor("default")
    texts = [article, TEXT, "Ada Berg said that the bridge is closed.", ""]
    alone = [extractor.extract(Document(text)) for text in texts]
    seen: dict[int, list[list[Statement]]] = {}

    def work(number: int) -> None:
        seen[number] = [extractor.extract(Document(text)) for text in texts]

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(seen[number] == alone for number in range(4))


@pytest.mark.parametrize("name", ["rules", "default"])
def test_an_extraction_parses_the_text_once(name: str, article: str, monkeypatch) -> None:
    extractor = stance.load_extractor(name)
    calls: Counter[str] = Counter()

    def counted(function: str) -> None:
        original = getattr(document_module, function)

        def count(*args: object) -> object:
            calls[function] += 1
            return original(*args)

        monkeypatch.setattr(document_module, function, count)

    for function in PARSERS:
        counted(function)
    document = Document(article)
    assert extractor.extract(document)
    assert extractor.extract(document)
    assert calls["paragraph_ranges"] == calls["quote_regions"] == 1
    assert calls["sentence_ranges"] == len(document.paragraphs)
    assert calls["quote_state"] == 1


def test_nothing_but_the_document_parses_a_text() -> None:
    homes = {"segmentation", "quote_marks", "document"}
    for module in pkgutil.iter_modules(stance.extract.__path__):
        if module.name not in homes:
            found = import_module(f"stance.extract.{module.name}")
            assert not set(PARSERS) & set(vars(found)), module.name


def test_half_characters_become_the_replacement_character_at_the_same_place() -> None:
    given = "a \ud83d b \udfff"
    document = Document(given, title="x\ud800", authors=["y\udc00", "z"])
    assert document.text == "a \ufffd b \ufffd" and len(document.text) == len(given)
    assert (document.title, document.authors) == ("x\ufffd", ("y\ufffd", "z"))
    assert Document("a \U0001f600 b").text == "a \U0001f600 b"
