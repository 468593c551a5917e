"""Shards of a run, joined: what one run would have written, or a refusal that says why."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from stance.engine import Counts, Shard, analyze_many, merge
from stance.engine.parts import errors_of, manifest_of
from stance.errors import DataError
from stance.extract.extractor import RuleExtractor

ROWS = 60


def table(path: Path, rows: int = ROWS) -> Path:
    """Statements of which each seventh is empty, and a column whose name has two lines."""
    lines = [f'{i},"{"Fine, " * (i % 7)}","a\n{i}"\n' for i in range(rows)]
    path.write_text('id,statement,"two\nlines"\n' + "".join(lines), encoding="utf-8")
    return path


def same_rows(one: Path, other: Path) -> bool:
    if one.suffix == ".parquet":
        return pq.read_table(one).equals(pq.read_table(other))
    if one.suffix in (".gz", ".zst"):
        import pyarrow as pa

        return all(
            pa.input_stream(str(path)).read() == pa.input_stream(str(other)).read()
            for path in (one, other)
        )
    return one.read_bytes() == other.read_bytes()


def without_run(manifest: Path) -> dict[str, object]:
    """What a manifest tells of the run, apart from when and where."""
    stored = json.loads(manifest.read_text())
    stored.pop("shards", None)
    for name in ("seconds", "output", "bytes", "sha256"):
        stored["result"].pop(name)
    return stored


@pytest.fixture
def shards(tmp_path: Path, score):
    """Score a table in shards; the outputs, the last shard first."""

    def run(count: int, suffix: str = "csv", source: Path | None = None, **options) -> list[Path]:
        source = source or table(tmp_path / "in.csv")
        paths = [tmp_path / f"shard-{number}.{suffix}" for number in range(count, 0, -1)]
        for number, path in zip(range(count, 0, -1), paths, strict=True):
            score(source, path, **{"part_rows": 7, "shard": Shard(number, count), **options})
        return paths

    return run


@pytest.mark.parametrize("suffix", ["csv", "tsv", "jsonl", "parquet", "csv.gz", "jsonl.zst"])
def test_joined_shards_are_what_one_run_writes(tmp_path, suffix: str, score, shards) -> None:
    whole, output = tmp_path / f"whole.{suffix}", tmp_path / f"o.{suffix}"
    expected = score(table(tmp_path / "in.csv"), whole, part_rows=7)
    report = merge(shards(4, suffix), output)
    assert report.counts == expected.counts == Counts(inputs=60, written=60, scored=51, errors=9)
    assert same_rows(output, whole)
    assert errors_of(output).read_bytes() == errors_of(whole).read_bytes()
    assert without_run(manifest_of(output)) == without_run(manifest_of(whole))


@pytest.mark.parametrize("count", [1, 2, 9, 30])
def test_each_row_is_in_one_shard(tmp_path, count, score, shards, column, caplog) -> None:
    paths = shards(count)
    assert ("shard 1/30 is empty, which does no harm" in caplog.text) == (count == 30)
    ids = [[int(cell) for cell in column(path, "id")] for path in reversed(paths)]
    assert [i for part in ids for i in part] == list(range(ROWS))
    sizes = [len(part) for part in ids]
    assert max(sizes) - min(sizes) <= 7 + ROWS % 7, "shares are even to a part"
    merge([str(tmp_path / "shard-*.csv*")], tmp_path / "o.csv")  # what lies beside is left out
    assert column(tmp_path / "o.csv", "id") == [str(i) for i in range(ROWS)]


def test_a_shard_goes_on_where_it_was(tmp_path: Path, shards, score, fake, monkeypatch) -> None:
    paths = shards(2)
    (tmp_path / "again").mkdir()
    output = tmp_path / "again" / "shard-2.csv"
    predict, calls = fake.predict, []

    def stop(*arguments, **options):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return predict(*arguments, **options)

    monkeypatch.setattr(fake, "predict", stop)
    with pytest.raises(KeyboardInterrupt):
        score(tmp_path / "in.csv", output, part_rows=7, shard=Shard(2, 2))
    with pytest.raises(DataError, match=r"shard-2\.csv is unfinished: give the command"):
        merge([paths[1], output], tmp_path / "o.csv")
    with pytest.raises(DataError, match=r"other shard before \(28, now 0\)"):
        score(tmp_path / "in.csv", output, part_rows=7, shard=Shard(1, 2))
    report = score(tmp_path / "in.csv", output, part_rows=7, shard=Shard(2, 2))
    assert report.continued == 14
    assert output.read_bytes() == paths[0].read_bytes()
    line = json.loads(errors_of(output).read_text().splitlines()[0])
    assert line["row"] == 29 or line["row"] % 7 == 1, "rows are counted in the input"


def test_what_is_no_whole_run_is_refused(tmp_path: Path, score, shards) -> None:
    output = tmp_path / "o.csv"
    third, second, first = shards(3)
    score(tmp_path / "in.csv", tmp_path / "plain.csv")
    (tmp_path / "mine.csv").write_text("statement\nFine.\n")
    copy = tmp_path / "copy.csv"
    for path, name in ((copy, second), (manifest_of(copy), manifest_of(second))):
        path.write_bytes(name.read_bytes())
    errors_of(copy).write_bytes(errors_of(second).read_bytes())
    for given, message in (
        ([first, third], r"shards are missing: 2/3"),
        ([second], r"missing: 1/3, 3/3"),
        ([first, second, third, copy], r"shard 2/3 is there twice: .*, .*"),
        ([first, second, tmp_path / "plain.csv"], "plain.csv is no shard"),
        ([first, tmp_path / "mine.csv"], "mine.csv has no mine.csv.manifest.json beside it"),
        ([tmp_path / "nowhere.csv"], "nowhere.csv has no"),
        ([tmp_path / "no*.csv"], "no file matches"),
        ([], "no input"),
    ):
        with pytest.raises(DataError, match=message):
            merge(given, output)
    with pytest.raises(DataError, match=r"shards are csv, and .* is jsonl"):
        merge([first, second, third], tmp_path / "o.jsonl")
    with pytest.raises(DataError, match="exists"):
        merge([first, second, third], tmp_path / "plain.csv")
    with pytest.raises(DataError, match="is one of the inputs"):
        merge([first, second, third], second, overwrite=True)
    with pytest.raises(DataError, match="name one"):
        merge([first, second, third], "-", output_format="csv")
    assert not output.exists()


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"targets": "a tax"}, r'config targets \(\["a tax"\], there \["troops"\]\)'),
        ({"abstain_below": 0.5}, "config abstain_below"),
        ({"part_rows": 6}, "config part_rows"),
        ({"output_format": "tsv"}, "output format"),
        ({"input": "changed"}, "input .*in.csv"),
        ({"shard": Shard(1, 3)}, "is a shard of 3 and .* one of 2"),
    ],
)
def test_shards_of_two_runs_are_refused(tmp_path, changed, named, score, shards) -> None:
    second, first = shards(2)
    if changed == {"input": "changed"}:
        table(tmp_path / "in.csv", ROWS + 1)
        changed = {}
    options = {"part_rows": 7, "shard": Shard(1, 2), **changed}
    score(tmp_path / "in.csv", first, overwrite=True, **options)
    with pytest.raises(DataError, match=named):
        merge([first, second], tmp_path / "o.csv")


def test_shards_of_two_models_are_refused(tmp_path, score, shards, fake, monkeypatch) -> None:
    second, first = shards(2)
    monkeypatch.setattr(type(fake), "judge_all", True)
    score(tmp_path / "in.csv", first, part_rows=7, shard=Shard(1, 2), overwrite=True)
    with pytest.raises(DataError, match=r"differ in model judge_all \(true, there false\)"):
        merge([first, second], tmp_path / "o.csv")


def test_a_shard_that_was_edited_is_refused(tmp_path: Path, score, shards) -> None:
    second, first = shards(2)
    before = second.read_bytes()
    second.write_bytes(before.replace(b"favor", b"avorf", 1))
    with pytest.raises(DataError, match=r"shard-2.csv is not what its run wrote"):
        merge([first, second], tmp_path / "o.csv")
    second.write_bytes(before)
    lines = errors_of(second).read_bytes().splitlines(keepends=True)
    errors_of(second).write_bytes(b"".join(lines[:-1]))
    with pytest.raises(DataError, match=rf"has {len(lines) - 1} lines of {len(lines)}"):
        merge([first, second], tmp_path / "o.csv")
    manifest_of(second).write_text('{"format": 1, "shard": {"number": 2}, "result": {}}')
    with pytest.raises(DataError, match=r"manifest\.json is damaged"):
        merge([first, second], tmp_path / "o.csv")
    assert not (tmp_path / "o.csv").exists()


def test_shards_of_articles_keep_their_groups(tmp_path: Path, fake) -> None:
    quote = "“We welcome the {},” said Mayor Ann Lee. The council met on Monday at noon."
    folder = tmp_path / "news"
    folder.mkdir()
    for number in range(70):  # three parts
        name = "fleet of ships in the port" if number in (3, 68) else f"plan {number}"
        (folder / f"{number:02}.txt").write_text(quote.format(name) if number % 9 else " ")
    options = {"extractor": RuleExtractor(), "classifier": fake, "near_duplicates": True}
    whole = analyze_many(folder, "troops", output=tmp_path / "whole.csv", **options)
    paths = [tmp_path / f"s{number}.csv" for number in (1, 2)]
    for number, path in enumerate(paths, start=1):
        analyze_many(folder, "troops", output=path, shard=Shard(number, 2), **options)
    assert merge(paths, tmp_path / "o.csv").counts == whole.counts
    assert (tmp_path / "o.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()
    assert str(folder / "03.txt") in (tmp_path / "s2.csv").read_text(), "the group of its copy"


@pytest.mark.parametrize("text", ["0/2", "3/2", "2", "a/b", "1/0", "-1/2", ""])
def test_what_is_no_shard_is_refused(text: str) -> None:
    with pytest.raises(DataError, match="shard"):
        Shard.parse(text)


def test_a_shard_goes_to_a_file(tmp_path: Path, score) -> None:
    with pytest.raises(DataError, match="a shard is written to a file"):
        score(table(tmp_path / "in.csv"), Path("-"), output_format="csv", shard=Shard(1, 2))
