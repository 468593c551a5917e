"""The attribution scorer on small examples."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.attribution import (
    Article,
    evaluate,
    head_match,
    is_direct,
    load_articles,
    markdown,
    run_system,
    score_article,
    sentence_items,
)
from eval.attribution import Words as WordIndex
from eval.attribution_systems import Attributed, AttributionConfig, regex_system, system
from stance.errors import DataError

TEXT = "“We will stay here,” Ada Berg of Oslo said. Peter Lund said the bridge was closed."
QUOTE = (TEXT.index("“"), TEXT.index("”") + 1)
BERG = (TEXT.index("Ada"), TEXT.index(" said"))
LUND = (TEXT.index("Peter"), TEXT.index(" said the"))
CLAUSE = (TEXT.index("the bridge"), len(TEXT) - 1)
GOLD = (
    Attributed((QUOTE,), (BERG,), True),
    Attributed((CLAUSE,), (LUND,), False),
)


def test_perfect_prediction_is_perfect() -> None:
    for hit, predicted, gold in score_article(Article("a", TEXT, GOLD), GOLD).values():
        assert hit == predicted == gold


def test_marks_do_not_count() -> None:
    inside = Attributed(((QUOTE[0] + 1, QUOTE[1] - 1),), (BERG,), True)
    counts = score_article(Article("a", TEXT, GOLD), (inside, GOLD[1]))
    assert counts["direct span, exact"] == (1, 1, 1)


def test_head_of_the_mention_decides() -> None:
    words = WordIndex(TEXT)
    short = Attributed((QUOTE,), ((BERG[0] + 4, BERG[0] + 8),), True)
    wrong = Attributed((QUOTE,), (LUND,), True)
    assert head_match(TEXT, GOLD[0], short, words)
    assert not head_match(TEXT, GOLD[0], wrong, words)
    counts = score_article(Article("a", TEXT, GOLD), (wrong, GOLD[1]))
    assert counts["direct span, exact"][0] == 1
    assert counts["direct span and speaker"][0] == 0


def test_quote_in_a_paraphrase_is_set_aside() -> None:
    part = Attributed(((CLAUSE[0], CLAUSE[0] + 10),), (LUND,), True)
    counts = score_article(Article("a", TEXT, GOLD), (GOLD[0], part))
    assert counts["direct span, overlap"] == (1, 1, 1)


def test_is_direct() -> None:
    assert is_direct(TEXT, (QUOTE,))
    assert not is_direct(TEXT, (CLAUSE,))
    joined = "“One,” he said. “Two.”"
    assert not is_direct(joined, ((0, len(joined)),))


def test_single_sentences() -> None:
    items = sentence_items([Article("a", TEXT, GOLD)])
    assert [item.text for item in items] == [TEXT[: TEXT.index(" Peter")]]


def test_regular_expression_baseline() -> None:
    (found,) = regex_system("“We will stay here,” said Ada Berg.")
    assert found.direct and found.source


def test_a_system_that_raises_is_counted() -> None:
    def broken(text: str) -> list[Attributed]:
        raise ValueError(text)

    result = run_system("broken", broken, [Article("a", TEXT, GOLD)])
    assert result.raised == 1
    assert result.counts["direct span, exact"] == [(0.0, 0.0, 1.0)]


def test_unknown_system_is_refused() -> None:
    with pytest.raises(DataError, match="unknown system"):
        system("citron", AttributionConfig())


def _write(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_report_sets_systems_side_by_side(tmp_path: Path) -> None:
    item = {"source": [list(BERG)], "cue": [], "content": [list(QUOTE)]}
    data = _write(tmp_path / "dev.jsonl", [{"id": "a", "text": TEXT, "attributions": [item]}])
    config = AttributionConfig(systems=("rules", "regex"), bootstrap=20)
    report = evaluate(config, data)
    table = markdown(report)
    assert "| measure | rules | regex |" in table
    measures = report["systems"]["rules"]["measures"]
    assert measures["direct span and speaker"]["f1"] == 1.0
    assert (
        evaluate(config, data)["systems"]["regex"]["measures"]
        == (report["systems"]["regex"]["measures"])
    )


def test_missing_and_bad_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="no attribution file"):
        load_articles(tmp_path / "none.jsonl")
    good = {"text": "x", "attributions": []}
    for bad in (
        {"text": "x"},
        {"text": None, "attributions": []},
        {"text": "x", "attributions": [{"content": [[0, 1, 2]]}]},
    ):
        with pytest.raises(DataError, match=r"bad\.jsonl, line 2"):
            load_articles(_write(tmp_path / "bad.jsonl", [good, bad]))
