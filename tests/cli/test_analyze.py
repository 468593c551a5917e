"""``stance analyze``: what a user types, and what comes out."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from stance.cli import app
from stance.columns import COLUMN_NAMES

ROOT = Path(__file__).resolve().parents[2]
ARTICLE = str(ROOT / "examples" / "article.txt")
TOWARD = ["-t", "foreign intervention"]
RULES = ["--extractor", "rules"]
QUOTE = "“We welcome the peacekeepers,” said Mayor Ann Lee."
PAGE = "<html><body><p>&ldquo;We want them out,&rdquo; said Ann Lee.</p></body></html>"
runner = CliRunner()


def run(*arguments: object, stdin: str | None = None):
    return runner.invoke(app, ["analyze", *map(str, arguments)], input=stdin)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three articles, one of them in a folder of its own, and a file that is none."""
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "a.txt").write_text(QUOTE, encoding="utf-8")
    (tmp_path / "in" / "b.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "in" / "deep" / "c.TXT").write_text(QUOTE, encoding="utf-8")
    (tmp_path / "in" / "notes.docx").write_bytes(b"\x00\x01")
    return tmp_path / "in"


def test_a_table_is_printed() -> None:
    result = run(ARTICLE, *TOWARD)
    assert result.exit_code == 0
    assert "Claudia Sheinbaum" in result.output
    assert "stance toward: foreign intervention" in result.output


@pytest.mark.parametrize("arguments", [[ARTICLE], ["no-such-file.txt"], ["-"], ["a b.txt"]])
def test_a_missing_target_is_asked_for_by_name(arguments: list[str]) -> None:
    result = run(*arguments)
    assert result.exit_code == 2
    assert "--target is missing" in result.stderr
    name = f'"{arguments[0]}"' if " " in arguments[0] else arguments[0]
    assert f'stance analyze {name} --target "a carbon tax"' in result.stderr


def test_json_is_one_object_with_statements() -> None:
    result = run(ARTICLE, "-f", "json", *TOWARD, "-t", "the cartels")
    found = json.loads(result.stdout)
    assert isinstance(found["statements"], list)
    (document,) = found["documents"]
    assert document["id"] == ARTICLE
    first = found["statements"][0]
    assert first["document_id"] == ARTICLE
    assert document["text"][first["spans"][0][0] :].startswith(first["statement"][:20])
    assert len(found["statements"][0]["predictions"]) == 2


def test_json_of_several_files(folder: Path) -> None:
    result = run(ARTICLE, folder / "a.txt", "-f", "json", *TOWARD)
    found = json.loads(result.stdout)
    names = [ARTICLE, str(folder / "a.txt")]
    assert {s["document_id"] for s in found["statements"]} == set(names)
    assert [d["id"] for d in found["documents"]] == names
    assert found["documents"][1]["text"] == QUOTE


def test_csv_from_html_on_stdin() -> None:
    result = run("-", "--format", "csv", *TOWARD, stdin=PAGE)
    rows = list(csv.DictReader(io.StringIO(result.stdout)))
    assert rows[0]["statement"].startswith("We want them out")
    assert rows[0]["speaker"] == "Ann Lee"
    assert rows[0]["document_id"] == ""


def test_a_lone_carriage_return_is_quoted_in_csv() -> None:
    result = run("-", "-f", "csv", *TOWARD, stdin=f"It rained.\r{QUOTE}")
    page = io.StringIO(result.stdout_bytes.decode("utf-8"), newline="")
    (row,) = csv.DictReader(page)
    assert "\r" in row["context"]


@pytest.mark.parametrize("kind", ["csv", "tsv", "jsonl"])
def test_what_is_printed_is_what_is_written(folder: Path, tmp_path: Path, kind: str) -> None:
    printed = run(folder, "-f", kind, *TOWARD, *RULES)
    written = run(folder, "-o", tmp_path / f"out.{kind}", *TOWARD, *RULES)
    assert (printed.exit_code, written.exit_code) == (0, 0)
    assert (tmp_path / f"out.{kind}").read_bytes() == printed.stdout_bytes
    assert "3 articles in, 3 rows out = 3 scored" in written.stderr
    assert json.loads(written.stdout)["written"] == 3


READERS = {
    "csv": pd.read_csv,
    "tsv": lambda path: pd.read_csv(path, sep="\t"),
    "jsonl": lambda path: pd.read_json(path, lines=True),
    "parquet": pd.read_parquet,
}


@pytest.mark.parametrize("kind", READERS)
def test_a_folder_of_articles_becomes_one_table(folder: Path, tmp_path: Path, kind: str) -> None:
    output = tmp_path / "new" / f"out.{kind}"
    result = run(folder, "-o", output, *TOWARD, "-t", "the peacekeepers", *RULES)
    assert result.exit_code == 0, result.output
    frame = READERS[kind](output)
    assert tuple(frame.columns) == (*COLUMN_NAMES, "error")
    files = [str(folder / name) for name in ("a.txt", "b.html", "deep/c.TXT")]
    assert frame["document_id"].tolist() == [name for name in files for _ in range(2)]
    assert frame["target"].tolist() == ["foreign intervention", "the peacekeepers"] * 3
    shares = frame[["stance_against", "stance_neutral", "stance_favor"]].sum(axis=1)
    assert shares.between(0.999, 1.001).all()


@pytest.mark.parametrize("kind", READERS)
def test_articles_without_statements_give_a_table_without_rows(tmp_path: Path, kind: str) -> None:
    source = tmp_path / "a.txt"
    source.write_text("The sun rose. It rained.", encoding="utf-8")
    result = run(source, "-o", tmp_path / f"out.{kind}", *TOWARD, *RULES)
    assert result.exit_code == 0
    assert "1 article in, 0 rows out" in result.stderr
    frame = READERS[kind](tmp_path / f"out.{kind}")
    assert len(frame) == 0
    assert kind == "jsonl" or tuple(frame.columns) == (*COLUMN_NAMES, "error")


def test_files_folders_and_patterns_name_each_article_once(folder: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.csv"
    pattern = str(folder / "*.txt")
    result = run(folder / "b.html", pattern, folder, "-o", output, *TOWARD, *RULES)
    assert result.exit_code == 0
    files = pd.read_csv(output)["document_id"].tolist()
    assert files == [str(folder / name) for name in ("b.html", "a.txt", "deep/c.TXT")]


@pytest.mark.parametrize(
    ("source", "message"), [("empty", "holds no article"), ("no-*.txt", "no file matches")]
)
def test_sources_without_articles(tmp_path: Path, source: str, message: str) -> None:
    (tmp_path / "empty").mkdir()
    result = run(tmp_path / source, *TOWARD)
    assert result.exit_code == 2
    assert message in result.stderr


def test_what_is_known_of_an_article_goes_to_every_row(folder: Path, tmp_path: Path) -> None:
    about = ["--title", "Peace", "--date", "2026-11-29", "--outlet", "The Harbour Post"]
    about += ["--url", "https://example.org/1", "--author", "Bo Ek", "--author", "Cy Orr"]
    result = run(folder / "a.txt", *about, "-o", tmp_path / "o.csv", *TOWARD, *RULES)
    assert result.exit_code == 0
    row = pd.read_csv(tmp_path / "o.csv").iloc[0]
    assert row["title"] == "Peace" and row["date"] == "2026-11-29"
    assert row["outlet"] == "The Harbour Post" and row["url"] == "https://example.org/1"
    assert row["authors"] == "Bo Ek; Cy Orr"
    refused = run(folder, *about, *TOWARD)
    assert refused.exit_code == 2
    assert "title, date, outlet, url, author was given for 3 articles" in refused.stderr


def test_a_page_tells_what_it_knows_and_options_go_before_it(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        "<html><head><title>Harbour</title><meta name='author' content='Bo Ek'>"
        "<meta property='og:site_name' content='The Harbour Post'></head><body><nav>Menu</nav>"
        "<article><h1>Harbour</h1><p>“We want them out,” said Ann Lee.</p></article></body></html>",
        encoding="utf-8",
    )
    options = ["--outlet", "Mine", *TOWARD, *RULES]
    assert run(page, "-o", tmp_path / "o.csv", *options).exit_code == 0
    row = pd.read_csv(tmp_path / "o.csv").iloc[0]
    assert row["title"] == "Harbour" and row["authors"] == "Bo Ek" and row["outlet"] == "Mine"
    assert "Menu" not in row["context"]


def test_one_bad_file_does_not_lose_the_others(folder: Path, tmp_path: Path) -> None:
    (folder / "empty.txt").write_text(" \n", encoding="utf-8")
    (folder / "latin.txt").write_bytes("Olé".encode("latin-1"))
    result = run(folder, "no-such.txt", "-o", tmp_path / "o.csv", *TOWARD, *RULES)
    assert result.exit_code == 1
    rows = pd.read_csv(tmp_path / "o.csv")
    assert len(rows) == 5 and rows["error"].notna().sum() == 2
    assert "latin.txt is no UTF-8 and is read as cp1252" in result.stderr
    assert "6 articles in, 5 rows out = 3 scored + 0 without a stance + 2 with an" in result.stderr
    last = result.stderr.strip().splitlines()[-3:]
    assert "2 rows of the output" in last[0]
    assert "empty.txt is empty" in last[1]
    assert "no-such.txt is no file" in last[2]
    summary = json.loads(result.stdout)
    assert (summary["inputs"], summary["errors"]) == (6, 2)


def test_json_of_several_files_is_a_list_also_where_one_is_left(folder: Path) -> None:
    (folder / "a.txt").write_text("", encoding="utf-8")
    result = run(folder / "a.txt", folder / "b.html", "-f", "json", *TOWARD, *RULES)
    assert result.exit_code == 1
    assert [d["id"] for d in json.loads(result.stdout)["documents"]] == [str(folder / "b.html")]


def test_nothing_is_printed_when_no_file_is_good(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("", encoding="utf-8")
    result = run(tmp_path / "a.txt", "no-such.txt", "-o", tmp_path / "o.json", *TOWARD, *RULES)
    assert result.exit_code == 2
    assert "none of 2 articles can be read" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"  \n", "is empty"),
        ("\ufeff".encode(), "is empty"),
        (b"\x89PNG\x00\x01\x02", "binary"),
        (b"\xe9t\xe9 \x81\x8d", "neither UTF-8 nor cp1252"),
    ],
)
def test_unusable_files(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(content)
    result = run(path, *TOWARD)
    assert result.exit_code == 2
    assert message in result.stderr
    assert "a.txt" in result.stderr
    assert "Traceback" not in result.output


def test_missing_file() -> None:
    result = run("no-such-file.txt", *TOWARD)
    assert result.exit_code == 2
    assert "no-such-file.txt" in result.stderr


@pytest.mark.parametrize("name", ["o.csv", "o.json", "o.html", "o.parquet"])
def test_an_output_is_replaced_only_when_asked(folder: Path, tmp_path: Path, name: str) -> None:
    output = tmp_path / name
    output.write_text("precious", encoding="utf-8")
    refused = run(folder / "a.txt", "-o", output, *TOWARD, *RULES)
    assert refused.exit_code == 2 and "--overwrite" in refused.stderr
    assert output.read_text(encoding="utf-8") == "precious"
    assert run(folder / "a.txt", "-o", output, "--overwrite", *TOWARD, *RULES).exit_code == 0
    assert output.read_bytes() != b"precious"
    assert not list(tmp_path.glob("*.partial"))


def test_pages_of_several_articles_go_to_a_folder(folder: Path, tmp_path: Path) -> None:
    (folder / "deep" / "a.html").write_text(PAGE, encoding="utf-8")
    pages = tmp_path / "pages"
    result = run(folder, "-o", pages, *TOWARD, *RULES)
    assert result.exit_code == 0, result.output
    assert sorted(p.name for p in pages.iterdir()) == ["a-2.html", "a.html", "b.html", "c.html"]
    assert "We welcome the peacekeepers" in (pages / "a.html").read_text(encoding="utf-8")
    assert "We want them out" in (pages / "a-2.html").read_text(encoding="utf-8")
    again = run(folder, "-o", pages, *TOWARD, *RULES)
    assert again.exit_code == 2 and "a.html exists" in again.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-f", "html"], "name a folder with -o"),
        (["-o", "one.html"], "name a folder with -o"),
        (["-f", "parquet"], "cannot be printed"),
        (["-o", "table.xlsx"], "cannot tell the format of table.xlsx: end it in one of .csv, .tsv"),
        (["-o", "out.csv", "-f", "table"], "a table is printed"),
        (["--extractor", "nothing"], "unknown extractor 'nothing'"),
        (["--checkpoint", "nowhere"], "'nowhere' is neither"),
        (["--device", "abacus"], "abacus"),
        (["-t", "foreign intervention"], "given twice"),
        (["--coverage", "3"], "coverage"),
        (["--abstain-below", "2"], "abstain_below is 2"),
    ],
)
def test_bad_options(
    folder: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(folder.parent)
    result = run(folder, *TOWARD, *RULES[: 2 * ("--extractor" not in arguments)], *arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.output
    assert [path.name for path in folder.parent.iterdir()] == ["in"]


def test_one_page_may_be_printed_or_written(folder: Path, tmp_path: Path) -> None:
    printed = run(folder / "b.html", "-f", "html", *TOWARD, *RULES)
    assert printed.stdout.startswith("<!doctype html>")
    assert run(folder / "b.html", "-o", tmp_path / "p.html", *TOWARD, *RULES).exit_code == 0
    assert (tmp_path / "p.html").read_bytes() == printed.stdout_bytes


def test_the_format_may_be_named_where_the_ending_does_not(folder: Path, tmp_path: Path) -> None:
    result = run(folder, "-o", tmp_path / "result", "-f", "jsonl", *TOWARD, *RULES)
    assert result.exit_code == 0
    assert len((tmp_path / "result").read_text(encoding="utf-8").splitlines()) == 3


def test_unknown_key_in_a_model_config(tmp_path: Path) -> None:
    config = tmp_path / "model.yaml"
    config.write_text("kind: bundled\nchekpoint: small\n", encoding="utf-8")
    result = run(ARTICLE, "--checkpoint", config, *TOWARD)
    assert result.exit_code == 2
    assert "did you mean 'checkpoint'" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.txt"], "nowhere.txt is no file"),
        (["nowhere.txt", "neither.txt"], "neither.txt is no file"),
        ([QUOTE * 40], "is no file: give a file or folder, or pipe the text into -"),
        ([ARTICLE, "--abstain-below", "2"], "abstain_below is 2"),
        ([ARTICLE, "--coverage", "3"], "coverage is 3"),
        ([ARTICLE, "-t", " "], "' ' is empty"),
    ],
)
def test_no_model_is_loaded_for_a_mistake(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    def load(*arguments: object, **options: object) -> None:
        raise AssertionError("loaded")

    monkeypatch.setattr("stance.load", load)
    monkeypatch.setattr("stance.load_extractor", load)
    result = run(*arguments, *TOWARD)
    assert result.exit_code == 2, result.exception
    assert message in result.stderr
