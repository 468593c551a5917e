"""Every example of the README and the documentation runs, page by page, in the page's order.

The blocks of a page share one namespace and one folder, as for a reader who types them one after
another. Words after the language mark a block: ``notest`` (needs a network, or stands for the
reader's own files) and, in the README, ``slow``. CI runs the slow ones too.
"""

from __future__ import annotations

import json
import os
import re
import runpy
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

import stance
from stance.cli import app

ROOT = Path(__file__).resolve().parents[2]
README = ROOT / "README.md"
PAGES = [README, ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^```(\w+)([ \w]*)\n(.*?)^```", re.M | re.S)
# What `make install` does, and what CI runs by itself.
RUN_ELSEWHERE = ("make ", "pip install", "stance download")


@dataclass(frozen=True, slots=True)
class Block:
    language: str
    marks: frozenset[str]
    body: str

    def lines(self) -> list[str]:
        """The commands of a shell block, continued lines joined."""
        joined = self.body.replace("\\\n", " ")
        return [line for line in map(str.strip, joined.splitlines()) if line and line[0] != "#"]


def blocks(page: Path) -> list[Block]:
    found = FENCE.findall(page.read_text(encoding="utf-8"))
    return [Block(language, frozenset(marks.split()), body) for language, marks, body in found]


def is_run(page: Path, block: Block, *, slow: bool) -> bool:
    """Whether a block runs with the quick tests, or with the slow ones.

    The README's are quick where they are not marked; those of the other pages are slow in all.
    """
    if block.language not in ("python", "sh") or "notest" in block.marks:
        return False
    return (page != README or "slow" in block.marks) is slow


def pages_with(*, slow: bool) -> list[Path]:
    return [page for page in PAGES if any(is_run(page, b, slow=slow) for b in blocks(page))]


def run_line(line: str, runner: CliRunner) -> None:
    """Run one command: ours within this process, since torch is loaded here already."""
    words = shlex.split(line, comments=True)
    if words[0] == "stance":
        result = runner.invoke(app, words[1:])
        assert result.exit_code == 0, f"{line}\n{result.output}"
        return
    if words[0] == "python":
        words[0] = sys.executable
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        words, capture_output=True, text=True, encoding="utf-8", timeout=600, env=environment
    )
    assert done.returncode == 0, f"{line}\n{done.stdout}\n{done.stderr}"


def run_page(page: Path, *, slow: bool) -> None:
    namespace: dict[str, object] = {"__name__": "__main__"}
    for block in blocks(page):
        if not is_run(page, block, slow=slow):
            continue
        if block.language == "python":
            exec(compile(block.body, str(page), "exec"), namespace)
            continue
        for line in block.lines():
            if not line.startswith(RUN_ELSEWHERE):
                run_line(line, CliRunner())


@pytest.fixture
def copy_of_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that looks like the checkout, so that outputs stay out of it."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    shutil.copytree(ROOT / "configs", tmp_path / "configs", ignore=shutil.ignore_patterns("train"))
    shutil.copytree(ROOT / "eval", tmp_path / "eval", ignore=shutil.ignore_patterns("*.py"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("page", pages_with(slow=False), ids=lambda page: page.stem)
@pytest.mark.usefixtures("copy_of_checkout")
def test_examples_of_the_page_run(page: Path) -> None:
    run_page(page, slow=False)


@pytest.mark.slow
@pytest.mark.parametrize("page", pages_with(slow=True), ids=lambda page: page.stem)
@pytest.mark.usefixtures("copy_of_checkout")
def test_slow_examples_of_the_page_run(page: Path) -> None:
    run_page(page, slow=True)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_blocks_are_marked_with_known_words(page: Path) -> None:
    for block in blocks(page):
        assert block.marks <= {"notest", "slow"}, block.marks


def test_the_make_targets_that_pages_name_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = {
        line.split()[1]
        for page in PAGES
        for block in blocks(page)
        if block.language == "sh"
        for line in block.lines()
        if line.startswith("make ")
    }
    assert {"demo", "test"} <= named
    assert all(f"\n{target}:" in makefile for target in named)


@pytest.mark.parametrize("page", PAGES[:2], ids=lambda page: page.stem)
def test_relative_links_lead_somewhere(page: Path) -> None:
    """Sphinx checks the links of ``docs/``; nothing else checks these."""
    for link in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
        assert link.startswith("https://") or (ROOT / link).exists(), link


def test_the_reference_lists_every_public_name() -> None:
    reference = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"auto(?:function|class):: stance\.(\w+)$", reference, re.M))
    errors = {name for name in stance.__all__ if name.endswith("Error")}
    assert listed == {*stance.__all__} - errors - {"__version__"}
    assert not errors or "automodule:: stance.errors" in reference


@pytest.mark.parametrize("book", sorted((ROOT / "examples").glob("*.ipynb")), ids=lambda b: b.stem)
def test_notebooks_are_saved_without_outputs(book: Path) -> None:
    """Outputs hold the paths and warnings of the machine that made them; CI executes the cells."""
    cells = json.loads(book.read_text(encoding="utf-8"))["cells"]
    assert any(cell["cell_type"] == "code" for cell in cells)
    assert all(not cell.get("outputs") for cell in cells)


def test_the_invented_statements_of_the_whole_loop_and_their_coders(tmp_path: Path) -> None:
    rent = runpy.run_path(str(ROOT / "examples" / "rent" / "rent.py"))
    rows = rent["make"]()
    assert rows == rent["make"]() and len(rows) == len({row["statement"] for row in rows}) == 2000
    meant = [row["meant"] for row in rows]
    assert min(meant.count(label) for label in ("favor", "against", "neutral")) > 500
    sheets = {name: tmp_path / f"{name}.csv" for name in ("ana", "ben")}
    columns = ["id", "target", "coder", "stance"]
    for name, sheet in sheets.items():
        rent["write"](sheet, columns, [{**row, "coder": name, "stance": ""} for row in rows])
        rent["label"](sheet)
        given = [row["stance"] for row in rent["read"](sheet)[1]]
        slips = sum(one != other for one, other in zip(given, meant, strict=True)) / len(rows)
        assert abs(slips - rent["SLIPS"][name]) < 0.02
    rent["settle"](sheets["ana"], sheets["ben"], tmp_path / "settled.csv")
    settled = rent["read"](tmp_path / "settled.csv")[1]
    right = {row["id"]: row["meant"] for row in rows}
    assert 150 < len(settled) < 400
    assert all(row["stance"] == right[row["id"]] for row in settled)
