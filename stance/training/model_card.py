"""Fills a model card from stored facts: nothing in it is typed by hand after training."""

from __future__ import annotations

import json
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, UndefinedError

from stance.checkpoint.registry import BACKBONES
from stance.errors import DataError


def write_model_card(folder: Path) -> Path:
    """Write ``MODEL_CARD.md`` from the folder's JSON files.

    Args:
        folder: output folder of ``stance train``: ``results.json``, ``adapter.json``, and
            ``evaluation.json`` where evaluation runs of these weights were stored.

    Raises:
        DataError: a file is missing or lacks a fact that the card states.
    """
    try:
        results = json.loads((folder / "results.json").read_text(encoding="utf-8"))
        adapter = json.loads((folder / "adapter.json").read_text(encoding="utf-8"))
        stored = folder / "evaluation.json"
        evaluation: dict[str, object] = {"runs": [], "seeds": []}
        if stored.is_file():
            found = json.loads(stored.read_text(encoding="utf-8"))
            if found.get("sha256") == adapter["sha256"]:  # not of the weights before these
                evaluation = found
        spec = BACKBONES[adapter["backbone"]]
        environment = Environment(
            loader=PackageLoader("stance.training"), undefined=StrictUndefined, autoescape=False
        )
        text = environment.get_template("model_card.md").render(
            name=results["name"],
            hub_id=spec.hub_id,
            revision=spec.revision,
            backbone_sha256=spec.sha256,
            adapter_sha256=adapter["sha256"],
            runs=evaluation["runs"],
            seeds=evaluation["seeds"],
            stages=[*results["earlier_stages"], results],
            **{key: results[key] for key in ("recipe", "commit", "config", "dev", "calibration")},
        )
    except (OSError, ValueError, KeyError, UndefinedError) as error:
        raise DataError(f"{folder}: cannot fill the model card: {error!r}") from error
    path = folder / "MODEL_CARD.md"
    path.write_text(text, encoding="utf-8")
    return path
