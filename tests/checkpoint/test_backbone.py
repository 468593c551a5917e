"""Finding a backbone: whose copy is taken, and what is refused."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from stance.checkpoint import backbone
from stance.checkpoint.backbone import (
    cache_dir,
    download_backbone,
    find_backbone,
    locate_backbone,
)
from stance.checkpoint.files import check_sha256
from stance.checkpoint.registry import BACKBONES, BackboneSpec
from stance.cli import app
from stance.errors import ModelLoadError
from tests.checkpoint.conftest import FILES


@pytest.mark.parametrize("name", ["small", "base"])
def test_the_backbones_of_this_installation_are_whole(name: str) -> None:
    folder = locate_backbone(name)
    for file, sha256 in BACKBONES[name].files.items():
        check_sha256(folder / file, sha256)
    found = find_backbone(name)
    assert found is not None and found.path == folder


@pytest.mark.parametrize("name", list(BACKBONES))
def test_the_registry_pins_everything(name: str) -> None:
    spec = BACKBONES[name]
    assert spec.name == name and re.fullmatch("[0-9a-f]{40}", spec.revision)
    assert set(spec.files) == {"config.json", "tokenizer.json", "model.safetensors"}
    hashes = [*spec.files.values(), *(carrier.sha256 for carrier in spec.carriers)]
    assert all(re.fullmatch("[0-9a-f]{64}", value) for value in hashes)
    assert len(set(hashes)) == len(hashes)
    assert spec.space > sum(carrier.size for carrier in spec.carriers)


def test_an_unknown_name_is_refused() -> None:
    for function in (locate_backbone, find_backbone, download_backbone):
        with pytest.raises(ModelLoadError, match="'large': use one of small, base"):
            function("large")


def test_the_first_call_fetches_and_the_next_needs_nothing(
    plain: BackboneSpec, index: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert find_backbone("small") is None
    with caplog.at_level("INFO", logger="stance"):
        folder = locate_backbone("small")
    assert len(caplog.records) == 1 and "fetching nobody/pretend-plain" in caplog.text
    assert folder.parent == tmp_path / "cache"
    for wheel in index.iterdir():
        wheel.unlink()
    caplog.clear()
    assert locate_backbone("small") == folder
    assert caplog.records == []


def test_your_own_folder_comes_first(
    plain: BackboneSpec,
    own_copy: Callable[[str], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept = locate_backbone("small")
    mine, named = own_copy("backbones/small"), own_copy("named")
    monkeypatch.setenv("STANCE_BACKBONES", str(mine.parent))
    assert locate_backbone("small") == mine != kept
    assert locate_backbone("small", folder=named) == named
    monkeypatch.setenv("STANCE_BACKBONES", str(tmp_path / "index"))  # has no folder small
    assert locate_backbone("small") == kept
    monkeypatch.setenv("STANCE_BACKBONES", str(tmp_path / "elsewhere"))
    with pytest.raises(ModelLoadError, match=r"STANCE_BACKBONES is .*elsewhere"):
        locate_backbone("small")


def test_a_damaged_own_folder_is_refused_and_not_passed_over(
    plain: BackboneSpec, own_copy: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = own_copy("backbones/small")
    monkeypatch.setenv("STANCE_BACKBONES", str(mine.parent))
    for file, content in FILES.items():
        (mine / file).write_bytes(content[:-1])
        with pytest.raises(ModelLoadError, match=f"{file} is damaged.*nobody/pretend-plain"):
            locate_backbone("small")
        (mine / file).unlink()
        with pytest.raises(ModelLoadError, match=f"{file} is missing"):
            locate_backbone("small")
        (mine / file).write_bytes(content)
    assert locate_backbone("small") == mine
    with pytest.raises(ModelLoadError, match="is no folder"):
        locate_backbone("small", folder=mine / "config.json")


def test_a_damaged_cache_is_refused_and_mended_by_a_download(
    plain: BackboneSpec, tmp_path: Path
) -> None:
    folder = locate_backbone("small")
    for file, content in FILES.items():
        (folder / file).write_bytes(content + b" ")
        with pytest.raises(ModelLoadError, match=f"{file} is damaged.*`stance download small`"):
            locate_backbone("small")
        assert download_backbone("small").path == folder
        assert (folder / file).read_bytes() == content


def test_an_installed_package_is_used_in_place(
    plain: BackboneSpec, own_copy: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    installed = own_copy("site-packages/model")
    monkeypatch.setattr(backbone, "installed_file", lambda carrier: installed)
    assert locate_backbone("small") == installed
    found = find_backbone("small")
    assert found is not None and found.source == "package"
    (installed / "config.json").write_bytes(b"")
    with pytest.raises(ModelLoadError, match=r"--force-reinstall --no-deps pretend-plain==1\.0`"):
        locate_backbone("small")


def test_installed_pieces_are_joined_in_the_cache(
    split: BackboneSpec, pieces: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_carrier = dict(zip(split.carriers, pieces, strict=True))
    monkeypatch.setattr(backbone, "installed_file", by_carrier.get)
    monkeypatch.setattr(backbone, "fetch", lambda *_, **__: pytest.fail("fetched"))
    folder = locate_backbone("base")
    assert folder.parent == tmp_path / "cache"
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == FILES


def test_a_package_of_another_version_is_not_taken() -> None:
    (known,) = BACKBONES["small"].carriers
    assert backbone.installed_file(known.__class__("pytest", "0.0.1", "", 0, "pytest")) is None
    assert backbone.installed_file(known.__class__("no-such-thing", "1", "", 0, "x")) is None


def test_the_cache_of_the_hub_client_is_used(
    plain: BackboneSpec, own_copy: Callable[[str], Path], tmp_path: Path
) -> None:
    place = f"hub/models--nobody--pretend-plain/snapshots/{plain.revision}"
    snapshot = own_copy(place)
    assert locate_backbone("small") == snapshot
    (snapshot / "tokenizer.json").unlink()
    assert find_backbone("small") is None


@pytest.mark.parametrize(
    ("values", "platform", "ending"),
    [
        ({"STANCE_CACHE": "/somewhere"}, "win32", "/somewhere"),
        ({"XDG_CACHE_HOME": "/xdg"}, "linux", "/xdg/stance"),
        ({}, "linux", "/.cache/stance"),
        ({}, "freebsd14", "/.cache/stance"),
        ({}, "darwin", "/Library/Caches/stance"),
        ({"LOCALAPPDATA": "/local"}, "win32", "/local/stance/Cache"),
        ({}, "win32", "/AppData/Local/stance/Cache"),
    ],
)
def test_the_cache_folder_of_each_platform(
    values: dict[str, str], platform: str, ending: str
) -> None:
    assert cache_dir(values, platform).as_posix().endswith(ending)


def test_download_says_where_the_files_lie(
    plain: BackboneSpec, split: BackboneSpec, tmp_path: Path
) -> None:
    run = CliRunner()
    done = run.invoke(app, ["download", "all", "--cache", str(tmp_path / "kept")])
    assert done.exit_code == 0, done.stderr
    for spec in (plain, split):
        assert str(tmp_path / "kept" / spec.folder) in done.stdout.replace("\n", "")
        for file, sha256 in spec.files.items():
            assert f"{sha256}  {file}" in done.stdout
            assert (tmp_path / "kept" / spec.folder / file).is_file()
    assert "STANCE_CACHE=" in done.stdout
    again = run.invoke(app, ["download", "small", "base", "--cache", str(tmp_path / "kept")])
    assert again.exit_code == 0
    assert sorted(again.stdout.splitlines()) == sorted(done.stdout.splitlines())


def test_a_relative_cache_is_filled_and_found(
    plain: BackboneSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    found = download_backbone("small", cache=Path("models"))
    assert found.path == tmp_path / "models" / plain.folder
    monkeypatch.setenv("STANCE_CACHE", "rel")
    assert locate_backbone("small") == tmp_path / "rel" / plain.folder
    assert cache_dir({"XDG_CACHE_HOME": "x"}, "linux") == tmp_path / "x" / "stance"


@pytest.mark.parametrize("source", ["cache", "folder", "package"])
def test_a_download_to_another_folder_copies_what_is_on_this_computer(
    source: str,
    plain: BackboneSpec,
    own_copy: Callable[[str], Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if source == "cache":
        locate_backbone("small")
    elif source == "folder":
        monkeypatch.setenv("STANCE_BACKBONES", str(own_copy("mine/small").parent))
    else:
        installed = own_copy("site-packages/model")
        monkeypatch.setattr(backbone, "installed_file", lambda carrier: installed)
    monkeypatch.setattr(backbone, "fetch", lambda *_, **__: pytest.fail("fetched"))
    found = download_backbone("small", cache=tmp_path / "kept")
    assert (found.path, found.source) == (tmp_path / "kept" / plain.folder, "cache")
    assert {path.name: path.read_bytes() for path in found.path.iterdir()} == FILES


def test_a_damaged_copy_is_not_copied_but_fetched(
    plain: BackboneSpec, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (locate_backbone("small") / "config.json").write_bytes(b"{}")
    found = download_backbone("small", cache=tmp_path / "kept")
    assert {path.name: path.read_bytes() for path in found.path.iterdir()} == FILES
    assert "not copied" in caplog.text


@pytest.mark.skipif(sys.platform == "win32", reason="names no other user's home there")
def test_a_home_folder_that_is_not_known_is_one_message(
    plain: BackboneSpec, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "mine").mkdir()
    monkeypatch.setenv("STANCE_BACKBONES", "~/mine")
    assert find_backbone("small") is None
    for name in ("STANCE_BACKBONES", "STANCE_CACHE"):
        with monkeypatch.context() as patch:
            patch.setenv(name, "~no-such-user/x")
            with pytest.raises(ModelLoadError, match=f"{name} is '~no-such-user/x'.*full path"):
                find_backbone("small")
    done = CliRunner().invoke(app, ["download", "small"], env={"STANCE_CACHE": "~no-such-user/x"})
    assert done.exit_code == 2 and done.stderr.startswith("error: ")


def test_download_of_an_unknown_name() -> None:
    done = CliRunner().invoke(app, ["download", "large"])
    assert done.exit_code == 2 and "small" in done.stderr


def test_a_failed_download_is_one_line(
    plain: BackboneSpec, split: BackboneSpec, index: Path
) -> None:
    for wheel in index.iterdir():
        wheel.unlink()
    done = CliRunner().invoke(app, ["download", "small"])
    assert done.exit_code == 2
    fetching, *said = done.stderr.splitlines()
    assert fetching.startswith("fetching nobody/pretend-")
    assert len(said) == 1 and said[0].startswith("error: the backbone base")


def test_info_loads_and_fetches_nothing(
    plain: BackboneSpec, index: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backbone, "fetch", lambda *_, **__: pytest.fail("fetched"))
    monkeypatch.setattr("stance.model.loading.load", lambda *_, **__: pytest.fail("loaded"))
    done = CliRunner().invoke(app, ["info", "--device", "cpu"])
    assert done.exit_code == 0, done.stderr
    assert "not here yet: stance download small" in done.stdout
    assert str(tmp_path / "cache") in done.stdout
    assert re.search(r"device +cpu", done.stdout)
    broken = CliRunner().invoke(app, ["info", "--checkpoint", "nowhere"])
    assert broken.exit_code == 2 and "'nowhere' is neither" in broken.stderr


OFFLINE = """
import socket
def refuse(*_, **__):
    raise OSError("no network in this test")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
import stance
print(stance.load("small").predict_one("Foreign troops must leave.", "foreign troops").stance)
"""


def test_everything_works_offline_afterwards() -> None:
    environment = {k: v for k, v in os.environ.items() if k != "HF_HUB_OFFLINE"}
    done = subprocess.run(
        [sys.executable, "-c", OFFLINE],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "against"


@pytest.mark.slow
def test_the_real_packages_give_the_pinned_files(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "stance", "download", "small", "--cache", str(tmp_path)]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1"}
    subprocess.run(command, env=environment, check=True, timeout=600)
    for file, sha256 in BACKBONES["small"].files.items():
        check_sha256(tmp_path / BACKBONES["small"].folder / file, sha256)
