"""The page of a corpus in a browser: its numbers, the way back to statements, filters, download."""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

import stance
from stance.evaluation.scored import read_scored
from stance.evaluation.summary import CorpusSummary
from tests.pages.conftest import eventually, go_to

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.pages

ATTACK = "</script></style><script>alert(1)</script><img src=http://example.org/x onerror=alert(1)>"
LONG = "an_identifier_without_any_space_" * 4
TARGETS = ("the bridge", ATTACK, LONG)
SPEAKERS = ("Ann Lee", f"Bo {ATTACK}", "Cy O’Neil", "=HYPERLINK(1)", "", LONG)
OUTLETS = ("The Post", f"<b>Mail</b>{ATTACK}", "")
LABELS = ("favor", "neutral", "against")


def scored_row(i: int, target: str) -> dict[str, object]:
    label = LABELS[(i // 6 + i + TARGETS.index(target)) % 3]
    share = 0.5 + (i * 37 % 480) / 1000
    words = f"{'=' if i % 5 == 0 else ''}Words “{i}”, {ATTACK if i % 7 == 0 else ''} \x1b[1m"
    shares = dict.fromkeys(LABELS, round((1 - share) / 2, 4)) | {label: round(share, 4)}
    return {
        "document_id": f"doc {i // 4}",
        "number": i % 4 + 1,
        "title": f"Title {ATTACK}" if i % 9 == 0 else f"Title {i}",
        "date": f"202{4 + i % 3}-{1 + i % 12:02d}-11",
        "outlet": OUTLETS[i % 3],
        "url": f"javascript:alert({i})" if i % 2 else f"https://example.org/{i}",
        "speaker": SPEAKERS[i % 6],
        "statement": words,
        "target": target,
        "stance": "" if i % 17 == 0 else label,
        **{f"stance_{name}": value for name, value in shares.items()},
    }


def write(path: Path, rows: list[dict[str, object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[CorpusSummary, Path]:
    """A corpus with labels of every third statement, and its page."""
    folder = tmp_path_factory.mktemp("corpus")
    rows = [scored_row(i, target) for i in range(180) for target in TARGETS]
    labels = [
        {"id": f"{row['document_id']}:{row['number']}", "target": row["target"], "stance": label}
        for row, label in zip(rows[::3], LABELS * 60, strict=True)
    ]
    scored = write(folder / f"{ATTACK.replace('/', '')[:40]}.csv", rows)
    summary = stance.summarize(scored, labels=write(folder / "labels.csv", labels))
    page = folder / "corpus.html"
    page.write_text(summary.to_html(ATTACK), encoding="utf-8")
    return summary, page


@pytest.fixture
def summary(made: tuple[CorpusSummary, Path]) -> CorpusSummary:
    return made[0]


@pytest.fixture
def page(made: tuple[CorpusSummary, Path], open_page: Callable) -> Page:
    return open_page(made[1], 1280).page


def shown(page: Page) -> int:
    """How many statements the filters leave."""
    said = page.locator("#statements .pager span").inner_text()
    return 0 if said == "none" else int(said.split(" of ")[1].replace(",", ""))


def columns(rows: Locator) -> list[list[str]]:
    """The texts of a table, all read at one moment."""
    return rows.evaluate_all(
        """rows => rows.map((row) => [...row.querySelectorAll("th, td")].map(
          (cell) => cell.innerText.replaceAll("\\n\\n", "\\n")))"""
    )


def figures(rows: Locator) -> list[list[str]]:
    return [[*texts[1:4], *texts[5:]] for texts in columns(rows)]


def percent(value: float) -> str:
    return f"{100 * value:.1f} %"


@pytest.mark.parametrize("kind", ["corrected", "naive"])
def test_the_numbers_are_those_of_the_records(
    kind: str, page: Page, summary: CorpusSummary
) -> None:
    page.locator("select[name=shares]").select_option(kind)
    for by in ("-1", "speaker", "outlet", "month"):
        cells = [
            cell.shares
            for cell in summary.cells
            if cell.shares.target == TARGETS[0] and cell.shares.by == by.replace("-1", "")
        ]
        assert cells
        wanted = []
        for shares in cells:
            texts = [str(shares.statements), str(shares.clusters), str(shares.labels)]
            for three in shares.classes.values():
                share = getattr(three, kind)
                if share is None:
                    texts[3:] = ["too few labels"]
                    break
                ends = f"[{100 * share.low:.1f}, {100 * share.high:.1f}]"
                texts.append(f"{percent(share.value)}\n{ends}")
            wanted.append(texts)
        rows = page.locator(f"section[data-by='{by}'] tbody tr")
        eventually(partial(figures, rows), wanted)
        for texts, shares in zip(columns(rows), cells, strict=True):
            name = shares.group if by != "-1" else shares.target
            assert texts[0].startswith(name.strip()[:20])


def test_paper_gets_all_rows_that_the_filters_leave(page: Page, summary: CorpusSummary) -> None:
    told = page.locator("#statements .printed")
    assert told.is_hidden()
    page.locator("#statements tbody tr").nth(49).wait_for()
    for speaker in ("", "ann lee"):
        page.locator("input[data-group=speaker]").fill(speaker)
        wanted = [
            row
            for row in summary.table.rows
            if row.target == TARGETS[0] and speaker in (row.cells["speaker"] or "").lower()
        ]
        page.emulate_media(media="print")
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.locator("#statements tbody tr").count() == len(wanted)
        assert told.inner_text() == (
            f"Printed are all {len(wanted)} statements that the filters leave."
        )
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        page.emulate_media(media="screen")
        assert page.locator("#statements tbody tr").count() == min(50, len(wanted))
        assert told.is_hidden()


def test_paper_says_how_many_rows_it_leaves_out(open_page: Callable, tmp_path: Path) -> None:
    rows = [scored_row(i, TARGETS[0]) for i in range(1203)]
    file = tmp_path / "long.html"
    file.write_text(
        stance.summarize(write(tmp_path / "long.csv", rows)).to_html(), encoding="utf-8"
    )
    page = open_page(file, 1280).page
    page.locator("#statements .pager [data-step='1']").click()
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    printed = page.locator("#statements tbody tr")
    assert printed.count() == 1000 and "“0”" in printed.first.inner_text()
    said = page.locator("#statements .printed").inner_text()
    assert "first 1,000 of 1,203 statements; 203 are left out" in said
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert "“50”" in printed.first.inner_text()  # the page that was on screen


def test_each_number_leads_to_its_statements(page: Page, summary: CorpusSummary) -> None:
    rows = [row for row in summary.table.rows if row.target == TARGETS[0]]
    ann = [row for row in rows if row.cells["speaker"] == "Ann Lee"]
    line = page.locator("section[data-by=speaker] tbody tr").filter(has_text="Ann Lee").first
    counts = Counter(str(row.stance) for row in ann)
    expected = {
        "": len(ann),
        "-favor": counts["favor"],
        "-neutral": counts["neutral"] + counts["None"],  # the share counts abstentions as neutral
        "-against": counts["against"],
    }
    speakers = page.locator("#statements tbody td:nth-child(4)")
    for kind, count in expected.items():
        line.locator(f"td a[href$='{kind}']" if kind else "td a").first.click()
        eventually(lambda: shown(page), count)
        eventually(lambda: set(speakers.all_inner_texts()), {"Ann Lee"})
    line.locator("a[href$='-labelled']").click()
    people = page.locator("#statements tbody .people")
    eventually(lambda: people.count() == shown(page) > 0, True)
    expect(page.locator("#statements h2")).to_have_text("Statements: speaker Ann Lee")
    expect(page.locator("#statements h2")).to_be_focused()
    expect(page.locator("#cell")).to_contain_text(f"{counts['favor']} favor")
    page.locator("#clear").click()
    eventually(lambda: shown(page), len(rows))
    expect(page.locator("#cell")).to_be_hidden()


def test_a_cell_names_the_surest_and_the_least_sure(page: Page, summary: CorpusSummary) -> None:
    at, cell = next(
        (i, c) for i, c in enumerate(summary.cells) if c.shares.group == "Cy O’Neil" and i > 0
    )
    go_to(page, f"#g{at}")
    wanted = [f"#{i + 1}" for i in (*cell.confident, *cell.doubtful)]
    expect(page.locator("#cell li a")).to_have_text(wanted)
    page.locator("#cell li a").first.click()
    marked = page.locator("tr.marked")
    expect(marked).to_have_id(f"s{cell.confident[0] + 1}")
    expect(marked).to_be_in_viewport()


def test_a_linked_statement_is_shown_wherever_it_stands(page: Page) -> None:
    number = 3 * 170 + 2  # the second target, beyond the first pages
    go_to(page, f"#s{number}")
    expect(page.locator("select[name=target]")).to_have_value("1")
    expect(page.locator(f"tr#s{number}.marked")).to_be_in_viewport()
    go_to(page, "#s99999")  # no such statement: nothing moves
    expect(page.locator(f"tr#s{number}.marked")).to_be_in_viewport()


def test_another_target_turns_all_tables(page: Page, summary: CorpusSummary) -> None:
    page.locator("select[name=target]").focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator("#current")).to_have_text(ATTACK)
    cell = next(c.shares for c in summary.cells if c.shares.target == ATTACK)
    rows = page.locator("#all tbody tr")
    eventually(lambda: [texts[3] for texts in columns(rows)], [str(cell.labels)])
    eventually(lambda: shown(page), cell.statements)
    expect(page.locator("figure:visible")).to_have_count(1)


def test_sorting_and_filtering_by_keyboard(page: Page, summary: CorpusSummary) -> None:
    head = page.locator("#statements [data-sort=confidence]")
    head.focus()
    first = page.locator("#statements tbody td:last-child").first
    for state, pick in (("ascending", min), ("descending", max)):
        page.keyboard.press("Enter")
        expect(head.locator("..")).to_have_attribute("aria-sort", state)
        rows = [row for row in summary.table.rows if row.target == TARGETS[0]]
        wanted = pick(max(row.probabilities) for row in rows)
        eventually(lambda: float(first.inner_text()), pytest.approx(wanted, abs=0.006))
    for by, key in (("speaker", "name"), ("month", "favor")):
        section = page.locator(f"section[data-by={by}]")
        section.locator(f"[data-sort={key}]").focus()
        page.keyboard.press("Enter")
        expect(section.locator(f"th[aria-sort]:has([data-sort={key}])")).to_have_count(1)
        expect(section.locator("tbody tr").first.locator("th")).not_to_be_empty()

    page.locator("#statements input[name=words]").focus()
    page.keyboard.type("WORDS “17")
    wanted = [row for row in rows if "words “17" in row.statement.lower()]
    assert len(wanted) == 11
    eventually(lambda: shown(page), len(wanted))
    page.locator("input[data-group=outlet]").fill("post")
    theirs = [row for row in wanted if row.cells["outlet"] == "The Post"]
    eventually(lambda: shown(page), len(theirs))
    page.locator("#statements input[value=favor]").focus()
    page.keyboard.press("Space")
    eventually(lambda: shown(page), sum(str(row.stance) != "favor" for row in theirs))
    page.locator("#clear").focus()
    page.keyboard.press("Enter")
    eventually(lambda: shown(page), len(rows))
    page.locator("input[name=confidence]").fill("90")
    eventually(lambda: shown(page), sum(max(row.probabilities) >= 0.9 for row in rows))
    page.locator("section[data-by=speaker] input[type=search]").fill("ann")
    expect(page.locator("section[data-by=speaker] tbody th").first).to_contain_text("Ann Lee")


def test_pages_of_a_table_turn(page: Page) -> None:
    pager = page.locator("#statements .pager")
    expect(pager.locator("span")).to_have_text("1–50 of 180")
    following = pager.locator("[data-step='1']")
    following.focus()
    for _ in range(3):
        page.keyboard.press("Enter")
    expect(pager.locator("span")).to_have_text("151–180 of 180")
    expect(following).to_be_disabled()
    expect(page.locator("#statements tbody tr")).to_have_count(30)
    expect(pager.locator("[data-step='-1']")).to_be_focused()


def test_the_download_is_the_filtered_table(
    page: Page, summary: CorpusSummary, tmp_path: Path
) -> None:
    wanted = [
        row
        for row in summary.table.rows
        if row.target == TARGETS[0] and row.cells["speaker"] == "=HYPERLINK(1)"
    ]
    page.locator("input[data-group=speaker]").fill("hyperlink")
    eventually(lambda: shown(page), len(wanted))
    page.locator("#download").focus()
    with page.expect_download() as waited:
        page.keyboard.press("Enter")
    path = tmp_path / "statements.csv"
    waited.value.save_as(path)
    with path.open(encoding="utf-8", newline="") as handle:
        found = list(csv.DictReader(handle))
    assert [row["speaker"] for row in found] == ["'=HYPERLINK(1)"] * len(wanted)
    for got, row in zip(found, wanted, strict=True):
        guard = "'" if row.statement.startswith("=") else ""
        assert got["statement"] == guard + row.statement
        assert got["stance"] == (row.stance or "")
        assert float(got["stance_favor"]) == float(str(row.cells["stance_favor"]))
        assert got["document_id"] == row.cells["document_id"]
    assert {row["label"] for row in found} <= {*LABELS, ""} and any(row["label"] for row in found)
    again = read_scored(path)  # the library reads its own page's table
    assert [row.id for row in again.rows] == [row.id for row in wanted]


def test_no_text_of_the_table_can_act(
    made: tuple[CorpusSummary, Path], open_page: Callable
) -> None:
    opened = open_page(made[1], 1280)
    page = opened.page
    page.on("dialog", lambda dialog: opened.messages.append(dialog.message))
    for at in (1, 2, 0):
        page.locator("select[name=target]").select_option(str(at))
        expect(page.locator("#current")).to_have_text(TARGETS[at])
        page.locator("section[data-by=speaker] tbody a").first.click()
        expect(page.locator("#cell")).to_be_visible()
    page.locator("#clear").click()
    expect(page.locator("#cell")).to_be_hidden()
    assert page.title() == page.locator("h1").inner_text() == ATTACK
    assert page.locator("script:not([type])").count() == page.locator("style").count() == 1
    assert page.locator("img, [onerror], [href^='javascript:']").count() == 0
    assert page.locator("a[href^='https://example.org/']").count() > 0
    assert "\\x1b[1m" in page.locator("#statements tbody tr").first.inner_text()
    assert opened.messages == []
    assert [url for url in opened.requests if not url.startswith("file:")] == []


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "light"), (800, "dark")])
def test_it_fits_each_window(
    width: int, scheme: str, made: tuple[CorpusSummary, Path], open_page: Callable
) -> None:
    opened = open_page(made[1], width)
    opened.page.emulate_media(color_scheme=scheme)
    if folder := os.environ.get("SCREENSHOTS"):
        opened.page.screenshot(path=Path(folder) / f"corpus-{width}-{scheme}.png", full_page=True)
    for by, link in (("speaker", "tbody a"), ("month", "a[href$=favor]")):
        opened.page.locator(f"section[data-by={by}] {link}").first.click()
        expect(opened.page.locator("#statements h2")).to_contain_text(f"Statements: {by}")
        assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
    assert opened.page.locator(".timeline svg:visible").count() == 1
    assert opened.page.locator(".timeline svg:visible").get_attribute("aria-label")
    assert opened.messages == []


def test_paper_has_the_figures_and_no_control(page: Page) -> None:
    page.emulate_media(media="print")
    expect(page.locator("form:visible, .tools:visible")).to_have_count(0)
    expect(page.locator(".timeline svg:visible")).to_have_count(1)
    assert page.locator(".groups tbody tr:visible").count() > 10


def test_a_table_without_probabilities_dates_and_articles(
    tmp_path: Path, open_page: Callable
) -> None:
    rows = [{"statement": f"words {i}", "target": "tax", "stance": LABELS[i % 3]} for i in range(5)]
    path = tmp_path / "plain.html"
    summary = stance.summarize(write(tmp_path / "plain.csv", rows))
    path.write_text(summary.to_html(), encoding="utf-8")
    opened = open_page(path, 1280)
    assert shown(opened.page) == 5
    assert opened.page.locator("figure, input[name=confidence], .groups [data-sort]").count() == 0
    opened.page.locator("#all a[href$=favor]").click()
    eventually(lambda: shown(opened.page), 2)
    assert opened.messages == []
