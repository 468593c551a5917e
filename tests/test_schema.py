from __future__ import annotations

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.errors import SpanError, StanceError
from stance.schema import Span, Statement


@given(st.text(min_size=1, max_size=60), st.data())
def test_spans_slice_back(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    span = Span.of(text, start, end)
    assert text[span.start : span.end] == span.text


def test_bad_spans_are_refused() -> None:
    with pytest.raises(SpanError):
        Span("abc", 0, 2)
    with pytest.raises(SpanError):
        Span.of("abc", 2, 9)
    with pytest.raises(ValueError):
        Statement("x", ())
    with pytest.raises(StanceError):
        Statement("b a", (Span("b", 5, 6), Span("a", 0, 1)))


def test_statement_hull_and_frozen() -> None:
    statement = Statement("a b", (Span("a", 3, 4), Span("b", 9, 10)))
    assert (statement.start, statement.end) == (3, 10)
    with pytest.raises(dataclasses.FrozenInstanceError):
        statement.text = "c"  # type: ignore[misc]
