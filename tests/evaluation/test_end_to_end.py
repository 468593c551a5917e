"""Statement, speaker and stance together, on labelled articles of our own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stance.errors import DataError
from stance.evaluation import Attributed
from stance.evaluation.tasks.end_to_end import (
    EndToEndSettings,
    LabelledArticle,
    LabelledStatement,
    article_counts,
    evaluate_end_to_end,
    judged_predictions,
    read_labelled_articles,
)
from stance.evaluation.tasks.measured import rebuild_measured
from stance.labels import Stance
from stance.schema import CheckpointInfo, Prediction, Span, Speaker, Statement

TEXT = (
    "Ada Obi said the old bridge must stay. Ivo Lund called the plan a gift. The rain came early."
)
F, A, N = Stance.FAVOR, Stance.AGAINST, Stance.NEUTRAL


def _at(words: str) -> tuple[int, int]:
    return TEXT.index(words), TEXT.index(words) + len(words)


BRIDGE, GIFT, RAIN = _at("the old bridge must stay"), _at("a gift"), _at("The rain came early")
ARTICLE = LabelledArticle(
    "a1",
    TEXT,
    (
        LabelledStatement((BRIDGE,), "Minister Ada Obi", True, {"the bridge": F, "the plan": A}),
        LabelledStatement((GIFT,), "Ivo Lund", True, {"the bridge": None, "the plan": F}),
        LabelledStatement((RAIN,), None, False, {"the bridge": N, "the plan": N}),
    ),
)


def test_only_predictions_on_a_labelled_row_are_judged() -> None:
    said = Attributed((_at("Ivo Lund"),))
    piece, whole = Attributed((_at("bridge must"),)), Attributed((BRIDGE,))
    judged = judged_predictions(ARTICLE, [said, whole, Attributed((RAIN,)), piece])
    assert {position: row and row.content for position, row in judged.items()} == {
        1: (BRIDGE,),
        2: (RAIN,),
        3: None,
    }


def test_counts_of_pairs() -> None:
    rows = dict(enumerate(ARTICLE.statements))
    right = {0: {"the bridge": F, "the plan": A}, 1: {"the bridge": F, "the plan": F}}
    counts = article_counts(
        ARTICLE,
        {0: ["Ada Obi"], 1: ["Ivo Lund"], 2: []},
        rows,
        {**right, 2: {"the bridge": N, "the plan": N}},
    )
    # Three agreed pairs of statements; five agreed pairs are predicted, two of them no statement.
    assert counts["statement"] == (3, 5, 3)
    assert counts["statement and speaker"] == (3, 5, 3)
    assert counts["statement, speaker and stance"] == (3, 5, 3)
    worse = article_counts(
        ARTICLE,
        {0: ["Ivo Lund"], 1: ["Lund"]},
        {0: rows[0], 1: rows[1]},
        {0: right[0], 1: {"the bridge": N, "the plan": N}},
    )
    assert worse["statement"] == (3, 3, 3)
    assert worse["statement and speaker"] == (1, 3, 3)
    assert worse["statement, speaker and stance"] == (0, 3, 3)


def test_a_piece_of_a_labelled_row_is_a_wrong_prediction() -> None:
    counts = article_counts(ARTICLE, {0: ["Ada Obi"]}, {0: None}, {0: {}})
    assert counts["statement"] == (0, 2, 3)


def _row(content: tuple[int, int], target: str, **fields: object) -> dict[str, object]:
    row = {"article": "a1", "spans": [list(content)], "target": target, "stance": "favor"}
    return {**row, "speaker": "Ada Obi", "statement": True, **fields}


def _files(folder: Path, *rows: dict[str, object]) -> tuple[Path, Path]:
    articles, labels = folder / "articles.jsonl", folder / "rows.jsonl"
    articles.write_text(json.dumps({"id": "a1", "text": TEXT}) + "\n", encoding="utf-8")
    labels.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return articles, labels


def test_rows_of_a_statement_are_read_together(tmp_path: Path) -> None:
    files = _files(
        tmp_path,
        _row(BRIDGE, "the bridge"),
        _row(BRIDGE, "the plan", stance="against", second="neutral"),
        _row(RAIN, "the bridge", statement=False, speaker="unknown"),
    )
    (article,) = read_labelled_articles(*files)
    assert article.targets == ("the bridge", "the plan")
    assert article.statements == (
        LabelledStatement((BRIDGE,), "Ada Obi", True, {"the bridge": F, "the plan": None}),
        LabelledStatement((RAIN,), None, False, {"the bridge": F}),
    )


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"spans": []}, r"rows\.jsonl, line 1: field 'spans'"),
        ({"stance": "maybe"}, r"rows\.jsonl, line 1: field 'stance'"),
        ({"article": "a2"}, r"articles\.jsonl: no article 'a2', which rows\.jsonl labels"),
    ],
)
def test_bad_rows_are_named(fields: dict[str, object], message: str, tmp_path: Path) -> None:
    files = _files(tmp_path, {**_row(BRIDGE, "the bridge"), **fields})
    with pytest.raises(DataError, match=message):
        read_labelled_articles(*files)


class _Extractor:
    def extract(self, document) -> list[Statement]:  # type: ignore[no-untyped-def]
        spans = [(Span.of(TEXT, *place),) for place in (BRIDGE, _at("Ivo Lund"))]
        return [
            Statement(s[0].text, s, (Speaker("Ada Obi", "person"),), kind="indirect") for s in spans
        ]


class _Favorable:
    """A classifier that finds favor in everything."""

    info = CheckpointInfo("bundled", "small", "cpu", True, sha256="ab" * 32)

    def target_problem(self, target: str) -> str:
        return ""

    def predict(self, statements, targets, contexts, **options) -> list[Prediction]:  # type: ignore[no-untyped-def]
        shares = {"against": 0.1, "neutral": 0.1, "favor": 0.8}
        return [Prediction(target, F, shares) for target in targets]


def test_a_run_is_written_and_rebuilt(tmp_path: Path) -> None:
    files = _files(tmp_path, _row(BRIDGE, "the bridge"), _row(GIFT, "the bridge"))
    folder = tmp_path / "out"
    settings = EndToEndSettings(bootstrap=20)
    results = evaluate_end_to_end(
        settings, *files, _Extractor(), _Favorable(), folder, name="all", requested="small"
    )
    values = {m.name: m.value.value for m in results.measures}
    assert values["statement, precision"] == values["statement and speaker, precision"] == 1.0
    assert values["statement, recall"] == 0.5
    assert results.measures[0].n == 2
    assert b"bridge must" not in b"".join(path.read_bytes() for path in folder.iterdir())
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    rebuild_measured(folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize(
    ("gold", "found", "right"),
    [
        ("Mayor Ada Obi and Ivo Lund", ["Ivo Lund", "Ada Obi"], True),
        ("Ada Obi and Ivo Lund", ["Ada Obi"], False),
        ("Ada Obi", ["Ada Obi", "Ivo Lund"], False),
        ("Department of Trade and Industry", ["Department of Trade and Industry"], True),
        (None, [], True),
        (None, ["Ada Obi"], False),
        ("Ada Obi", [], False),
    ],
)
def test_joint_speakers_are_right_where_each_is(
    gold: str | None, found: list[str], right: bool
) -> None:
    article = LabelledArticle("a", TEXT, (LabelledStatement((BRIDGE,), gold, True, {"t": F}),))
    counts = article_counts(article, {0: found}, {0: article.statements[0]}, {0: {"t": F}})
    assert counts["statement and speaker"][0] == right
