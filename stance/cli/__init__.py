"""The ``stance`` command. The only package that prints or sets up logging."""

from stance.cli import (
    agree,
    analyze,
    calibrate,
    download,
    estimate,
    evaluate,
    info,
    merge,
    sample,
    score,
    serve,
    speakers,
    summarize,
    train,
)
from stance.cli.common import app

__all__ = [
    "agree",
    "analyze",
    "app",
    "calibrate",
    "download",
    "estimate",
    "evaluate",
    "info",
    "merge",
    "sample",
    "score",
    "serve",
    "speakers",
    "summarize",
    "train",
]
