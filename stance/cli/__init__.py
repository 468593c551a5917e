"""The ``stance`` command. The only package that prints or sets up logging."""

from stance.cli import analyze, download, evaluate, info, score, speakers, train
from stance.cli.common import app

__all__ = ["analyze", "app", "download", "evaluate", "info", "score", "speakers", "train"]
