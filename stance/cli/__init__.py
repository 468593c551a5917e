"""The ``stance`` command. The only package that prints or sets up logging."""

from stance.cli import analyze, evaluate, info, score, train
from stance.cli.common import app

__all__ = ["analyze", "app", "evaluate", "info", "score", "train"]
