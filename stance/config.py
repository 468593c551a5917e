"""YAML -> frozen dataclasses, with strict keys and types. Defaults live in the dataclasses."""

from __future__ import annotations

import dataclasses
import difflib
import math
import types
import typing
from pathlib import Path
from typing import Any, Literal, TypeVar

import yaml

from stance.errors import ConfigError

ConfigT = TypeVar("ConfigT")

PACKAGE_DIR = Path(__file__).resolve().parent
WEIGHTS_DIR = PACKAGE_DIR / "weights"


def read_yaml(path: Path) -> dict[str, object]:
    """Read a YAML mapping.

    Raises:
        ConfigError: the file is missing, is not YAML, or holds no mapping.
    """
    try:
        loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"cannot read config {path}: {error}") from error
    except yaml.YAMLError as error:
        raise ConfigError(f"{path} is not valid YAML: {error}") from error
    if not isinstance(loaded, dict):
        raise ConfigError(f"{path} must hold a mapping of keys to values")
    return {str(key): value for key, value in loaded.items()}


def load_yaml_dataclass(path: str | Path, cls: type[ConfigT]) -> ConfigT:
    """Read a YAML file into a config dataclass.

    Raises:
        ConfigError: unknown key (the nearest valid key is named), missing key or wrong type.
    """
    return from_mapping(read_yaml(Path(path)), cls, where=str(path))


def from_mapping(values: dict[str, object], cls: type[ConfigT], *, where: str) -> ConfigT:
    """Build a config dataclass from a mapping; ``where`` names the file in errors.

    Raises:
        ConfigError: unknown key (the nearest valid key is named), missing key or wrong type.
    """
    if not dataclasses.is_dataclass(cls):
        raise TypeError(f"{cls} is not a dataclass")
    hints = typing.get_type_hints(cls)
    fields = {field.name: field for field in dataclasses.fields(cls)}
    for key in values:
        if key not in fields:
            near = difflib.get_close_matches(key, fields, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; valid: {', '.join(fields)}"
            raise ConfigError(f"{where}: unknown key {key!r}{hint}")
    built: dict[str, object] = {}
    for name, field in fields.items():
        if name in values:
            built[name] = _check(values[name], hints[name], f"{where}: {name}")
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            raise ConfigError(f"{where}: missing key {name!r}")
    return cls(**built)


def _check(value: object, hint: Any, where: str) -> object:  # a type hint has no static type
    """Check ``value`` against a type hint, converting lists to tuples and dicts to dataclasses."""
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        if value is None and type(None) in args:
            return None
        inner = [arg for arg in args if arg is not type(None)]
        return _check(value, inner[0], where)
    if origin is Literal:
        if value not in args:
            raise ConfigError(f"{where} is {value!r}: use one of {', '.join(map(str, args))}")
        return value
    if origin is tuple:
        if not isinstance(value, list):
            raise ConfigError(f"{where} must be a list")
        return tuple(_check(item, args[0], f"{where}[{i}]") for i, item in enumerate(value))
    if origin is dict:
        if not isinstance(value, dict):
            raise ConfigError(f"{where} must be a mapping")
        return {str(k): _check(v, args[1], f"{where}.{k}") for k, v in value.items()}
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        if not isinstance(value, dict):
            raise ConfigError(f"{where} must be a mapping")
        return from_mapping(value, hint, where=where)
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, hint) or (isinstance(value, bool) and hint is not bool):
        raise ConfigError(f"{where} must be {hint.__name__}, not {value!r}")
    return value


def check_range(key: str, value: float, low: float, high: float = math.inf) -> None:
    """Check a setting against its bounds, which are both allowed.

    Raises:
        ConfigError: it lies outside or is not finite.
    """
    if not (low <= value <= high and math.isfinite(value)):
        allowed = f"{low} or more" if high == math.inf else f"a number from {low} to {high}"
        raise ConfigError(f"{key} is {value}: give {allowed}")
