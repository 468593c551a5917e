"""A module may import only modules above it in these lists: the data flow, read as a file list."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
STANCE = (
    "errors labels schema config lexicon text quotes names rules tokens backbone tagger linking "
    "speakers extract language calibration targets pairs model scorers classify table htmlview "
    "pipeline records batch exchanges mixture modelcard checkpoints training train_attribution cli "
    "__init__ __main__"
).split()


def _imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    typing_only = {
        id(child)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        for child in ast.walk(node)
    }
    found = set()
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
        elif isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
    return found


@pytest.mark.parametrize("path", sorted((ROOT / "stance").glob("*.py")), ids=lambda p: p.stem)
def test_library_order(path: Path) -> None:
    assert path.stem in STANCE, f"add {path.stem} to the order"
    rank = STANCE.index(path.stem)
    for name in _imports(path):
        assert not name.startswith("eval"), "the library never imports the harness"
        if name.startswith("stance."):
            assert STANCE.index(name.split(".")[1]) < rank, f"{path.stem} imports {name}"


@pytest.mark.parametrize("path", sorted((ROOT / "stance").glob("*.py")), ids=lambda p: p.stem)
def test_print_only_in_the_command_line(path: Path) -> None:
    calls = [
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in {"print", "eval", "exec"}
    ]
    assert not calls or path.stem == "cli"
