from __future__ import annotations

import time

import pytest

from stance import analyze
from stance.errors import DataError
from stance.extract.extractor import extract_statements
from stance.labels import Stance
from stance.model.pairs import HOLE, carve_context, judged_text
from stance.tables.rows import COLUMNS


@pytest.fixture(scope="module")
def analysis(article, classifier):
    return analyze(
        article, targets=("foreign intervention", "national sovereignty"), classifier=classifier
    )


def test_offsets_are_exact(analysis, article) -> None:
    assert len(analysis.statements) >= 12
    for statement in analysis.statements:
        for span in statement.spans:
            assert article[span.start : span.end] == span.text
        assert statement.text == " ".join(span.text for span in statement.spans)


def test_every_statement_has_a_prediction_for_each_target(analysis) -> None:
    for row in analysis.predictions:
        assert [p.target for p in row] == ["foreign intervention", "national sovereignty"]


def test_frame_and_records_agree(analysis) -> None:
    frame = analysis.to_frame()
    records = analysis.to_records()
    assert tuple(frame.columns) == COLUMNS
    assert len(frame) == len(records) == 2 * len(analysis.statements)
    assert frame["statement"].tolist() == [r["statement"] for r in records]


def test_html_escapes_the_article(classifier) -> None:
    text = "“We will <b>never</b> let them in, & that is final,” said Ann Lee."
    page = analyze(text, classifier=classifier).to_html(title="<x>")
    assert "&lt;b&gt;never&lt;/b&gt;" in page
    assert "<b>never" not in page
    assert "<title>&lt;x&gt;</title>" in page


def test_the_context_has_one_hole_where_the_judged_words_stood() -> None:
    text = (
        "Troops came to Norway. “We want them out,” Ann Lee said. “All of them.” Rain fell.\n"
        "“No,” said Bo Ek. He went home."
    )
    first, second = extract_statements(text)
    words, context = judged_text(text, first)
    assert carve_context(words, context) == context
    assert words == "We want them out, All of them."
    assert context == f"Troops came to Norway. “{HOLE}” Rain fell."
    words, context = judged_text(text, second)
    assert words == "No,"
    assert context == f"Rain fell.\n“{HOLE}” said Bo Ek. He went home."


def test_records_tell_the_number_and_the_set(article, classifier) -> None:
    records = analyze(article, classifier=classifier, coverage=0.9).to_records()
    assert [r["number"] for r in records] == list(range(1, len(records) + 1))
    assert all(set(str(r["stance_set"]).split("|")) <= {*map(str, Stance), ""} for r in records)
    assert any(r["stance_set"] for r in records)


def test_an_article_without_statements(classifier) -> None:
    empty = analyze("The sun rose. It rained.", classifier=classifier)
    assert empty.statements == ()
    assert empty.to_frame().empty
    assert "No attributed statement" in empty.to_html()


def test_bad_input() -> None:
    with pytest.raises(DataError, match="empty"):
        analyze("  \n ")
    with pytest.raises(DataError, match="no target"):
        analyze("Text.", targets=())


def test_emoji_and_right_to_left_text_keep_offsets(classifier) -> None:
    text = "👩‍👩‍👧 مرحبا. “We want them out 🚫,” said José Núñez 🇲🇽. שלום."
    found = analyze(text, classifier=classifier)
    assert found.statements
    for statement in found.statements:
        for span in statement.spans:
            assert text[span.start : span.end] == span.text


def test_a_very_long_article(classifier) -> None:
    paragraph = "“We will not accept foreign troops,” President Ana Ruiz said on Monday. " + (
        "The council met again to discuss roads, water and the price of bread in town. " * 30
    )
    text = "\n".join([paragraph] * 120)
    assert len(text.split()) > 50_000
    started = time.perf_counter()
    found = analyze(text, classifier=classifier)
    assert time.perf_counter() - started < 240
    assert sum("foreign troops" in s.text for s in found.statements) == 120
