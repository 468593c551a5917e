"""Rows that are not independent are drawn together: of one article, or of nearly the same words."""

from __future__ import annotations

from pathlib import Path

import pytest

from stance.evaluation import LabelledRow
from stance.evaluation.clusters import cluster_note, join_near_duplicates
from stance.evaluation.labelled_sets import LabelledSet, read_labelled
from stance.evaluation.stored_answers import read_answers
from stance.evaluation.tasks.stance import StanceSettings, evaluate_stance
from stance.labels import Stance
from stance.training import read_pairs

FERRY = (
    "The ferry will stop on Sundays unless the council pays its share of what it costs to keep two "
    "boats and eleven people at work through a winter in which hardly anybody crosses"
)
LIBRARY = "We have asked for a longer opening of the library since the spring"


def row(
    number: int, text: str, target: str = "cuts", context: str = "", group: str | None = None
) -> LabelledRow:
    return LabelledRow(f"r{number}", text, target, Stance.AGAINST, context=context, group=group)


def parts(rows: list[LabelledRow]) -> list[list[int]]:
    """Numbers of the rows that fall together."""
    found: dict[str | None, list[int]] = {}
    for number, item in enumerate(join_near_duplicates(rows)):
        found.setdefault(item.group, []).append(number)
    return list(found.values())


@pytest.mark.parametrize(
    "copy",
    [
        f"“{FERRY}.”",
        FERRY.upper(),
        f"{FERRY}, the harbour master said",
        FERRY.replace("hardly anybody", "nobody"),
    ],
)
def test_nearly_the_same_words_are_one_group(copy: str) -> None:
    assert parts([row(0, FERRY), row(1, LIBRARY), row(2, copy)]) == [[0, 2], [1]]


def test_statements_of_one_passage_are_one_group() -> None:
    passage = f"{FERRY}, she said. Nobody in the harbour disagreed with her that morning."
    rows = [row(0, "No.", context=passage), row(1, "Never again", context=passage + " It rained.")]
    assert parts([*rows, row(2, "No.")]) == [[0, 1], [2]]


def test_a_statement_toward_several_targets_is_one_group() -> None:
    assert parts([row(0, "No."), row(0, "No.", target="the ferry"), row(1, "Yes.")]) == [
        [0, 1],
        [2],
    ]


def test_short_answers_do_not_join_articles() -> None:
    rows = [
        row(n, "No comment.", context=f"Asked at stop {n * 7}", group=f"a{n}") for n in range(4)
    ]
    assert parts(rows) == [[0], [1], [2], [3]]


def test_articles_that_share_a_statement_are_joined_with_all_their_rows() -> None:
    rows = [
        row(0, "It is a shame", group="wire"),
        row(1, FERRY, group="wire"),
        row(2, LIBRARY, group="other"),
        row(3, FERRY + "!", group="copy"),
        row(4, "Money is short", group="copy"),
    ]
    assert parts(rows) == [[0, 1, 3, 4], [2]]
    assert [item.group for item in join_near_duplicates(rows)][3:] == ["wire", "wire"]


def test_rows_without_a_group_never_take_the_name_of_one() -> None:
    rows = [row(0, FERRY), row(1, LIBRARY, group="row 1"), row(2, "It is a shame", group="row 1")]
    assert parts(rows) == [[0], [1, 2]]


@pytest.mark.parametrize("column", ["group", "near_duplicates", "document_id", "article"])
def test_the_article_of_a_table_is_known_by_its_usual_columns(column: str, tmp_path: Path) -> None:
    file = tmp_path / "labels.csv"
    lines = [f"{n},a statement,cuts {n},favor,doc {n // 2}" for n in range(4)]
    file.write_text(f"id,statement,target,stance,{column}\n" + "\n".join(lines), "utf-8")
    expected = ["doc 0", "doc 0", "doc 1", "doc 1"]
    assert [item.group for item in read_labelled(file)] == expected
    assert [pair.group for pair in read_pairs(file)] == expected


def test_near_duplicates_go_before_documents_and_an_empty_cell_takes_the_next(write_jsonl) -> None:
    known = {"text": "a statement", "stance": "favor", "document_id": "d"}
    rows = [
        {**known, "target": "one", "near_duplicates": "n"},
        {**known, "target": "two", "near_duplicates": None},
        {**known, "target": "three", "group": 3},
    ]
    found = read_labelled(write_jsonl("labels.jsonl", rows))
    assert [item.group for item in found] == ["n", "d", "3"]
    named = read_labelled(write_jsonl("more.jsonl", rows[:1]), columns={"group": "document_id"})
    assert named[0].group == "d"


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        ([f"a{n}" for n in range(12)], None),
        ([None] * 12, None),
        (["a", "b"] * 6, "2 articles or groups are too few to draw from (10 are needed)"),
        ([None, *["a"] * 11], "1 of 12 rows name no article or group"),
    ],
)
def test_why_intervals_do_not_go_by_article(groups: list[str | None], said: str | None) -> None:
    rows = [row(n, f"statement {n}", group=group) for n, group in enumerate(groups)]
    found = cluster_note(rows)
    assert found is None if said is None else said in str(found)


def test_an_evaluation_draws_near_duplicates_together(tmp_path: Path) -> None:
    labels, stored = tmp_path / "labels.csv", tmp_path / "stored.csv"
    texts = [f"Speaker number {n} wants the ferry at pier {n * 3}" for n in range(12)]
    texts += [f"“{text}”" for text in texts]
    lines = [f"{n},{text},cuts,favor" for n, text in enumerate(texts)]
    labels.write_text("id,statement,target,stance\n" + "\n".join(lines), "utf-8")
    stored.write_text(labels.read_text("utf-8"), "utf-8")
    found = {}
    for joined in (False, True):
        results = evaluate_stance(
            StanceSettings(near_duplicates=joined, bootstrap=50),
            [LabelledSet("labels", tuple(read_labelled(labels)), labels)],
            read_answers("a coder", stored),
            tmp_path / f"out{joined}",
            say=lambda message: None,
        )
        scores = results.sets[0].stance
        assert scores is not None
        interval = scores.overall.macro_f1
        found[joined] = interval.clusters, interval.unit, results.run.notes
    assert found[False] == (24, "row", ())
    assert found[True] == (
        12,
        "group",
        ("Without near duplicates, 24 rows are of 12 groups.",),
    )
