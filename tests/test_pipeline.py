from __future__ import annotations

import dataclasses
import threading

import pytest

import stance
from stance import Analysis, Document, analyze
from stance.columns import COLUMN_NAMES
from stance.errors import CalibrationError, DataError
from stance.labels import Stance
from stance.once import Once
from stance.schema import Span, Speaker, Statement

TARGETS = ("foreign intervention", "national sovereignty")


@pytest.fixture(scope="module")
def analysis(article, classifier) -> Analysis:
    return analyze(article, TARGETS, classifier=classifier)


def test_offsets_are_exact(analysis, article) -> None:
    assert len(analysis.statements) >= 12
    assert analysis.text == analysis.document.text == article
    for statement in analysis.statements:
        for span in statement.spans:
            assert article[span.start : span.end] == span.text
        assert statement.text == " ".join(span.text for span in statement.spans)


def test_every_statement_has_a_prediction_for_each_target(analysis) -> None:
    assert analysis.targets == TARGETS
    for row in analysis.predictions:
        assert tuple(p.target for p in row) == TARGETS


def test_frame_and_records_agree(analysis) -> None:
    frame = analysis.to_frame()
    records = analysis.to_records()
    assert tuple(frame.columns) == COLUMN_NAMES
    assert len(frame) == len(records) == 2 * len(analysis.statements)
    assert frame["statement"].tolist() == [r["statement"] for r in records]


def test_what_is_known_of_a_document_stands_on_every_row(classifier) -> None:
    document = Document(
        "“We want them out,” Ann Lee said. “No,” said Bo Ek.",
        id="a-1",
        title="Two answers",
        date="2026-11-29",
        outlet="The Harbour Post",
        authors=["Cy Orr", "Dee Poe"],
        url="https://example.org/1",
    )
    found = analyze(document, TARGETS, classifier=classifier)
    assert found.document is document
    assert len(found.to_records()) == 4
    for row in found.to_records():
        assert list(row.items())[:6] == [
            ("document_id", "a-1"),
            ("title", "Two answers"),
            ("date", "2026-11-29"),
            ("outlet", "The Harbour Post"),
            ("authors", "Cy Orr; Dee Poe"),
            ("url", "https://example.org/1"),
        ]
    stored = found.to_dict()
    assert stored["document"]["authors"] == ["Cy Orr", "Dee Poe"]
    assert stored["text"] == document.text
    # What is known of it changes nothing in what is found.
    plain = analyze(document.text, TARGETS, classifier=classifier)
    assert plain.predictions == found.predictions and plain.statements == found.statements


def test_one_target_may_be_a_string(classifier) -> None:
    text = "“We want them out,” Ann Lee said."
    one = analyze(text, "foreign troops", classifier=classifier)
    assert one.targets == ("foreign troops",)
    assert one == analyze(text, ["foreign troops"], classifier=classifier)


def test_an_extractor_of_the_users_own(classifier) -> None:
    class FirstLine:
        def extract(self, document: Document) -> list[Statement]:
            end = document.text.index("\n")
            span = Span.of(document.text, 0, end)
            return [
                Statement(span.text, (span,), (Speaker("Ann Lee", "person"),), context=span.text)
            ]

    found = analyze(
        "We want them out.\nRain.", "troops", extractor=FirstLine(), classifier=classifier
    )
    assert [s.text for s in found.statements] == ["We want them out."]
    (expected,) = classifier.predict(["We want them out."], ["troops"], speakers=["Ann Lee"])
    assert found.predictions[0][0].stance_probabilities == pytest.approx(
        expected.stance_probabilities, abs=1e-4
    )


def test_records_tell_the_number_and_the_set(article, classifier) -> None:
    records = analyze(
        article, "foreign intervention", classifier=classifier, coverage=0.9
    ).to_records()
    assert [r["number"] for r in records] == list(range(1, len(records) + 1))
    assert all(set(str(r["stance_set"]).split("|")) <= {*map(str, Stance), ""} for r in records)
    assert any(r["stance_set"] for r in records)


def test_an_article_without_statements(classifier) -> None:
    empty = analyze("The sun rose. It rained.", "troops", classifier=classifier)
    assert empty.statements == ()
    assert empty.to_frame().empty
    assert "No attributed statement" in empty.to_html()


@pytest.mark.parametrize(
    ("text", "targets", "message"),
    [
        ("  \n ", "troops", "the article is empty"),
        ("", "troops", "the article is empty"),
        (Document(" "), "troops", "the article is empty"),
        (None, "troops", "NoneType"),
        (b"Text.", "troops", "bytes"),
        ("Text.", (), "no target: say what the stance is toward"),
        ("Text.", [], "no target"),
        ("Text.", "", "'' is empty"),
        ("Text.", ["troops", ""], "'' is empty"),
        ("Text.", ["troops", 5], "5 is empty or not text"),
        ("Text.", ["troops", "troops"], "given twice"),
    ],
)
def test_bad_input(text: object, targets: object, message: str) -> None:
    with pytest.raises(DataError, match=message):
        analyze(text, targets)  # type: ignore[arg-type]


def test_targets_cannot_be_left_out() -> None:
    with pytest.raises(TypeError, match="targets"):
        analyze("“No,” said Ann Lee.")  # type: ignore[call-arg]


def test_emoji_and_right_to_left_text_keep_offsets(classifier) -> None:
    text = "👩‍👩‍👧 مرحبا. “We want them out 🚫,” said José Núñez 🇲🇽. שלום."
    found = analyze(text, "troops", classifier=classifier)
    assert found.statements
    for statement in found.statements:
        for span in statement.spans:
            assert text[span.start : span.end] == span.text


@pytest.mark.slow
def test_a_very_long_article(classifier) -> None:
    paragraph = "“We will not accept foreign troops,” President Ana Ruiz said on Monday. " + (
        "The council met again to discuss roads, water and the price of bread in town. " * 30
    )
    text = "\n".join([paragraph] * 120)
    assert len(text.split()) > 50_000
    found = analyze(text, "foreign intervention", classifier=classifier)
    assert sum("foreign troops" in s.text for s in found.statements) == 120


def test_an_analysis_has_one_prediction_for_each_pair(analysis) -> None:
    for broken in (analysis.predictions[:-1], analysis.predictions[::-1][:1], ((),)):
        with pytest.raises(DataError, match="one prediction for each"):
            dataclasses.replace(analysis, predictions=broken)
    with pytest.raises(DataError, match="one prediction for each"):
        dataclasses.replace(analysis, targets=("something else", "national sovereignty"))


def test_default_objects_are_loaded_once_from_many_threads(monkeypatch, classifier) -> None:
    barrier = threading.Barrier(8)
    loads: list[str] = []

    def slow_load(name: str) -> object:
        loads.append(name)
        threading.Event().wait(0.2)  # long enough for the other threads to ask as well
        return classifier

    monkeypatch.setattr("stance.model.loading.load", slow_load)
    from stance import pipeline

    monkeypatch.setattr(pipeline, "default_classifier", Once(pipeline._load_classifier))
    found: list[Analysis] = []

    def work() -> None:
        barrier.wait()
        found.append(analyze("“We want them out,” Ann Lee said.", "troops"))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert loads == ["default"]
    assert len(found) == 8 and all(one == found[0] for one in found)


def test_a_default_that_failed_to_load_is_tried_again() -> None:
    answers = iter([OSError("no disk"), "loaded"])

    def make() -> str:
        answer = next(answers)
        if isinstance(answer, OSError):
            raise answer
        return answer

    once = Once(make)
    with pytest.raises(OSError, match="no disk"):
        once()
    assert once() == once() == "loaded"


def test_the_public_function_is_the_pipelines() -> None:
    assert stance.analyze is analyze


class Unused:
    """An extractor that must not be asked."""

    def extract(self, document: Document) -> list[Statement]:
        raise AssertionError("extracted before the options were checked")


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"targets": None}, DataError, "targets are None"),
        ({"targets": 5}, DataError, "targets are 5"),
        ({"targets": "troops " * 600}, DataError, "target"),
        ({"abstain_below": 2}, DataError, "abstain_below is 2"),
        ({"abstain_below": float("nan")}, DataError, "abstain_below is nan"),
        ({"coverage": 0}, CalibrationError, "coverage is 0"),
        ({"coverage": 3}, CalibrationError, "coverage is 3"),
        ({"coverage": 0.999999}, CalibrationError, "calibration rows"),
    ],
)
def test_options_are_checked_also_without_a_statement(
    options: dict[str, object], error: type[Exception], message: str, classifier
) -> None:
    given = {"targets": "troops", **options}
    with pytest.raises(error, match=message):
        analyze("It rained.", extractor=Unused(), classifier=classifier, **given)


def test_an_extractor_may_be_a_generator(classifier) -> None:
    class Lazy:
        def extract(self, document: Document):
            for start in (0, 18):
                span = Span.of(document.text, start, start + 17)
                yield Statement(span.text, (span,))

    text = "We want them out. We want them out."
    found = analyze(text, "troops", extractor=Lazy(), classifier=classifier)
    assert len(found.statements) == len(found.predictions) == 2
