"""A config on four labelled rows, and the command line run on it."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from eval.__main__ import app

NASTY = 'Out, <script>alert("x")</script> & | `never`'


def row(number: int, text: str, stance: str, **more: object) -> dict[str, object]:
    return {"id": f"r{number}", "text": text, "target": "troops", "stance": stance, **more}


ROWS = [
    row(1, "Get out.", "against", sentiment="negative"),
    row(2, "Come in.", "favor", sentiment="positive"),
    row(3, NASTY, "favor", sentiment="negative", speaker="A <b>", rationale="irony"),
    row(4, "It will not happen.", "against", sentiment="neutral", context="Out with them?\nIt …"),
]


@pytest.fixture
def setup(tmp_path, write_jsonl, monkeypatch, keyword_classifier):
    """A config on four rows, and a function that runs the command line on it."""
    write_jsonl("mine.jsonl", ROWS)
    config = tmp_path / "mine.yaml"
    config.write_text("task: stance\nsets: [{name: mine, path: mine.jsonl}]\nbootstrap: 50\n")
    monkeypatch.setattr("stance.load", lambda name, **_: keyword_classifier, raising=False)

    def call(*arguments: str, path: Path = config):
        return CliRunner().invoke(app, [str(path), "--output", str(tmp_path / "o"), *arguments])

    return call, tmp_path / "o", keyword_classifier
