from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from stance.cli import app

ROOT = Path(__file__).resolve().parent.parent
ARTICLE = str(ROOT / "examples" / "article.txt")
run = CliRunner()


def test_table(monkeypatch: pytest.MonkeyPatch) -> None:
    result = run.invoke(app, ["analyze", ARTICLE])
    assert result.exit_code == 0
    assert "Claudia Sheinbaum" in result.output
    assert "stance toward: foreign intervention" in result.output


def test_json_is_one_object_with_statements() -> None:
    result = run.invoke(
        app, ["analyze", ARTICLE, "-f", "json", "-t", "foreign intervention", "-t", "the cartels"]
    )
    found = json.loads(result.stdout)
    assert isinstance(found["statements"], list)
    first = found["statements"][0]
    assert found["text"][first["spans"][0][0] :].startswith(first["statement"][:20])
    assert len(found["statements"][0]["predictions"]) == 2


def test_json_of_several_files(tmp_path: Path) -> None:
    other = tmp_path / "b.txt"
    other.write_text("“We welcome the peacekeepers,” said Mayor Ann Lee.", encoding="utf-8")
    result = run.invoke(app, ["analyze", ARTICLE, str(other), "-f", "json"])
    found = json.loads(result.stdout)
    assert {s["file"] for s in found["statements"]} == {ARTICLE, str(other)}
    assert [a["file"] for a in found["articles"]] == [ARTICLE, str(other)]


def test_html_of_several_files_is_refused_at_once() -> None:
    result = run.invoke(app, ["analyze", ARTICLE, "no-such-file", "-f", "html"])
    assert result.exit_code == 2
    assert "takes one file" in result.output


def test_csv_from_html_on_stdin() -> None:
    page = "<html><body><p>&ldquo;We want them out,&rdquo; said Ann Lee.</p></body></html>"
    result = run.invoke(app, ["analyze", "-", "--format", "csv"], input=page)
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert rows[0]["statement"].startswith("We want them out")
    assert rows[0]["speaker"] == "Ann Lee"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"  \n", "is empty"),
        (b"\x89PNG\x00\x01\x02", "binary"),
        ("“Où?”".encode("latin-1", "replace") + b"\xe9\xff", "not UTF-8"),
    ],
)
def test_unusable_files(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(content)
    result = run.invoke(app, ["analyze", str(path)])
    assert result.exit_code == 2
    assert message in result.stderr
    assert "a.txt" in result.stderr
    assert "Traceback" not in result.output


def test_missing_file() -> None:
    result = run.invoke(app, ["analyze", "no-such-file.txt"])
    assert result.exit_code == 2
    assert "no-such-file.txt" in result.stderr


def test_info() -> None:
    result = run.invoke(app, ["info"])
    assert result.exit_code == 0
    assert "sha256" in result.output


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_score_round_trip(tmp_path: Path, suffix: str, classifier) -> None:
    import pandas as pd

    frame = pd.DataFrame(
        {"id": ["a", "b", "c"], "statement": ["Foreign troops must leave.", None, "Welcome them!"]}
    )
    source, output = tmp_path / f"in.{suffix}", tmp_path / f"out.{suffix}"
    if suffix == "csv":
        frame.to_csv(source, index=False)
    elif suffix == "jsonl":
        frame.to_json(source, orient="records", lines=True)
    else:
        frame.to_parquet(source)
    result = run.invoke(app, ["score", str(source), "-o", str(output)])
    assert result.exit_code == 0, result.stderr
    assert "3 rows" in result.stderr and "1 with an error" in result.stderr
    readers = {
        "csv": pd.read_csv,
        "jsonl": lambda p: pd.read_json(p, lines=True),
        "parquet": pd.read_parquet,
    }
    scored = readers[suffix](output)
    assert scored["id"].tolist() == ["a", "b", "c"]
    expected = classifier.predict(
        ["Foreign troops must leave.", "Welcome them!"], "foreign intervention"
    )
    assert scored["stance"][[0, 2]].tolist() == [p.stance.value for p in expected]
    assert "row 2" in scored["error"][1]
    assert pd.isna(scored["stance"][1])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--statement-column", "quote"], "no column 'quote'"),
        (["--strict"], "row 2"),
        (["--checkpoint", "nowhere"], "'nowhere' is neither"),
    ],
)
def test_score_refuses(tmp_path: Path, arguments: list[str], message: str) -> None:
    source = tmp_path / "in.csv"
    source.write_text("id,statement\n1,Fine.\n2,\n", encoding="utf-8")
    result = run.invoke(app, ["score", str(source), "-o", str(tmp_path / "o.csv"), *arguments])
    assert result.exit_code == 2
    assert message in result.stderr
    assert not (tmp_path / "o.csv").exists()


def test_score_never_overwrites_silently(tmp_path: Path) -> None:
    source, output = tmp_path / "in.csv", tmp_path / "o.csv"
    source.write_text("statement\nFine.\n", encoding="utf-8")
    output.write_text("precious", encoding="utf-8")
    refused = run.invoke(app, ["score", str(source), "-o", str(output)])
    assert refused.exit_code == 2 and "--overwrite" in refused.stderr
    assert output.read_text() == "precious"
    taken = tmp_path / "taken.csv"
    taken.write_text("statement,stance\nFine.,mine\n", encoding="utf-8")
    refused = run.invoke(app, ["score", str(taken), "-o", str(tmp_path / "p.csv")])
    assert refused.exit_code == 2 and "already has a column 'stance'" in refused.stderr


def test_score_with_columns_of_targets_and_contexts(tmp_path: Path, classifier) -> None:
    source, output = tmp_path / "in.csv", tmp_path / "o.csv"
    source.write_text(
        "quote,toward,around\nNo foreign troops here.,foreign troops,\n"
        "No foreign troops here.,national sovereignty,She was asked about soldiers.\n",
        encoding="utf-8",
    )
    result = run.invoke(
        app,
        f"score {source} -o {output} --statement-column quote --target-column toward "
        "--context-column around".split(),
    )
    assert result.exit_code == 0, result.stderr
    rows = list(csv.DictReader(output.open(encoding="utf-8")))
    expected = classifier.predict(
        ["No foreign troops here."] * 2,
        ["foreign troops", "national sovereignty"],
        [None, "She was asked about soldiers."],
    )
    assert [row["stance"] for row in rows] == [p.stance.value for p in expected]
    assert [row["toward"] for row in rows] == ["foreign troops", "national sovereignty"]


def test_score_a_dataset(classifier) -> None:
    from datasets import Dataset

    from stance.tables.score import score_dataset

    rows = Dataset.from_dict({"id": [7, 8], "statement": ["Foreign troops must leave.", "Hello."]})
    scored = score_dataset(rows, classifier)
    assert scored["id"] == [7, 8]
    expected = classifier.predict(rows["statement"], "foreign intervention")
    assert scored["stance"] == [p.stance.value for p in expected]


def test_unknown_key_in_a_model_config(tmp_path: Path) -> None:
    config = tmp_path / "model.yaml"
    config.write_text("kind: bundled\nchekpoint: small\n", encoding="utf-8")
    result = run.invoke(app, ["analyze", ARTICLE, "--checkpoint", str(config)])
    assert result.exit_code == 2
    assert "did you mean 'checkpoint'" in result.stderr


def test_train_without_data(tmp_path: Path) -> None:
    recipe = str(ROOT / "configs" / "train" / "minilm.yaml")
    result = run.invoke(app, ["train", recipe, "--data", str(tmp_path), "-o", str(tmp_path / "o")])
    assert result.exit_code == 2
    assert "stance_dev" in result.stderr
