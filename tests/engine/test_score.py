"""Scoring of tables and datasets: targets, bad rows, outputs."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stance.engine import Columns, Counts
from stance.engine import score as score_rows
from stance.errors import CalibrationError, DataError

SUFFIXES = ("csv", "tsv", "jsonl", "parquet")
PAIR = ("statements", "targets", "contexts")


def test_a_statement_may_be_the_word_none(tmp_path: Path, score, write) -> None:
    report = score(write(tmp_path / "in.csv", "statement\nNone\n"), tmp_path / "o.csv")
    assert report.counts == Counts(inputs=1, written=1, scored=1)


def test_only_columns_that_are_written_are_taken(tmp_path: Path, score, write, column) -> None:
    source = write(tmp_path / "in.csv", "statement,target,toward\nFine.,mine,troops\n")
    score(source, tmp_path / "o.csv", columns=Columns(target="toward"))
    assert column(tmp_path / "o.csv", "target") == ["mine"]
    with pytest.raises(DataError, match="already has a column 'target'"):
        score(source, tmp_path / "p.csv")
    source = write(tmp_path / "in2.csv", "statement,stance\nFine.,troops\n")
    with pytest.raises(DataError, match="already has a column 'stance'"):
        score(source, tmp_path / "p.csv", columns=Columns(target="stance"))


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_folder_of_the_output_is_made(
    tmp_path: Path, suffix: str, score, write, column
) -> None:
    output = tmp_path / "new" / "folder" / f"o.{suffix}"
    score(write(tmp_path / "in.csv", "statement\nFine.\n"), output)
    assert column(output, "stance") == ["favor"]
    names = {path.name for path in output.parent.iterdir()}
    assert names == {output.name, f"{output.name}.manifest.json"}


def test_an_output_that_cannot_be_made_is_found_before_scoring(
    tmp_path: Path, score, write, fake
) -> None:
    source = write(tmp_path / "in.csv", "statement\nFine.\n")
    with pytest.raises(DataError, match="cannot write"):
        score(source, source / "o.csv")
    assert not fake.calls


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_an_error_in_the_first_part_leaves_no_file(tmp_path: Path, suffix: str, score, write):
    source = write(tmp_path / "in.csv", 'statement\nFine.\n""\n')
    with pytest.raises(DataError, match="row 2"):
        score(source, tmp_path / f"o.{suffix}", strict=True)
    assert list(tmp_path.iterdir()) == [source]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_full_disk_is_a_clean_error(
    tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch, score, write
) -> None:
    def full(number: int) -> None:
        raise OSError(28, "No space left on device")

    source = write(tmp_path / "in.csv", "statement\nFine.\n")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DataError, match=r"cannot write .*No space left"):
        score(source, tmp_path / f"o.{suffix}")
    assert list(tmp_path.iterdir()) == [source]


def test_rows_are_counted_from_one_across_chunks(
    tmp_path: Path, write_jsonl, score, column
) -> None:
    rows = [{"statement": text} for text in ("A.", "", 5, None, "E.")]
    report = score(write_jsonl("in.jsonl", rows), tmp_path / "o.jsonl", part_rows=2)
    assert (report.counts.written, report.counts.errors) == (5, 3)
    errors = column(tmp_path / "o.jsonl", "error")
    assert errors[0] is None and errors[4] is None
    assert [str(error).split(":")[0] for error in errors[1:4]] == ["row 2", "row 3", "row 4"]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_coverage_is_passed_on(tmp_path: Path, suffix: str, classifier, write, column) -> None:
    source = write(tmp_path / "in.csv", 'statement\nForeign troops must leave.\n""\n')
    score_rows(
        source, "troops", output=tmp_path / f"o.{suffix}", classifier=classifier, coverage=0.9
    )
    (expected,) = classifier.predict(["Foreign troops must leave."], "troops", coverage=0.9)
    found = column(tmp_path / f"o.{suffix}", "stance_set")
    assert found[0] == "|".join(expected.stance_set)
    assert not found[1]


def test_a_bad_target_is_an_error_of_its_row(tmp_path: Path, score, write, column, fake) -> None:
    targets = ["troops", "unreadable", "troops", "unreadable"]
    rows = "".join(f"Fine.,{target}\n" for target in targets)
    source = write(tmp_path / "in.csv", f"statement,toward\n{rows}")
    report = score(source, tmp_path / "o.csv", columns=Columns(target="toward"))
    assert report.counts.errors == 2
    assert sorted(fake.asked) == ["troops", "unreadable"], "each target is checked once"
    problem = "no such target"
    assert column(tmp_path / "o.csv", "error") == ["", f"row 2: {problem}", "", f"row 4: {problem}"]
    with pytest.raises(DataError, match="row 2: no such target"):
        score(source, tmp_path / "p.csv", columns=Columns(target="toward"), strict=True)


def test_the_bundled_classifier_survives_a_target_that_is_too_long(
    tmp_path: Path, classifier, write, column
) -> None:
    source = write(
        tmp_path / "in.csv", f"statement,toward\nFine.,{'troops ' * 600}\nFine.,troops\n"
    )
    columns = Columns(target="toward")
    report = score_rows(source, output=tmp_path / "o.csv", classifier=classifier, columns=columns)
    assert report.counts.errors == 1
    assert str(column(tmp_path / "o.csv", "error")[0]).startswith("row 1: ")


@pytest.mark.parametrize("target", ["unreadable", " "])
def test_a_bad_target_of_all_rows_stops_the_run(tmp_path: Path, target: str, score, write) -> None:
    source = write(tmp_path / "in.csv", "statement\nFine.\n")
    with pytest.raises(DataError, match="target"):
        score(source, tmp_path / "o.csv", target)


def test_a_dataset_keeps_its_ids_and_types(fake) -> None:
    from datasets import ClassLabel, Dataset, Features, Value

    kinds = Features(
        {"id": Value("int64"), "statement": Value("string"), "kind": ClassLabel(names=["x", "y"])}
    )
    rows = {"id": [2**53 + 1, None], "statement": ["A.", "B."], "kind": [0, 1]}
    dataset = Dataset.from_dict(rows, features=kinds).select([1, 0])
    scored = score_rows(dataset, "troops", classifier=fake)  # type: ignore[arg-type]
    assert list(scored["id"]) == [None, 2**53 + 1]
    assert {name: scored.features[name] for name in kinds} == kinds
    assert list(scored["stance"]) == ["favor", "favor"]
    assert scored.features["error"] == Value("string")
    with pytest.raises(DataError, match="no rows"):
        score_rows(dataset.select([]), "troops", classifier=fake)  # type: ignore[arg-type]


def test_bad_arguments(tmp_path: Path, score, write, column) -> None:
    source = write(tmp_path / "in.csv", "target,statement\na,Fine.\n")
    with pytest.raises(DataError, match=r"with columns=Columns\(target='target'\), on the command"):
        score(source, tmp_path / "o.csv")
    with pytest.raises(DataError, match="part_rows is 0"):
        score(source, tmp_path / "o.csv", part_rows=0)
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(DataError, match="is a folder"):
        score(source, tmp_path / "folder.csv", overwrite=True)


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("part_rows", [1, 2, 100])
def test_several_targets_give_one_row_each(
    tmp_path: Path, suffix: str, part_rows: int, score, write, read, fake
) -> None:
    source = write(tmp_path / "in.csv", 'id,statement,around\n1,A.,\n2,"",x\n3,C.,why\n')
    report = score(
        source,
        tmp_path / f"o.{suffix}",
        ["troops", "a tax"],
        columns=Columns(context="around"),
        part_rows=part_rows,
    )
    assert report.counts == Counts(inputs=3, written=6, scored=4, errors=2)
    rows = read(tmp_path / f"o.{suffix}")
    assert [row["id"] for row in rows] == ["1", "1", "2", "2", "3", "3"]
    assert [row["target"] for row in rows] == ["troops", "a tax"] * 3
    assert [str(row["error"] or "").split(":")[0] for row in rows[2:4]] == ["row 2", "row 2"]
    assert [row["stance"] for row in rows[4:]] == ["favor", "favor"]
    assert [str(row["used_context"]) for row in rows[::4]] == ["False", "True"]
    judged = [pair for call in fake.calls for pair in zip(*map(call.get, PAIR), strict=True)]
    assert judged == [
        ("A.", "troops", None),
        ("A.", "a tax", None),
        ("C.", "troops", "why"),
        ("C.", "a tax", "why"),
    ]


def test_several_targets_keep_the_types_of_parquet(tmp_path: Path, score) -> None:
    words = pa.array(["x", "y"]).dictionary_encode()
    table = pa.table({"statement": ["A.", "B."], "key": [b"1", None], "word": words})
    pq.write_table(table, tmp_path / "in.parquet")
    score(tmp_path / "in.parquet", tmp_path / "o.parquet", ["troops", "a tax", "zoos"])
    found = pq.read_table(tmp_path / "o.parquet").select(table.column_names)
    assert found.schema.equals(table.schema)
    assert found.to_pylist() == [row for row in table.to_pylist() for _ in range(3)]


def test_a_dataset_toward_several_targets(fake) -> None:
    from datasets import Dataset

    dataset = Dataset.from_dict({"id": [1, 2], "statement": ["A.", "B."]})
    scored = score_rows(dataset, ["troops", "a tax"], classifier=fake)
    assert list(scored["id"]) == [1, 1, 2, 2]
    assert list(scored["target"]) == ["troops", "a tax"] * 2


@pytest.mark.parametrize("targets", [None, (), [], ""])
def test_a_target_must_be_named(tmp_path: Path, targets: object, score, write, fake) -> None:
    source = write(tmp_path / "in.csv", "statement\nFine.\n")
    with pytest.raises(DataError, match="no target: say what the stance is toward"):
        score(source, tmp_path / "o.csv", targets)
    assert not fake.calls


@pytest.mark.parametrize(
    ("targets", "message"),
    [
        (["troops", "troops"], "'troops' is given twice"),
        (["troops", " "], "' ' is empty"),
        (["troops", None], "None is empty or not text"),
        (["troops", "unreadable"], "no such target"),
    ],
)
def test_bad_targets_stop_the_run(
    tmp_path: Path, targets: list[object], message: str, score, write, fake
) -> None:
    source = write(tmp_path / "in.csv", "statement\nFine.\n")
    with pytest.raises(DataError, match=message):
        score(source, tmp_path / "o.csv", targets)
    assert not fake.calls and not (tmp_path / "o.csv").exists()


def test_targets_and_a_column_of_targets_exclude_each_other(tmp_path: Path, write, fake) -> None:
    source = write(tmp_path / "in.csv", "statement,toward\nFine.,troops\n")
    with pytest.raises(DataError, match="choose one of the two"):
        score_rows(
            source,
            "a tax",
            output=tmp_path / "o.csv",
            classifier=fake,
            columns=Columns(target="toward"),
        )


def test_options_reach_the_classifier(tmp_path: Path, score, write, fake) -> None:
    source = write(tmp_path / "in.csv", "statement,who\nFine.,Ann Lee\n")
    score(
        source,
        tmp_path / "o.csv",
        columns=Columns(speaker="who"),
        abstain_below=0.6,
        coverage=0.8,
        batch_size=7,
    )
    (call,) = fake.calls
    assert call["speakers"] == ["Ann Lee"]
    assert (call["abstain_below"], call["coverage"], call["batch_size"]) == (0.6, 0.8, 7)


@pytest.mark.parametrize("keep", [None, ("statement",)])
def test_prediction_sets_know_the_kinds_of_statements(
    tmp_path: Path, score, write, fake, keep: tuple[str, ...] | None
) -> None:
    source = write(tmp_path / "in.csv", 'statement,kind\nFine.,direct\n"Well, no.",\n')
    score(source, tmp_path / "o.csv", coverage=0.8, keep=keep)
    assert fake.calls[-1]["kinds"] == ["direct", None]
    plain = write(tmp_path / "plain.csv", "statement\nFine.\n")
    score(plain, tmp_path / "p.csv", coverage=0.8, keep=keep)
    assert fake.calls[-1]["kinds"] == [None]


def test_an_output_is_replaced_only_when_asked(tmp_path: Path, score, write, column) -> None:
    source = write(tmp_path / "in.csv", "statement\nFine.\n")
    output = write(tmp_path / "o.csv", "precious")
    with pytest.raises(DataError, match="exists"):
        score(source, output)
    assert output.read_text() == "precious"
    score(source, output, overwrite=True)
    assert column(output, "stance") == ["favor"]


def test_paths_may_be_strings(tmp_path: Path, score, write) -> None:
    source = write(tmp_path / "in.csv", "statement\nFine.\n")
    assert score(str(source), str(tmp_path / "o.csv")).counts.written == 1


def test_the_table_itself_is_no_output(tmp_path: Path, score, write) -> None:
    source = write(tmp_path / "in.csv", "statement\nFine.\n")
    (tmp_path / "link.csv").symlink_to(source)
    for output in (source, tmp_path / "link.csv"):
        with pytest.raises(DataError, match="is one of the inputs"):
            score(source, output, overwrite=True)
    assert source.read_text() == "statement\nFine.\n"


def test_what_is_no_dataset_is_told_how_to_become_one(fake) -> None:
    from datasets import Dataset, DatasetDict

    rows = [{"statement": "A."}]
    dataset = Dataset.from_list(rows)
    for given, message in (
        (DatasetDict({"dev": dataset}), r"type DatasetDict: give one split, .*dataset\['dev'\]"),
        (DatasetDict(), r"such as dataset\['train'\]"),
        (dataset.to_iterable_dataset(), r"type IterableDataset: .*from_list\(list\(dataset\)\)"),
        (rows, r"type list: give paths, a data frame"),
        (None, "type NoneType: give paths"),
        ("in.csv", "output is missing"),
    ):
        with pytest.raises(DataError, match=message):
            score_rows(given, "troops", classifier=fake)  # type: ignore[arg-type]
    assert not fake.calls


@pytest.mark.parametrize("columns", ["statement", {"statement": "quote"}, ["statement"]])
def test_columns_are_columns(tmp_path: Path, columns: object, write, fake) -> None:
    from datasets import Dataset

    source = write(tmp_path / "in.csv", "statement\nFine.\n")
    with pytest.raises(DataError, match=r"give stance\.engine\.Columns, such as"):
        score_rows(source, "troops", output=tmp_path / "o.csv", classifier=fake, columns=columns)
    dataset = Dataset.from_dict({"statement": ["Fine."]})
    with pytest.raises(DataError, match=r"give stance\.engine\.Columns, such as"):
        score_rows(dataset, "troops", classifier=fake, columns=columns)


@pytest.mark.parametrize("kind", ["xlsx", "CSV", "json"])
def test_only_known_formats_are_written(tmp_path: Path, kind: str, score, write, fake) -> None:
    source = write(tmp_path / "in.csv", "statement\nFine.\n")
    with pytest.raises(DataError, match=f"output_format is '{kind}': use one of csv, tsv"):
        score(source, tmp_path / "o.csv", output_format=kind)
    assert not fake.calls and list(tmp_path.iterdir()) == [source]


@pytest.mark.parametrize("name", ["nowhere.csv", "a" * 300 + ".csv"])
def test_a_table_that_is_not_there(tmp_path: Path, name: str, score, fake) -> None:
    with pytest.raises(DataError, match="does not exist"):
        score(tmp_path / name, tmp_path / "o.csv")


def test_options_are_checked_before_a_row_is_judged(tmp_path: Path, score, write, fake) -> None:
    source = write(tmp_path / "in.csv", 'statement\n""\n')
    with pytest.raises(DataError, match="abstain_below is 2"):
        score(source, tmp_path / "o.csv", abstain_below=2)
    with pytest.raises(CalibrationError, match="coverage is 3"):
        score(source, tmp_path / "o.csv", coverage=3)
    assert not fake.calls


@pytest.mark.parametrize("suffix", ["csv", "tsv"])
def test_cells_that_scoring_fills_are_no_formulas(
    tmp_path: Path, suffix: str, score, write, read
) -> None:
    source = write(tmp_path / "in.csv", "statement,=id\n=1+1,@a\n-2,\n")
    score(source, tmp_path / f"o.{suffix}", ["=cmd()", "@x", "-y", "+z", "plain"])
    rows = read(tmp_path / f"o.{suffix}")
    assert [row["target"] for row in rows[:5]] == ["'=cmd()", "'@x", "'-y", "'+z", "plain"]
    assert [(row["statement"], row["=id"]) for row in rows[::5]] == [("=1+1", "@a"), ("-2", "")]
    score(source, tmp_path / f"safe.{suffix}", "plain", spreadsheet_safe=True)
    rows = read(tmp_path / f"safe.{suffix}")
    assert [(row["statement"], row["'=id"]) for row in rows] == [("'=1+1", "'@a"), ("-2", "")]


@pytest.mark.parametrize("suffix", ["jsonl", "parquet"])
def test_other_formats_hold_texts_as_they_are(tmp_path: Path, suffix: str, score, write, column):
    source = write(tmp_path / "in.csv", "statement,id\n=1+1,@a\n")
    score(source, tmp_path / f"o.{suffix}", "=cmd()", spreadsheet_safe=True)
    assert column(tmp_path / f"o.{suffix}", "statement") == ["=1+1"]
    assert column(tmp_path / f"o.{suffix}", "target") == ["=cmd()"]


@pytest.mark.skipif(os.name != "posix", reason="of POSIX")
@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_pipe_gets_the_same_rows_as_a_file(tmp_path: Path, suffix: str, score, write) -> None:
    source = write(tmp_path / "in.csv", "statement\nFine.\nGood.\n")
    pipe, got = tmp_path / f"pipe.{suffix}", []
    os.mkfifo(pipe)
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    score(source, pipe, part_rows=1)
    reader.join(timeout=60)
    score(source, tmp_path / f"file.{suffix}", part_rows=1)
    assert got == [(tmp_path / f"file.{suffix}").read_bytes()]
