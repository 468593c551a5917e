"""Labelled news rows -> perturbed inputs."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from eval.loaders import read_news
from eval.perturb.speakers import as_read, swapped
from eval.perturb.targets import opposed, reworded
from eval.perturb.unrelated import Unrelated
from eval.sets import find_in, why_absent
from stance.errors import ConfigError, DataError
from stance.evaluation.labelled_sets import LabelledRow, required_text
from stance.evaluation.tasks.behaviour.perturbation_run import PerturbationSettings
from stance.evaluation.tasks.behaviour.perturbations import Perturbation, Place
from stance.jsonl import read_jsonl
from stance.labels import Stance
from stance.model import TargetBook, load_targets


@dataclass(frozen=True, slots=True)
class PerturbationConfig(PerturbationSettings):
    """A run on perturbed inputs (``configs/eval/news_behaviour.yaml``).

    Attributes:
        task: ``perturbation``.
        checkpoint: ``default``, ``small``, ``base``, or a path relative to the config.
        sets: files of labelled news in the ``--data`` folder, without their endings.
        donors: those of them whose targets are given to other articles as unrelated ones.
        articles: files with the texts of the articles, ``id`` and ``text`` a row.
    """

    task: Literal["perturbation"] = "perturbation"
    checkpoint: str = "default"
    sets: tuple[str, ...] = ()
    donors: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Check ranges and names.

        Raises:
            ConfigError: a value is out of range, or a donor is not among the sets.
        """
        PerturbationSettings.__post_init__(self)
        for stem in self.donors:
            if stem not in self.sets:
                raise ConfigError(f"donors: {stem!r} is not among the sets")


def make_cases(
    config: PerturbationConfig, data: Sequence[Path]
) -> tuple[list[Perturbation], list[Path]]:
    """Make the cases, and tell the files that they are made of.

    Rows are statements on which the second annotator, where there is one, agrees. Of each
    capability the kinds of change are taken in turn, so that each has its share.

    Raises:
        DataError: a file is missing or damaged, a row has no place in its article, or the text of
            an article is in none of the files.
    """
    files = {stem: _file(data, stem) for stem in (*config.sets, *config.articles)}
    sets = {stem: read_news(files[stem], agreed_only=True) for stem in config.sets}
    rows = [row for stem in config.sets for row in sets[stem]]
    places = dict(zip(map(id, rows), _places(sets), strict=True))
    articles = _texts([files[stem] for stem in config.articles])
    missing = sorted({str(row.group) for row in rows} - articles.keys())
    if missing:
        raise DataError(f"no text of article {missing[0]} in {', '.join(config.articles)}")
    donors = [row for stem in config.donors for row in sets[stem]]
    found = {row.group: articles[str(row.group)] for row in rows}
    unrelated = Unrelated({str(name): text for name, text in found.items()}, donors)
    rng, book = random.Random(config.seed), load_targets()
    made: dict[str, list[Perturbation]] = defaultdict(list)
    for row in rows:
        for case in _of_row(row, places[id(row)], book, unrelated, rng):
            made[case.capability].append(case)
    chosen = [case for cases in made.values() for case in _in_turn(cases, config.cases, rng)]
    return chosen, list(files.values())


def _of_row(
    row: LabelledRow, place: Place, book: TargetBook, unrelated: Unrelated, rng: random.Random
) -> Iterator[Perturbation]:
    before = as_read(row)
    for kind, target in reworded(row.target, book):
        yield Perturbation("target reworded", kind, place, before, as_read(row, target))
    if row.stance is not Stance.NEUTRAL:
        for kind, target in opposed(row.target, book):
            yield Perturbation("target opposed", kind, place, before, as_read(row, target))
    for kind, one, other in swapped(row, rng):
        yield Perturbation("speaker swapped", kind, place, one, other)
    found = unrelated.find(place.article, rng)
    if found is not None:
        yield Perturbation(
            "target unrelated", "of another article", place, None, as_read(row, found)
        )


def _in_turn(cases: Sequence[Perturbation], wanted: int, rng: random.Random) -> list[Perturbation]:
    """Cases of every kind in turn, each kind in random order."""
    kinds: dict[str, list[Perturbation]] = defaultdict(list)
    for case in rng.sample(cases, len(cases)):
        kinds[case.kind].append(case)
    chosen: list[Perturbation] = []
    while len(chosen) < wanted and any(kinds.values()):
        chosen += [own.pop() for own in kinds.values() if own]
    return chosen[:wanted]


def _places(sets: dict[str, list[LabelledRow]]) -> Iterator[Place]:
    for stem, rows in sets.items():
        targets: dict[str, list[str]] = defaultdict(list)
        for row in rows:
            known = targets[str(row.group)]
            if row.target not in known:
                known.append(row.target)
            if row.start is None or row.end is None or row.stance is None:
                raise DataError(f"{stem}: {row.id} has no 'spans': give its place in the article")
            number = known.index(row.target) + 1
            yield Place(str(row.group), row.start, row.end, number, row.stance)


def _texts(files: Sequence[Path]) -> dict[str, str]:
    return {
        required_text(row, "id", f"{file.name}, line {number}"): required_text(
            row, "text", f"{file.name}, line {number}"
        )
        for file in files
        for number, row in read_jsonl(file)
    }


def _file(data: Sequence[Path], stem: str) -> Path:
    file = find_in([path for path in data if path.is_dir()], stem)
    if file is None:
        raise DataError(why_absent(data, stem))
    return file
