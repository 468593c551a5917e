"""The article's page in a browser: what it marks, tells, filters; its text cannot act."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from stance.analysis import Analysis
from stance.extract import Document
from stance.labels import Abstention, Sentiment, Stance
from stance.schema import Prediction, Span, Speaker, Statement
from tests.pages.conftest import eventually, go_to

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.pages

ATTACK = "</script></style><script>alert(1)</script><img src=http://example.org/x onerror=alert(1)>"
TEXT = (
    "The harbour town of Orvik argued over the new bridge on Tuesday.\n\n"
    "“The bridge will save us an hour a day 🌉,” said Ann Lee, the mayor. “We need it now.”\n\n"
    "Fishers said the bridge, which Lee called “a gift”, would close the strait.\n\n"
    f"Bo Ek wrote: “{ATTACK} No bridge.”\n"
)
TARGETS = ("the bridge", "fishing")
ANN = Speaker("Ann Lee", "person", "mayor", "Orvik")
FISHERS = Speaker("Fishers", "group")
BO = Speaker(f"Bo {ATTACK}", "person", ATTACK)


def span(words: str) -> Span:
    start = TEXT.index(words)
    return Span.of(TEXT, start, start + len(words))


def statement(*pieces: str, **fields: object) -> Statement:
    spans = tuple(map(span, pieces))
    return Statement(" ".join(pieces), spans, **fields)  # type: ignore[arg-type]


def prediction(
    target: str, stance: Stance, share: float, *, abstained: bool = False, **fields: object
) -> Prediction:
    shares = dict.fromkeys(map(str, Stance), round((1 - share) / 2, 6))
    shares[stance.value] = 1 - 2 * round((1 - share) / 2, 6)
    return Prediction(  # type: ignore[arg-type]
        target,
        None if abstained else stance,
        shares,
        abstained_because=Abstention.UNSURE if abstained else None,
        **fields,
    )


def row(bridge: Stance, share: float, fishing: Stance, **fields: object) -> tuple[Prediction, ...]:
    return prediction(TARGETS[0], bridge, share, **fields), prediction(TARGETS[1], fishing, 0.6)


STATEMENTS = (
    statement(
        "The bridge will save us an hour a day 🌉,",
        "We need it now.",
        speakers=(ANN,),
        cue=span("said"),
        speaker_mention=span("Ann Lee"),
        speaker_confidence=0.9,
    ),
    statement(
        "the bridge, which Lee called “a gift”, would close the strait",
        speakers=(FISHERS,),
        cue=Span.of(TEXT, TEXT.index("said the"), TEXT.index("said the") + 4),
        speaker_mention=span("Fishers"),
        kind="mixed",
    ),
    statement("a gift", speakers=(ANN,), cue=span("called"), nested_in=1),
    statement(f"{ATTACK} No bridge.", speakers=(BO,)),
    statement("argued over the new bridge", kind="indirect"),
)
PREDICTIONS = (
    row(
        Stance.FAVOR,
        0.9,
        Stance.AGAINST,
        sentiment=Sentiment.POSITIVE,
        sentiment_probabilities={"negative": 0.1, "neutral": 0.2, "positive": 0.7},
        stance_set=(Stance.NEUTRAL, Stance.FAVOR),
        warnings=(f"it is odd {ATTACK}",),
    ),
    row(Stance.AGAINST, 0.8, Stance.FAVOR),
    row(Stance.FAVOR, 0.7, Stance.NEUTRAL),
    row(Stance.AGAINST, 0.6, Stance.NEUTRAL),
    row(Stance.NEUTRAL, 0.4, Stance.NEUTRAL, abstained=True),
)


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    hostile = Document(
        TEXT, title=ATTACK, outlet=ATTACK, authors=[ATTACK], url=f"javascript:{ATTACK}"
    )
    path = tmp_path_factory.mktemp("view") / "bridge.html"
    targets = (*TARGETS, ATTACK)
    rows = tuple((*item, prediction(ATTACK, Stance.NEUTRAL, 0.5)) for item in PREDICTIONS)
    analysis = Analysis(hostile, targets, STATEMENTS, rows)
    path.write_text(analysis.to_html(f"{ATTACK}.txt"), encoding="utf-8")
    return path


@pytest.fixture
def page(page_file: Path, open_page: Callable) -> Page:
    return open_page(page_file, 1280).page


def marked(page: Page) -> dict[str, str]:
    """What is marked of each statement, its pieces joined as the records join them."""
    return page.evaluate(
        """() => {
          const found = {};
          for (const mark of document.querySelectorAll("article mark"))
            for (const number of mark.dataset.statements.split(" "))
              found[number] = (found[number] ?? "") + mark.textContent;
          return found;
        }"""
    )


def stances(page: Page) -> list[str]:
    return page.locator(".ref").evaluate_all("refs => refs.map((ref) => ref.classList[1])")


def shown(page: Page) -> list[str]:
    cards = page.locator("#statements > li:visible")
    return cards.evaluate_all("cards => cards.map((card) => card.dataset.number)")


def test_marks_and_numbers_are_those_of_the_records(page: Page) -> None:
    wanted = {str(n): "".join(s.text for s in st.spans) for n, st in enumerate(STATEMENTS, 1)}
    assert marked(page) == wanted
    # In the order of the text; the number also tells the stance without colour.
    assert page.locator(".ref").all_text_contents() == ["5 ?", "1 +", "3 +", "2 −", "4 −"]
    assert stances(page) == ["abstained", "favor", "favor", "against", "against"]
    assert page.locator("article .cue").all_text_contents() == ["said", "said", "called"]
    assert page.locator("article .mention").all_text_contents() == ["Ann Lee", "Fishers"]
    page.evaluate("document.querySelectorAll('.ref').forEach(node => node.remove())")
    assert page.locator("article").text_content() == TEXT
    assert page.locator("article p").count() == 4


def test_speakers_are_summed_up_beside_the_text(page: Page) -> None:
    ann = page.locator(".people li").first
    words = " ".join(ann.inner_text().split())
    assert words == "Ann Lee mayor; Orvik 2 statements +2 favor ○0 neutral −0 against"
    assert page.locator(".people li").count() == 4
    assert "unknown 1 statement" in " ".join(page.locator(".people li").last.inner_text().split())


def test_a_popover_opens_by_pointer_tap_and_key(page: Page) -> None:
    popover = page.locator("#popover")
    expect(popover).to_be_hidden()
    page.locator("article mark[data-statements='1']").first.hover()
    expect(popover).to_be_visible()
    words = popover.inner_text()
    for part in (
        "+ favor 0.90 toward the bridge",
        "Sentiment: positive 0.70",
        "Prediction set: neutral, favor",
        "The model read: “The bridge will save us an hour a day 🌉, We need it now.”",
        "Warning: it is odd",
        "Ann Lee",
    ):
        assert part in words
    page.mouse.move(2, 2)
    expect(popover).to_be_hidden()

    page.locator("article mark[data-statements='2 3']").click()  # the inner one of two
    expect(popover).to_be_focused()
    expect(popover).to_have_attribute("aria-label", "Statement 3")
    page.mouse.move(2, 2)
    page.locator("h1").click()
    expect(popover).to_be_hidden()

    ref = page.locator(".ref[data-number='2']")
    ref.focus()
    page.keyboard.press("Enter")
    expect(popover).to_have_attribute("aria-label", "Statement 2")
    expect(ref).to_have_attribute("aria-expanded", "true")
    expect(popover).to_be_focused()
    page.keyboard.press("Escape")
    expect(popover).to_be_hidden()
    expect(ref).to_be_focused()


def test_another_target_turns_marks_and_counts(page: Page) -> None:
    page.locator("#target").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#current")).to_have_text("fishing")
    eventually(lambda: stances(page), ["neutral", "against", "neutral", "favor", "neutral"])
    expect(page.locator(".people li").first).to_contain_text("−1 against", use_inner_text=True)
    expect(page.locator("#s1")).to_contain_text("toward fishing", use_inner_text=True)
    expect(page.locator("#s1")).not_to_contain_text("toward the bridge", use_inner_text=True)


def test_filters_by_speaker_kind_stance_and_confidence(page: Page) -> None:
    eventually(lambda: shown(page), ["1", "2", "3", "4", "5"])
    ann = page.locator(".people button").first
    ann.focus()
    page.keyboard.press("Enter")
    expect(ann).to_have_attribute("aria-pressed", "true")
    eventually(lambda: shown(page), ["1", "3"])
    expect(page.locator("#count")).to_have_text("2 of 5 statements shown")
    expect(page.locator(".ref:visible")).to_have_count(2)
    expect(page.locator("article mark[class]")).to_have_count(3)  # two pieces of 1, and 3 within 2
    page.keyboard.press("Enter")
    expect(ann).to_have_attribute("aria-pressed", "false")

    page.locator("input[value=against]").focus()
    page.keyboard.press("Space")
    eventually(lambda: shown(page), ["1", "3", "5"])
    page.locator("input[value=direct]").uncheck()
    eventually(lambda: shown(page), ["5"])
    page.get_by_role("button", name="Show all").click()
    eventually(lambda: shown(page), ["1", "2", "3", "4", "5"])

    page.locator("#confidence").fill("75")
    eventually(lambda: shown(page), ["1", "2"])
    page.locator(".people button[value=unknown]").click()
    eventually(lambda: shown(page), [])
    go_to(page, "#s5")  # a link shows its statement whatever the filters
    expect(page.locator("#s5")).to_be_in_viewport()


def test_no_text_of_the_article_can_act(page_file: Path, open_page: Callable) -> None:
    opened = open_page(page_file, 1280)
    page = opened.page
    page.on("dialog", lambda dialog: opened.messages.append(dialog.message))
    page.locator(".ref[data-number='4']").click()
    expect(page.locator("#popover")).to_be_visible()
    page.locator("#target").select_option(index=2)
    expect(page.locator("#current")).to_have_text(ATTACK)
    assert page.locator("script").count() == page.locator("style").count() == 1
    assert page.locator("img, [onerror], [href^='javascript:']").count() == 0
    assert page.title() == f"{ATTACK}.txt"
    assert opened.messages == []
    assert [url for url in opened.requests if not url.startswith("file:")] == []
    # The policy holds even where markup gets in by another way.
    page.evaluate(
        """() => {
          const node = document.createElement("div");
          node.innerHTML = "<button id=probe onclick='document.title = 1'>x</button>";
          document.body.append(node);
          const script = document.createElement("script");
          script.textContent = "document.title = 2";
          document.body.append(script);
        }"""
    )
    page.evaluate("document.querySelector('#probe').click()")
    assert page.title() == f"{ATTACK}.txt"


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "light"), (1280, "dark")])
def test_it_fits_each_window(width: int, scheme: str, page_file: Path, open_page: Callable) -> None:
    opened = open_page(page_file, width)
    opened.page.emulate_media(color_scheme=scheme)
    if folder := os.environ.get("SCREENSHOTS"):
        opened.page.screenshot(path=Path(folder) / f"view-{width}-{scheme}.png", full_page=True)
    opened.page.locator(".ref[data-number='1']").click()
    expect(opened.page.locator("#popover")).to_be_focused()
    box = opened.page.locator("#popover").bounding_box()
    assert box is not None and box["x"] >= 0 and box["x"] + box["width"] <= width
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
    aside = opened.page.locator("aside")
    assert aside.evaluate("e => e.scrollWidth <= e.clientWidth")
    if folder:
        opened.page.screenshot(path=Path(folder) / f"popover-{width}-{scheme}.png")
    assert opened.messages == []


def test_paper_shows_every_statement_and_no_control(page: Page) -> None:
    page.emulate_media(media="print")
    expect(page.locator("form")).to_be_hidden()
    expect(page.locator("#statements > li:visible")).to_have_count(5)
    expect(page.locator(".legend")).to_be_visible()
