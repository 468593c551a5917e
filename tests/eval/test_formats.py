from __future__ import annotations

import json
from pathlib import Path

import typer
from typer.testing import CliRunner

from eval.formats import main
from stance.checkpoint import read_adapter_info


def test_a_shorter_context_is_that_of_the_same_adapter(
    tmp_path, monkeypatch, keyword_classifier
) -> None:
    said = (("Get out", "against"), ("Come in", "favor"), ("It rains", "neutral"))
    rows = [
        {
            "article": f"a{n}",
            "n": n,
            "text": text,
            "context": f"“{text},” she said.",
            "speaker": "Ada Berg",
            "target": "the troops",
            "stance": stance,
            "sentiment": "neutral",
            "sure": 3,
        }
        for n, (text, stance) in enumerate(said, start=1)
    ]
    file = tmp_path / "news_stance_dev.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    read: list[int | None] = []

    def load(name: str | Path, **_: object):
        if isinstance(name, Path):
            read.append(read_adapter_info(name).max_context)
        return keyword_classifier

    monkeypatch.setattr("stance.load", load, raising=False)
    app = typer.Typer()
    app.command()(main)
    out = tmp_path / "out"
    given = ["--data", str(tmp_path), "--checkpoint", "small", "--context", "32", "--context", "0"]
    result = CliRunner().invoke(app, [*given, "--output", str(out)])
    assert result.exit_code == 0, result.output
    assert read == [32, 0]
    assert "context of 32 tokens" in result.output
    assert "100.0%" in result.output and "1.000" in result.output
    stored = json.loads((out / "formats.json").read_text(encoding="utf-8"))
    assert stored["sha256"] == keyword_classifier.info.sha256
    costs = stored["run"]["formats"]
    assert costs[0]["format"] == "fp32" and costs[-1]["format"].endswith("context of 0 tokens")
    assert [(c["same"], c["macro_f1"], c["wrong_sides"]) for c in costs] == [(1.0, 1.0, 0)] * len(
        costs
    )
