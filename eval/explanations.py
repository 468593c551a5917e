"""How faithful are explanations? Deletion and insertion curves of several ways to weigh words.

The words of statement and context that the model reads are taken out in the order of their weights,
those that speak most for the answer first (deletion), or are put back in that order into a row that
has none of them (insertion). The area under the probability of the answer, over the share of words,
is low in a deletion and high in an insertion where the weights tell what the model goes by (Petsiuk
et al. 2018; DeYoung et al. 2020). A word is taken out in two ways: left out, and replaced by the
mask token, so that no way of weighing is measured by its own means alone. The target stays: it
is the question.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from eval.sets import SetConfig
from stance.config import check_range
from stance.errors import ConfigError
from stance.evaluation import LabelledRow, LabelledSet, describe_file
from stance.evaluation.provenance import Say, code_facts, config_hash, guard_output
from stance.evaluation.resampling import Interval, bootstrap_mean
from stance.evaluation.run_facts import RunFacts
from stance.evaluation.tasks.measured import Measure, MeasuredResults, write_measured
from stance.labels import Stance
from stance.model import Piece, ReadRow, Rows, StanceClassifier

if TYPE_CHECKING:
    from eval.gradients import Gradients

Curves = dict[str, list[float]]
LEFT_OUT, MASKED = "left out", "masked"
RANDOM = "random order"


@dataclass(frozen=True, slots=True)
class ExplanationsConfig:
    """A measurement of explanations (``configs/eval/explanations.yaml``).

    Attributes:
        task: ``explanations``.
        checkpoint: ``default``, ``small`` or ``base``.
        sets: labelled sets that are in the checkout.
        rows: that are drawn of each set, at most.
        points: of a curve, without its two ends.
        random_orders: that are averaged.
        path: points of the path of integrated gradients.
        bootstrap: resamples of every interval.
        seed: of what is drawn.
    """

    task: Literal["explanations"] = "explanations"
    checkpoint: str = "default"
    sets: tuple[SetConfig, ...] = ()
    rows: int = 3
    points: int = 3
    random_orders: int = 1
    path: int = 16
    bootstrap: int = 1000
    seed: int = 13

    def __post_init__(self) -> None:
        """Check ranges.

        Raises:
            ConfigError: a value is out of range, or the checkpoint is none of the bundled ones.
        """
        for key in ("rows", "points", "random_orders", "path", "bootstrap"):
            check_range(key, getattr(self, key), 1)
        check_range("seed", self.seed, 0, 2**32 - 1)  # numpy's generator takes no other
        if self.checkpoint not in ("default", "small", "base"):
            raise ConfigError(f"checkpoint is {self.checkpoint!r}: use default, small or base")


def evaluate_explanations(
    config: ExplanationsConfig,
    sets: Sequence[LabelledSet],
    classifier: StanceClassifier,
    folder: Path,
    *,
    name: str,
    overwrite: bool,
    say: Say,
) -> MeasuredResults:
    """Measure the ways to weigh words on drawn rows, whatever their gold labels.

    Raises:
        DataError: the folder holds another run or cannot be written.
    """
    facts = RunFacts(
        name=name,
        task="explanations",
        config_hash=config_hash(config),
        data={part.name: describe_file(part.file) for part in sets},
        code=code_facts(),
        requested=config.checkpoint,
        checkpoint=classifier.info,
        seed=config.seed,
    )
    guard_output(folder, facts, overwrite=overwrite, say=say)
    draw = random.Random(config.seed)
    rows = [row for part in sets for row in _drawn(part.rows, config.rows, draw)]
    from eval.gradients import Gradients  # needs torch, which reports rebuild without

    gradients = Gradients(classifier.info.name, config.path)
    found: list[Curves] = []
    for number, row in enumerate(rows, start=1):
        found.append(_areas(row, classifier, gradients, config, draw))
        if number % 5 == 0:
            say(f"{number} of {len(rows)} rows")
    return write_measured(folder, _summary(facts, found, config))


def _drawn(rows: Sequence[LabelledRow], most: int, draw: random.Random) -> Sequence[LabelledRow]:
    usable = [row for row in rows if row.stance is not None]
    return usable if len(usable) <= most else draw.sample(usable, most)


def _areas(
    labelled: LabelledRow,
    classifier: StanceClassifier,
    gradients: Gradients,
    config: ExplanationsConfig,
    draw: random.Random,
) -> Curves:
    """The areas of one row by measure and way: one number, of random orders several."""
    row = ReadRow.of(labelled.text, labelled.target, labelled.context, labelled.speaker)
    words = gradients.read_words(row)
    shares = classifier.probabilities(_asked(row, [()]))[0]
    label = list(Stance)[int(shares.argmax())]
    ways: dict[str, list[list[float]]] = {
        "one word left out": [_occluded(row, words, classifier, label, "")],
        "one word masked": [_occluded(row, words, classifier, label, gradients.mask)],
        **{way: [weights] for way, weights in gradients.weights(row, words, label).items()},
        RANDOM: [[draw.random() for _ in words] for _ in range(config.random_orders)],
    }
    orders = [
        (way, [words[i] for i in sorted(range(len(words)), key=lambda i: -weights[i])])
        for way, listed in ways.items()
        for weights in listed
    ]
    areas: Curves = {}
    for how, filler in ((LEFT_OUT, ""), (MASKED, gradients.mask)):
        counts = [round(len(words) * i / (config.points + 1)) for i in range(config.points + 2)]
        gone = [part for _, order in orders for n in counts for part in (order[:n], order[n:])]
        asked = classifier.probabilities(_asked(row, gone, filler))[:, list(Stance).index(label)]
        curves = asked.reshape(len(orders), len(counts), 2)
        for (way, _), curve in zip(orders, curves, strict=True):
            for at, measure in enumerate(("deletion", "insertion")):
                name = f"{measure}, words {how}: {way}"
                areas.setdefault(name, []).append(_area(curve[:, at]))
    return areas


def _occluded(
    row: ReadRow, words: Sequence[Piece], classifier: StanceClassifier, label: Stance, filler: str
) -> list[float]:
    """What the label loses without each word, as :meth:`StanceClassifier.explain` has it."""
    column = list(Stance).index(label)
    shares = classifier.probabilities(_asked(row, [(), *([word] for word in words)], filler))
    return [float(shares[0, column] - share) for share in shares[1:, column]]


def _area(values: npt.NDArray[np.float32]) -> float:
    """Under a curve of evenly spaced points, by the trapezoidal rule; in [0, 1]."""
    return float(((values[1:] + values[:-1]) / 2).mean())


def _asked(row: ReadRow, gone: Sequence[Sequence[Piece]], filler: str = "") -> Rows:
    texts = [row.without(pieces, filler) for pieces in gone]
    said, targets, contexts = (list(part) for part in zip(*texts, strict=True))
    return Rows(said, targets, contexts, [row.speaker] * len(texts), masked=True)


def _summary(
    facts: RunFacts, found: Sequence[Curves], config: ExplanationsConfig
) -> MeasuredResults:
    """Mean areas, and how far each way is from random orders of the same rows."""
    means = {
        key: np.array([np.mean(areas[key]) for areas in found], np.float64) for key in found[0]
    }

    def mean(values: npt.NDArray[np.float64]) -> Interval:
        return bootstrap_mean(values, resamples=config.bootstrap, seed=config.seed)

    measures = []
    for key in sorted(means, key=lambda key: key.split(": ")[0]):
        chance = means[f"{key.split(': ')[0]}: {RANDOM}"]
        difference = None if key.endswith(RANDOM) else mean(means[key] - chance)
        measures.append(Measure(key, len(found), mean(means[key]), difference))
    return MeasuredResults(
        facts,
        "Area under the probability of the model's answer",
        (
            "Deletion: lower is better. Insertion: higher is better. The difference is that from "
            "a random order of the same words.",
        ),
        tuple(measures),
    )
