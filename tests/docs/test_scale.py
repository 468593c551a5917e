"""The examples of docs/scale.md for clusters, as far as one machine allows."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

import stance
from tests.docs.test_examples import ROOT

PAGE = ROOT / "docs" / "scale.md"
TARGET = "foreign intervention"


def blocks(language: str) -> list[str]:
    """The code of the page's blocks that begin so."""
    text = PAGE.read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.M | re.S)


@pytest.fixture
def in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def whole(folder: Path) -> pd.DataFrame:
    """What one run writes."""
    source = folder / "examples" / "statements.csv"
    model = stance.load("small", precision="fp32")
    stance.score(source, TARGET, output=folder / "whole.csv", classifier=model)
    return pd.read_csv(folder / "whole.csv")


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="a shell script")
def test_the_array_of_jobs_and_its_joining(in_folder: Path) -> None:
    script, merging = blocks("bash")
    (in_folder / "job.sh").write_text(script)
    (in_folder / "stance").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m stance "$@"\n')
    (in_folder / "stance").chmod(0o755)
    found = {
        **os.environ,
        "PATH": f"{in_folder}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "SLURM_CPUS_PER_TASK": "1",
    }
    for number in ("3", "1", "4", "2"):
        subprocess.run(["bash", "job.sh"], env={**found, "SLURM_ARRAY_TASK_ID": number}, check=True)
    subprocess.run(["bash", "-c", merging], env=found, check=True)
    joined = pd.read_csv(in_folder / "scored-in-shards.csv")
    # The jobs have one thread each, so the last digits may differ.
    pd.testing.assert_frame_equal(joined, whole(in_folder), check_exact=False, atol=1e-3)


@pytest.fixture
def namespace() -> dict[str, object]:
    """What the page's Python defines, as far as it needs no Spark and no Dask."""
    names: dict[str, object] = {"__name__": "__main__"}
    exec(compile(blocks("python")[0], str(PAGE), "exec"), names)
    return names


@pytest.mark.slow
def test_the_function_for_spark_judges_batches(in_folder: Path, namespace) -> None:
    expected = whole(in_folder)
    parts = [expected["statement"][:1], expected["statement"][1:]]
    found = pd.concat(namespace["judge"](iter(parts)))
    assert found["stance"].tolist() == expected["stance"].tolist()
    assert found["stance_favor"].tolist() == pytest.approx(expected["stance_favor"], abs=1e-3)


@pytest.mark.slow
def test_spark_calls_it(in_folder: Path, namespace) -> None:
    pytest.importorskip("pyspark")
    exec(compile(blocks("python notest")[0], str(PAGE), "exec"), namespace)
    expected = whole(in_folder).sort_values("id")
    found = pd.read_parquet(in_folder / "judged-by-spark").sort_values("id")
    assert found["statement"].tolist() == expected["statement"].tolist()
    assert found["stance"].tolist() == expected["stance"].tolist()


@pytest.mark.slow
def test_dask_calls_it(in_folder: Path, namespace) -> None:
    exec(compile(blocks("python")[1], str(PAGE), "exec"), namespace)
    found = pd.read_parquet(in_folder / "judged-by-dask")
    assert found["stance"].tolist() == whole(in_folder)["stance"].tolist()
