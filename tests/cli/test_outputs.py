"""Where ``stance analyze`` writes: names of pages, and what is never replaced."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from stance.cli import app
from stance.cli.outputs import plan_pages
from stance.evaluation import read_rows

QUOTE = "“We welcome the peacekeepers,” said Mayor Ann Lee."
PAGE = f"<html><body><p>{QUOTE}</p></body></html>"
OPTIONS = ["-t", "peacekeepers", "--extractor", "rules"]


def run(*arguments: object, stdin: str | None = None):
    return CliRunner().invoke(app, ["analyze", *map(str, arguments), *OPTIONS], input=stdin)


def write(path: Path, text: str = QUOTE) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("sources", "names"),
    [
        (["x/a.txt", "y/a.txt", "z/a-2.txt"], ["a", "a-2", "a-2-2"]),
        (["z/a-2.txt", "x/a.txt", "y/a.txt"], ["a-2", "a", "a-3"]),
        (["x/A.txt", "y/a.txt", "a.html", "a-3.txt"], ["A", "a-2", "a-3", "a-3-2"]),
        (["x/é.txt", "y/e\u0301.txt"], ["é", "e\u0301-2"]),
        (["-", "article.txt"], ["article", "article-2"]),
    ],
)
def test_pages_have_names_of_their_own(
    tmp_path: Path, sources: list[str], names: list[str]
) -> None:
    planned = plan_pages(tmp_path, sources)
    assert planned == {
        source: tmp_path / f"{name}.html" for source, name in zip(sources, names, strict=True)
    }


def test_no_page_is_lost(tmp_path: Path) -> None:
    for name in ("x/a", "y/a", "z/a-2"):
        write(tmp_path / "in" / f"{name}.txt", f"“We want {name} out,” said Ann Lee.")
    assert run(tmp_path / "in", "-o", tmp_path / "pages", "--overwrite").exit_code == 0
    pages = [path.read_text(encoding="utf-8") for path in (tmp_path / "pages").iterdir()]
    assert len(pages) == 3
    assert all(sum(f"We want {name} out" in p for p in pages) for name in ("x/a", "y/a", "z/a-2"))


def test_marked_articles_go_to_label_studio_and_come_back(tmp_path: Path) -> None:
    text = "🙂 “We welcome the peacekeepers,” said Mayor Ann Lee."
    tasks = tmp_path / "tasks.json"
    options = ("--format", "label-studio", "-o", tasks)
    assert run(write(tmp_path / "a.txt", text), *options).exit_code == 0
    (task,) = json.loads(tasks.read_text(encoding="utf-8"))
    made = task.pop("predictions")
    task["annotations"] = [{"completed_by": 1, "result": made[0]["result"]}]
    tasks.write_text(json.dumps([task]), encoding="utf-8")
    ((_, row),) = read_rows(tasks)
    assert row["statement"] == "We welcome the peacekeepers,"
    assert text[row["start"] : row["end"]] == row["statement"]  # type: ignore[misc]
    assert (row["target"], row["cue"]) == ("peacekeepers", "said")
    assert row["stance"] in ("favor", "neutral", "against")


@pytest.mark.parametrize("existing", ["a.html", "b.html", "c.html"])
def test_nothing_is_written_where_one_page_exists(tmp_path: Path, existing: str) -> None:
    for name in "abc":
        write(tmp_path / "in" / f"{name}.txt")
    write(tmp_path / "pages" / existing, "precious")
    result = run(tmp_path / "in", "-o", tmp_path / "pages")
    assert result.exit_code == 2 and f"{existing} exists" in result.stderr
    assert [path.name for path in (tmp_path / "pages").iterdir()] == [existing]


def test_a_page_never_replaces_an_article(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site"
    page = write(site / "page.html", PAGE)
    write(site / "other.txt")
    (tmp_path / "link.html").symlink_to(page)
    monkeypatch.chdir(tmp_path)
    for sources, output in (
        (["site"], "site"),
        (["site/page.html"], "site/page.html"),
        (["site/page.html"], "site"),
        (["site/page.html"], "link.html"),
        (["link.html"], "site/../site/page.html"),
        (["site/page.html", "site/other.txt"], "site"),
        (["site/page.html", "-f", "csv"], "site/page.html"),
        (["site/page.html", "-f", "json"], "site/page.html"),
    ):
        result = run(*sources, "-o", output, "--overwrite")
        assert result.exit_code == 2, (sources, output)
        assert "is one of the articles" in result.stderr or "among the articles" in result.stderr
    assert page.read_text(encoding="utf-8") == PAGE
    assert sorted(path.name for path in site.iterdir()) == ["other.txt", "page.html"]


def test_pages_in_a_searched_folder_are_no_articles(tmp_path: Path) -> None:
    write(tmp_path / "site" / "a.txt")
    for _ in range(2):
        pages = tmp_path / "site" / "pages"
        result = run(tmp_path / "site", "-o", pages, "--overwrite")
        assert result.exit_code == 0, result.output
        assert "1 statement of 1 article written to" in result.stderr
    assert [path.name for path in pages.iterdir()] == ["a.html"]


@pytest.mark.parametrize("kind", ["csv", "json", "html", "table"])
def test_a_dash_is_standard_output(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path / "a.txt")
    printed, dashed = run("a.txt", "-f", kind), run("a.txt", "-f", kind, "-o", "-")
    assert dashed.exit_code == 0, dashed.output
    assert dashed.stdout == printed.stdout != ""
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


@pytest.mark.skipif(not os.path.exists("/dev/null"), reason="needs device files")
@pytest.mark.parametrize("kind", ["csv", "parquet", "json", "html"])
def test_a_device_takes_the_output_and_stays(kind: str) -> None:
    result = run("-", "-f", kind, "-o", "/dev/null", stdin=QUOTE)
    assert result.exit_code == 0, result.stderr
    assert Path("/dev/null").is_char_device()
