"""Corrections and explanations in the article's page: made, taken home, shown again; inert text."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from stance.analysis import Analysis
from stance.evaluation import read_labelled
from stance.extract import Document
from stance.labels import Stance
from stance.model import judged_text
from stance.schema import (
    Correction,
    Explanation,
    Influence,
    Prediction,
    Span,
    Speaker,
    Statement,
)
from stance.tables import read_corrections
from stance.training import read_pairs
from tests.pages.conftest import serious_faults

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.pages

ATTACK = (
    "</script></style><script>alert(1)</script><img src=http://example.org/x onerror=alert(1)>'\""
)
# With line ends of two code points, an emoji and a control character: a page keeps none as it is.
TEXT = (
    "🌉 The harbour town of Orvik argued.\r\n\r\n"
    "“The bridge will save\r\nus an hour a day\x1b,” said Ann Lee. “We need it.”\r\n\r\n"
    f"Fishers said the bridge would close the strait. Bo Ek wrote: “{ATTACK} No bridge.”\r\n"
)
TARGETS = ("the bridge", ATTACK)


def span(words: str) -> Span:
    start = TEXT.index(words)
    return Span.of(TEXT, start, start + len(words))


def context_of(words: str) -> str:
    return next(line for line in TEXT.split("\r\n\r\n") if words in line)


STATEMENTS = (
    Statement(
        "The bridge will save\r\nus an hour a day\x1b, We need it.",
        (span("The bridge will save\r\nus an hour a day\x1b,"), span("We need it.")),
        speakers=(Speaker("Ann Lee", "person"),),
        cue=span("said"),
        context=context_of("Ann Lee"),
    ),
    Statement(
        "the bridge would close the strait",
        (span("the bridge would close the strait"),),
        speakers=(Speaker("Fishers", "group"),),
        cue=Span.of(TEXT, TEXT.index("said the b"), TEXT.index("said the b") + 4),
        speaker_mention=span("Fishers"),
        kind="indirect",
        context=context_of("Fishers"),
    ),
    Statement(f"{ATTACK} No bridge.", (span(f"{ATTACK} No bridge."),), context=context_of("Bo Ek")),
)


def prediction(target: str, stance: Stance, share: float) -> Prediction:
    shares = dict.fromkeys(map(str, Stance), (1 - share) / 2)
    shares[stance.value] = share
    return Prediction(target, stance, shares, used_context=True)


def explanation(statement: Statement, target: str, label: Stance) -> Explanation:
    said, context = judged_text(TEXT, statement)
    words = []
    for part, text in (("statement", said), ("context", context)):
        for number, word in enumerate(text.replace("“", " ").split()[:2]):
            start = text.index(word)
            weight = 0.31 - 0.4 * number
            words.append(Influence(part, Span.of(text, start, start + len(word)), weight))
    sentence = Influence("context", Span.of(context, 0, len(context)), -0.12)
    return Explanation(target, "stance", label, 0.8, tuple(words), (sentence,))


LABELS = ((Stance.FAVOR, 0.9), (Stance.AGAINST, 0.8), (Stance.NEUTRAL, 0.6))
ANALYSIS = Analysis(
    Document(TEXT, id=f"orvik {ATTACK}"),
    TARGETS,
    STATEMENTS,
    tuple(tuple(prediction(t, label, p) for t in TARGETS) for label, p in LABELS),
)
EXPLANATIONS = [
    [explanation(statement, target, label) for target in TARGETS]
    for statement, (label, _) in zip(STATEMENTS, LABELS, strict=True)
]


@pytest.fixture
def show(tmp_path: Path, open_page: Callable) -> Callable:
    """Open the page, with corrections where there are any."""

    def opened(width: int = 1280, corrections: tuple[Correction, ...] = (), **more: object):
        path = tmp_path / "page.html"
        page = ANALYSIS.to_html("Orvik", corrections=corrections, **more)
        path.write_text(page, encoding="utf-8", newline="")
        return open_page(path, width)

    return opened


def open_form(page: Page, number: int) -> None:
    page.locator(f".ref[data-number='{number}']").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#popover")).to_be_focused()
    expect(page.locator("#popover")).to_have_attribute("aria-label", f"Statement {number}")
    page.locator("#popover summary").focus()
    page.keyboard.press("Space")
    expect(page.locator("#popover form")).to_be_visible()


def field(page: Page, name: str):
    return page.locator(f"#popover form [name={name}]")


def keep(page: Page) -> None:
    page.locator("#popover form button", has_text="Keep").focus()
    page.keyboard.press("Enter")


def download(page: Page, folder: Path) -> Path:
    with page.expect_download() as waiting:
        page.locator("#download").click()
    path = folder / waiting.value.suggested_filename
    waiting.value.save_as(path)
    return path


def correct_all(page: Page) -> None:
    open_form(page, 1)  # all with the keyboard
    field(page, "stance").select_option("against")
    field(page, "who").select_option("right")
    field(page, "words").select_option("right")
    keep(page)
    expect(page.locator("#popover")).to_be_hidden()
    open_form(page, 2)
    field(page, "stance").select_option("against")
    field(page, "who").select_option("wrong")
    field(page, "speaker").fill(f"Eva {ATTACK}")
    field(page, "words").select_option("wrong")
    field(page, "said").fill("would  close\nthe strait")
    keep(page)
    expect(page.locator("#popover")).to_be_hidden()
    open_form(page, 3)
    field(page, "words").select_option("none")
    keep(page)
    expect(page.locator("#corrected")).to_have_text("3 corrections")


def test_corrections_go_home_and_come_back(show: Callable, tmp_path: Path) -> None:
    opened = show()
    page = opened.page
    assert page.locator("#corrections").is_hidden()
    correct_all(page)
    expect(page.locator(".ref")).to_have_text(["1 + ✎", "2 − ✎", "3 ○ ✎"])
    first = download(page, tmp_path)
    assert first.name.startswith("corrections-") and first.suffix == ".jsonl"
    found = read_corrections(first)
    assert [item.misfit(TEXT) for item in found] == [None] * 3
    assert [item.statement for item in found] == [True, True, False]
    one, two, three = found
    assert (one.stance, one.target, one.speaker) == (Stance.AGAINST, "the bridge", "Ann Lee")
    assert one.found.stance is Stance.FAVOR
    assert one.spans == STATEMENTS[0].spans and one.spans_judged and one.speaker_judged
    assert (one.text, one.context) == judged_text(TEXT, STATEMENTS[0])
    assert two.spans == (span("would close the strait"),)
    assert two.text == "would close the strait"
    assert two.speaker == f"Eva {ATTACK}" and two.found.speaker == "Fishers"
    assert two.found.spans == STATEMENTS[1].spans
    assert two.context == context_of("Fishers").strip().replace("would close the strait", "[...]")
    assert three.stance is None and three.target is None

    # What evaluation and training read: the lines that judge a stance.
    for rows in (read_labelled(first), read_pairs(first)):
        assert [row.stance for row in rows] == [Stance.AGAINST, Stance.AGAINST]
    assert len({row.group for row in read_labelled(first)}) == 1

    again = show(corrections=tuple(found))
    expect(again.page.locator("#corrected")).to_have_text("3 corrections")
    note = again.page.locator("#s2 .corrected").inner_text()
    assert note.startswith("Your correction: stance toward the bridge: against is right;")
    assert f"speaker: Eva {ATTACK}, not Fishers" in note
    assert "words: “would close the strait”" in note
    second = tmp_path / "second"
    second.mkdir()
    assert read_corrections(download(again.page, second)) == found
    assert opened.messages == again.messages == []


def test_a_correction_can_be_changed_and_taken_back(show: Callable) -> None:
    page = show().page
    open_form(page, 2)
    keep(page)
    expect(page.locator("#popover [role=alert]")).to_contain_text("Nothing is judged yet")
    field(page, "words").select_option("wrong")
    field(page, "said").fill("words that nobody wrote")
    keep(page)
    expect(page.locator("#popover [role=alert]")).to_contain_text("no such words")
    field(page, "said").fill("close the strait")
    keep(page)
    expect(page.locator("#corrected")).to_have_text("1 correction")
    expect(page.locator(".ref[data-number='2']")).to_be_focused()
    open_form(page, 2)
    expect(field(page, "said")).to_have_value("close the strait")
    expect(field(page, "words")).to_have_value("wrong")
    page.locator("#popover button", has_text="Take back").click()
    expect(page.locator("#corrections")).to_be_hidden()
    expect(page.locator("#statements .corrected")).to_have_count(0)


def test_each_target_has_its_own_judgement(show: Callable, tmp_path: Path) -> None:
    page = show().page
    open_form(page, 1)
    field(page, "stance").select_option("favor")
    keep(page)
    expect(page.locator("#popover")).to_be_hidden()
    page.locator("#target").select_option(index=1)
    open_form(page, 1)
    expect(field(page, "stance")).to_have_value("")
    field(page, "stance").select_option("neutral")
    keep(page)
    expect(page.locator("#popover")).to_be_hidden()
    found = read_corrections(download(page, tmp_path))
    assert [(item.target, item.stance) for item in found] == [
        (TARGETS[0], Stance.FAVOR),
        (TARGETS[1], Stance.NEUTRAL),
    ]


def test_what_is_not_on_the_page_is_kept(show: Callable, tmp_path: Path) -> None:
    elsewhere = span("argued")
    found = {"spans": [elsewhere.to_record()], "speaker": None, "stance": None}
    row = {
        "correction": 1,
        "id": "x:1",
        "article": "x",
        "text": f"argued {ATTACK}",
        "spans": [elsewhere.to_record()],
        "start": elsewhere.start,
        "end": elsewhere.end,
        "target": "a port",
        "stance": "favor",
        "found": found,
    }
    correction = Correction.from_record(row)
    opened = show(corrections=(correction,))
    assert opened.page.locator("#others li").inner_text() == f"“argued {ATTACK}” · a port · favor"
    assert read_corrections(download(opened.page, tmp_path)) == [correction]
    assert opened.messages == []


def test_words_that_mattered_are_told_without_colour(show: Callable) -> None:
    opened = show(explanations=EXPLANATIONS)
    page = opened.page
    page.locator(".ref[data-number='2']").click()
    expect(page.locator("#popover")).to_be_focused()
    told = " ".join(page.locator("#popover .toward:visible").inner_text().split())
    for part in (
        "What the probability of against owes to single words",
        "Fishers +0.31",
        "said −0.09",
        "Sentence of the context that moved it most: “",
        "−0.12",
    ):
        assert part in told
    assert page.locator("#popover .up:visible").first.inner_text() == "Fishers"
    lines = page.locator("#popover .down:visible").first.evaluate(
        "node => getComputedStyle(node).textDecorationLine"
    )
    assert lines == "underline"
    assert opened.messages == []


def test_no_text_can_act(show: Callable) -> None:
    opened = show(explanations=EXPLANATIONS)
    page = opened.page
    page.on("dialog", lambda dialog: opened.messages.append(dialog.message))
    correct_all(page)
    page.locator("#target").select_option(index=1)
    open_form(page, 3)
    assert page.locator("script").count() == page.locator("style").count() == 1
    assert page.locator("img, [onerror]").count() == 0
    assert ATTACK in page.locator("#popover form em").inner_text()
    assert opened.messages == []
    assert [url for url in opened.requests if not url.startswith("file:")] == []


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "light"), (1280, "dark")])
def test_it_fits_each_window(width: int, scheme: str, show: Callable) -> None:
    opened = show(width, explanations=EXPLANATIONS)
    page = opened.page
    page.emulate_media(color_scheme=scheme)
    correct_all(page)
    open_form(page, 2)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    box = page.locator("#popover").bounding_box()
    assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= width
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"corrections-{width}-{scheme}.png")
        page.screenshot(path=Path(folder) / f"corrected-{width}-{scheme}.png", full_page=True)
    assert opened.messages == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_form_and_words_are_accessible(scheme: str, show: Callable) -> None:
    page = show(explanations=EXPLANATIONS).page
    page.emulate_media(color_scheme=scheme)
    correct_all(page)
    open_form(page, 2)
    field(page, "said").fill("nobody wrote this")
    keep(page)
    expect(page.locator("#popover [role=alert]")).to_contain_text("no such words")
    assert serious_faults(page) == []


def test_explanations_of_another_analysis_are_refused() -> None:
    from stance.errors import DataError

    with pytest.raises(DataError, match="is not of this analysis"):
        ANALYSIS.to_html(explanations=EXPLANATIONS[::-1])


def test_records_survive_json(show: Callable, tmp_path: Path) -> None:
    page = show().page
    correct_all(page)
    path = download(page, tmp_path)
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [Correction.from_record(line).to_record() for line in lines] == lines
