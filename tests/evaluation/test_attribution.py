"""The measures of mentions on small examples, and a whole run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stance.errors import DataError
from stance.evaluation.result_files import read_results
from stance.evaluation.tasks.attribution.articles import (
    Attributed,
    MarkedArticle,
    is_direct,
    sentence_items,
)
from stance.evaluation.tasks.attribution.measures import (
    Counts,
    Words,
    head_match,
    mention_counts,
    returned_counts,
)
from stance.evaluation.tasks.attribution.run import (
    AttributionSettings,
    System,
    evaluate_attribution,
    rebuild_attribution,
    run_system,
)
from stance.evaluation.tasks.attribution.scores import AttributionResults

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
    for hit, predicted, gold in mention_counts(MarkedArticle("a", TEXT, GOLD), GOLD).values():
        assert hit == predicted == gold


def test_marks_do_not_count() -> None:
    inside = Attributed(((QUOTE[0] + 1, QUOTE[1] - 1),), (BERG,), True)
    counts = mention_counts(MarkedArticle("a", TEXT, GOLD), (inside, GOLD[1]))
    assert counts["direct span, exact"] == (1, 1, 1)


def test_head_of_the_mention_decides() -> None:
    words = Words(TEXT)
    short = Attributed((QUOTE,), ((BERG[0] + 4, BERG[0] + 8),), True)
    wrong = Attributed((QUOTE,), (LUND,), True)
    assert head_match(TEXT, GOLD[0], short, words)
    assert not head_match(TEXT, GOLD[0], wrong, words)
    counts = mention_counts(MarkedArticle("a", TEXT, GOLD), (wrong, GOLD[1]))
    assert counts["direct span, exact"][0] == 1
    assert counts["direct span and speaker"][0] == 0


def test_quote_in_a_paraphrase_is_set_aside() -> None:
    part = Attributed(((CLAUSE[0], CLAUSE[0] + 10),), (LUND,), True)
    counts = mention_counts(MarkedArticle("a", TEXT, GOLD), (GOLD[0], part))
    assert counts["direct span, overlap"] == (1, 1, 1)


def _returned(gold: list[Attributed], found: list[Attributed]) -> Counts:
    return returned_counts(MarkedArticle("a", TEXT, tuple(gold)), found)


def test_returned_statements_need_half_of_a_gold_one() -> None:
    start, _ = CLAUSE
    half = Attributed(((start, start + len("the bridge")),))
    word = Attributed(((start, start + len("the")),))
    counts = _returned([GOLD[1]], [half, word])
    assert counts["returned statements, precision"] == (1, 2)
    assert counts["returned statements, recall"] == (1, 1)
    assert _returned([GOLD[0]], [half])["returned statements, precision"] == (0, 1)


def test_optional_gold_is_neither_returned_nor_false() -> None:
    optional = Attributed(GOLD[1].content, optional=True)
    for found in ([], [GOLD[1]]):
        counts = _returned([GOLD[0], optional], [GOLD[0], *found])
        assert counts["returned statements, precision"] == (1, 1)
        assert counts["returned statements, recall"] == (1, 1)


def test_is_direct() -> None:
    assert is_direct(TEXT, (QUOTE,))
    assert not is_direct(TEXT, (CLAUSE,))
    joined = "“One,” he said. “Two.”"
    assert not is_direct(joined, ((0, len(joined)),))


def test_single_sentences() -> None:
    items = sentence_items([MarkedArticle("a", TEXT, GOLD)])
    assert [item.text for item in items] == [TEXT[: TEXT.index(" Peter")]]


def _write(path: Path, rows: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def _perfect(text: str) -> list[Attributed]:
    return list(GOLD) if text == TEXT else []


@pytest.mark.parametrize("error", [ValueError, IndexError, KeyError, RuntimeError, TypeError])
def test_an_error_of_our_own_extractor_is_an_error(error) -> None:
    def broken(text: str) -> list[Attributed]:
        raise error("a fault of ours")

    with pytest.raises(error, match="a fault of ours"):
        run_system(System(broken), [MarkedArticle("a", TEXT, GOLD)])


@pytest.mark.parametrize("error", [ValueError, IndexError, RuntimeError])
def test_a_third_party_system_that_raises_finds_nothing_there(error) -> None:
    def broken(text: str) -> list[Attributed]:
        raise error("unpaired mark")

    result = run_system(System(broken, third_party=True), [MarkedArticle("a", TEXT, GOLD)])
    assert result.errors == [f"{error.__name__}: unpaired mark (article a)"]
    assert [c["direct span, exact"] for c in result.counts] == [(0.0, 0.0, 1.0)]


def test_report_sets_systems_side_by_side_and_is_rebuilt(tmp_path: Path) -> None:
    item = {"source": [list(BERG)], "cue": [], "content": [list(QUOTE)]}
    data = _write(tmp_path / "dev.jsonl", [{"id": "a", "text": TEXT, "attributions": [item]}])

    def broken(text: str) -> list[Attributed]:
        raise ValueError("unpaired | mark")

    systems = {"ours": System(_perfect), "theirs": System(broken, third_party=True)}
    folder = tmp_path / "out"
    results = evaluate_attribution(
        AttributionSettings(bootstrap=20),
        systems,
        [data],
        folder,
        name="who",
        not_run={"third": "not installed"},
    )
    assert results.files[0].systems["ours"].measures["direct span and speaker"].value == 1.0
    assert results.files[0].systems["theirs"].raised == 1
    text = (folder / "report.md").read_text(encoding="utf-8")
    assert "| measure | ours | theirs |" in text
    assert "third was not run: not installed" in text
    assert "theirs raised first: ValueError: unpaired \\| mark (article a)" in text
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert read_results(folder, AttributionResults).run == results.run
    rebuild_attribution(folder)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_other_weights_are_another_run(tmp_path: Path) -> None:
    item = {"source": [list(BERG)], "cue": [], "content": [list(QUOTE)]}
    data = _write(tmp_path / "dev.jsonl", [{"id": "a", "text": TEXT, "attributions": [item]}])
    settings = AttributionSettings(bootstrap=20)

    def run(digest: str) -> None:
        systems = {"ours": System(_perfect, sha256=digest)}
        evaluate_attribution(settings, systems, [data], tmp_path / "out", name="who")

    run("ab" * 32)
    assert "ab" * 32 in (tmp_path / "out" / "report.md").read_text(encoding="utf-8")
    with pytest.raises(DataError, match="holds another run"):
        run("cd" * 32)
    run("ab" * 32)
