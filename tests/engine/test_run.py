"""Runs that are killed, stopped, filled up, repeated or doubled: nothing lost, nothing twice."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stance.engine import Columns, Counts
from stance.engine.parts import Parts, errors_of, manifest_of, parts_of
from stance.errors import DataError
from stance.files import locked

SUFFIXES = ("csv", "tsv", "jsonl", "parquet", "csv.gz", "jsonl.zst")


def table(path: Path, rows: int = 60) -> Path:
    """Statements of which each seventh is empty."""
    text = "".join(f'{i},"{"Fine, " * (i % 7)}",{i % 3}\n' for i in range(rows))
    path.write_text("id,statement,n\n" + text, encoding="utf-8")
    return path


class Stops:
    """Raises an error at a call of a classifier."""

    def __init__(self, fake, at: int, error: BaseException) -> None:
        self._predict, self._at, self._error = fake.predict, at, error

    def __call__(self, *arguments, **options):
        self._at -= 1
        if self._at < 0:
            raise self._error
        return self._predict(*arguments, **options)


def visible(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize(
    ("suffix", "error"),
    [*((suffix, KeyboardInterrupt()) for suffix in SUFFIXES), ("csv", MemoryError())],
)
def test_a_stopped_run_goes_on_where_it_was(
    tmp_path: Path, suffix: str, error, score, fake, monkeypatch, caplog
) -> None:
    caplog.set_level("INFO")
    source = table(tmp_path / "in.csv")
    whole, output = tmp_path / f"whole.{suffix}", tmp_path / f"o.{suffix}"
    expected = score(source, whole, part_rows=7)
    judged = len(fake.calls)
    monkeypatch.setattr(fake, "predict", Stops(fake, 4, error))
    with pytest.raises(type(error)):
        score(source, output, part_rows=7)
    assert f"28 of 60 rows are done and kept in {parts_of(output)}" in caplog.text
    assert not output.exists()
    monkeypatch.undo()
    fake.calls.clear()
    report = score(source, output, part_rows=7)
    assert "it did 28 of 60 rows, and this one goes on from there" in caplog.text
    assert (report.counts, report.continued) == (expected.counts, 28)
    assert len(fake.calls) == judged - 4, "what was done is not done again"
    assert output.read_bytes() == whole.read_bytes()
    assert errors_of(output).read_text() == errors_of(whole).read_text()
    assert not parts_of(output).exists()


def test_what_a_run_leaves_beside_its_output(tmp_path: Path, score) -> None:
    output = tmp_path / "o.csv"
    report = score(table(tmp_path / "in.csv"), output)
    assert report.counts == Counts(inputs=60, written=60, scored=51, errors=9)
    errors = [json.loads(line) for line in errors_of(output).read_text().splitlines()]
    assert len(errors) == 9
    reason = "'statement' is empty or not text: None"
    assert errors[1] == {
        "file": str(tmp_path / "in.csv"),
        "row": 8,
        "field": "statement",
        "reason": reason,
    }
    manifest = json.loads(manifest_of(output).read_text())
    assert manifest["result"]["scored"] == 51
    assert manifest["config"]["targets"] == ["troops"]
    assert len(manifest["input"][str(tmp_path / "in.csv")]) == 64
    assert manifest["model"]["sha256"] == "f" * 64
    assert visible(tmp_path) == {"in.csv", "o.csv", "o.csv.errors.jsonl", "o.csv.manifest.json"}
    good = tmp_path / "good.csv"
    good.write_text("statement\nFine.\n")
    score(good, output, overwrite=True)
    assert not errors_of(output).exists(), "the errors were those of the old output"


@pytest.mark.parametrize("kept", ["o.csv", "o.csv.errors.jsonl", "o.csv.manifest.json"])
def test_files_of_the_user_are_not_replaced(tmp_path: Path, kept: str, score, fake) -> None:
    (tmp_path / kept).write_text("mine")
    with pytest.raises(DataError, match="exists: choose another name"):
        score(table(tmp_path / "in.csv"), tmp_path / "o.csv")
    assert (tmp_path / kept).read_text() == "mine" and not fake.calls


@pytest.fixture
def stopped(tmp_path: Path, score, fake, monkeypatch) -> Path:
    """The output of a run that was stopped after two parts."""
    output = tmp_path / "o.csv"
    with monkeypatch.context() as patch:
        patch.setattr(fake, "predict", Stops(fake, 2, KeyboardInterrupt()))
        with pytest.raises(KeyboardInterrupt):
            score(table(tmp_path / "in.csv"), output, part_rows=7)
    return output


def test_a_changed_input_is_refused(tmp_path: Path, stopped: Path, score) -> None:
    with (tmp_path / "in.csv").open("a") as handle:
        handle.write("60,Fine.,0\n")
    with pytest.raises(
        DataError, match=r"unfinished run with other input .*in\.csv.* now .*delete"
    ):
        score(tmp_path / "in.csv", stopped, part_rows=7)
    assert parts_of(stopped).exists()


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"targets": "a tax"}, r'config targets \(\["troops"\], now \["a tax"\]\)'),
        ({"part_rows": 8}, r"config part_rows \(7, now 8\)"),
        ({"columns": Columns(context="n")}, "config columns context"),
        ({"abstain_below": 0.5}, "config abstain_below"),
        ({"output_format": "tsv"}, "output format"),
    ],
)
def test_another_config_is_refused(tmp_path, stopped, score, options, named: str) -> None:
    with pytest.raises(DataError, match=named):
        score(tmp_path / "in.csv", stopped, **{"part_rows": 7, **options})


def test_another_model_is_refused(tmp_path: Path, stopped: Path, score, fake, monkeypatch) -> None:
    monkeypatch.setattr(type(fake), "judge_all", True)
    with pytest.raises(DataError, match=r"model judge_all \(false, now true\)"):
        score(tmp_path / "in.csv", stopped, part_rows=7)


def test_a_damaged_part_is_named(tmp_path: Path, stopped: Path, score) -> None:
    part = parts_of(stopped) / "part-0000000.csv"
    part.write_bytes(b"x" * part.stat().st_size)
    with pytest.raises(DataError, match=r"part-0000000\.csv is damaged: delete it"):
        score(tmp_path / "in.csv", stopped, part_rows=7)
    part.write_bytes(b"x")
    with pytest.raises(DataError, match=r"part-0000000\.json is damaged"):
        score(tmp_path / "in.csv", stopped, part_rows=7)
    part.with_suffix(".json").unlink()  # as the message says
    score(tmp_path / "in.csv", stopped, part_rows=7)
    score(tmp_path / "in.csv", tmp_path / "whole.csv")
    assert stopped.read_bytes() == (tmp_path / "whole.csv").read_bytes()


def test_an_input_that_changes_during_the_run_is_told(tmp_path, score, fake, monkeypatch) -> None:
    source = table(tmp_path / "in.csv")
    predict = fake.predict

    def change(*arguments, **options):
        source.write_text("id,statement,n\n1,Fine.,1\n")
        return predict(*arguments, **options)

    monkeypatch.setattr(fake, "predict", change)
    with pytest.raises(DataError, match=r"in\.csv changed during the run"):
        score(source, tmp_path / "o.csv")
    assert not (tmp_path / "o.csv").exists()


def test_a_folder_of_the_user_is_left_alone(tmp_path: Path, score, fake) -> None:
    (tmp_path / "o.csv.parts").mkdir()
    (tmp_path / "o.csv.parts" / "mine").write_text("mine")
    with pytest.raises(DataError, match="is not of this program"):
        score(table(tmp_path / "in.csv"), tmp_path / "o.csv")
    assert (tmp_path / "o.csv.parts" / "mine").read_text() == "mine" and not fake.calls


def test_an_output_that_appears_meanwhile_stays_and_the_rows_are_kept(
    tmp_path: Path, score, fake, monkeypatch
) -> None:
    source, output = table(tmp_path / "in.csv"), tmp_path / "o.csv"
    predict = fake.predict

    def appear(*arguments, **options):
        output.write_text("mine")
        return predict(*arguments, **options)

    monkeypatch.setattr(fake, "predict", appear)
    with pytest.raises(DataError, match="exists: choose another name"):
        score(source, output)
    assert output.read_text() == "mine"
    monkeypatch.undo()
    fake.calls.clear()
    score(source, output, overwrite=True)
    assert not fake.calls and output.read_text().startswith("id,statement,n,target")


def die(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_run_that_died_at_its_last_step_is_finished(
    tmp_path: Path, score, fake, monkeypatch
) -> None:
    source, output = table(tmp_path / "in.csv"), tmp_path / "o.csv"
    with monkeypatch.context() as patch:
        patch.setattr(Parts, "remove", die)
        with pytest.raises(KeyboardInterrupt):
            score(source, output)
    rows = output.read_bytes()
    fake.calls.clear()
    report = score(source, output)  # without overwrite: it is its own
    assert report.counts.written == 60 and not fake.calls
    assert output.read_bytes() == rows and not parts_of(output).exists()
    with pytest.raises(DataError, match="exists"):
        score(source, output)


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
@pytest.mark.parametrize("deletions", [0, 1, 2, 3, 7, 8, 9])
def test_a_run_that_died_as_it_removed_its_parts_is_finished(
    tmp_path: Path, score, fake, monkeypatch, deletions: int, suffix: str
) -> None:
    source, output = table(tmp_path / "in.csv"), tmp_path / f"o.{suffix}"
    score(source, tmp_path / f"whole.{suffix}", part_rows=15)  # four parts, two files each
    left = iter(range(deletions))
    unlink = Path.unlink

    def die(path: Path, **options: bool) -> None:
        if path.name.startswith(("part-", "joined")) and next(left, None) is None:
            raise KeyboardInterrupt
        unlink(path, **options)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", die)
        with pytest.raises(KeyboardInterrupt):
            score(source, output, part_rows=15)
            raise KeyboardInterrupt  # the last ones: all was removed
    rows = output.read_bytes()
    fake.calls.clear()
    if parts_of(output).exists():
        report = score(source, output, part_rows=15)
        assert report.counts.written == 60 and report.counts.errors == 9 and not fake.calls
    assert output.read_bytes() == rows and not parts_of(output).exists()
    assert errors_of(output).read_text() == errors_of(tmp_path / f"whole.{suffix}").read_text()
    assert json.loads(manifest_of(output).read_text())["result"]["inputs"] == 60


def test_another_command_does_not_take_such_an_output_for_its_own(
    tmp_path: Path, score, fake, monkeypatch
) -> None:
    source, output = table(tmp_path / "in.csv"), tmp_path / "o.csv"
    with monkeypatch.context() as patch:
        patch.setattr(Parts, "forget_joined", die)  # when its parts are gone
        with pytest.raises(KeyboardInterrupt):
            score(source, output)
    rows = output.read_bytes()
    with pytest.raises(DataError, match="exists"):
        score(source, output, "other")
    assert output.read_bytes() == rows
    report = score(source, output, "other", overwrite=True)
    assert report.counts.written == 60 and output.read_bytes() != rows


def test_a_lock_that_is_held_elsewhere_leaves_nothing_behind(tmp_path: Path, score) -> None:
    output = tmp_path / "o.csv"
    with locked(output):
        pass
    score(table(tmp_path / "in.csv"), output)
    assert not [name for name in visible(tmp_path) if name.startswith(".")]


def test_parts_of_two_tables_are_joined_in_order(tmp_path: Path, score, read) -> None:
    first = table(tmp_path / "a.csv", 10)
    second = tmp_path / "b.parquet"
    pq.write_table(pa.table({"statement": ["Good."], "extra": [2.5]}), second)
    report = score([first, second], tmp_path / "o.jsonl", part_rows=3)
    rows = read(tmp_path / "o.jsonl")
    assert report.counts.inputs == len(rows) == 11
    assert [row["id"] for row in rows] == [*map(str, range(10)), None]
    assert rows[-1]["extra"] == 2.5 and rows[0]["extra"] is None
    assert rows[7]["error"] == f"{first}, row 8: 'statement' is empty or not text: None"
