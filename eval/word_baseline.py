"""Trains the TF-IDF baseline on what the models are trained on: public pairs and own statements."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from eval.sets import find_in, why_absent
from stance.evaluation.baselines import WordBaselines

RECIPE = Path(__file__).resolve().parent.parent / "configs" / "eval" / "word_baseline.yaml"
TRAINING_FILES = ("stance_train", "target_sentiment_train")


def training_folder(data: Sequence[Path]) -> tuple[Path | None, str]:
    """The folder with the training files; where there is none, None and the reason."""
    folders = [path for path in data if path.is_dir()]
    if not folders:
        return None, "give the folder of the training files with --data"
    absent = [stem for stem in TRAINING_FILES if find_in(folders, stem) is None]
    file = find_in(folders, TRAINING_FILES[0])
    if file is None or absent:
        return None, why_absent(folders, absent[0])
    return file.parent, ""


def train_words(folder: Path, seed: int) -> WordBaselines:
    """Train it on the pairs of its recipe.

    Raises:
        DataError: a training file is damaged, or a row is bad.
    """
    from stance.training import training_pairs  # brings torch

    return WordBaselines.fit(training_pairs(RECIPE, folder), seed=seed)
