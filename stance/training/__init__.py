"""Training: one's own labelled pairs (:func:`train`), and recipes of adapters.

Names are resolved when they are first used, so that importing the package loads no network code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stance.lazy import lazy_names

if TYPE_CHECKING:
    from stance.training.few_labels import FewLabelsResults, fit_few_labels
    from stance.training.finetune import FineTuning, train
    from stance.training.formats import read_pairs
    from stance.training.model_card import write_model_card
    from stance.training.recipe import Recipe, load_recipe
    from stance.training.recipe_run import run_recipe, train_stages, training_pairs
    from stance.training.records import TrainingPair
    from stance.training.results import TrainingResults
    from stance.training.tagger import TaggerRecipe, train_tagger

__getattr__ = lazy_names(
    __name__,
    {
        "few_labels": "FewLabelsResults fit_few_labels",
        "finetune": "FineTuning train",
        "formats": "read_pairs",
        "model_card": "write_model_card",
        "recipe": "Recipe load_recipe",
        "recipe_run": "run_recipe train_stages training_pairs",
        "records": "TrainingPair",
        "results": "TrainingResults",
        "tagger": "TaggerRecipe train_tagger",
    },
)

__all__ = [
    "FewLabelsResults",
    "FineTuning",
    "Recipe",
    "TaggerRecipe",
    "TrainingPair",
    "TrainingResults",
    "fit_few_labels",
    "load_recipe",
    "read_pairs",
    "run_recipe",
    "train",
    "train_stages",
    "train_tagger",
    "training_pairs",
    "write_model_card",
]
