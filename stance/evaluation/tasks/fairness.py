"""Are speakers found equally well whatever their name and gender? Cases made from templates.

A name of every region is put into every template, with its own gender of address or, in a third of
the cases, with "they" and "Mx". A speaker is right where the statement is found and the name given
for it is the full name, so that a bare family name is wrong in every region alike. Intervals:
bootstrap over names, whose cases are drawn together.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from stance.config import check_range
from stance.errors import DataError
from stance.evaluation.files import read_csv
from stance.evaluation.metrics import FloatArray
from stance.evaluation.provenance import Say, code_facts, config_hash, describe_data, guard_output
from stance.evaluation.resampling import bootstrap_counts
from stance.evaluation.run_facts import RunFacts
from stance.evaluation.tasks.attribution.articles import Attributed, MarkedArticle, MarkedSpeaker
from stance.evaluation.tasks.attribution.measures import precision, share
from stance.evaluation.tasks.attribution.names import same_full_name
from stance.evaluation.tasks.attribution.outcomes import judge
from stance.evaluation.tasks.attribution.run import System
from stance.evaluation.tasks.measured import Measure, MeasuredResults, write_measured
from stance.untrusted import in_short, read_yaml

logger = logging.getLogger(__name__)
Gender = Literal["m", "f", "x"]
GENDERS: dict[Gender, str] = {"m": "he, Mr", "f": "she, Ms", "x": "they, Mx"}
MARGIN = 0.02
_COLUMNS = ("region", "name", "short", "gender")
_WORDS: dict[Gender, dict[str, str]] = {
    "m": {"Mr": "Mr", "he": "he", "He": "He", "his": "his", "His": "His"},
    "f": {"Mr": "Ms", "he": "she", "He": "She", "his": "her", "His": "Her"},
    "x": {"Mr": "Mx", "he": "they", "He": "They", "his": "their", "His": "Their"},
}
_MARK = re.compile(r"\[(?P<who>[AB+]): |(?P<end>\])|\{(?P<slot>\w+)\}")


@dataclass(frozen=True, slots=True)
class Name:
    """A name to fill in.

    Attributes:
        region: that it is of.
        full: the whole name.
        short: what its bearer is called after the first mention.
        gender: ``m`` or ``f``, or None where the name does not show it.
    """

    region: str
    full: str
    short: str
    gender: Gender | None


@dataclass(frozen=True, slots=True)
class FairnessCase:
    """A filled template; the statements of ``name`` are judged."""

    name: Name
    gender: Gender
    article: MarkedArticle


def read_names(path: Path) -> list[Name]:
    """Read a table of names (TSV: ``region``, ``name``, ``short``, ``gender`` m, f or -).

    Raises:
        DataError: the file cannot be read, or a row lacks a value or has another gender.
    """
    names = []
    for number, cells in read_csv(path, delimiter="\t"):
        where = f"{path.name}, line {number}"
        missing = [column for column in _COLUMNS if not cells.get(column)]
        if missing:
            raise DataError(f"{where}: field {missing[0]!r} is missing or empty")
        gender = cells["gender"]
        if gender not in ("m", "f", "-"):
            raise DataError(f"{where}: field 'gender' is {gender!r}: use m, f or -")
        known: Gender | None = "m" if gender == "m" else "f" if gender == "f" else None
        names.append(Name(cells["region"], cells["name"], cells["short"], known))
    return names


def make_cases(names: Sequence[Name], templates: Mapping[str, str]) -> Iterator[FairnessCase]:
    """Every name in every template; the second person of a template is of the same region.

    Args:
        names: of all regions; a region needs two at least.
        templates: by id; places and marks as in ``eval/fairness/templates.yaml``.

    Raises:
        DataError: a template has an unknown place or marks no statement of A, or a region has no
            second name.
    """
    regions: dict[str, list[Name]] = {}
    for name in names:
        regions.setdefault(name.region, []).append(name)
    for region, own in regions.items():
        for k, name in enumerate(own):
            for t, (key, text) in enumerate(templates.items()):
                turned = own[(k + len(own) // 2 + t) % len(own) :] + own
                other = next((n for n in turned if _apart(name, n)), None)
                if other is None:
                    raise DataError(f"region {region!r} needs a second name beside {name.full!r}")
                shown: Gender = name.gender or ("m" if k % 2 else "f")
                gender: Gender = "x" if (k + t) % 3 == 0 else shown
                yield FairnessCase(name, gender, _fill(key, text, name, gender, other))


def _apart(name: Name, other: Name) -> bool:
    return not set(name.full.split()) & set(other.full.split())


def _fill(key: str, template: str, name: Name, gender: Gender, other: Name) -> MarkedArticle:
    slots = {
        **{"A": name.full, "a": name.short, "B": other.full, "b": other.short},
        **_WORDS[gender],
        "Mr_b": _WORDS[other.gender or "m"]["Mr"],
    }
    speakers = {"A": name.full, "B": other.full}
    text, at, opened = "", 0, ("", 0)
    said: list[Attributed] = []
    for mark in _MARK.finditer(template):
        text += template[at : mark.start()]
        at = mark.end()
        if mark["who"]:
            opened = (mark["who"], len(text))
        elif mark["end"]:
            who, span = opened[0], (opened[1], len(text))
            if who == "+" and said:
                said[-1] = replace(said[-1], content=(*said[-1].content, span))
            elif who in speakers:
                said.append(Attributed((span,), speakers=(speakers[who],)))
        elif mark["slot"] in slots:
            text += slots[mark["slot"]]
        else:
            raise DataError(f"template {key!r}: unknown place {mark.group()}")
    if not any(item.speakers == (name.full,) for item in said):
        raise DataError(f"template {key!r} marks no statement [A: ...]")
    people = tuple(MarkedSpeaker(full, "person") for full in speakers.values())
    return MarkedArticle(f"{key}: {name.full}", text + template[at:], tuple(said), people)


def count_right(case: FairnessCase, found: Sequence[Attributed]) -> tuple[float, float]:
    """Statements of the case's name whose speaker is right, and how many there are."""
    right = total = 0
    for outcome in judge(case.article, found):
        if outcome.gold is None or outcome.gold.speakers != (case.name.full,):
            continue
        total += 1
        named = outcome.found.speakers if outcome.found is not None else ()
        right += len(named) == 1 and same_full_name(case.name.full, named[0])
    return float(right), float(total)


def measure_groups(
    cases: Sequence[FairnessCase],
    counts: Sequence[tuple[float, float]],
    *,
    resamples: int,
    seed: int,
) -> tuple[Measure, ...]:
    """The rate of right speakers of all cases, and of each region and gender beside it.

    Args:
        cases: as made by :func:`make_cases`.
        counts: what :func:`count_right` gave for each.
        resamples: of every interval.
        seed: of the resampling.
    """
    clusters: dict[Name, int] = {}
    ids = [clusters.setdefault(case.name, len(clusters)) for case in cases]
    groups: dict[str, list[int]] = {}
    for i, case in enumerate(cases):
        groups.setdefault(case.name.region, []).append(i)
    for gender, words in GENDERS.items():
        addressed = [i for i, case in enumerate(cases) if case.gender == gender]
        groups |= {words: addressed} if addressed else {}

    def table(rows: Sequence[int]) -> npt.NDArray[np.float64]:
        sums = np.zeros((len(clusters), 2))
        np.add.at(sums, [ids[i] for i in rows], np.array([counts[i] for i in rows]))
        return sums

    draws = {"resamples": resamples, "seed": seed}
    everything = table(range(len(cases)))
    rate = bootstrap_counts(everything, precision, unit="name", **draws)
    measures = [Measure("all", int(everything[:, 1].sum()), rate)]
    for name, rows in groups.items():
        own = table(rows)
        mine = own[own[:, 1] > 0]  # a resample draws from the names of the group alone
        measures.append(
            Measure(
                name,
                int(own[:, 1].sum()),
                bootstrap_counts(mine, precision, unit="name", **draws),
                bootstrap_counts(np.hstack([own, everything]), _difference, unit="name", **draws),
            )
        )
    return tuple(measures)


def _difference(counts: npt.NDArray[np.number]) -> FloatArray:
    """Rate of the group less that of all; 0 where a resample drew no name of the group."""
    own, every = share(counts[..., 0], counts[..., 1]), share(counts[..., 2], counts[..., 3])
    apart: FloatArray = np.where(counts[..., 1] > 0, own - every, 0.0)
    return apart


def far_below(measures: Sequence[Measure]) -> list[str]:
    """Groups whose rate is more than two points below that of all, at 95 % sureness."""
    return [m.name for m in measures if m.difference and m.difference.high < -MARGIN]


@dataclass(frozen=True, slots=True)
class FairnessSettings:
    """Settings of a fairness run.

    Attributes:
        bootstrap: resamples of every interval.
        seed: of the resampling.
        names: how many names of each region are used, or None for all.
    """

    bootstrap: int = 1000
    seed: int = 7
    names: int | None = None

    def __post_init__(self) -> None:
        """Check ranges.

        Raises:
            ConfigError: a value is out of range.
        """
        check_range("bootstrap", self.bootstrap, 1)
        check_range("seed", self.seed, 0, 2**32 - 1)  # numpy's generator takes no other
        if self.names is not None:
            check_range("names", self.names, 2)


def evaluate_fairness(
    settings: FairnessSettings,
    names: Path,
    templates: Path,
    system: System,
    folder: Path,
    *,
    name: str,
    overwrite: bool = False,
    say: Say = logger.info,
) -> MeasuredResults:
    """Fill every name into every template and measure whose speakers are found.

    Args:
        settings: of the run.
        names: as :func:`read_names` reads them.
        templates: YAML, a list of objects with ``id`` and ``text``; see :func:`make_cases`.
        system: the extractor.
        folder: gets ``results.json``, ``report.md`` and ``report.html``.
        name: of the evaluation, for the report.
        overwrite: replace another run in the folder.
        say: told what is going on.

    Raises:
        DataError: a file breaks its schema, or the folder holds another run or cannot be written.
    """
    cases = list(make_cases(_spread(read_names(names), settings.names), read_templates(templates)))
    facts = RunFacts(
        name=name,
        task="fairness",
        config_hash=config_hash(settings),
        data=describe_data([names, templates]),
        code=code_facts(),
        requested=system.sha256 or "rules",
        checkpoint=None,
        seed=settings.seed,
    )
    guard_output(folder, facts, overwrite=overwrite, say=say)
    counts = []
    for number, case in enumerate(cases, start=1):
        counts.append(count_right(case, system.extract(case.article.text)))
        if number % 500 == 0:
            say(f"{number} of {len(cases)} cases")
    measures = measure_groups(cases, counts, resamples=settings.bootstrap, seed=settings.seed)
    behind = ", ".join(far_below(measures)) or "none"
    notes = (f"Significantly more than 2 points below all: {behind}.",)
    caption = f"Statements whose speaker is right, in {len(cases)} made articles"
    return write_measured(folder, MeasuredResults(facts, caption, notes, measures))


def read_templates(path: Path) -> dict[str, str]:
    """Read a YAML list of templates.

    Raises:
        DataError: the file cannot be read, or an item has no ``id`` or ``text``, or an id is used
            twice.
    """
    listed = read_yaml(path, error=DataError)
    templates: dict[str, str] = {}
    for item in listed if isinstance(listed, list) else [listed]:
        key, text = (item.get("id"), item.get("text")) if isinstance(item, dict) else (None, None)
        if not isinstance(key, str) or not isinstance(text, str) or key in templates:
            raise DataError(
                f"{path}: a template needs an 'id' of its own and a 'text': {in_short(item)}"
            )
        templates[key] = text
    return templates


def _spread(names: Sequence[Name], wanted: int | None) -> list[Name]:
    """As many names of each region as are wanted, taken at even distances."""
    regions: dict[str, list[Name]] = {}
    for name in names:
        regions.setdefault(name.region, []).append(name)
    chosen: list[Name] = []
    for own in regions.values():
        count = min(len(own), wanted or len(own))
        chosen += [own[i * len(own) // count] for i in range(count)]
    return chosen
