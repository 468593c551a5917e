"""What each part of the training data gives: ``python -m eval.ablations --data FOLDER``.

It trains one short recipe in several variants, each with something left out, and evaluates them all
side by side on labelled news. A run that was stopped goes on when the command is given again.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Literal

import typer

from eval.harness import evaluate
from eval.request import Request
from eval.sets import load_config
from stance.cli.common import clean_errors
from stance.config import check_range, load_yaml_dataclass
from stance.console import PlainConsole
from stance.errors import ConfigError
from stance.evaluation.console import show_stance
from stance.evaluation.console_tables import report_console
from stance.evaluation.result_files import RESULTS
from stance.evaluation.results import StanceResults
from stance.files import locked
from stance.training import Recipe, load_recipe, train_stages

CONFIG = Path(__file__).resolve().parents[1] / "configs" / "eval" / "ablations.yaml"


@dataclass(frozen=True, slots=True)
class Variant:
    """What is otherwise than in the recipe; null leaves it.

    Attributes:
        shares: of sources, in the mixture of every stage.
        replies: pairs that every stage derives by setting replies behind labelled texts.
        max_context: tokens of context that the model reads.
        backbone: its name, with all its layers.
    """

    shares: dict[str, float] = field(default_factory=dict)
    replies: int | None = None
    max_context: int | None = None
    backbone: Literal["small", "base"] | None = None


@dataclass(frozen=True, slots=True)
class AblationsConfig:
    """Variants of a recipe (``configs/eval/ablations.yaml``).

    Attributes:
        recipe: file of the recipe, relative to the config.
        evaluation: file of the evaluation, a run of task ``stance``, relative to the config.
        variants: by their names; the first is the one that the others are compared with.
        beside: checkpoints that are evaluated as they are, after the variants.
    """

    recipe: str
    evaluation: str
    variants: dict[str, Variant]
    beside: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check that there is something to compare.

        Raises:
            ConfigError: there are less than two checkpoints.
        """
        check_range("variants", len(self.variants), 1)
        if len(self.variants) + len(self.beside) < 2:
            raise ConfigError("variants: give two or more, or one and a checkpoint beside it")


def changed(recipe: Recipe, variant: Variant) -> Recipe:
    """A recipe in one of its variants.

    Raises:
        ConfigError: a value is out of range.
    """
    stages = []
    for stage in recipe.stages:
        mixture = replace(stage.mixture, shares={**stage.mixture.shares, **variant.shares})
        if variant.replies is not None:
            mixture = replace(mixture, replies=variant.replies)
        stages.append(replace(stage, mixture=mixture))
    recipe = replace(recipe, stages=tuple(stages))
    if variant.max_context is not None:
        recipe = replace(recipe, max_context=variant.max_context)
    if variant.backbone is not None:
        recipe = replace(recipe, backbone=variant.backbone, layers=None)
    return recipe


@clean_errors
def main(
    data: Annotated[Path, typer.Option(help="Folder of the public files.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", help="Gets an adapter for each variant, and a report.")
    ] = Path("out/ablations"),
    config: Annotated[Path, typer.Option(help="YAML file of the variants.")] = CONFIG,
) -> None:
    """Train every variant, evaluate them side by side, and print the report."""
    log = PlainConsole(stderr=True)
    wanted = load_yaml_dataclass(config, AblationsConfig)
    file = config.parent / wanted.recipe
    recipe = load_recipe(file)
    load_config(config.parent / wanted.evaluation)  # what is wrong there is told before the hours
    checkpoints = []
    with locked(output / RESULTS):
        for name, variant in wanted.variants.items():
            log.print(f"training: {name}", style="dim")
            folder = output / name.replace(" ", "-")
            made = train_stages(changed(recipe, variant), file.parent, folder, data=data)
            checkpoints.append(f"{name}={made}")
        request = Request(
            config.parent / wanted.evaluation,
            output,
            data=(data,),
            checkpoints=(*checkpoints, *wanted.beside),
            say=log.print,
        )
        results = evaluate(request)
    if not isinstance(results, StanceResults):
        raise ConfigError(f"{request.config}: the task of an ablation's evaluation is stance")
    show_stance(report_console(), results, errors=0)


if __name__ == "__main__":
    typer.run(main)
