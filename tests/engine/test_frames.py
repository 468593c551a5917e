"""Frames in, frames out: the same rows and index, with the results beside them."""

from __future__ import annotations

import pandas as pd
import polars as pl
import pytest

from stance.engine import Columns, analyze_many, score
from stance.errors import DataError
from stance.extract.extractor import RuleExtractor

ROWS = {"n": [1, 2, 3], "statement": ["A.", None, "C."]}


def test_a_pandas_frame_keeps_its_index(fake) -> None:
    frame = pd.DataFrame(ROWS, index=["x", "y", "x"])
    scored = score(frame, "troops", classifier=fake)
    assert scored.index.tolist() == ["x", "y", "x"]
    assert scored["n"].tolist() == [1, 2, 3] and scored["n"].dtype == frame["n"].dtype
    assert scored["stance"].tolist()[::2] == ["favor", "favor"]
    assert scored["error"][1:2].str.contains("row 2: 'statement' is empty").all()
    assert list(frame.columns) == ["n", "statement"], "the frame itself stays"
    twice = score(frame, ["troops", "a tax"], classifier=fake)
    assert twice.index.tolist() == ["x", "x", "y", "y", "x", "x"]
    assert twice["target"].tolist() == ["troops", "a tax"] * 3


def test_a_polars_frame(fake) -> None:
    frame = pl.DataFrame(ROWS)
    scored = score(frame, ["troops", "a tax"], classifier=fake)
    assert isinstance(scored, pl.DataFrame)
    assert scored["n"].to_list() == [1, 1, 2, 2, 3, 3] and scored["n"].dtype == frame["n"].dtype
    assert scored["stance"].to_list() == ["favor", "favor", None, None, "favor", "favor"]
    assert scored["stance_favor"].dtype == pl.Float64


def test_a_column_of_targets_and_strict(fake) -> None:
    frame = pd.DataFrame({"quote": ["A.", "B."], "about": ["troops", "unreadable"]})
    scored = score(frame, columns=Columns(target="about"), classifier=fake)
    assert scored["stance"].tolist()[0] == "favor" and "no such target" in scored["error"][1]
    with pytest.raises(DataError, match="row 2"):
        score(frame, columns=Columns(target="about"), classifier=fake, strict=True)


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (pd.DataFrame({"statement": []}), "has no rows"),
        (pd.DataFrame([["a", "b"]], columns=["statement", "statement"]), "several columns"),
        (pd.DataFrame({"statement": ["a"], "stance": ["b"]}), "already has a column 'stance'"),
        (pd.DataFrame({"words": ["a"]}), "no column 'statement'"),
        (pl.LazyFrame(ROWS), r"give frame\.collect\(\)"),
    ],
)
def test_frames_that_cannot_be_scored(frame, message: str, fake) -> None:
    with pytest.raises(DataError, match=message):
        score(frame, "troops", classifier=fake)


def test_a_frame_of_articles_gives_the_index_of_each_row_s_article(fake) -> None:
    quote = "“We welcome the peacekeepers,” said Mayor Ann Lee."
    frame = pd.DataFrame({"text": [quote, "Nothing.", None], "id": [7, 8, 9]}, index=list("abc"))
    rows = analyze_many(frame, "troops", classifier=fake, extractor=RuleExtractor())
    assert rows.index.tolist() == ["a", "c"]
    assert rows["document_id"].tolist() == ["7", "9"]
    assert rows["statement"].tolist()[0] == "We welcome the peacekeepers,"
    assert "'text' is empty" in rows["error"].tolist()[1]
