"""Mappings -> frozen dataclasses, with strict keys and types. Defaults live in the dataclasses."""

from __future__ import annotations

import dataclasses
import difflib
import math
import types
import typing
from collections.abc import Mapping
from enum import Enum
from pathlib import Path
from typing import Literal, TypeVar

from stance import untrusted
from stance.errors import ConfigError, StanceError
from stance.untrusted import in_short

ConfigT = TypeVar("ConfigT")

PACKAGE_DIR = Path(__file__).resolve().parent
WEIGHTS_DIR = PACKAGE_DIR / "weights"

_KINDS: dict[type, str] = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    type(None): "null",
}


def read_yaml(path: Path) -> dict[str, object]:
    """Read a YAML mapping.

    Raises:
        ConfigError: the file is missing, is not YAML, or holds no mapping.
    """
    loaded = untrusted.read_yaml(path)
    if not isinstance(loaded, dict):
        raise ConfigError(f"{path} must hold a mapping of keys to values")
    return {str(key): value for key, value in loaded.items()}


def load_yaml_dataclass(path: str | Path, cls: type[ConfigT]) -> ConfigT:
    """Read a YAML file into a config dataclass.

    Raises:
        ConfigError: unknown key (the nearest valid key is named), missing key or wrong type.
    """
    return from_mapping(read_yaml(Path(path)), cls, where=str(path))


def from_mapping(
    values: Mapping[str, object],
    cls: type[ConfigT],
    *,
    where: str,
    error: type[StanceError] = ConfigError,
) -> ConfigT:
    """Build a dataclass from a mapping, as YAML or JSON holds it.

    Lists become tuples where the field is a tuple, mappings become dataclasses, names become the
    members of an enum. A field that allows several types takes the first of them that fits.

    Args:
        values: the mapping.
        cls: the dataclass; its defaults stand for keys that are absent.
        where: names the mapping in messages, such as its file.
        error: class of the errors raised.

    Raises:
        StanceError: of class ``error``: unknown key (the nearest valid key is named), missing key
            or wrong type.
    """
    if not dataclasses.is_dataclass(cls):
        raise TypeError(f"{cls} is not a dataclass")
    if not isinstance(values, Mapping):
        raise error(f"{where} must be a mapping of keys to values, not {in_short(values)}")
    hints = typing.get_type_hints(cls)
    fields = {field.name: field for field in dataclasses.fields(cls)}
    for key in values:
        if key not in fields:
            near = difflib.get_close_matches(str(key), fields, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else f"; valid: {', '.join(fields)}"
            raise error(f"{where}: unknown key {in_short(key)}{hint}")
    built: dict[str, object] = {}
    for name, field in fields.items():
        if name in values:
            try:
                built[name] = _convert(values[name], hints[name], f"{where}: {name}")
            except _MismatchError as mismatch:
                raise error(str(mismatch)) from None
        elif field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING:
            raise error(f"{where}: missing key {name!r}")
    return cls(**built)


class _MismatchError(Exception):
    """A value that is not of its type; ``depth`` tells how far inside the first fault lies."""

    def __init__(self, message: str, depth: int = 0) -> None:
        super().__init__(message)
        self.depth = depth


def _mismatch(value: object, hint: object, where: str) -> _MismatchError:
    allowed, advice = _describe(hint), _yaml_hint(value, hint)
    if allowed.startswith("one of "):
        return _MismatchError(f"{where} is {in_short(value)}: use {allowed}{advice}")
    return _MismatchError(f"{where} must be {allowed}, not {in_short(value)}{advice}")


def _convert(value: object, hint: object, where: str) -> object:
    """Check a value against a type hint; lists become tuples, mappings dataclasses.

    Raises:
        _MismatchError: it is of another type.
    """
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return _convert_union(value, hint, where)
    if origin is Literal:
        # 1 == True, but a flag is no number here.
        if not any(value == arg and type(value) is type(arg) for arg in args):
            raise _mismatch(value, hint, where)
        return value
    if origin in (tuple, list):
        if not isinstance(value, list):
            raise _mismatch(value, hint, where)
        return _convert_list(value, hint, where)
    if origin in (dict, Mapping):
        if not isinstance(value, Mapping):
            raise _mismatch(value, hint, where)
        return {str(k): _inside(v, args[1], f"{where}.{k}") for k, v in value.items()}
    if isinstance(hint, type) and dataclasses.is_dataclass(hint):
        if not isinstance(value, Mapping):
            raise _mismatch(value, hint, where)
        try:
            return from_mapping(value, hint, where=where, error=ConfigError)
        except ConfigError as error:
            raise _MismatchError(str(error), depth=1) from None
    return _convert_plain(value, hint, where)


def _convert_list(value: list[object], hint: object, where: str) -> object:
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin is list or args[1:] == (Ellipsis,):
        kinds = [args[0]] * len(value)
    elif len(args) == len(value):
        kinds = list(args)
    else:
        raise _mismatch(value, hint, where)
    items = [
        _inside(item, kind, f"{where}[{i}]")
        for i, (item, kind) in enumerate(zip(value, kinds, strict=True))
    ]
    return items if origin is list else tuple(items)


def _inside(value: object, hint: object, where: str) -> object:
    try:
        return _convert(value, hint, where)
    except _MismatchError as mismatch:
        raise _MismatchError(str(mismatch), mismatch.depth + 1) from None


def _convert_union(value: object, hint: object, where: str) -> object:
    """The value as the first type of a union that it fits.

    Where none fits, a fault inside a list or mapping says more than "none fits".
    """
    deepest: _MismatchError | None = None
    # An exact type goes first: 1 in a field of "float | int" stays a whole number.
    for arg in sorted(typing.get_args(hint), key=lambda arg: arg is not type(value)):
        try:
            return _convert(value, arg, where)
        except _MismatchError as mismatch:
            if mismatch.depth and (deepest is None or mismatch.depth > deepest.depth):
                deepest = mismatch
    raise deepest or _mismatch(value, hint, where)


def _convert_plain(value: object, hint: object, where: str) -> object:
    if hint is object:
        return value
    if not isinstance(hint, type):
        raise TypeError(f"{where}: a field of type {hint} cannot be read from a mapping")
    if issubclass(hint, Enum):
        try:
            return hint(value)
        except ValueError:
            raise _mismatch(value, hint, where) from None
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError:
            raise _MismatchError(f"{where} is a number that is too large") from None
    if not isinstance(value, hint) or (isinstance(value, bool) and hint is not bool):
        raise _mismatch(value, hint, where)
    return value


def _describe(hint: object) -> str:
    """A type in words, such as "a whole number or null"."""
    origin, args = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return " or ".join(_describe(arg) for arg in args)
    if origin is Literal:
        return f"one of {', '.join('null' if arg is None else str(arg) for arg in args)}"
    if origin is tuple and args[1:] != (Ellipsis,):
        return f"a list of {len(args)} ({', '.join(_describe(arg) for arg in args)})"
    if origin in (tuple, list):
        return f"a list ({_describe(args[0])} each)"
    if isinstance(hint, type) and issubclass(hint, Enum):
        return f"one of {', '.join(str(member.value) for member in hint)}"
    if origin in (dict, Mapping) or (isinstance(hint, type) and dataclasses.is_dataclass(hint)):
        return "a mapping"
    return _KINDS.get(hint, str(hint)) if isinstance(hint, type) else str(hint)


def _members(hint: object) -> tuple[object, ...]:
    union = typing.get_origin(hint) in (typing.Union, types.UnionType)
    return typing.get_args(hint) if union else (hint,)


def _yaml_hint(value: object, hint: object) -> str:
    """What YAML made of a word, where that is the likely reason of a wrong type."""
    wanted = _members(hint)
    words = any(kind is str or typing.get_origin(kind) is Literal for kind in wanted) or any(
        isinstance(kind, type) and issubclass(kind, Enum) for kind in wanted
    )
    if isinstance(value, bool) and words:
        spoken = "yes, on or true" if value else "no, off or false"
        return f". YAML reads an unquoted {spoken} as {str(value).lower()}: put it in quotes"
    if isinstance(value, str):
        if type(None) in wanted and value.strip().lower() == "none":
            return ". YAML writes nothing as null"
        if float in wanted or int in wanted:
            try:
                number = float(value)
            except ValueError:
                return ""
            if float in wanted and math.isfinite(number):
                return f". YAML reads {value} as text: write {_yaml_float(number)}, without quotes"
            return ". YAML reads it as text: write the number without quotes"
        if bool in wanted and value.strip().lower() in {"true", "false", "yes", "no", "on", "off"}:
            return ". Write it without quotes"
    if words and hasattr(value, "isoformat"):
        return ". YAML reads it as a date: put it in quotes"
    if words and isinstance(value, (int, float)):
        return f'. YAML reads an unquoted {value} as a number: write "{value}"'
    return ""


def _yaml_float(number: float) -> str:
    """A number as YAML 1.1 reads it: an exponent needs a point before it."""
    text = repr(number)
    mantissa, e, exponent = text.partition("e")
    return f"{mantissa}{'' if '.' in mantissa else '.0'}e{exponent}" if e else text


def check_range(key: str, value: float, low: float, high: float = math.inf) -> None:
    """Check a setting against its bounds, which are both allowed.

    Raises:
        ConfigError: it lies outside or is not finite.
    """
    if not (low <= value <= high and math.isfinite(value)):
        allowed = f"{low} or more" if high == math.inf else f"a number from {low} to {high}"
        raise ConfigError(f"{key} is {value}: give {allowed}")
