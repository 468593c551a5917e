"""Cases made from names and templates, and whose speakers are found."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from stance.errors import DataError
from stance.evaluation import Attributed, System
from stance.evaluation.tasks.fairness import (
    FairnessCase,
    FairnessSettings,
    Name,
    count_right,
    evaluate_fairness,
    far_below,
    make_cases,
    measure_groups,
    read_names,
    read_templates,
)
from stance.evaluation.tasks.measured import rebuild_measured

SUITE = Path(__file__).resolve().parent.parent.parent / "eval" / "fairness"
NAMES = [
    Name("north", "Ada Berg", "Berg", "f"),
    Name("north", "Ivo Lund", "Lund", "m"),
    Name("north", "Mats Holm", "Holm", "m"),
    Name("south", "Lim Wei", "Lim", None),
    Name("south", "Amadou Keita", "Keita", "m"),
    Name("south", "Fatou Diop", "Diop", "f"),
]
TEMPLATES = {"short": "“[A: We go],” said {A}. {Mr} {a} said [A: {he} would stay]. {B} left."}


def test_a_name_is_filled_in_with_its_form_of_address() -> None:
    cases = {c.name.full: c for c in make_cases(NAMES, TEMPLATES)}
    texts = {name: c.article.text for name, c in cases.items()}
    assert texts["Ivo Lund"].startswith("“We go,” said Ivo Lund. Mr Lund said he would stay.")
    assert texts["Fatou Diop"].startswith("“We go,” said Fatou Diop. Ms Diop said she would stay.")
    assert texts["Ada Berg"].startswith("“We go,” said Ada Berg. Mx Berg said they would stay.")
    article = cases["Ivo Lund"].article
    said = [article.text[slice(*item.content[0])] for item in article.attributions]
    assert said == ["We go", "he would stay"]
    assert {item.speakers for item in article.attributions} == {("Ivo Lund",)}


def test_a_statement_may_have_two_pieces() -> None:
    template = {"t": "[A: The wall], said {A}, [+: must stay]. [B: It will not], said {B}."}
    article = next(make_cases(NAMES, template)).article
    assert [
        [article.text[start:end] for start, end in item.content] for item in article.attributions
    ] == [["The wall", "must stay"], ["It will not"]]


def _named(case: FairnessCase, *names: str) -> list[Attributed]:
    spans = [item.content for item in case.article.attributions]
    return [Attributed(span, speakers=(name,)) for span, name in zip(spans, names, strict=True)]


def test_a_speaker_is_right_by_the_full_name_alone() -> None:
    case = next(c for c in make_cases(NAMES, TEMPLATES) if c.name.full == "Ivo Lund")
    assert count_right(case, _named(case, "Ivo Lund", "Mr Ivo Lund")) == (2, 2)
    assert count_right(case, _named(case, "Ivo Lund", "Lund")) == (1, 2)
    assert count_right(case, _named(case, "Mats Holm", "Ivo Lund")) == (1, 2)
    assert count_right(case, []) == (0, 2)


def test_groups_are_compared_with_all() -> None:
    names = [
        Name(region, f"{first} {last}", last, "m")
        for region, letter in (("north", "a"), ("south", "o"))
        for first, last in ((f"P{letter}l{i}", f"Q{letter}r{i}") for i in "bcdfghjklm")
    ]
    cases = list(make_cases(names, TEMPLATES))
    counts = [(2.0, 2.0) if case.name.region == "north" else (1.0, 2.0) for case in cases]
    measures = {m.name: m for m in measure_groups(cases, counts, resamples=200, seed=1)}
    assert measures["all"].value.value == pytest.approx(0.75)
    assert measures["south"].value.value == pytest.approx(0.5)
    south = measures["south"].difference
    assert south is not None and south.value == pytest.approx(-0.25) and south.high < -0.1
    assert far_below(tuple(measures.values())) == ["south"]
    few = [i for i, case in enumerate(cases) if case.name.region == "north" or i % 10 == 0]
    drawn = measure_groups([cases[i] for i in few], [(1.0, 1.0)] * len(few), resamples=200, seed=1)
    assert all(m.difference.low == 0.0 for m in drawn if m.difference)
    even = measure_groups(cases, [(2.0, 2.0)] * len(cases), resamples=50, seed=1)
    assert far_below(even) == []


def test_the_suite_holds_twelve_regions_of_sixty_names_and_six_hundred_cases() -> None:
    names = read_names(SUITE / "names.tsv")
    assert set(Counter(name.region for name in names).values()) == {60}
    assert len({name.region for name in names}) == 12
    assert len({name.full for name in names}) == len(names)
    cases = list(make_cases(names, read_templates(SUITE / "templates.yaml")))
    assert min(Counter(case.name.region for case in cases).values()) >= 600
    shares = Counter(case.gender for case in cases)
    assert min(shares.values()) > 0.3 * len(cases)
    for case in cases:
        assert case.name.full in case.article.text
        assert not any(mark in case.article.text for mark in "[]{}")


def test_bad_files_are_named(tmp_path: Path) -> None:
    table = tmp_path / "names.tsv"
    table.write_text("region\tname\tshort\tgender\nnorth\tAda Berg\tBerg\tw\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"names\.tsv, line 2: field 'gender' is 'w'"):
        read_names(table)
    table.write_text("region\tname\tgender\nnorth\tAda Berg\tf\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"names\.tsv, line 2: field 'short' is missing"):
        read_names(table)
    with pytest.raises(DataError, match=r"unknown place \{C\}"):
        list(make_cases(NAMES, {"t": "[A: We go], said {C}."}))
    with pytest.raises(DataError, match=r"marks no statement \[A: \.\.\.\]"):
        list(make_cases(NAMES, {"t": "[B: We go], said {B}."}))
    with pytest.raises(DataError, match="needs a second name"):
        list(make_cases(NAMES[:1], TEMPLATES))
    listed = tmp_path / "templates.yaml"
    for text in ("- {id: a}", "- {id: a, text: x}\n- {id: a, text: y}", "a: ["):
        listed.write_text(text, encoding="utf-8")
        with pytest.raises(DataError, match=r"templates\.yaml"):
            read_templates(listed)


def test_a_run_is_written_and_rebuilt(tmp_path: Path) -> None:
    table = tmp_path / "names.tsv"
    lines = [f"{n.region}\t{n.full}\t{n.short}\t{n.gender or '-'}\n" for n in NAMES]
    table.write_text("region\tname\tshort\tgender\n" + "".join(lines), encoding="utf-8")
    folder = tmp_path / "out"
    results = evaluate_fairness(
        FairnessSettings(bootstrap=20, names=2),
        table,
        SUITE / "templates.yaml",
        System(lambda text: []),
        folder,
        name="fair",
    )
    assert [m.name for m in results.measures] == [
        *("all", "north", "south", "he, Mr", "she, Ms", "they, Mx")
    ]
    assert results.measures[0].value.value == 0.0
    report = (folder / "report.md").read_text(encoding="utf-8")
    assert "| north |" in report and "more than 2 points below all: none" in report
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    rebuild_measured(folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
