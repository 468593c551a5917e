"""Files out: whole or not at all, by one writer at a time, and nothing but what was asked for."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from stance.errors import DataError
from stance.files import check_output, locked, write_bytes, write_files, write_text, writing

posix = pytest.mark.skipif(os.name != "posix", reason="of POSIX")
TEXTS = {"predictions.csv": "a,b\r\n1,2\r\n", "results.json": '{"ä": 1}\n', "report.md": "x\n"}
HOLD = """
import sys
from pathlib import Path
from stance.files import writing
with writing(Path(sys.argv[1]), overwrite=True) as handle:
    handle.write(b"half")
    handle.flush()
    print("begun", flush=True)
    sys.stdin.read()
"""


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


@pytest.fixture
def holder():
    """Starts another process that is in the middle of writing a file."""
    begun = []

    def start(path: Path) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        begun.append(process)
        assert process.stdout is not None and process.stdout.readline().strip() == b"begun"
        return process

    yield start
    for process in begun:
        process.kill()
        process.communicate()


def test_an_output_is_whole_or_not_there(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "o.txt"
    with writing(path) as handle:
        handle.write(b"a\r\n")
        assert not path.exists()
    assert content(path.parent) == {"o.txt": b"a\r\n"}
    for error in (ValueError, KeyboardInterrupt, OSError):
        with pytest.raises(error), writing(path, overwrite=True) as handle:
            handle.write(b"half")
            raise error
    assert content(path.parent) == {"o.txt": b"a\r\n"}
    with pytest.raises(ValueError), writing(tmp_path / "other" / "o.txt"):
        raise ValueError
    assert not (tmp_path / "other").exists()


@pytest.mark.parametrize("step", ["fsync", "replace", "chmod"])
def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch, step: str) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    path = tmp_path / "o.txt"
    write_text(path, "old")
    monkeypatch.setattr(os, step, full)
    with pytest.raises(DataError, match=r"cannot write .*o\.txt: No space left on device"):
        write_text(path, "new", overwrite=True)
    assert content(tmp_path) == {"o.txt": b"old"}


def test_nothing_is_replaced_unasked(tmp_path: Path) -> None:
    path = tmp_path / "o.txt"
    path.write_text("mine")
    with pytest.raises(DataError, match="exists: choose another name"):
        write_text(path, "new")
    late = tmp_path / "late.txt"
    with pytest.raises(DataError, match="appeared during the run"), writing(late) as handle:
        handle.write(b"new")
        late.write_text("mine")
    assert content(tmp_path) == {"o.txt": b"mine", "late.txt": b"mine"}


def test_a_file_system_without_hard_links(tmp_path: Path, monkeypatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    write_text(tmp_path / "o.txt", "new")
    with pytest.raises(DataError), writing(tmp_path / "late.txt"):
        (tmp_path / "late.txt").write_text("mine")
    assert content(tmp_path) == {"o.txt": b"new", "late.txt": b"mine"}


@pytest.mark.parametrize("name", ["o.txt", "ö [1].csv", "-x"])
def test_the_second_of_two_runs_is_refused(tmp_path: Path, name: str, holder) -> None:
    path = tmp_path / name
    first = holder(path)
    with pytest.raises(DataError, match="another run is writing"):
        write_text(path, "second", overwrite=True)
    first.communicate(b"")
    assert content(tmp_path) == {name: b"half"}, "what the first wrote, and nothing beside it"
    write_text(path, "third", overwrite=True)
    assert content(tmp_path) == {name: b"third"}


@posix
def test_what_a_dead_run_left_is_removed_and_told(tmp_path: Path, holder, caplog) -> None:
    path, other = tmp_path / "o.txt", tmp_path / "other.txt"
    dead, alive = holder(path), holder(other)
    dead.kill()
    dead.wait()
    assert len(content(tmp_path)) == 4
    write_text(path, "new")
    assert "an earlier run died while it wrote" in caplog.text and str(path) in caplog.text
    assert path.read_text() == "new"
    alive.communicate(b"")
    assert content(tmp_path) == {"o.txt": b"new", "other.txt": b"half"}


def test_threads_that_write_one_file_do_not_mix(tmp_path: Path) -> None:
    path, refused = tmp_path / "o.txt", []
    texts = [letter * 100_000 for letter in "abcdefgh"]

    def write(text: str) -> None:
        try:
            write_text(path, text, overwrite=True)
        except DataError as error:
            refused.append(str(error))

    threads = [threading.Thread(target=write, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert path.read_text() in texts and all("another run" in text for text in refused)
    assert list(tmp_path.iterdir()) == [path]


def test_who_holds_a_lock_may_write(tmp_path: Path) -> None:
    with locked(tmp_path / "a"), locked(tmp_path / "a"):
        write_text(tmp_path / "a", "1")
        write_text(tmp_path / "a", "2", overwrite=True)
    assert content(tmp_path) == {"a": b"2"}


def test_files_of_the_user_are_left_alone(tmp_path: Path) -> None:
    mine = {"o.txt.partial": b"1", ".o.txt.part": b"2", "o.txt.lock": b"3", ".stance-x.part": b"4"}
    for name, text in mine.items():
        (tmp_path / name).write_bytes(text)
    write_text(tmp_path / "o.txt", "new")
    assert content(tmp_path) == {**mine, "o.txt": b"new"}


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="of an administrator")
@pytest.mark.parametrize("owner", [(12_345, 54_321), (0, 7)])
def test_a_replaced_file_keeps_its_owner_and_group(tmp_path: Path, owner: tuple[int, int]) -> None:
    path = tmp_path / "o.csv"
    path.write_bytes(b"old")
    os.chown(path, *owner)
    path.chmod(0o640)
    write_bytes(path, b"new", overwrite=True)
    assert (path.stat().st_uid, path.stat().st_gid) == owner
    assert path.stat().st_mode & 0o777 == 0o640


@posix
def test_modes(tmp_path: Path) -> None:
    path = tmp_path / "o.txt"
    (tmp_path / "plain").write_text("x")
    write_text(path, "new")
    assert path.stat().st_mode == (tmp_path / "plain").stat().st_mode
    for mode in (0o600, 0o640, 0o666, 0o444):
        path.chmod(mode)
        with writing(path, overwrite=True) as handle:
            assert os.fstat(handle.fileno()).st_mode & 0o777 == mode
        assert path.stat().st_mode & 0o777 == mode


@posix
def test_a_link_stays_and_its_file_is_written(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    link, real = tmp_path / "link.txt", tmp_path / "data" / "real.txt"
    link.symlink_to(real)
    write_text(link, "first")  # to a file that is not there yet
    with pytest.raises(DataError, match=r"link\.txt exists"):
        write_text(link, "x")
    write_text(link, "second", overwrite=True)
    assert link.is_symlink() and content(tmp_path / "data") == {"real.txt": b"second"}
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    with pytest.raises(DataError, match="cannot write"):
        write_text(loop, "x")


@posix
def test_a_link_in_place_of_a_lock_is_not_followed(tmp_path: Path) -> None:
    path, precious = tmp_path / "o.txt", tmp_path / "precious"
    precious.write_text("mine")
    with locked(path):
        (name,) = (p.name for p in tmp_path.iterdir() if p.name.endswith(".lock"))
    (tmp_path / name).symlink_to(precious)
    with pytest.raises(DataError, match="cannot write"):
        write_text(path, "x")
    assert precious.read_text() == "mine"


@posix
def test_a_pipe_gets_the_bytes(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    write_text(pipe, "new")
    reader.join(timeout=60)
    assert got == [b"new"] and pipe.is_fifo() and list(tmp_path.iterdir()) == [pipe]


@posix
@pytest.mark.parametrize("name", ["/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"])
def test_standard_output_by_name_goes_on_in_its_file(tmp_path: Path, name: str) -> None:
    code = (
        "import sys; from pathlib import Path; from stance.files import write_text\n"
        f"print('before', flush=True); write_text(Path({name!r}), 'text\\n'); print('after')"
    )
    target = tmp_path / "out.txt"
    with target.open("wb") as handle:
        subprocess.run([sys.executable, "-c", code], stdout=handle, check=True)
    assert target.read_text() == "before\ntext\nafter\n"


@posix
def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is a folder"):
        check_output(tmp_path, overwrite=True)
    for name in ("a" * 300, "nul\0"):
        with pytest.raises(DataError, match="cannot write"):
            write_text(tmp_path / name, "text")
    path = tmp_path / ("a" * 251 + ".txt")
    write_bytes(path, b"text")  # a name may be as long as the system allows
    assert content(tmp_path) == {path.name: b"text"}


def test_several_files_are_replaced_together(tmp_path: Path) -> None:
    write_files(tmp_path / "a" / "b", TEXTS)
    assert content(tmp_path / "a" / "b") == {k: v.encode() for k, v in TEXTS.items()}


@pytest.mark.parametrize("after", [0, 1, 2])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_among_several_leaves_all(tmp_path, monkeypatch, after: int, error) -> None:
    write_files(tmp_path, dict.fromkeys(TEXTS, "old"))
    calls = []

    def fsync(number: int) -> None:
        calls.append(number)
        if len(calls) > after:
            raise error

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises((DataError, KeyboardInterrupt)):
        write_files(tmp_path, TEXTS)
    assert content(tmp_path) == dict.fromkeys(TEXTS, b"old")


def test_a_file_where_the_folder_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(DataError, match=r"cannot write .*out"):
        write_files(tmp_path / "out", TEXTS)
    assert (tmp_path / "out").read_text() == "mine"
