"""Ray's workers give what this process gives, also when one of them dies."""

from __future__ import annotations

import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from stance.cli import app
from stance.engine import RayEngine, analyze_many
from stance.engine.parts import errors_of, manifest_of, parts_of
from stance.errors import MissingExtraError
from stance.extract.extractor import RuleExtractor
from tests.docs.test_examples import ROOT
from tests.engine.test_shards import without_run

SCRIPT = Path(__file__).with_name("ray_scorer.py")


def on_ray(source: Path, output: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """Score on a local cluster of three workers, in a process of its own."""
    command = [sys.executable, str(SCRIPT), str(source), str(output), *more]
    return subprocess.run(command, capture_output=True, text=True, timeout=1800)


def table(path: Path) -> Path:
    """200 statements of which each seventh is empty; one is the last that a worker reads."""
    rows = (f'{i},"{"Fine, " * (i % 7)}{"last words" * (i == 50)}"\n' for i in range(200))
    path.write_text("id,statement\n" + "".join(rows), encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def installed(request: pytest.FixtureRequest) -> None:
    if request.node.get_closest_marker("slow"):
        pytest.importorskip("ray")


@pytest.mark.slow
def test_a_cluster_that_loses_a_worker_writes_the_same(tmp_path: Path, score) -> None:
    source, output, whole = table(tmp_path / "in.csv"), tmp_path / "o.csv", tmp_path / "whole.csv"
    score(source, whole, part_rows=5)
    done = on_ray(source, output, "--die", str(tmp_path / "died"), "--seconds", "0.2")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "died").exists(), "a worker was killed"
    assert output.read_bytes() == whole.read_bytes()
    assert errors_of(output).read_bytes() == errors_of(whole).read_bytes()
    assert without_run(manifest_of(output)) == without_run(manifest_of(whole))
    assert not parts_of(output).exists()


@pytest.mark.slow
def test_a_cluster_goes_on_where_a_process_stopped(tmp_path, score, fake, monkeypatch) -> None:
    source, output, whole = table(tmp_path / "in.csv"), tmp_path / "o.csv", tmp_path / "w.csv"
    score(source, whole, part_rows=5)
    calls = []
    predict = fake.predict

    def stop(*arguments, **options):
        calls.append(1)
        if len(calls) > 7:
            raise KeyboardInterrupt
        return predict(*arguments, **options)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(fake, "predict", stop)
        score(source, output, part_rows=5)
    done = on_ray(source, output)
    assert done.returncode == 0, done.stderr
    assert '"continued": 35' in manifest_of(output).read_text()
    assert output.read_bytes() == whole.read_bytes()


@pytest.mark.slow
def test_articles_on_a_cluster(tmp_path: Path, fake) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    for number in range(100):
        text = f"“We welcome plan {number},” said Mayor Ann Lee." if number % 9 else " "
        (folder / f"{number:03}.txt").write_text(text, encoding="utf-8")
    options = {"extractor": RuleExtractor(), "classifier": fake}
    analyze_many(folder, "troops", output=tmp_path / "whole.jsonl", **options)
    done = on_ray(folder, tmp_path / "o.jsonl")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "o.jsonl").read_bytes() == (tmp_path / "whole.jsonl").read_bytes()


@pytest.mark.slow
def test_what_a_worker_refuses_is_told_as_here(tmp_path: Path) -> None:
    done = on_ray(table(tmp_path / "in.csv"), tmp_path / "o.csv", "--strict")
    assert done.returncode == 2
    last = [line for line in done.stderr.splitlines() if line.startswith("error: ")]
    assert last[-1].startswith("error: row ") and last[-1].endswith("Correct or drop the row")


@pytest.mark.slow
def test_the_command_of_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ray = pytest.importorskip("ray")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    page = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
    (line,) = (
        line for line in page.splitlines() if line.startswith("stance score") and "ray" in line
    )
    words = shlex.split(line)[1:]
    try:
        result = CliRunner().invoke(app, words)
    finally:
        ray.shutdown()
    assert result.exit_code == 0, result.output
    here = [*words[: words.index("--engine")], "-o", "whole.csv"]
    assert CliRunner().invoke(app, here).exit_code == 0
    one, other = (pd.read_csv(name) for name in (words[-1], "whole.csv"))
    # A worker has one thread, so the last digits may differ.
    pd.testing.assert_frame_equal(one, other, check_exact=False, atol=1e-3)


def test_without_ray_the_extra_is_named(tmp_path: Path, score, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(MissingExtraError, match=r"newsstance\[ray\]"):
        score(table(tmp_path / "in.csv"), tmp_path / "o.csv", engine=RayEngine(2))
    assert not parts_of(tmp_path / "o.csv").exists()


def test_options_of_a_cluster_go_together(tmp_path: Path) -> None:
    source = table(tmp_path / "in.csv")
    run = ["score", str(source), "-t", "a tax", "-o", str(tmp_path / "o.csv")]
    runner = CliRunner()
    result = runner.invoke(app, [*run, "--workers", "2"])
    assert result.exit_code == 2 and "--workers goes with --engine ray" in result.stderr
    article = tmp_path / "a.txt"
    article.write_text("“We welcome it,” said Mayor Ann Lee.")
    for option in (["--shard", "1/2"], ["--engine", "ray"]):
        result = runner.invoke(app, ["analyze", str(article), "-t", "a tax", *option])
        assert result.exit_code == 2 and "go with outputs that are tables" in result.stderr
