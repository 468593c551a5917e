from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stance.config import from_mapping, load_yaml_dataclass
from stance.errors import ConfigError, DataError
from stance.labels import Stance


@dataclass(frozen=True)
class Inner:
    share: float = 0.5
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class Settings:
    """One field of every kind of type that a config may have."""

    count: int = 1
    rate: float = 0.1
    name: str = "x"
    flag: bool = False
    maybe: int | None = None
    size: int | str = "small"
    files: list[str] | str = "all"
    pairs: tuple[str, ...] | str = "all"
    both: float | int = 0.5
    mode: Literal["fast", "slow"] | None = None
    mixed: Literal["auto"] | int = "auto"
    inner: Inner | None = None
    inners: tuple[Inner, ...] | None = None
    table: dict[str, float] | None = None
    several: dict[str, int | str] | None = None
    labels: Stance | None = None
    weights: Mapping[str, float] | None = None
    point: tuple[int, int] = (0, 0)


def _write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "config.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def _load(tmp_path: Path, text: str) -> Settings:
    return load_yaml_dataclass(_write(tmp_path, text), Settings)


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("maybe: null", "maybe", None),
        ("maybe: 3", "maybe", 3),
        ("size: 7", "size", 7),
        ("size: large", "size", "large"),
        ("files: [a, b]", "files", ["a", "b"]),
        ("files: a", "files", "a"),
        ("pairs: [a, b]", "pairs", ("a", "b")),
        ("pairs: a", "pairs", "a"),
        ("pairs: []", "pairs", ()),
        ("both: 2", "both", 2),
        ("both: 2.5", "both", 2.5),
        ("mode: slow", "mode", "slow"),
        ("mode: null", "mode", None),
        ("mixed: 4", "mixed", 4),
        ("mixed: auto", "mixed", "auto"),
        ("inner: null", "inner", None),
        ("inner: {share: 1}", "inner", Inner(1.0)),
        ("inner: {names: [a]}", "inner", Inner(names=("a",))),
        ("inners: [{share: 0.1}, {}]", "inners", (Inner(0.1), Inner())),
        ("table: {a: 1, b: 0.5}", "table", {"a": 1.0, "b": 0.5}),
        ("several: {a: 1, b: two}", "several", {"a": 1, "b": "two"}),
        ("weights: {a: 1}", "weights", {"a": 1.0}),
        ("labels: favor", "labels", Stance.FAVOR),
        ("point: [1, 2]", "point", (1, 2)),
        ("rate: 3", "rate", 3.0),
        ("rate: 1.0e-4", "rate", 1e-4),
    ],
)
def test_every_member_of_a_type_is_read(
    tmp_path: Path, text: str, name: str, expected: object
) -> None:
    found = getattr(_load(tmp_path, text), name)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("count: long", "count must be a whole number, not 'long'"),
        ("count: true", "count must be a whole number, not True"),
        ("count: 1.5", "count must be a whole number, not 1.5"),
        ("maybe: [1]", r"maybe must be a whole number or null, not \[1\]"),
        ("size: 1.5", "size must be a whole number or text, not 1.5"),
        ("size: [a]", "size must be a whole number or text"),
        ("files: 3", r"files must be a list \(text each\) or text, not 3"),
        ("files: [a, 3]", r"files\[1\] must be text, not 3"),
        ("mode: medium", "mode is 'medium': use one of fast, slow or null"),
        ("mixed: other", "mixed is 'other': use one of auto or a whole number"),
        ("inner: 3", "inner must be a mapping or null, not 3"),
        ("inner: {shares: 1}", "inner: unknown key 'shares'; did you mean 'share'"),
        ("inner: {share: much}", "inner: share must be a number, not 'much'"),
        ("inners: [{}, {share: x}]", r"inners\[1\]: share must be a number"),
        ("table: {a: b}", "table.a must be a number, not 'b'"),
        ("several: {a: [1]}", "several.a must be a whole number or text"),
        ("labels: maybe", "labels is 'maybe': use one of against, neutral, favor or null"),
        ("point: [1]", "point must be a list of 2"),
        ("flag: 1", "flag must be true or false, not 1"),
        ("- a\n", "must hold a mapping"),
        ("a: [\n", "not valid YAML"),
    ],
)
def test_wrong_values_name_what_is_allowed(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        _load(tmp_path, text)


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("name: no", "YAML reads an unquoted no, off or false as false: put it in quotes"),
        ("mode: on", "YAML reads an unquoted yes, on or true as true: put it in quotes"),
        ("labels: off", "put it in quotes"),
        ("files: [no]", "put it in quotes"),
        ("rate: 1e-4", "YAML reads 1e-4 as text: write 0.0001, without quotes"),
        ("rate: 2e-6", "write 2.0e-06, without quotes"),
        ("inner: {share: 1e-3}", "write 0.001, without quotes"),
        ('count: "3"', "write the number without quotes"),
        ("maybe: None", "YAML writes nothing as null"),
        ('flag: "yes"', "Write it without quotes"),
        ("name: 007", 'YAML reads an unquoted 7 as a number: write "7"'),
        ("name: 2026-01-02", "YAML reads it as a date: put it in quotes"),
    ],
)
def test_riddles_of_yaml_are_explained(tmp_path: Path, text: str, hint: str) -> None:
    with pytest.raises(ConfigError, match=re.escape(hint)):
        _load(tmp_path, text)


@given(st.floats(min_value=1e-12, max_value=1e12))
def test_the_advice_for_a_number_can_be_followed(value: float) -> None:
    with pytest.raises(ConfigError) as caught:
        from_mapping({"rate": f"{value:e}"}, Settings, where="config")
    advice = re.search(r"write (\S+), without quotes", str(caught.value))
    assert advice is not None
    import yaml

    read = yaml.safe_load(f"rate: {advice[1]}")
    assert from_mapping(read, Settings, where="config").rate == float(f"{value:e}")


def test_unknown_and_missing_keys() -> None:
    @dataclass(frozen=True)
    class Needed:
        first: int

    with pytest.raises(ConfigError, match=r"conf: unknown key 'frist'; did you mean 'first'"):
        from_mapping({"frist": 1}, Needed, where="conf")
    with pytest.raises(ConfigError, match="conf: missing key 'first'"):
        from_mapping({}, Needed, where="conf")
    with pytest.raises(DataError, match="missing key"):
        from_mapping({}, Needed, where="record", error=DataError)


def test_missing_file() -> None:
    with pytest.raises(ConfigError, match=r"no-such\.yaml"):
        load_yaml_dataclass("no-such.yaml", Settings)


def test_a_number_that_no_float_holds_is_refused() -> None:
    with pytest.raises(ConfigError, match="share is a number that is too large"):
        from_mapping({"share": 10**400}, Inner, where="here")
