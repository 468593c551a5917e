from __future__ import annotations

import pytest

from stance.errors import DataError
from stance.evaluation.labelled_sets import read_labelled
from stance.labels import Sentiment, Stance

ROW: dict[str, object] = {"id": "a", "text": "Out!", "target": "troops", "stance": "against"}


def test_reads_all_fields(write_jsonl) -> None:
    full = {
        **ROW,
        "stance": "oppose",
        "sentiment": "NEG",
        "context": "She said: Out!",
        "speaker": "Ana",
        "rationale": "demand",
        "group": "g",
        "start": 10,
        "end": 14,
        "theme": "anything else is left alone",
    }
    item = read_labelled(write_jsonl("set.jsonl", [full]))[0]
    assert item.stance is Stance.AGAINST
    assert item.sentiment is Sentiment.NEGATIVE
    assert (item.context, item.speaker, item.group) == ("She said: Out!", "Ana", "g")
    assert (item.start, item.end) == (10, 14)


def test_optional_fields_may_be_missing_or_null(write_jsonl) -> None:
    rows = [ROW, {**ROW, "id": "b", "speaker": None, "context": "", "sentiment": None}]
    for item in read_labelled(write_jsonl("set.jsonl", rows)):
        assert (item.speaker, item.context, item.sentiment, item.start) == (None, "", None, None)


def test_one_id_for_two_targets(write_jsonl) -> None:
    rows = [ROW, {**ROW, "target": "sovereignty", "stance": "favor"}]
    assert len(read_labelled(write_jsonl("set.jsonl", rows))) == 2


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({**ROW, "text": None}, "field 'text' is missing"),
        ({**ROW, "text": "  "}, "field 'text' is not usable"),
        ({**ROW, "text": 3}, "field 'text' is not usable"),
        ({k: v for k, v in ROW.items() if k != "target"}, "field 'target' is missing"),
        ({**ROW, "stance": None}, "field 'stance' is missing, and so is 'sentiment'"),
        ({**ROW, "stance": None, "sentiment": "negative"}, "label the stance of every row"),
        ({**ROW, "stance": "perhaps"}, "field 'stance': unknown stance label 'perhaps'"),
        ({**ROW, "sentiment": "angry"}, "field 'sentiment': unknown sentiment label"),
        ({**ROW, "speaker": 7}, "field 'speaker' must be text"),
        ({**ROW, "start": "3", "end": 5}, "field 'start' must be a whole number"),
        ({**ROW, "start": 3}, "field 'end' is missing"),
        ({**ROW, "start": 5, "end": 3}, "field 'start'"),
        ({**ROW, "sentement": "negative"}, "unknown field 'sentement'; did you mean 'sentiment'"),
        ({**ROW, "id": "first"}, "field 'id': 'first' is already used"),
        ({**ROW, "text": "Go", "stance": "favor"}, "field 'stance': favor contradicts against"),
    ],
)
def test_error_names_file_line_and_field(write_jsonl, row, message) -> None:
    path = write_jsonl("mine.jsonl", [{**ROW, "id": "first", "text": "Go"}, row])
    with pytest.raises(DataError, match=message) as caught:
        read_labelled(path)
    assert "mine.jsonl, line 2" in str(caught.value)


ARTICLE = "Rain fell. “We want them out,” Ann Lee said. “All of them.” He left."
QUOTE = {**ROW, "text": "We want them out, All of them.", "start": 12, "end": 58}


def test_an_interrupted_quote_is_masked_once_in_its_context(write_jsonl) -> None:
    path = write_jsonl("set.jsonl", [{**QUOTE, "context": ARTICLE}])
    assert read_labelled(path, article=ARTICLE)[0].context == "Rain fell. “[...]” He left."


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"end": 900}, r"field 'start': \[12, 900\) of the article is no such text"),
        ({"start": 0}, "is no such text"),
        ({"start": None, "end": None}, "field 'start' is missing"),
        ({"context": "Snow fell."}, "field 'context': the context is no passage"),
    ],
)
def test_rows_that_do_not_fit_their_article(write_jsonl, change, message) -> None:
    path = write_jsonl("set.jsonl", [{**QUOTE, "context": ARTICLE, **change}])
    with pytest.raises(DataError, match=message):
        read_labelled(path, article=ARTICLE)


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"", "no rows"), (b"{nonsense", "not valid JSONL"), (b"[1]\n", "not a JSON object")],
)
def test_bad_file(tmp_path, content, message) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_bytes(content)
    with pytest.raises(DataError, match=message):
        read_labelled(path)


def test_binary_and_missing_file(tmp_path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_bytes(b"\xff\xfe\x00binary")
    with pytest.raises(DataError, match=r"cannot read .*bad\.jsonl"):
        read_labelled(path)
    with pytest.raises(DataError, match=r"cannot read .*absent\.jsonl"):
        read_labelled(tmp_path / "absent.jsonl")


CSV_ROWS = (
    "\ufeffnr,quote,target,label,tone_label,who\r\n"
    '1,"Out, all of them!\nNow.",troops,con,neg,Ana\r\n'
    "\r\n"
    '2,"It is ""late"".",troops,none,neu,\r\n'
)
NAMES = {
    "id": "nr",
    "text": "quote",
    "stance": "label",
    "sentiment": "tone_label",
    "speaker": "who",
}


@pytest.mark.parametrize("ending", ["csv", "tsv"])
def test_a_table_with_names_of_its_own(tmp_path, ending) -> None:
    path = tmp_path / f"mine.{ending}"
    text = CSV_ROWS if ending == "csv" else CSV_ROWS.replace(",", "\t").replace("Out\t", "Out,")
    path.write_bytes(text.encode())
    first, second = read_labelled(path, columns=NAMES)
    assert (first.id, first.text) == ("1", "Out, all of them!\nNow.")
    assert (first.stance, first.sentiment, first.speaker) == ("against", "negative", "Ana")
    assert (second.text, second.stance, second.speaker) == ('It is "late".', "neutral", None)


def test_statement_is_another_name_for_text_and_ids_may_be_missing(tmp_path, write_jsonl) -> None:
    rows = [{"statement": "Out!", "stance": "against"}, {"statement": "In!", "stance": "favor"}]
    found = read_labelled(write_jsonl("set.jsonl", rows), target="troops")
    assert [(r.id, r.text, r.target) for r in found] == [
        ("1", "Out!", "troops"),
        ("2", "In!", "troops"),
    ]
    table = tmp_path / "set.csv"
    table.write_text("statement,stance\nOut!,against\nIn!,favor\n")
    assert [(r.id, r.text) for r in read_labelled(table, target="t")] == [
        ("1", "Out!"),
        ("2", "In!"),
    ]


def test_a_target_of_all_rows_replaces_none(write_jsonl) -> None:
    with pytest.raises(DataError, match="line 1: the row names a target of its own"):
        read_labelled(write_jsonl("set.jsonl", [ROW]), target="sovereignty")


def test_a_set_may_label_sentiment_alone(write_jsonl) -> None:
    rows = [{"text": "Good.", "target": "t", "sentiment": "pos"}] * 2
    assert [r.sentiment for r in read_labelled(write_jsonl("set.jsonl", rows))] == ["positive"] * 2


@pytest.mark.parametrize(
    ("text", "options", "message"),
    [
        ("a,b\n1,2\n", {}, "no field 'text' or 'statement'; this row has a, b"),
        ("text,stance\nOut,con\n", {}, "no field 'target'"),
        ("text,target\nOut,t\n", {}, "no field 'stance' or 'sentiment'"),
        ("text,target,stance\nOut,t,con\n", {"columns": {"text": "quote"}}, "no column 'quote'"),
        ("text,target,stance\nOut,t\n", {}, "line 2: 2 cells, but the header has 3"),
        ("text,target,stance\nOut,t,con,more\n", {}, "line 2: 4 cells, but the header has 3"),
        ("text,text,target,stance\nOut,x,t,con\n", {}, "two columns are called 'text'"),
        ('text,target,stance\n"Out,t,con\n', {}, "set.csv, line 2: not CSV"),
        ("text,target,stance\nOut,t,con\n,t,con\n", {}, "row 2: field 'text' is missing"),
        ("text,target,stance\n", {}, "no rows"),
        ("", {}, "is empty"),
    ],
)
def test_a_table_that_cannot_be_read(tmp_path, text, options, message) -> None:
    path = tmp_path / "set.csv"
    path.write_text(text)
    with pytest.raises(DataError, match=message) as caught:
        read_labelled(path, **options)
    assert "set.csv" in str(caught.value)


def test_a_file_of_another_kind_is_refused(tmp_path) -> None:
    (tmp_path / "set.xlsx").write_bytes(b"PK")
    with pytest.raises(DataError, match=r"set\.xlsx: cannot tell .* \.jsonl, \.parquet"):
        read_labelled(tmp_path / "set.xlsx")
