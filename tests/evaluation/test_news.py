"""News rows are read in the words that the pipeline would judge."""

from __future__ import annotations

from typing import Any

import pytest

from stance.errors import DataError
from stance.evaluation.news import is_agreed, news_words, says_statement


def _row(context: str, text: str, **more: object) -> dict[str, Any]:
    return {"text": text, "context": context, "speaker": "Ana Ruiz", "cue": "said", **more}


def test_a_direct_quote_speaks_for_itself() -> None:
    row = _row("Rain fell. “We want them out,” said Ana Ruiz.", "We want them out,", kind="direct")
    words = news_words(row, "r")
    assert words.text == "We want them out,"
    assert words.context == "Rain fell. “[...]” said Ana Ruiz."
    assert (words.speaker, words.kind) == ("Ana Ruiz", "direct")


@pytest.mark.parametrize(
    ("mention", "judged"),
    [
        ("Ana Ruiz", "Ana Ruiz"),
        ("Ms Ruiz", "Ms Ruiz"),
        ("She", "She"),
        ("Former mayor Ana Ruiz", "Former mayor Ana Ruiz"),
        ("But Ms. Ruiz", "Ms. Ruiz"),
    ],
)
def test_an_indirect_statement_begins_at_speaker_and_cue(mention: str, judged: str) -> None:
    context = f"Rain fell. {mention} condemned the strikes. Snow came."
    row = _row(context, "the strikes", cue="condemned", kind="indirect")
    words = news_words(row, "r")
    assert words.text == f"{judged} condemned the strikes"
    assert words.context == context.replace(words.text, "[...]")


def test_a_cue_after_the_statement_ends_it() -> None:
    context = "The strikes must end, Ana Ruiz said. She said it twice."
    words = news_words(_row(context, "The strikes must end", kind="indirect"), "r")
    assert words.text == "The strikes must end, Ana Ruiz said"
    assert words.context == "[...]. She said it twice."
    words = news_words(_row("They must go, said Ana Ruiz, a nurse.", "They must go"), "r")
    assert words.text == "They must go, said Ana Ruiz"


def test_an_interrupted_quote_leaves_one_marked_place() -> None:
    context = "They met. “We leave,” she said, “and soon.” It rained."
    row = _row(context, "We leave, and soon.", spans=[[31, 40], [52, 61]], kind="direct")
    words = news_words(row, "r")
    assert (words.text, words.context) == ("We leave, and soon.", "They met. “[...]” It rained.")


def test_a_statement_that_is_not_in_its_context_is_taken_as_it_is() -> None:
    row = _row("It rained all day.", "We leave", kind="indirect")
    words = news_words(row, "r")
    assert (words.text, words.context, words.located) == ("We leave", "It rained all day.", False)
    assert news_words({"text": "No"}, "r").text == "No"
    # "No" does not stand in "Norway".
    assert not news_words(_row("Norway is far.", "No", kind="direct"), "r").located


@pytest.mark.parametrize(
    ("context", "text", "kind", "judged"),
    [
        ("“We leave,” she said.", "“We leave,”", "direct", "We leave,"),
        ("“We leave,” she said.", "We leave,", "direct", "We leave,"),
        ("She said they would leave.", "they would leave", "indirect", "She said they would leave"),
        ("She said they were “sad”.", "they were “sad”", "mixed", "She said they were “sad”"),
    ],
)
def test_without_a_kind_the_marks_tell(context: str, text: str, kind: str, judged: str) -> None:
    words = news_words(_row(context, text, kind=""), "r")
    assert (words.kind, words.text) == (kind, judged)


def test_places_that_the_row_states_come_first() -> None:
    context = "She said no. An aide, pressed by reporters, said they would leave."
    row = _row(
        context,
        "they would leave",
        speaker="An aide",
        spans=[[149, 165]],
        cue_spans=[[144, 148]],
        source_spans=[[113, 120]],
    )
    assert news_words(row, "r").text == "An aide, pressed by reporters, said they would leave"


def test_a_cue_of_another_paragraph_is_not_taken() -> None:
    row = _row("Ana Ruiz said no.\n\nThey would leave.", "They would leave", kind="indirect")
    words = news_words(row, "r")
    assert (words.text, words.cue, words.mention) == ("They would leave", False, False)


def test_an_unknown_speaker_is_none() -> None:
    assert news_words(_row("a", "b", speaker="unknown"), "r").speaker is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"text": ""}, "field 'text' is missing"),
        ({"kind": "spoken"}, "field 'kind' is 'spoken': use direct, indirect or mixed"),
        ({"spans": [[1]]}, "field 'spans' must be a list"),
        ({"spans": [[1, 4]]}, "the pieces of 'spans' do not fit"),
        ({"spans": [[4, 4]]}, r"field 'spans': \[4, 4\] is empty"),
        ({"cue": 7}, "field 'cue' is 7: give text"),
    ],
)
def test_bad_rows_are_named(change: dict[str, object], message: str) -> None:
    with pytest.raises(DataError, match=f"n.jsonl, line 3: {message}"):
        news_words({**_row("We leave", "We leave"), **change}, "n.jsonl, line 3")


def test_flags_of_a_row() -> None:
    assert says_statement({}, "r") and says_statement({"statement": True}, "r")
    assert not says_statement({"statement": False}, "r")
    with pytest.raises(DataError, match="field 'statement' must be true or false"):
        says_statement({"statement": "no"}, "r")
    assert is_agreed({"stance": "favor"}, "r")
    assert is_agreed({"stance": "favor", "second": "support"}, "r")
    assert not is_agreed({"stance": "favor", "second": "neutral"}, "r")
    with pytest.raises(DataError, match="field 'second'"):
        is_agreed({"stance": "favor", "second": "perhaps"}, "r")
