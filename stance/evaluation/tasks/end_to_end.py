"""From a bare article: are statement, speaker and stance all right?

The labelled rows of news articles name statements with their speaker and their stance toward two
targets. At most eleven statements of an article are labelled, those that an earlier version of the
library listed; so this is a proxy of a measure on completely marked articles:

* *recall* is that of labelled pairs (statement, target): those whose row says that it is a
  statement, and on which no second annotator disagrees;
* *precision* is that of predicted pairs whose statement shares half of the words of the shorter
  with a labelled row, the rows that are no statement among them. Other predictions are not judged.

Statements match as in the attribution task. Speakers of these rows are written as that version
wrote them, title and all, where it found the right one: so names are one here also where one of
them ends in the other's last word and holds all of its words. Abstention counts as neutral.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from stance.config import check_range
from stance.errors import DataError
from stance.evaluation.metrics import FloatArray
from stance.evaluation.news import is_agreed, says_statement
from stance.evaluation.provenance import Say, code_facts, config_hash, describe_data, guard_output
from stance.evaluation.resampling import Statistic, bootstrap_counts
from stance.evaluation.rows import Row, read_rows
from stance.evaluation.run_facts import RunFacts
from stance.evaluation.tasks.attribution.articles import Attributed, MarkedArticle
from stance.evaluation.tasks.attribution.measures import f1, precision, share
from stance.evaluation.tasks.attribution.names import alike_names
from stance.evaluation.tasks.attribution.outcomes import judge
from stance.evaluation.tasks.measured import Measure, MeasuredResults, write_measured
from stance.evaluation.tasks.stance import without_folder
from stance.extract import Document, Extractor, Range
from stance.jsonl import read_label, read_text
from stance.labels import Stance
from stance.model import StanceClassifier
from stance.pipeline import analyze
from stance.schema import Statement

logger = logging.getLogger(__name__)
NOTES = (
    "A proxy: at most eleven statements of an article are labelled. Recall is that of labelled "
    "pairs on which the annotators agree; precision that of predicted pairs that lie on a labelled "
    "row, also one that is no statement; other predictions are not judged.",
)


def _recall(counts: npt.NDArray[np.number]) -> FloatArray:
    return share(counts[..., 0], counts[..., 2])


STATISTICS: dict[str, Statistic] = {"F1": f1, "precision": precision, "recall": _recall}
LEVELS = ("statement", "statement and speaker", "statement, speaker and stance")


@dataclass(frozen=True, slots=True)
class LabelledStatement:
    """A labelled statement.

    Attributes:
        content: its pieces in the article.
        speaker: who said it, or None.
        is_statement: whether the annotator took the words for a statement.
        stances: the labels by target; None where the annotators disagree.
    """

    content: tuple[Range, ...]
    speaker: str | None
    is_statement: bool
    stances: dict[str, Stance | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LabelledArticle:
    """An article with its labelled statements and the targets of all of them."""

    id: str
    text: str
    statements: tuple[LabelledStatement, ...]

    @property
    def targets(self) -> tuple[str, ...]:
        """All targets, in the order in which they are first used."""
        return tuple(dict.fromkeys(t for item in self.statements for t in item.stances))


def read_labelled_articles(articles: Path, rows: Path) -> list[LabelledArticle]:
    """Read the articles (``id``, ``text``) that a file of news rows labels.

    Raises:
        DataError: a file is missing or damaged, a row lacks a field or holds no such value, or an
            article is not there; file, line and field are named.
    """
    found: dict[str, dict[tuple[object, ...], LabelledStatement]] = {}
    for place, row in read_rows(rows):
        where = str(place)
        content = _content(row, where)
        by_content = found.setdefault(read_text(row, "article", where), {})
        speaker = row.get("speaker")
        item = by_content.setdefault(
            content,
            LabelledStatement(
                content,
                None if speaker in (None, "", "unknown") else read_text(row, "speaker", where),
                says_statement(row, where),
            ),
        )
        label = read_label(Stance, row, "stance", where)
        item.stances[read_text(row, "target", where)] = label if is_agreed(row, where) else None
    texts = {
        str(row.get("id")): read_text(row, "text", str(place))
        for place, row in read_rows(articles)
        if str(row.get("id")) in found
    }
    missing = sorted(set(found) - set(texts))
    if missing:
        raise DataError(f"{articles}: no article {missing[0]!r}, which {rows.name} labels")
    return [
        LabelledArticle(name, texts[name], tuple(items.values())) for name, items in found.items()
    ]


def _content(row: Row, where: str) -> tuple[Range, ...]:
    spans = row.get("spans")
    pairs = spans if isinstance(spans, list) else []
    if not pairs or not all(
        isinstance(span, list) and len(span) == 2 and all(type(x) is int for x in span)
        for span in pairs
    ):
        raise DataError(f"{where}: field 'spans' must be a list of [start, end]")
    return tuple(sorted((start, end) for start, end in pairs))


def judged_predictions(
    article: LabelledArticle, found: Sequence[Attributed]
) -> dict[int, LabelledStatement | None]:
    """The predictions that lie on a labelled row: their position -> the row they match, or None."""
    rows = {row.content: row for row in article.statements}
    marked = MarkedArticle(
        article.id, article.text, tuple(Attributed(content, optional=True) for content in rows)
    )
    positions = {id(item): i for i, item in enumerate(found)}
    return {
        positions[id(outcome.found)]: rows[outcome.gold.content] if outcome.gold else None
        for outcome in judge(marked, found)
        if outcome.found is not None and outcome.fate == "aside"
    }


def article_counts(
    article: LabelledArticle,
    speakers: Mapping[int, Sequence[str]],
    judged: Mapping[int, LabelledStatement | None],
    stances: Mapping[int, Mapping[str, Stance]],
) -> dict[str, tuple[float, float, float]]:
    """True positives, predicted and gold pairs of each of ``LEVELS`` for one article.

    Args:
        article: with its labels.
        speakers: who each judged prediction says it was; empty where it does not say.
        judged: as :func:`judged_predictions` gives it.
        stances: what is predicted of each, by target.
    """
    gold = sum(
        label is not None
        for row in article.statements
        if row.is_statement
        for label in row.stances.values()
    )
    predicted = 0
    hits = dict.fromkeys(LEVELS, 0)
    for position, row in judged.items():
        labels = dict.fromkeys(article.targets, Stance.NEUTRAL) if row is None else row.stances
        agreed = {target: label for target, label in labels.items() if label is not None}
        predicted += len(agreed)
        if row is None or not row.is_statement:
            continue
        hits[LEVELS[0]] += len(agreed)
        if not _same_speakers(row.speaker, speakers[position]):
            continue
        hits[LEVELS[1]] += len(agreed)
        hits[LEVELS[2]] += sum(stances[position][t] is label for t, label in agreed.items())
    return {level: (float(hits[level]), float(predicted), float(gold)) for level in LEVELS}


def _same_speakers(gold: str | None, found: Sequence[str]) -> bool:
    """Whether these are the speakers of a row, which joins several by " and "."""
    if gold is None or not found:
        return gold is None and not found
    if alike_names(gold, " and ".join(found)):
        return True
    names = gold.split(" and ")
    fits = [[alike_names(name, other) for other in found] for name in names]
    return (
        len(names) == len(found) and all(map(any, fits)) and all(map(any, zip(*fits, strict=True)))
    )


class _Chosen:
    """An extractor that gives what was found before."""

    def __init__(self, statements: Sequence[Statement]) -> None:
        self.statements = statements

    def extract(self, document: Document) -> list[Statement]:
        return list(self.statements)


def judge_article(
    article: LabelledArticle, extractor: Extractor, classifier: StanceClassifier
) -> dict[str, tuple[float, float, float]]:
    """Run the pipeline on an article's text and count; see :func:`article_counts`.

    The stance is predicted of those statements alone that are judged.
    """
    document = Document(article.text)
    statements = list(extractor.extract(document))
    judged = judged_predictions(article, [Attributed.of(statement) for statement in statements])
    chosen = [statements[i] for i in judged]
    analysis = analyze(document, article.targets, extractor=_Chosen(chosen), classifier=classifier)
    stances = {
        i: {p.target: p.stance or Stance.NEUTRAL for p in row}
        for i, row in zip(judged, analysis.predictions, strict=True)
    }
    speakers = {i: [speaker.name for speaker in statements[i].speakers] for i in judged}
    return article_counts(article, speakers, judged, stances)


@dataclass(frozen=True, slots=True)
class EndToEndSettings:
    """Settings of an end-to-end evaluation: resamples of every interval, and their seed."""

    bootstrap: int = 1000
    seed: int = 13

    def __post_init__(self) -> None:
        """Check ranges.

        Raises:
            ConfigError: a value is out of range.
        """
        check_range("bootstrap", self.bootstrap, 1)
        check_range("seed", self.seed, 0, 2**32 - 1)  # numpy's generator takes no other


def evaluate_end_to_end(
    settings: EndToEndSettings,
    articles: Path,
    rows: Path,
    extractor: Extractor,
    classifier: StanceClassifier,
    folder: Path,
    *,
    name: str,
    requested: str,
    overwrite: bool = False,
    say: Say = logger.info,
) -> MeasuredResults:
    """Run the pipeline over labelled articles; write results and report.

    Args:
        settings: of the run.
        articles: JSONL with ``id`` and ``text``.
        rows: the labelled rows.
        extractor: finds the statements.
        classifier: judges them.
        folder: gets ``results.json``, ``report.md`` and ``report.html``.
        name: of the evaluation, for the report.
        requested: the checkpoint as it was asked for.
        overwrite: replace another run in the folder.
        say: told what is going on.

    Raises:
        DataError: a file breaks its schema, or the folder holds another run or cannot be written.
    """
    labelled = read_labelled_articles(articles, rows)
    facts = RunFacts(
        name=name,
        task="end_to_end",
        config_hash=config_hash(settings),
        data=describe_data([articles, rows]),
        code=code_facts(),
        requested=requested,
        checkpoint=without_folder(classifier.info),
        seed=settings.seed,
    )
    guard_output(folder, facts, overwrite=overwrite, say=say)
    counts = []
    for number, article in enumerate(labelled, start=1):
        counts.append(judge_article(article, extractor, classifier))
        if number % 10 == 0:
            say(f"{number} of {len(labelled)} articles")
    measures = []
    for level in LEVELS:
        table = np.array([found[level] for found in counts], np.float64)
        for kind, statistic in STATISTICS.items():
            value = bootstrap_counts(
                table, statistic, unit="article", resamples=settings.bootstrap, seed=settings.seed
            )
            measures.append(Measure(f"{level}, {kind}", int(table[:, 2].sum()), value))
    caption = f"Pairs of statement and target that are right, in {len(labelled)} articles"
    return write_measured(folder, MeasuredResults(facts, caption, NOTES, tuple(measures)))
