"""Statements from text. Expectations of the rules alone hold for the tagger too where marked."""

from __future__ import annotations

from pathlib import Path

import pytest

from stance.errors import ConfigError
from stance.extract.extractor import Extractor, extract_statements, load_extractor
from stance.extract.modality import modality_of
from stance.schema import Statement

ARTICLE = Path(__file__).parents[2] / "examples" / "article.txt"
RULES = load_extractor("rules")
TAGGER = load_extractor("default")
both = pytest.mark.parametrize("extractor", [RULES, TAGGER], ids=["rules", "tagger"])


def one(text: str, extractor: Extractor) -> Statement:
    found = [s for s in extract_statements(text, extractor=extractor) if s.kind != "indirect"]
    assert len(found) == 1, found
    return found[0]


def words(item: Statement) -> list[str]:
    return [span.text for span in item.spans]


@both
@pytest.mark.parametrize(
    ("text", "spans", "speaker", "cue"),
    [
        (
            "“We will stay here,” Ada Berg said on Monday.",
            ["We will stay here,"],
            "Ada Berg",
            "said",
        ),
        ('"We will stay here," said Ada Berg.', ["We will stay here,"], "Ada Berg", "said"),
        ("Ada Berg said: “We will stay here.”", ["We will stay here."], "Ada Berg", "said"),
        (
            "“We will stay,” Ada Berg said. “Nobody asked us to go.”",
            ["We will stay,", "Nobody asked us to go."],
            "Ada Berg",
            "said",
        ),
        (
            "''We will stay here,'' Ada Berg told reporters.",
            ["We will stay here,"],
            "Ada Berg",
            "told",
        ),
        ("“Who will stay here?” asked Ada Berg.", ["Who will stay here?"], "Ada Berg", "asked"),
        (
            "“The bridge isn't safe,” according to Ada Berg, an engineer.",
            ["The bridge isn't safe,"],
            "Ada Berg",
            "according to",
        ),
    ],
)
def test_direct_quotes(
    text: str, spans: list[str], speaker: str, cue: str, extractor: Extractor
) -> None:
    found = one(text, extractor)
    assert words(found) == spans
    assert found.speaker == speaker
    assert found.kind == "direct"
    assert found.cue is not None and cue in found.cue.text
    assert found.text == " ".join(spans)


@both
def test_quote_over_paragraphs_is_one_statement(extractor: Extractor) -> None:
    text = (
        "“We came to this valley with nothing,” Ada Berg said. “We built a school.\n\n"
        "“Now they want us to leave it.”\n\nNobody answered her."
    )
    found = one(text, extractor)
    assert words(found) == [
        "We came to this valley with nothing,",
        "We built a school.",
        "Now they want us to leave it.",
    ]
    assert found.speaker == "Ada Berg"


@both
def test_unbalanced_mark_harms_only_its_paragraph(extractor: Extractor) -> None:
    text = (
        "The mayor said “nothing of the kind and left the room.\n\n"
        "“We will rebuild the harbour,” Ada Berg said."
    )
    found = extract_statements(text, extractor=extractor)[-1]
    assert words(found) == ["We will rebuild the harbour,"]
    assert found.speaker == "Ada Berg"


@both
def test_scare_quotes_and_titles_are_no_statements(extractor: Extractor) -> None:
    text = "The so-called “experts” met in Oslo. Her novel “The Long Winter” sold well."
    assert [s for s in extract_statements(text, extractor=extractor) if s.kind == "direct"] == []


@both
def test_apostrophes_do_not_hide_quotes(extractor: Extractor) -> None:
    text = "The farmers' union wasn't amused. “It's the ministers' own fault,” Ada Berg said."
    assert one(text, extractor).speaker == "Ada Berg"


@both
def test_pronoun_speaker_is_linked(extractor: Extractor) -> None:
    text = "Maria Velasco arrived late.\n\n“The roads were closed,” she said."
    found = one(text, extractor)
    assert found.speaker == "Maria Velasco"
    assert found.speaker_mention is not None and found.speaker_mention.text == "she"
    assert 0.8 < found.speaker_confidence < 0.99  # nobody else is there, but it is a pronoun


@both
def test_context_holds_the_neighbouring_sentences(extractor: Extractor) -> None:
    text = "One. It rained all day. “We will stay,” Ada Berg said. The wind rose. It got dark."
    assert one(text, extractor).context == (
        "It rained all day. “We will stay,” Ada Berg said. The wind rose."
    )


@both
def test_quote_in_a_quote_keeps_its_inner_speaker(extractor: Extractor) -> None:
    text = "“My father told me, ‘Never sell the land,’ and I never did,” Ada Berg said."
    outer, inner = extract_statements(text, extractor=extractor)
    assert inner.nested_in == 0
    assert outer.nested_in is None
    assert inner.text == "Never sell the land,"
    assert inner.speaker_mention is not None and inner.speaker_mention.text == "My father"
    assert outer.speaker == "Ada Berg"


@both
def test_indirect_statement(extractor: Extractor) -> None:
    text = "Ada Berg said that the bridge would be closed until May."
    (found,) = extract_statements(text, extractor=extractor)
    assert found.kind == "indirect"
    assert "the bridge would be closed until May" in found.text
    assert found.speaker == "Ada Berg"


def test_mixed_statement_spans_the_clause() -> None:
    text = "Ada Berg said the plan was “a gift to the smugglers” and must be stopped."
    (found,) = extract_statements(text)
    assert found.kind == "mixed"
    assert found.text.startswith("the plan was “a gift")


@pytest.mark.parametrize(
    ("cue", "modality"),
    [
        ("said", "asserted"),
        ("did not say", "negated"),
        ("declined to say", "negated"),
        ("wouldn’t confirm", "negated"),
        ("would say", "hypothetical"),
        ("might argue", "hypothetical"),
    ],
)
def test_modality(cue: str, modality: str) -> None:
    assert modality_of(cue) == modality


@both
def test_condition_before_the_speaker_is_hypothetical(extractor: Extractor) -> None:
    text = "If Ada Berg says that the bridge is unsafe, the council must close it."
    assert [s.modality for s in extract_statements(text, extractor=extractor)] == ["hypothetical"]


@both
def test_dash_and_name_after_a_quote(extractor: Extractor) -> None:
    text = "“This town deserves a proper bridge.” — Ada Berg\n\n“So does ours.” — Peter Lund"
    found = extract_statements(text, extractor=extractor)
    assert [s.speaker for s in found] == ["Ada Berg", "Peter Lund"]


def test_unnamed_source_is_anonymous() -> None:
    text = "“The convoy has already left,” two senior officials said."
    found = one(text, TAGGER)
    assert found.speaker == "two senior officials"
    assert found.anonymous


@both
def test_article(extractor: Extractor) -> None:
    text = ARTICLE.read_text(encoding="utf-8")
    found = extract_statements(text, extractor=extractor)
    direct = [s for s in found if s.kind == "direct"]
    expected = [
        ["It’s not going to happen,", "We do not agree with any process of interference or"],
        ["I’ve always said thank you very much, President Trump."],
        ["We are going to continue working within this framework"],
        ["Some are calling for militarization and war,", "That didn’t work."],
    ]
    starts = [words(s) for s in direct if len(s.text.split()) > 2]
    assert len(starts) == len(expected)
    for spans, beginnings in zip(starts, expected, strict=True):
        assert len(spans) == len(beginnings)
        assert all(s.startswith(b) for s, b in zip(spans, beginnings, strict=True))
    assert {s.speaker for s in direct if len(s.text.split()) > 2} == {"Claudia Sheinbaum"}
    for item in found:
        assert all(text[s.start : s.end] == s.text for s in item.spans)
        assert item.context in text


def test_article_indirect_statements() -> None:
    text = ARTICLE.read_text(encoding="utf-8")
    found = [s for s in extract_statements(text) if s.kind != "direct"]
    wanted = [
        ("is planning to send troops into Mexico", "Claudia Sheinbaum"),
        ("she had repeatedly rejected such offers", "Claudia Sheinbaum"),
        ("“no information” about such a planned incursion", "Claudia Sheinbaum"),
        ("the US president had offered to send troops", "Claudia Sheinbaum"),
        ("the operation was not imminent", "NBC News"),
        ("US troops would operate under the authority", "NBC News"),
        ("the strikes", "Claudia Sheinbaum"),
        ("Mexico had reached a security agreement", "Claudia Sheinbaum"),
        ("any changes to the country’s security strategy", "Claudia Sheinbaum"),
    ]
    for part, speaker in wanted:
        assert any(part in s.text and s.speaker == speaker for s in found), part


def test_same_text_gives_the_same_statements() -> None:
    text = ARTICLE.read_text(encoding="utf-8")
    assert extract_statements(text) == extract_statements(text)


def test_importing_extract_does_not_import_torch() -> None:
    import subprocess
    import sys

    code = "import sys, stance.extract.extractor; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("name", [None, 3, ["rules"], "nowhere"])
def test_an_extractor_that_is_not_known_is_refused(name: object) -> None:
    with pytest.raises(ConfigError, match="unknown extractor"):
        load_extractor(name)  # type: ignore[arg-type]
