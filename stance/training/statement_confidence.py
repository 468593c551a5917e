"""Fits the confidence that an attribution is a statement, and its default threshold.

    python -m stance.training.statement_confidence FILE [FILE...] [--articles FILE]
        [--output YAML] [--report FILE...]

Each FILE is an attribution file of articles that the tagger was not trained on; where it holds
marks alone, ``--articles`` names the file with their texts. Which found
statement is right is told by :func:`stance.evaluation.tasks.attribution.outcomes.judge`.

The regression is fitted with an L2 penalty by Newton's method; the threshold is the lowest whose
precision, in ten-fold cross-validation over articles, reaches ``LEAST_PRECISION``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import yaml

from stance.errors import DataError
from stance.evaluation import Attributed, MarkedArticle, read_marked_articles
from stance.evaluation.tasks.attribution.outcomes import judge
from stance.extract import Document, TaggerExtractor
from stance.extract.confidence import features, form_of
from stance.extract.extractor import RuleExtractor
from stance.extract.quotations import Attribution
from stance.files import write_text

FloatArray = npt.NDArray[np.float64]

PENALTY = 3.0
FOLDS = 10
LEAST_PRECISION = 0.95
THRESHOLDS = tuple(round(0.05 * step, 2) for step in range(1, 19))
DEFAULT_OUTPUT = Path(__file__).parents[1] / "extract" / "data" / "statement_confidence.yaml"


@dataclass(frozen=True, slots=True)
class FoundStatements:
    """What was found in some articles.

    Attributes:
        values: ``[n, features]``.
        right: ``[n]``: 1 right, 0 wrong, -1 neither.
        article: ``[n]``: the number of its article.
        required: how many statements must be found in all.
        names: of the features.
    """

    values: FloatArray
    right: npt.NDArray[np.int64]
    article: npt.NDArray[np.int64]
    required: int
    names: tuple[str, ...]


def verdicts(article: MarkedArticle, found: Sequence[Attribution]) -> list[int]:
    """For every found attribution 1 where it is right, 0 where wrong, -1 where neither."""
    items = [Attributed(item.content) for item in found]
    fates = {id(outcome.found): outcome.fate for outcome in judge(article, items)}
    return [{"found": 1, "false": 0}.get(fates[id(item)], -1) for item in items]


def find(extractor: TaggerExtractor, articles: Sequence[MarkedArticle]) -> FoundStatements:
    """What the tagger finds in marked articles, with its features and whether it is right."""
    rows: list[dict[str, float]] = []
    right: list[int] = []
    numbers: list[int] = []
    for number, marked in enumerate(articles):
        document = Document(marked.text)
        found, evidence = extractor.attributions(document)
        for item, verdict in zip(found, verdicts(marked, found), strict=True):
            if evidence.probability("content", item.content) > 0.0:
                rows.append(features(document, item, evidence))
                right.append(verdict)
                numbers.append(number)
    if not rows:
        raise DataError("nothing is found in these articles: give others")
    names = tuple(rows[0])
    return FoundStatements(
        np.array([[row[name] for name in names] for row in rows]),
        np.array(right),
        np.array(numbers),
        sum(
            bool(item.content) and not item.optional
            for marked in articles
            for item in marked.attributions
        ),
        names,
    )


def fit(found: FoundStatements, kept: npt.NDArray[np.bool_] | None = None) -> FloatArray:
    """Coefficients of the regression; rows that count neither way are left out."""
    use = found.right >= 0 if kept is None else kept & (found.right >= 0)
    values, right = found.values[use], found.right[use].astype(np.float64)
    penalty = np.eye(values.shape[1]) * PENALTY
    penalty[0, 0] = 1e-6  # of the intercept
    weights = np.zeros(values.shape[1])
    for _ in range(100):
        probability = _sigmoid(values @ weights)
        slope = values.T @ (probability - right) + penalty @ weights
        curve = (values.T * (probability * (1 - probability))) @ values + penalty
        step = np.linalg.solve(curve, slope)
        weights -= step
        if np.abs(step).max() < 1e-9:
            break
    return weights


def cross_validated(found: FoundStatements) -> FloatArray:
    """The confidence of every statement from the other folds' articles."""
    result = np.zeros(len(found.right))
    for fold in range(FOLDS):
        held = found.article % FOLDS == fold
        if held.any():
            result[held] = _sigmoid(found.values[held] @ fit(found, ~held))
    return result


def scores_at(
    found: FoundStatements, confidence: FloatArray, threshold: float
) -> tuple[float, float, float]:
    """Precision, recall and F1 of the statements at or above a threshold."""
    kept = confidence >= threshold
    hits = int(((found.right == 1) & kept).sum())
    wrong = int(((found.right == 0) & kept).sum())
    precision = hits / max(1, hits + wrong)
    recall = hits / max(1, found.required)
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def calibration_error(found: FoundStatements, confidence: FloatArray) -> float:
    """Expected calibration error in ten bins of equal width (Guo et al., ICML 2017)."""
    use = found.right >= 0
    right, sure = found.right[use], confidence[use]
    bins = np.minimum((sure * 10).astype(int), 9)
    gaps = [
        abs(sure[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean()
        for b in np.unique(bins)
    ]
    return float(sum(gaps))


def choose_threshold(found: FoundStatements, confidence: FloatArray) -> float:
    """The lowest threshold that reaches ``LEAST_PRECISION``; the highest where none does."""
    precise = (t for t in THRESHOLDS if scores_at(found, confidence, t)[0] >= LEAST_PRECISION)
    return next(precise, THRESHOLDS[-1])


def shares_of_rules(articles: Sequence[MarkedArticle]) -> dict[str, float]:
    """The share of what rules alone find that is right, with one of each added, by form."""
    counts = {form: [1, 2] for form in ("quoted", "indirect", "standing", "loose")}
    for marked in articles:
        document = Document(marked.text)
        found = RuleExtractor().attributions(document)
        for item, verdict in zip(found, verdicts(marked, found), strict=True):
            form = form_of(document, item)
            if verdict >= 0:
                counts[form][0] += verdict
                counts[form][1] += 1
    return {form: round(hits / total, 2) for form, (hits, total) in counts.items()}


def _sigmoid(score: FloatArray) -> FloatArray:
    return np.asarray(1.0 / (1.0 + np.exp(-score)))


def _table(title: str, found: FoundStatements, confidence: FloatArray, chosen: float) -> str:
    lines = [
        f"{title}: {len(found.right)} found, {found.required} required, "
        f"ECE {calibration_error(found, confidence):.3f}",
        "threshold  precision  recall  F1",
    ]
    for value in (0.0, *THRESHOLDS):
        mark = "  <- chosen" if value == chosen else ""
        row = "  ".join(f"{score:.3f}" for score in scores_at(found, confidence, value))
        lines.append(f"{value:9.2f}  {row}{mark}")
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit on files, write the coefficients, print tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--articles", type=Path)
    parser.add_argument("--output", type=Path, default=DEFAULT_OUTPUT)
    parser.add_argument("--report", nargs="*", type=Path, default=[])
    given = parser.parse_args(arguments)
    extractor = TaggerExtractor.load(precision="fp32")
    articles = [
        article for path in given.files for article in read_marked_articles(path, given.articles)
    ]
    found = find(extractor, articles)
    held_out = cross_validated(found)
    threshold = choose_threshold(found, held_out)
    weights = fit(found)
    sys.stdout.write(_table("cross-validated", found, held_out, threshold))
    for path in given.report:
        other = find(extractor, read_marked_articles(path, given.articles))
        confidence = _sigmoid(other.values @ weights)
        sys.stdout.write(_table(path.name, other, confidence, threshold))
    fitted = {
        "coefficients": {
            name: round(float(value), 4) for name, value in zip(found.names, weights, strict=True)
        },
        "threshold": threshold,
        "by_rules": shares_of_rules(articles),
    }
    head = "# Written by python -m stance.training.statement_confidence.\n"
    text = head + yaml.safe_dump(fitted, sort_keys=False)
    write_text(given.output, text, overwrite=True)


if __name__ == "__main__":
    main()
