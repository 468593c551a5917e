"""Fills a model card from stored facts: nothing in it is typed by hand after training."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, UndefinedError

from stance.checkpoint import BACKBONES, read_adapter_info
from stance.errors import DataError
from stance.files import write_files
from stance.texts import shown_on_page
from stance.untrusted import read_json_object

CARD = "MODEL_CARD.md"
EVALUATION = "evaluation.json"


def write_model_card(folder: Path) -> Path:
    """Write the card of a pair model from its folder's JSON files.

    Args:
        folder: holds ``adapter.json``, ``results.json``, ``calibration.json`` and, where evaluation
            runs of these weights were stored, ``evaluation.json``.

    Returns:
        The card.

    Raises:
        DataError: a file is missing or lacks a fact that the card states.
    """
    calibration = read_json_object(folder / "calibration.json")
    return _render(
        folder,
        "model_card.md",
        quality=calibration.get("quality"),
        by_stance=bool(calibration.get("conformal_by_stance")),
        runs=stored_runs(folder),
    )


def stored_runs(folder: Path) -> list[dict[str, object]]:
    """The evaluation runs of an adapter's weights that are stored beside it; none of other weights.

    Raises:
        DataError: ``evaluation.json`` is damaged.
    """
    stored = folder / EVALUATION
    if not stored.is_file():
        return []
    evaluation = read_json_object(stored)
    if evaluation.get("sha256") != read_adapter_info(folder).sha256:
        return []
    runs = evaluation.get("runs")
    if not isinstance(runs, list) or not all(isinstance(run, dict) for run in runs):
        raise DataError(f"{stored}: 'runs' is no list of objects: run the evaluation again")
    return runs


def write_tagger_card(folder: Path) -> Path:
    """Write the card of a tagger from its ``adapter.json`` and ``results.json``.

    Raises:
        DataError: a file is missing or lacks a fact that the card states.
    """
    return _render(folder, "tagger_card.md")


def _render(folder: Path, template: str, **facts: object) -> Path:
    info = read_adapter_info(folder)
    environment = Environment(
        loader=PackageLoader("stance.training"),
        undefined=StrictUndefined,
        finalize=shown_on_page,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    try:
        text = environment.get_template(template).render(
            info=info,
            backbone=BACKBONES[info.backbone],
            results=read_json_object(folder / "results.json"),
            **facts,
        )
    except (KeyError, UndefinedError, TypeError) as error:
        raise DataError(f"{folder}: cannot fill the model card: {error!r}") from error
    write_files(folder, {CARD: text})
    return folder / CARD
