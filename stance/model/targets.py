"""Targets by name: aliases and the hypotheses an NLI checkpoint is given."""

from __future__ import annotations

import difflib
from dataclasses import dataclass, field
from pathlib import Path

from stance.config import PACKAGE_DIR, load_yaml_dataclass
from stance.errors import ConfigError


@dataclass(frozen=True, slots=True)
class TargetWording:
    """How one target is worded.

    Attributes:
        aliases: other names that users give for the same target.
        favor: hypothesis that a speaker in favor would accept.
        against: hypothesis that a speaker against would accept.
        claims: sentences whose author is in favor of the target.
        opposed: phrases and sentences for its opposite.
        scope: what the target covers, for readers of the file.
    """

    favor: str
    against: str
    aliases: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    opposed: tuple[str, ...] = ()
    scope: str = ""

    @property
    def same(self) -> tuple[str, ...]:
        """Every other wording of the same target, phrases and claims."""
        return self.aliases + self.claims


@dataclass(frozen=True, slots=True)
class TargetBook:
    """The content of ``targets.yaml``.

    Attributes:
        targets: wordings by target name.
        default: wording for any other target, with ``{target}`` in it; None refuses others.
    """

    targets: dict[str, TargetWording] = field(default_factory=dict)
    default: TargetWording | None = None

    def find(self, target: str) -> TargetWording | None:
        """The wording of a target, found by name or alias, any case."""
        key = target.strip().casefold()
        for name, wording in self.targets.items():
            if key in {name.casefold(), *(alias.casefold() for alias in wording.aliases)}:
                return wording
        return None

    def hypotheses(self, target: str) -> tuple[str, str]:
        """The (favor, against) hypotheses of a target, found by name or alias, any case.

        Raises:
            ConfigError: the target is not in the book and the book has no default wording.
        """
        wording = self.find(target)
        if wording is not None:
            return wording.favor, wording.against
        if self.default is None:
            near = difflib.get_close_matches(target, self.targets, n=1, cutoff=0.4)
            hint = f"; nearest is {near[0]!r}" if near else ""
            raise ConfigError(
                f"unknown target {target!r}: the targets file has "
                f"{', '.join(self.targets) or 'none'}{hint}. Add it, or give a `default` wording"
            )
        return (
            self.default.favor.replace("{target}", target),
            self.default.against.replace("{target}", target),
        )


def default_targets_path() -> Path:
    """``targets.yaml`` of the installed package, or of the source checkout."""
    installed = PACKAGE_DIR / "targets.yaml"
    return installed if installed.is_file() else PACKAGE_DIR.parent / "configs" / "targets.yaml"


def load_targets(path: str | Path | None = None) -> TargetBook:
    """Read a targets file; the shipped one when no path is given.

    Raises:
        ConfigError: the file is missing or has an unknown key.
    """
    return load_yaml_dataclass(path or default_targets_path(), TargetBook)
