from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.errors import DataError, SpanError, StanceError
from stance.labels import Abstention, Sentiment, Stance
from stance.schema import (
    Candidate,
    CheckpointInfo,
    Kind,
    Modality,
    Prediction,
    Span,
    Speaker,
    SpeakerKind,
    Statement,
)

EVEN = {"against": 0.2, "neutral": 0.3, "favor": 0.5}
WORDS = st.text(max_size=20)


@st.composite
def spans(draw: st.DrawFn, least: int = 0) -> Span:
    text = draw(st.text(min_size=1, max_size=20))
    start = draw(st.integers(least, least + 50))
    return Span(text, start, start + len(text))


NAMES = WORDS.filter(str.strip)


@st.composite
def candidates(draw: st.DrawFn) -> Candidate:
    return Candidate(draw(NAMES), draw(st.floats(0, 1)))


@st.composite
def speaker_records(draw: st.DrawFn) -> Speaker:
    return Speaker(
        name=draw(NAMES),
        kind=draw(st.sampled_from(get_args(SpeakerKind))),
        role=draw(st.none() | WORDS),
        affiliation=draw(st.none() | WORDS),
        first_mention=draw(st.none() | spans()),
        candidates=tuple(draw(st.lists(candidates(), max_size=2))),
    )


@st.composite
def statements(draw: st.DrawFn) -> Statement:
    pieces = [draw(spans())]
    for _ in range(draw(st.integers(0, 2))):
        pieces.append(draw(spans(pieces[-1].end)))
    speakers = tuple(draw(st.lists(speaker_records(), max_size=2)))
    return Statement(
        text=" ".join(piece.text for piece in pieces),
        spans=tuple(pieces),
        speakers=speakers,
        speaker_candidates=() if speakers else tuple(draw(st.lists(candidates(), max_size=2))),
        speaker_mention=draw(st.none() | spans()),
        cue=draw(st.none() | spans()),
        kind=draw(st.sampled_from(get_args(Kind))),
        context=draw(WORDS),
        speaker_confidence=draw(st.floats(0, 1)),
        modality=draw(st.sampled_from(get_args(Modality))),
        confidence=draw(st.floats(0, 1)),
        nested_in=draw(st.none() | st.integers(0, 9)),
    )


def _shares(draw: st.DrawFn, labels: type[Stance] | type[Sentiment]) -> dict[str, float]:
    raw = [draw(st.floats(0.01, 1)) for _ in labels]
    return {str(label): value / sum(raw) for label, value in zip(labels, raw, strict=True)}


@st.composite
def shares_of(draw: st.DrawFn, labels: type[Sentiment]) -> dict[str, float]:
    return _shares(draw, labels)


@st.composite
def predictions(draw: st.DrawFn) -> Prediction:
    reason = draw(st.none() | st.sampled_from(Abstention))
    stances, sentiments = _shares(draw, Stance), draw(st.none() | shares_of(Sentiment))
    return Prediction(
        target=draw(WORDS),
        stance=None if reason else Stance(max(stances, key=stances.__getitem__)),
        stance_probabilities=stances,
        sentiment=sentiments and Sentiment(max(sentiments, key=sentiments.__getitem__)),
        sentiment_probabilities=sentiments,
        stance_set=draw(st.none() | st.lists(st.sampled_from(Stance), unique=True).map(tuple)),
        abstained_because=reason,
        truncated=draw(st.booleans()),
        used_context=draw(st.booleans()),
        warnings=tuple(draw(st.lists(WORDS, max_size=2))),
    )


@st.composite
def checkpoint_infos(draw: st.DrawFn) -> CheckpointInfo:
    return CheckpointInfo(
        kind=draw(WORDS),
        name=draw(WORDS),
        device=draw(WORDS),
        reads_context=draw(st.booleans()),
        labels=tuple(draw(st.lists(WORDS, max_size=3))),
        sha256=draw(st.none() | WORDS),
        revision=draw(st.none() | WORDS),
        backbone=draw(st.none() | WORDS),
        max_length=draw(st.none() | st.integers(1, 4096)),
        max_context=draw(st.none() | st.integers(0, 4096)),
    )


@given(statements() | speaker_records() | predictions() | checkpoint_infos())
def test_records_survive_json(record: Statement | Speaker | Prediction | CheckpointInfo) -> None:
    stored = json.dumps(record.to_record(), allow_nan=False)
    assert type(record).from_record(json.loads(stored)) == record


@given(predictions())
def test_score_and_confidence_are_in_range(prediction: Prediction) -> None:
    assert -1 <= prediction.score <= 1
    assert 1 / 3 <= prediction.confidence + 1e-9 <= 1 + 1e-9


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


@pytest.mark.parametrize("text", ["a  b", "ab", "a", "a b ", ""])
def test_a_statement_that_is_not_the_text_of_its_spans_is_refused(text: str) -> None:
    with pytest.raises(SpanError, match="not its spans"):
        Statement(text, (Span("a", 3, 4), Span("b", 9, 10)))


@pytest.mark.parametrize("kind", [Statement, Prediction, CheckpointInfo])
@pytest.mark.parametrize("record", [None, [], "x", 3])
def test_a_record_that_is_no_mapping_is_refused(
    kind: type[Statement] | type[Prediction] | type[CheckpointInfo], record: object
) -> None:
    with pytest.raises(DataError, match="must be a mapping"):
        kind.from_record(record)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"stance": "favor"}, "stance is 'favor': give a member of stance.Stance"),
        ({"stance": Sentiment.NEUTRAL}, "stance is .*NEUTRAL"),
        ({"stance": Stance.AGAINST}, "stance is against, and the most probable is favor"),
        ({"stance_set": ("favor",)}, "stance_set is .*'favor'.*give a tuple of members"),
        ({"stance": (Stance.FAVOR,)}, "stance is .*give a member"),
        ({"stance_set": [Stance.FAVOR]}, "stance_set is"),
        (
            {
                "sentiment": "positive",
                "sentiment_probabilities": {"negative": 0.1, "neutral": 0.2, "positive": 0.7},
            },
            "sentiment is 'positive'",
        ),
        (
            {
                "sentiment": Sentiment.NEGATIVE,
                "sentiment_probabilities": {"negative": 0.1, "neutral": 0.2, "positive": 0.7},
            },
            "sentiment is negative, and the most probable is positive",
        ),
    ],
)
def test_labels_that_do_not_fit_are_refused(changes: dict[str, object], message: str) -> None:
    good = Prediction("t", Stance.FAVOR, EVEN)
    assert Prediction.from_record(good.to_record()) == good
    with pytest.raises(DataError, match=message):
        dataclasses.replace(good, **changes)  # type: ignore[arg-type]


def test_statement_hull_and_frozen() -> None:
    statement = Statement("a b", (Span("a", 3, 4), Span("b", 9, 10)))
    assert (statement.start, statement.end) == (3, 10)
    with pytest.raises(dataclasses.FrozenInstanceError):
        statement.text = "c"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"kind": "quoted"}, "kind is 'quoted': use one of direct, indirect, mixed"),
        ({"modality": "sure"}, "modality is 'sure'"),
        ({"speaker_confidence": 1.2}, "speaker_confidence is 1.2"),
        ({"confidence": -0.1}, "confidence is -0.1"),
        ({"speaker_confidence": float("nan")}, "speaker_confidence is nan"),
        ({"nested_in": -1}, "nested_in is -1"),
        (
            {
                "speakers": (Speaker("Ann Lee", "person"),),
                "speaker_candidates": (Candidate("Ann Lee", 0.5),),
            },
            "give either speakers, or speaker_candidates",
        ),
    ],
)
def test_bad_statements_are_refused(changes: dict[str, object], message: str) -> None:
    good = Statement("a", (Span("a", 0, 1),))
    with pytest.raises(DataError, match=message):
        dataclasses.replace(good, **changes)  # type: ignore[arg-type]


def test_the_speaker_of_a_statement_is_the_joined_name_of_its_speakers() -> None:
    lee, two = Speaker("Ann Lee", "person"), Speaker("two officials", "unnamed")
    nobody = Statement("a", (Span("a", 0, 1),))
    assert (nobody.speaker, nobody.anonymous) == (None, False)
    for speakers, name, anonymous in (
        ((lee,), "Ann Lee", False),
        ((lee, two), "Ann Lee and two officials", False),
        ((two,), "two officials", True),
    ):
        found = dataclasses.replace(nobody, speakers=speakers)
        assert (found.speaker, found.anonymous) == (name, anonymous)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Speaker("Ann Lee", "robot"), "kind of a speaker is 'robot': use one of person"),  # type: ignore[arg-type]
        (lambda: Speaker(" ", "person"), "name of a speaker is ' '"),
        (lambda: Candidate("", 0.5), "name of a candidate is ''"),
        (lambda: Candidate("Ann Lee", 1.5), "score is 1.5"),
    ],
)
def test_bad_speakers_are_refused(make: Callable[[], object], message: str) -> None:
    with pytest.raises(DataError, match=message):
        make()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"stance_probabilities": {"favor": 1.0}}, "give against, neutral, favor"),
        ({"stance_probabilities": {**EVEN, "none": 0.0}}, "give against, neutral, favor"),
        ({"stance_probabilities": {**EVEN, "favor": 0.9}}, "sum to 1.4"),
        ({"stance_probabilities": {**EVEN, "favor": -0.5}}, r"\['favor'\] is -0.5"),
        ({"stance_probabilities": {**EVEN, "favor": float("nan")}}, "is nan"),
        ({"stance": None}, "abstained_because, the reason for none"),
        ({"abstained_because": Abstention.CUT}, "abstained_because, the reason for none"),
        ({"stance": None, "abstained_because": "tired"}, "abstained_because is 'tired'"),
        ({"sentiment": Sentiment.POSITIVE}, "together with sentiment_probabilities"),
        ({"sentiment_probabilities": EVEN}, "together"),
        (
            {"sentiment": Sentiment.POSITIVE, "sentiment_probabilities": EVEN},
            "give negative, neutral, positive",
        ),
    ],
)
def test_bad_predictions_are_refused(changes: dict[str, object], message: str) -> None:
    good = Prediction("troops", Stance.FAVOR, EVEN)
    with pytest.raises(DataError, match=message):
        dataclasses.replace(good, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"stance": "perhaps"}, "stance is 'perhaps': use one of against, neutral, favor or null"),
        ({"stance_probability": 1}, "did you mean 'stance_probabilities'"),
        ({"warnings": "short"}, "warnings must be a list"),
        ({"stance_set": ["favor", "pro"]}, r"stance_set\[1\] is 'pro': use one of"),
    ],
)
def test_bad_records_are_refused(changes: dict[str, object], message: str) -> None:
    record = Prediction("troops", Stance.FAVOR, EVEN).to_record()
    with pytest.raises(DataError, match=message):
        Prediction.from_record({**record, **changes})
