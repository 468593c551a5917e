"""Fills a model card from stored facts: nothing in it is typed by hand after training."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined, UndefinedError

from stance.checkpoint.backbone import BACKBONES
from stance.config import PACKAGE_DIR
from stance.errors import DataError


def code_version(package: Path = PACKAGE_DIR) -> str | None:
    """Commit of the checkout that holds the package, or None where it is in none of its own.

    ``+changed`` is appended when a tracked file differs from the commit, or a file that is not
    tracked stands among the sources or recipes.
    """
    root = package.parent

    def git(*arguments: str) -> str:
        done = subprocess.run(
            ["git", "--no-optional-locks", "-C", str(root), *arguments],
            capture_output=True,
            encoding="utf-8",
            check=True,
            timeout=20,
        )
        return done.stdout.strip()

    try:
        # An installed package may stand inside somebody else's repository.
        top = Path(git("rev-parse", "--show-toplevel"))
        if not (root / "pyproject.toml").is_file() or top.resolve() != root.resolve():
            return None
        commit = git("rev-parse", "--short=12", "HEAD")
        changed = git("status", "--porcelain", "--untracked-files=no")
        added = git("ls-files", "--others", "--exclude-standard", "stance", "eval", "configs")
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return commit + ("+changed" if changed or added else "")


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
