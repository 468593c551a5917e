"""The single statements of a run: stored as offsets, and listed with the text of the data.

``predictions.csv`` holds none of the text: spans are ``start-end`` code points of the article,
several with a space between, and a predicted canonical name is given by the first place at which
it stands in the article (a name that stands nowhere in it leaves no place).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from stance.errors import DataError
from stance.evaluation.files import csv_text
from stance.evaluation.predictions import PREDICTIONS, stored_cells
from stance.evaluation.tasks.attribution.articles import MarkedArticle, read_marked_articles
from stance.evaluation.tasks.attribution.outcomes import Outcome
from stance.extract import Range

COLUMNS = (
    *("file", "system", "article", "fate", "content", "gold_content", "source", "gold_source"),
    *("speaker", "speakers", "speaker_right", "confidence", "modality", "gold_modality"),
)


@dataclass(frozen=True, slots=True)
class JudgedStatement:
    """An outcome, with the file and article it stands in and the system that it is of."""

    file: str
    system: str
    article: MarkedArticle
    outcome: Outcome


def statements_csv(judged: Sequence[JudgedStatement]) -> str:
    """The text of ``predictions.csv``: one row an outcome."""
    cells = map(_cells, judged)
    return csv_text(COLUMNS, ([row.get(name) for name in COLUMNS] for row in cells))


def _cells(item: JudgedStatement) -> dict[str, object]:
    gold, found, right = item.outcome.gold, item.outcome.found, item.outcome.speaker_right
    cells: dict[str, object] = {
        "file": item.file,
        "system": item.system,
        "article": item.article.id,
        "fate": item.outcome.fate,
        "speaker_right": "" if right is None else int(right),
    }
    if gold is not None:
        cells["gold_content"], cells["gold_source"] = _spans(gold.content), _spans(gold.source)
        cells["gold_modality"] = gold.modality
    if found is not None:
        cells["content"], cells["source"] = _spans(found.content), _spans(found.source)
        cells["modality"] = found.modality
        cells["speakers"] = len(found.speakers)
        cells["speaker"] = _spans(_places(item.article.text, found.speakers))
        cells["confidence"] = f"{found.confidence:.4f}"
    return cells


def _places(text: str, names: Sequence[str]) -> list[Range]:
    starts = [(text.find(name), name) for name in names]
    return [(start, start + len(name)) for start, name in starts if start >= 0]


def _spans(ranges: Sequence[Range]) -> str:
    return " ".join(f"{start}-{end}" for start, end in ranges)


def list_errors(folder: Path, files: Sequence[Path], limit: int) -> list[str]:
    """The errors of a stored run in plain lines, with the words of the articles.

    Listed are false and missed statements and wrong speakers of the run's first system.

    Args:
        folder: of the run.
        files: the attribution files that it was run on; others of the run are passed over.
        limit: how many errors at most.

    Raises:
        DataError: the run has no ``predictions.csv``, a file cannot be read, or the two do not
            belong together.
    """
    articles = {
        (file.name.split(".")[0], article.id): article
        for file in files
        for article in read_marked_articles(file)
    }
    names = {file for file, _ in articles}
    rows = stored_cells(folder / PREDICTIONS, COLUMNS)
    wrong = [
        cells
        for cells in rows
        if cells["system"] == rows[0]["system"]
        and cells["file"] in names
        and (cells["fate"] in ("false", "missed") or cells["speaker_right"] == "0")
    ]
    return [_lines(cells, articles) for cells in wrong[:limit]]


def _lines(cells: Mapping[str, str], articles: Mapping[tuple[str, str], MarkedArticle]) -> str:
    article = articles.get((cells["file"], cells["article"]))
    if article is None:
        raise DataError(f"article {cells['article']} of the run is not in file {cells['file']}")
    text = article.text
    gold_content = _ranges(cells["gold_content"])
    gold = next((item for item in article.attributions if item.content == gold_content), None)
    content = _ranges(cells["content"]) or gold_content
    lines = [
        f"{cells['file']}, {article.id}, {content[0][0]}: {_named(cells['fate'])}",
        f"  {_words(text, content)}",
    ]
    if gold is not None:
        lines.append(f"  speaker in gold: {' and '.join(gold.speakers) or _at(text, gold.source)}")
    if cells["content"]:
        named = _at(text, _ranges(cells["speaker"])) if cells["speakers"] != "0" else "nobody"
        lines.append(
            f"  speaker found: {named} ({cells['confidence']}), mentioned as "
            f"{_at(text, _ranges(cells['source']))}"
        )
    return "\n".join(lines)


def _named(fate: str) -> str:
    return {"false": "no statement in gold", "missed": "missed"}.get(fate, "wrong speaker")


def _at(text: str, ranges: Sequence[Range]) -> str:
    return _words(text, ranges) or "–"


def _words(text: str, ranges: Sequence[Range]) -> str:
    return " … ".join(" ".join(text[start:end].split()) for start, end in ranges)


def _ranges(cell: str) -> tuple[Range, ...]:
    pairs = [part.partition("-") for part in cell.split()]
    return tuple((int(start), int(end)) for start, _, end in pairs)
