"""Run the command line as ``python -m stance``."""

from stance.cli import app

app()
