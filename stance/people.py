"""A reader's own list of people and bodies, which speakers are joined to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from stance.errors import DataError
from stance.extract.names import fold, is_role
from stance.schema import Speaker

NAME, ALIASES, ROLE = "name", "aliases", "role"
_IDENTIFIERS = frozenset("wikidata wikidata_id qid".split())
_NAMED = frozenset(("person", "organisation", "country"))
_SHORT = {
    "gen": "general",
    "gov": "governor",
    "pm": "minister",
    "prof": "professor",
    "rep": "representative",
    "sen": "senator",
}
_COMPLEMENTS = frozenset("of for at in to from with on".split())


def name_key(name: str) -> str:
    """A name without accents, capitals, full stops and "the", under which its spellings meet."""
    plain = fold(name).replace(".", " ")
    return " ".join(plain.split()).removeprefix("the ")


def role_heads(role: str) -> frozenset[str]:
    """The nouns that say what somebody is: {"minister"} of "French finance minister for trade"."""
    words = [fold(word).strip(".,") for word in role.replace("/", " ").split()]
    stop = next((n for n, word in enumerate(words) if n and word in _COMPLEMENTS), len(words))
    words = [_SHORT.get(word, word) for word in words[:stop]]
    heads = {word.split("-")[-1] for word in words if is_role(word)}
    return frozenset(heads or words[-1:])


@dataclass(frozen=True, slots=True)
class Person:
    """One row of the reader's list.

    Attributes:
        name: of the column ``name``.
        names: keys of the name and of its aliases.
        heads: nouns of the roles; empty where the row gives none.
        cells: all columns of the row, as they stand.
        place: file and row, for messages.
    """

    name: str
    names: frozenset[str]
    heads: frozenset[str]
    cells: Mapping[str, object]
    place: str

    @classmethod
    def of_row(cls, row: Mapping[str, object], place: str) -> Person:
        """Read a row.

        Args:
            row: cells by column: ``name``, and, where they are there, ``aliases`` and ``role``,
                of which semicolons part several. An empty cell is None.
            place: file and row, for messages.

        Raises:
            DataError: the name is empty.
        """
        name = row.get(NAME)
        if name is None or not str(name).strip():
            raise DataError(
                f"{place}: column {NAME!r} is empty: give the full name, or drop the row"
            )
        names = {name_key(str(name)), *map(name_key, _several(row.get(ALIASES)))}
        heads = [role_heads(role) for role in _several(row.get(ROLE))]
        return cls(str(name), frozenset(names), frozenset().union(*heads), dict(row), place)

    def fits(self, role: str | None) -> bool:
        """Whether a role is one of this person's; a role that one side does not give fits."""
        return not role or not self.heads or bool(self.heads & role_heads(role))


@dataclass(frozen=True, slots=True)
class People:
    """A list of people and bodies in which no name leads to two rows that no role tells apart.

    Attributes:
        columns: all columns, in the order of the file.
        persons: its rows.

    Raises:
        DataError: two rows share a name or an alias and no role tells them apart, or two rows have
            one Wikidata id (column ``wikidata``, ``wikidata_id`` or ``qid``).
    """

    columns: tuple[str, ...]
    persons: tuple[Person, ...]
    _by_name: dict[str, list[Person]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        ids: dict[tuple[str, str], Person] = {}
        for person in self.persons:
            for column in sorted(_IDENTIFIERS & set(self.columns)):
                value = person.cells.get(column)
                if value is not None:
                    _refuse_second(
                        column, value, person, ids.setdefault((column, str(value)), person)
                    )
            for key in sorted(person.names):
                bearers = self._by_name.setdefault(key, [])
                for other in bearers:
                    _refuse_twins(key, person, other)
                bearers.append(person)

    def find(self, speaker: Speaker) -> Person | None:
        """Who of the list a speaker is, by the whole name or alias, and by the role of both.

        None where nobody fits, where several do, and for groups, unnamed speakers and documents.
        """
        if speaker.kind not in _NAMED:
            return None
        fit = [p for p in self._by_name.get(name_key(speaker.name), ()) if p.fits(speaker.role)]
        return fit[0] if len(fit) == 1 else None


def _several(cell: object) -> list[str]:
    """The parts of a cell that semicolons part."""
    return [part.strip() for part in str(cell or "").split(";") if part.strip()]


def _refuse_second(column: str, value: object, person: Person, other: Person) -> None:
    """Refuse a second row of one Wikidata id."""
    if other is not person:
        raise DataError(
            f"{person.place}: {column} {value} of {person.name!r} is that of {other.name!r} in "
            f"{other.place} too: give each person one row, and other names of theirs in the column "
            f"{ALIASES!r}"
        )


def _refuse_twins(key: str, person: Person, other: Person) -> None:
    """Refuse two rows that a speaker of this name could both be."""
    if not person.heads or not other.heads or person.heads & other.heads:
        raise DataError(
            f"{person.place}: {person.name!r} shares the name or alias {key!r} with "
            f"{other.name!r} in {other.place}: give each person one row; tell namesakes apart by "
            f"different roles in the column {ROLE!r}, or drop the alias"
        )
