"""Training: one's own labelled pairs (:func:`train`), and recipes of adapters.

Names are resolved when they are first used, so that importing the package loads no network code.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stance.training.finetune import FineTuning, train
    from stance.training.formats import read_pairs
    from stance.training.model_card import write_model_card
    from stance.training.recipe import Recipe, run_recipe, training_pairs
    from stance.training.records import TrainingPair
    from stance.training.results import TrainingResults
    from stance.training.tagger import TaggerRecipe, train_tagger

_HOME = {
    "FineTuning": "finetune",
    "Recipe": "recipe",
    "TaggerRecipe": "tagger",
    "TrainingPair": "records",
    "TrainingResults": "results",
    "read_pairs": "formats",
    "run_recipe": "recipe",
    "train": "finetune",
    "train_tagger": "tagger",
    "training_pairs": "recipe",
    "write_model_card": "model_card",
}

__all__ = [
    "FineTuning",
    "Recipe",
    "TaggerRecipe",
    "TrainingPair",
    "TrainingResults",
    "read_pairs",
    "run_recipe",
    "train",
    "train_tagger",
    "training_pairs",
    "write_model_card",
]


def __getattr__(name: str) -> object:
    if name in _HOME:
        return getattr(import_module(f"stance.training.{_HOME[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
