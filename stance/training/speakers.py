"""Fits who is found as a speaker, and how sure that is.

    python -m stance.training.speakers FILE [FILE...] [--articles FILE] [--passages FILE...]
        [--output FOLDER]

Each FILE holds marked articles with canonical speakers that the tagger was not trained on; where it
holds marks alone, ``--articles`` names the file with their texts. The weights of the antecedents
(``antecedent_weights.json``) are fitted on their mentions and on those of the passages. The
confidence (``speaker_confidence.yaml``) is fitted on the statements that the tagger finds in the
articles, with speakers that weights of the other folds' articles gave.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml

from stance.errors import DataError
from stance.evaluation import Attributed, MarkedArticle, read_marked_articles
from stance.evaluation.tasks.attribution.outcomes import judge
from stance.extract import Document, TaggerExtractor
from stance.extract.antecedents import Weights
from stance.extract.confidence import with_confidence
from stance.extract.quotations import Attribution
from stance.extract.speaker_confidence import link_features
from stance.extract.speakers import SpeakerIndex, speaker_name
from stance.files import write_text
from stance.training.antecedents import PRIOR, Weighed, fit_all, mentions_of, rightly_chosen
from stance.training.statement_confidence import (
    FoundStatements,
    calibration_error,
    cross_validated,
    fit,
)

FOLDS = 5
LEAST_COEFFICIENT = 0.005
DEFAULT_OUTPUT = Path(__file__).parents[1] / "extract" / "data"


@dataclass(frozen=True, slots=True)
class FoundArticle:
    """A marked article and the attributions found in it that are sure enough to be returned."""

    marked: MarkedArticle
    found: tuple[Attribution, ...]


def find(extractor: TaggerExtractor, articles: Sequence[MarkedArticle]) -> list[FoundArticle]:
    """What an extractor returns for marked articles, before the speakers are looked for."""
    result = []
    for marked in articles:
        document = Document(marked.text)
        found, evidence = extractor.attributions(document)
        judged = [with_confidence(document, item, evidence) for item in found]
        sure = tuple(item for item in judged if item.confidence >= extractor.minimum_confidence)
        result.append(FoundArticle(marked, sure))
    return result


def judged_links(article: FoundArticle, weights: Weights) -> list[tuple[dict[str, float], bool]]:
    """Features and verdict of each matched statement whose speaker is found with these weights."""
    index = SpeakerIndex(Document(article.marked.text), weights)
    items: list[Attributed] = []
    features: dict[int, dict[str, float]] = {}
    for item in article.found:
        links = index.link(item.source, item.cue, item.content) if item.source else ()
        index.said(item.content, links)
        known = speaker_name(links) is not None
        referents = [link.referent for link in links if link.referent is not None]
        names = tuple(one.name for item in referents for one in item.everyone)
        items.append(Attributed(item.content, speakers=names if known else ()))
        if known:
            features[id(items[-1])] = link_features(links, item)
    return [
        (features[id(outcome.found)], bool(outcome.speaker_right))
        for outcome in judge(article.marked, items)
        if outcome.gold is not None and id(outcome.found) in features
    ]


def cross_fitted(
    articles: Sequence[FoundArticle], passages: Sequence[Weighed]
) -> tuple[FoundStatements, dict[str, tuple[int, int]]]:
    """Links that weights of the other folds made, and how many mentions those get right, by model.

    Raises:
        DataError: no speaker of a gold statement is found in these articles.
    """
    mentions = [mentions_of(article.marked) for article in articles]
    rows: list[tuple[int, dict[str, float], bool]] = []
    counts = {model: (0, 0) for model in PRIOR}
    for fold in range(FOLDS):
        others = [item for n, found in enumerate(mentions) if n % FOLDS != fold for item in found]
        weights = fit_all([*others, *passages])
        for number, article in enumerate(articles):
            if number % FOLDS == fold:
                rows += [(number, *row) for row in judged_links(article, weights)]
                for model, (right, total) in rightly_chosen(mentions[number], weights).items():
                    counts[model] = (counts[model][0] + right, counts[model][1] + total)
    if not rows:
        raise DataError("no speaker is found in these articles: give others, with 'speakers'")
    names = ("intercept", *sorted({name for _, row, _ in rows for name in row} - {"intercept"}))
    found = FoundStatements(
        np.array([[row.get(name, 0.0) for name in names] for _, row, _ in rows]),
        np.array([int(right) for _, _, right in rows]),
        np.array([number for number, _, _ in rows]),
        len(rows),
        names,
    )
    return found, counts


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit on files, write weights and coefficients, print what they reach held out."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--articles", type=Path)
    parser.add_argument("--passages", nargs="*", type=Path, default=[])
    parser.add_argument("--output", type=Path, default=DEFAULT_OUTPUT)
    given = parser.parse_args(arguments)
    marked, others = (
        [item for path in files for item in read_marked_articles(path, given.articles)]
        for files in (given.files, given.passages)
    )
    passages = [item for article in others for item in mentions_of(article)]
    extractor = TaggerExtractor.load(precision="fp32")
    found, counts = cross_fitted(find(extractor, marked), passages)
    for model, (right, total) in counts.items():
        sys.stdout.write(f"{model}: {right} of {total} mentions right, held out\n")
    held_out = cross_validated(found)
    sure = held_out > 0.9
    sys.stdout.write(
        f"speakers: {int(found.right.sum())} of {len(found.right)} right, held out; "
        f"ECE of their confidence {calibration_error(found, held_out):.3f}; "
        f"{int((sure & (found.right == 0)).sum())} of {int(sure.sum())} above 0.9 wrong\n"
    )
    mentions = [item for article in marked for item in mentions_of(article)] + passages
    weights = {
        "fitted_on": [path.name for path in (*given.files, *given.passages)],
        "mentions": {model: sum(item.model == model for item in mentions) for model in PRIOR},
        "weights": fit_all(mentions),
    }
    text = json.dumps(weights, indent=1) + "\n"
    write_text(given.output / "antecedent_weights.json", text, overwrite=True)
    fitted = zip(found.names, fit(found), strict=True)
    coefficients = {name: round(float(x), 4) for name, x in fitted if abs(x) >= LEAST_COEFFICIENT}
    head = "# Written by python -m stance.training.speakers.\n"
    text = head + yaml.safe_dump({"coefficients": coefficients}, sort_keys=False)
    write_text(given.output / "speaker_confidence.yaml", text, overwrite=True)


if __name__ == "__main__":
    main()
