"""Offsets hold on any text: emoji, combining marks, right-to-left script, unbalanced marks."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from stance.extract.document import Document
from stance.extract.extractor import Extractor, extract_statements, load_extractor

RULES = load_extractor("rules")
TAGGER = load_extractor("default")
PIECES = st.sampled_from(
    [
        "    ", "say", "that", "says that", " .",
        "Ada Berg", "she", "said", " ", ", ", ". ", "\n\n", "\r\n", "\n", "“", "”", '"', "'", "’",
        "‘", "''", "``", "«", "»", "according to", "the minister", "we will stay", "It’s over",
        "😀", "👩‍👩‍👧", "e\u0301", "n\u0303o", "שלום", "مرحبا", "\u202b", "\u200f", "ﬁnal", "ﬃ",
        "İstanbul", "ß", "\u00a0", "\u200b", "\ufeff", "&amp;", "&ldquo;Go&rdquo;", "—", "…",
        "?", "!", ":", "5'10\"", "\x00", "\x1c", "\u2028", "Dr. Vance", "U.S.", "中文「好」。",
        "\U0001f1f2",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.lists(PIECES, max_size=60).map("".join), st.text(max_size=200))
CHECKED = settings(max_examples=150)


def check(text: str, extractor: Extractor) -> None:
    found = extract_statements(text, extractor=extractor)
    for number, item in enumerate(found):
        for span in (*item.spans, *filter(None, (item.speaker_mention, item.cue))):
            assert text[span.start : span.end] == span.text
            assert span.text
        assert item.text == " ".join(span.text for span in item.spans)
        assert item.context in text
        assert 0.0 <= item.speaker_confidence <= 1.0
        assert item.nested_in is None or item.nested_in < number
    assert [s.nested_in is None for s in found] or not found


@CHECKED
@given(TEXTS)
def test_rules_keep_offsets(text: str) -> None:
    check(text, RULES)


@settings(CHECKED, max_examples=30)
@given(TEXTS)
def test_tagger_keeps_offsets(text: str) -> None:
    check(text, TAGGER)


@CHECKED
@given(TEXTS)
@example("It’s over…”")
@example("We stay.” He left.\n\n“Go")
def test_ranges_are_ordered_and_inside(text: str) -> None:
    document = Document(text)
    position = 0
    for (start, end), sentences in zip(document.paragraphs, document.sentences, strict=True):
        assert position <= start < end <= len(text)
        position = end
        inner = start
        for left, right in sentences:
            assert inner <= left < right <= end
            inner = right
        assert list(document.sentences_between(start, end)) == list(sentences)
    position = 0
    for region in document.quote_regions:
        assert position <= region.start <= region.inner_start <= region.inner_end <= region.end
        # A region has an opening mark, a closing one, or both.
        assert region.start < region.inner_start or region.inner_end < region.end
        position = region.end


@CHECKED
@given(TEXTS, st.data())
def test_sentences_of_a_stretch_are_cut_at_its_ends(text: str, data: st.DataObject) -> None:
    document = Document(text)
    for start, end in document.paragraphs:
        low = data.draw(st.integers(start, end))
        high = data.draw(st.integers(low, end))
        found = document.sentences_between(low, high)
        covered = "".join(text[left:right] for left, right in found)
        assert "".join(covered.split()) == "".join(text[low:high].split())


@CHECKED
@given(st.lists(PIECES, max_size=25).map("".join))
def test_an_unclosed_mark_does_not_change_later_paragraphs(text: str) -> None:
    plain, unclosed = "He said  nothing.\n\n", "He said “nothing.\n\n"
    before = [r for r in Document(plain + text).quote_regions if r.start >= len(plain)]
    after = [r for r in Document(unclosed + text).quote_regions if r.start >= len(plain)]
    assert after == before


@pytest.mark.parametrize("mark", ["“", "”", '"', "'", "‘", "’", "''", "«", "(“"])
def test_a_thousand_unbalanced_marks(mark: str) -> None:
    for text in (mark * 1000, f"{mark}word " * 1000, f"a{mark} b.\n" * 1000):
        check(text, RULES)


def test_tagger_takes_a_thousand_unbalanced_marks() -> None:
    check("“word " * 500 + "'word " * 500, TAGGER)


def test_a_long_text_needs_little_memory() -> None:
    paragraph = (
        "Ada Berg said the bridge would stay closed until May. “We can't risk it,” she added. "
        "The farmers' union called the plan “a gift to the smugglers” and asked for talks. "
    )
    text = "\n\n".join(paragraph * 2 for _ in range(330))
    tracemalloc.start()
    found = extract_statements(text, extractor=RULES)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(found) > 600
    assert peak < 80_000_000


def test_long_text_without_a_break() -> None:
    text = "Ada Berg said “we will stay” and “they won't” go " * 2000
    assert extract_statements(text, extractor=RULES)
