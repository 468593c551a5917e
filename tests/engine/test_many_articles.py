"""Many articles: files and tables in one pass, what is known of them, bad ones, copies."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stance.engine import Counts, analyze_many
from stance.engine.parts import errors_of
from stance.errors import DataError
from stance.extract.extractor import RuleExtractor

QUOTE = "“We welcome the {},” said Mayor Ann Lee. The council met on Monday."


@pytest.fixture
def analyze(fake):
    def run(source, output: Path, targets="troops", **options):
        options = {"extractor": RuleExtractor(), "classifier": fake, **options}
        return analyze_many(source, targets, output=output, **options)

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    folder.mkdir()
    for name in ("a", "b", "c"):
        (folder / f"{name}.txt").write_text(QUOTE.format(name), encoding="utf-8")
    (folder / "d.html").write_text(
        f"<html><head><title>Head</title></head><body><p>{QUOTE.format('d')}</p></body></html>"
    )
    (folder / "empty.txt").write_text(" ")
    (folder / "silent.txt").write_text("The sun rose.")
    return folder


def test_a_folder_is_read_in_one_pass(tmp_path: Path, folder: Path, analyze, read, fake) -> None:
    output = tmp_path / "o.jsonl"
    report = analyze(folder, output, ["troops", "a tax"])
    assert report.counts == Counts(inputs=6, written=9, scored=8, errors=1)
    assert len(fake.calls) == 1, "the statements of all articles are judged together"
    rows = read(output)
    names = [Path(row["document_id"]).name for row in rows]
    pairs = ["a.txt", "b.txt", "c.txt", "d.html"]
    assert names == [*sorted([*pairs, *pairs]), "empty.txt"]
    assert [row["target"] for row in rows[:2]] == ["troops", "a tax"]
    assert rows[0]["statement"] == "We welcome the a," and rows[6]["title"] == "Head"
    (error,) = map(json.loads, errors_of(output).read_text().splitlines())
    assert error["file"].endswith("empty.txt") and "is empty" in error["reason"]
    with pytest.raises(DataError, match="empty"):
        analyze(folder, tmp_path / "p.jsonl", strict=True)


def test_a_stopped_run_over_articles_goes_on(tmp_path, folder, analyze, fake, monkeypatch) -> None:
    monkeypatch.setattr("stance.engine.article_rows.PART_ARTICLES", 2)
    from stance.engine import article_rows

    monkeypatch.setattr(article_rows.ArticleReader.__init__, "__defaults__", (None, 2))
    analyze(folder, tmp_path / "whole.csv")
    calls = []
    predict = fake.predict

    def stop(*arguments, **options):
        calls.append(1)
        if len(calls) > 1:
            raise KeyboardInterrupt
        return predict(*arguments, **options)

    with monkeypatch.context() as patch:
        patch.setattr(fake, "predict", stop)
        with pytest.raises(KeyboardInterrupt):
            analyze(folder, tmp_path / "o.csv")
    report = analyze(folder, tmp_path / "o.csv")
    assert report.continued == 2
    assert (tmp_path / "o.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()


def test_a_table_of_articles_passes_on_what_is_known(tmp_path, analyze, read, caplog) -> None:
    caplog.set_level("INFO")
    source = tmp_path / "articles.csv"
    text = QUOTE.format("fleet")
    source.write_text(
        "Headline;published;Outlet;link;author;body;other\n"
        f"One;2026-11-29;The Times;http://x;A. B.;{text};9\nTwo;;;;;;8\n",
        encoding="cp1252",
    )
    report = analyze(source, tmp_path / "o.jsonl")
    first, second = read(tmp_path / "o.jsonl")
    known = ("title", "date", "outlet", "url", "authors", "document_id")
    assert [first[name] for name in known] == [
        *("One", "2026-11-29", "The Times", "http://x", "A. B."),
        f"{source}, row 1",
    ]
    assert first["statement"] == "We welcome the fleet," and report.counts.errors == 1
    assert second["title"] == "Two" and "'body' is empty" in second["error"]
    for told in ("“;”", "CP1252", "text from 'body'", "title from 'Headline'"):
        assert told.lower() in caplog.text.lower()


def test_columns_of_articles_may_be_named(tmp_path: Path, analyze, read, write_jsonl) -> None:
    rows = [{"words": QUOTE.format("fleet"), "text": "no", "key": 5}]
    source = write_jsonl("in.jsonl", rows)
    columns = {"text": "words", "id": "key"}
    analyze(source, tmp_path / "o.jsonl", columns=columns)
    assert [row["document_id"] for row in read(tmp_path / "o.jsonl")] == ["5"]
    with pytest.raises(DataError, match="no column 'nowhere'"):
        analyze(source, tmp_path / "p.jsonl", columns={"text": "nowhere"})
    with pytest.raises(DataError, match="an article has no 'weight'"):
        analyze(source, tmp_path / "p.jsonl", columns={"weight": "key"})


def test_only_columns_to_keep_are_written(tmp_path: Path, folder: Path, analyze, read) -> None:
    analyze(folder, tmp_path / "o.jsonl", keep=["document_id", "start"])
    row = read(tmp_path / "o.jsonl")[0]
    assert list(row)[:4] == ["document_id", "start", "target", "stance"]
    assert "welcome" not in (tmp_path / "o.jsonl").read_text()


def test_an_article_that_breaks_the_extractor_is_an_error_of_its_own(
    tmp_path: Path, folder: Path, analyze, read
) -> None:
    class Breaks(RuleExtractor):
        def extract(self, document):
            if "the b," in document.text:
                raise RecursionError("too deep")
            return super().extract(document)

    report = analyze(folder, tmp_path / "o.jsonl", extractor=Breaks())
    assert (report.counts.scored, report.counts.errors) == (3, 2)
    errors = [row["error"] for row in read(tmp_path / "o.jsonl") if row["error"]]
    assert any("RecursionError: too deep" in error and "b.txt" in error for error in errors)


def test_near_duplicates_get_one_name(tmp_path: Path, analyze, read, write_jsonl) -> None:
    words = " ".join(f"word{i} of the long report" for i in range(80))
    texts = [
        QUOTE.format("fleet") + words,
        "Another article altogether. " + QUOTE.format("trees"),
        QUOTE.format("fleet") + words + " (Agency)",
        "By a reporter. " + QUOTE.format("fleet") + words.replace("word7 ", "term "),
    ]
    rows = [{"id": f"d{i}", "text": text} for i, text in enumerate(texts)]
    analyze(write_jsonl("in.jsonl", rows), tmp_path / "o.jsonl", near_duplicates=True)
    found = {row["document_id"]: row["near_duplicates"] for row in read(tmp_path / "o.jsonl")}
    assert found == {"d0": "d0", "d1": "d1", "d2": "d0", "d3": "d0"}


def test_what_is_no_article_is_refused(tmp_path: Path, analyze) -> None:
    for source, message in (
        (tmp_path / "nowhere.csv", "does not exist"),
        (tmp_path, "holds no article"),
        (str(tmp_path / "*.txt"), "no file matches"),
        ([], "no input"),
    ):
        with pytest.raises(DataError, match=message):
            analyze(source, tmp_path / "o.csv")
