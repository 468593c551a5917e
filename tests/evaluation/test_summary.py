"""``stance summarize``: a corpus by target, speaker, outlet and month, and its page's data."""

from __future__ import annotations

import csv
import gzip
import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

import stance
from stance.cli import app
from stance.errors import DataError
from stance.evaluation.prevalence import EstimateSettings, estimate_prevalence
from stance.evaluation.sample_labels import read_sample
from stance.evaluation.scored import read_scored
from stance.evaluation.summary import Cell, CorpusSummary
from stance.evaluation.summary.timeline import months_of, timeline_svg

Rows = list[dict[str, object]]
LABELS = ("against", "neutral", "favor")


def row(number: int, speaker: str, label: str, share: float = 0.8, /, **cells: object) -> dict:
    rest = round((1 - share) / 2, 4)
    shares = {f"stance_{name}": share if name == label else rest for name in LABELS}
    made = {
        "id": number,
        "document_id": f"article {number}",
        "date": f"2026-0{1 + number % 3}-15",
        "outlet": "The Post",
        "speaker": speaker,
        "statement": f"words number {number}",
        "target": "a tax",
        "stance": label,
        **shares,
    }
    return {**made, **cells}


def write(path: Path, rows: Rows) -> Path:
    if path.suffix == ".jsonl":
        lines = [json.dumps({k: None if v == "" else v for k, v in row.items()}) for row in rows]
        path.write_text("\n".join(lines), encoding="utf-8")
        return path
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "wt", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(dict.fromkeys(key for row in rows for key in row)))
        writer.writeheader()
        writer.writerows(rows)
    return path


# Ann: 2 of 5 in favor, 1 neutral, 2 against. Bo: 1 of 2 in favor; of the other no stance is given.
CORPUS = [
    row(1, "Ann", "favor", 0.9),
    row(2, "Ann", "favor", 0.6),
    row(3, "Ann", "neutral", 0.5, outlet="Mail"),
    row(4, "Ann", "against", 0.7),
    row(5, "Ann", "against", 0.95, outlet=""),
    row(6, "Bo", "favor", 0.8),
    row(7, "Bo", "", 0.4, stance_favor=0.4, stance_neutral=0.3, stance_against=0.3),
]


def cell(summary: CorpusSummary, by: str, group: str) -> Cell:
    return next(c for c in summary.cells if (c.shares.by, c.shares.group) == (by, group))


def naive(found: Cell) -> dict[str, float]:
    return {name: three.naive.value for name, three in found.shares.classes.items()}


@pytest.mark.parametrize("name", ["scored.csv", "scored.tsv.gz", "scored.jsonl"])
def test_the_numbers_are_those_of_the_records(name: str, tmp_path: Path) -> None:
    summary = stance.summarize(write(tmp_path / name, CORPUS))
    assert (summary.by, summary.unit) == (("speaker", "outlet", "month"), "document_id")
    groups = [(c.shares.by, c.shares.group, c.shares.statements) for c in summary.cells]
    assert groups == [
        ("", "all", 7),
        ("speaker", "Ann", 5),
        ("speaker", "Bo", 2),
        ("outlet", "The Post", 5),
        ("outlet", "(no outlet)", 1),
        ("outlet", "Mail", 1),
        ("month", "2026-01", 2),
        ("month", "2026-02", 3),
        ("month", "2026-03", 2),
    ]
    ann = cell(summary, "speaker", "Ann")
    assert ann.counts == {"favor": 2, "neutral": 1, "against": 2, "abstained": 0}
    assert naive(ann) == pytest.approx({"favor": 0.4, "neutral": 0.2, "against": 0.4})
    # Wilson's interval of 2 in 5 with 4 for the number of statements (variance p(1-p)/4), and
    # 2.7764 for the quantile of t with 4 degrees of freedom.
    favor = ann.shares.classes["favor"].naive
    assert (favor.low, favor.high) == pytest.approx((0.06292, 0.86876), abs=1e-5)
    bo = cell(summary, "speaker", "Bo")
    assert bo.counts == {"favor": 1, "neutral": 0, "against": 0, "abstained": 1}
    assert naive(bo) == pytest.approx({"favor": 0.5, "neutral": 0.5, "against": 0.0})
    assert not any(c.shares.warnings for c in summary.cells)
    assert "No labels were given" in summary.notes[0]
    frame = summary.to_frame()
    assert len(frame) == 27 and frame["corrected"].isna().all()
    own = frame[(frame["group"] == "Ann") & (frame["stance"] == "against")].iloc[0]
    assert (own["by"], own["count"], own["predicted"]) == ("speaker", 2, 0.4)


def test_the_surest_and_the_least_sure_are_named_once(tmp_path: Path) -> None:
    copies = [row(8, "Ann", "favor", 0.99, statement="Words  NUMBER 1"), *CORPUS]
    summary = stance.summarize(write(tmp_path / "scored.csv", copies), by=["speaker"])
    ids = {i: row.id for i, row in enumerate(summary.table.rows)}
    ann = cell(summary, "speaker", "Ann")
    # 8 and 1 are the same words: the surer one stands for both.
    assert [ids[i] for i in ann.confident] == ["8", "5", "4"]
    assert [ids[i] for i in ann.doubtful] == ["3", "2"]
    bo = cell(summary, "speaker", "Bo")  # no abstention is confident
    assert [[ids[i] for i in some] for some in (bo.confident, bo.doubtful)] == [["6"], ["7"]]


def test_statements_of_one_article_or_wire_copy_widen_the_intervals(tmp_path: Path) -> None:
    def width(**cells: object) -> float:
        rows = [
            row(i, "Ann", LABELS[i // 10], **{k: f"{v} {i // 3}" for k, v in cells.items()})
            for i in range(30)
        ]
        found = stance.summarize(write(tmp_path / "scored.csv", rows), by=())
        (every,) = found.cells
        share = every.shares.classes["favor"].naive
        assert found.unit == ("near_duplicates" if "near_duplicates" in cells else "document_id")
        return share.high - share.low

    alone = width()
    assert width(document_id="article") > 1.3 * alone
    assert width(near_duplicates="wire") == pytest.approx(width(document_id="article"))


def test_labels_correct_shares_as_the_estimate_does(tmp_path: Path) -> None:
    scored = write(
        tmp_path / "scored.csv",
        [row(i, "AB"[i % 2], LABELS[i * 7 % 3], 0.5 + i % 5 / 10) for i in range(120)],
    )
    drawn = [
        {"id": i, "target": "a tax", "stance": LABELS[(i * 7 + (i % 4 == 0)) % 3]}
        for i in range(0, 120, 2)
    ]
    drawn += [{"id": 1, "target": "a tax", "stance": "favor"}]
    labels = write(tmp_path / "labels.csv", drawn)
    summary = stance.summarize(scored, labels=labels, by=["speaker"])
    table = read_scored(scored)
    expected = estimate_prevalence(
        table,
        read_sample(labels, table),
        EstimateSettings(by=("speaker",), smallest=1),
        sample_file=labels,
    )
    assert tuple(c.shares for c in summary.cells) == expected.groups
    assert summary.corrected and not any("No labels" in note for note in summary.notes)
    every, bo = cell(summary, "", "all"), cell(summary, "speaker", "B")
    assert every.shares.classes["favor"].corrected is not None
    assert bo.shares.labels == 1 and bo.shares.classes["favor"].corrected is None
    assert "too few" in bo.shares.warnings[0]


def page_data(page: str) -> dict[str, object]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.S)
    assert found is not None
    return json.loads(found[1])


def test_the_page_holds_each_statement_or_says_what_it_leaves_out(tmp_path: Path) -> None:
    rows = [row(i, f"Speaker {i % 7}", LABELS[i % 3], 0.5 + i % 50 / 100) for i in range(300)]
    summary = stance.summarize(write(tmp_path / "scored.csv", rows))
    page = summary.to_html()
    data = page_data(page)
    assert data["texts"] == [row["statement"] for row in rows]
    assert [LABELS[code] for code in data["stance"]] == [row["stance"] for row in rows]
    wanted = [round(10_000 * row[f"stance_{name}"]) for row in rows for name in LABELS]
    assert data["shares"] == wanted
    assert len(data["cells"]) == len(summary.cells) and "This page holds" not in page

    page = summary.to_html(most=100)
    data = page_data(page)
    assert "This page holds 100 of 300 statements" in page
    assert len(data["texts"]) == 100 and data["row"] == sorted(data["row"])
    for number, text in zip(data["row"], data["texts"], strict=True):
        assert text == rows[number - 1]["statement"]
    for made, found in zip(summary.cells, data["cells"], strict=True):
        assert found[3] == made.shares.statements  # the numbers count all
        assert [data["row"][place] - 1 for place in found[9]] == list(made.confident)
    assert summary.to_html(most=100) == page
    with pytest.raises(DataError, match="most is 0"):
        summary.to_html(most=0)


ATTACK = "</script><script>alert(1)</script><!--<b>"


def test_no_text_of_a_table_is_markup(tmp_path: Path) -> None:
    cells = {"speaker": ATTACK, "outlet": ATTACK, "target": ATTACK, "date": f"2026-01-01{ATTACK}"}
    rows = [row(i, "", "favor", **{**cells, "statement": f"{ATTACK} {i}"}) for i in range(2)]
    rows.append(row(3, "Ann", "favor", target="a tax", date="2026-02-01"))
    page = stance.summarize(write(tmp_path / "a<b>.csv", rows)).to_html()
    assert page.count("<script") == page.count("</script>") == 2  # the data and the page's own
    assert "<b>" not in page and "<!--" not in page
    assert page_data(page)["texts"][0] == f"{ATTACK} 0"
    assert not re.search(r"\s(style|on\w+)=", page.split("</style>")[1].split("<script>")[0])


def test_a_guarded_cell_is_shown_as_it_was_written(tmp_path: Path) -> None:
    said = [row(1, "'=Ann", "favor", statement="'-5 % is =too much")]
    for name, shown in (
        ("scored.csv", "-5 % is =too much"),
        ("scored.jsonl", "'-5 % is =too much"),
    ):
        data = page_data(stance.summarize(write(tmp_path / name, said)).to_html())
        assert data["texts"] == [shown]


def test_a_timeline_breaks_where_a_month_is_missing(tmp_path: Path) -> None:
    dates = ["2025-11-02", "2025-12-05", "2026-01-09", "2026-05-01", "undated", ""]
    rows = [row(i, "Ann", "favor", date=date) for i, date in enumerate(dates)]
    summary = stance.summarize(write(tmp_path / "scored.csv", rows), by=["month"])
    months = months_of([(i, c.shares) for i, c in enumerate(summary.cells)])
    assert [m.shares.group for m in months] == ["2025-11", "2025-12", "2026-01", "2026-05"]
    assert [m.number - months[0].number for m in months] == [0, 1, 2, 6]
    drawing = timeline_svg(months, "naive", width=600, title="<t>")
    assert 'aria-label="&lt;t&gt;"' in drawing and 'role="img"' in drawing
    assert drawing.count("<polyline") == 2  # the run of three months, favor and against
    assert drawing.count("whisker") == 2 and drawing.count("<circle") == 4
    # 3 of the first 7 places of the width, less the margins: the marks of favor, a little aside.
    across = [float(x) for x in re.findall(r'<circle cx="([\d.]+)"', drawing)]
    step = (600 - 44 - 26) / 7
    assert across == pytest.approx([44 + (k + 0.5) * step - 3 for k in (0, 1, 2, 6)], abs=0.1)


def invoke(*words: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["summarize", *map(str, words)])
    return done.exit_code, " ".join(done.output.split())


def test_the_command_prints_shares_and_writes_the_page(tmp_path: Path) -> None:
    scored = write(tmp_path / "scored.csv", CORPUS)
    page = tmp_path / "new" / "page.html"
    code, printed = invoke(scored, "-o", page, "--title", "Taxes & <more>")
    assert code == 0, printed
    assert "speaker Ann 5 5 40.0 % [6.3, 86.9] 20.0 %" in printed and "No labels" in printed
    assert "<h1>Taxes &amp; &lt;more&gt;</h1>" in page.read_text(encoding="utf-8")
    code, printed = invoke(scored, "-o", page)
    assert code == 2 and "exists" in printed
    assert invoke(scored, "-o", page, "--overwrite")[0] == 0


@pytest.mark.parametrize(
    ("change", "options", "said"),
    [
        ({"stance": "yes"}, [], "scored.csv, row 3: field 'stance'"),
        ({"stance_favor": "x"}, [], "scored.csv, row 3: field 'stance_favor' is no number"),
        ({"statement": ""}, [], "scored.csv, row 3: field 'statement' is missing"),
        ({"id": 1}, [], "scored.csv, row 3: '1' is already used"),
        ({}, ["--by", "party"], "no column 'party' to group by; it has 'id'"),
        ({}, ["--cluster", "wire"], "no column 'wire' for the clusters"),
        ({}, ["--level", "95"], "give a number between 0 and 1"),
        ({}, ["--labels", "none.csv"], "none.csv does not exist"),
        ({}, ["-o", "page.pdf"], "ends in .html"),
    ],
)
def test_bad_input_names_file_row_and_column(
    change: dict[str, object], options: list[str], said: str, tmp_path: Path
) -> None:
    rows = [{**item, **change} if i == 2 else item for i, item in enumerate(CORPUS)]
    code, printed = invoke(write(tmp_path / "scored.csv", rows), *options)
    assert code == 2 and said in printed
