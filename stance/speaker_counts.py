"""Who speaks in an article or in many: one row a speaker, with counts.

Within an article the extraction has joined the mentions of one speaker. Over articles

* persons are one where the full name is the same and the roles share a noun ("French President",
  "president"); a person of whom an article gives no role joins the only bearer of the name that
  others give roles to. A surname alone never joins;
* organisations and countries are one where the name is the same;
* groups, unnamed speakers and documents ("two officials") are of one article each;
* speakers that the reader's own list names are who it says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from stance.columns import ABSTAINED, SPEAKER_COLUMNS
from stance.errors import DataError
from stance.people import People, Person, name_key, role_heads
from stance.schema import Article, Prediction, Speaker, SpeakerKind, Statement

if TYPE_CHECKING:
    import pandas as pd

_ADDRESSES = frozenset("mr mrs ms miss mx sir dame dr lord lady baroness".split())
_JOINED = frozenset(("person", "organisation", "country"))


class Analysed(Protocol):
    """An article with its statements and predictions; :class:`stance.Analysis` is one."""

    @property
    def document(self) -> Article:
        """The article."""

    @property
    def statements(self) -> tuple[Statement, ...]:
        """Its statements."""

    @property
    def predictions(self) -> tuple[tuple[Prediction, ...], ...]:
        """For each statement, one prediction a target."""


@dataclass(frozen=True, slots=True)
class SpeakerRow:
    """One speaker of a table.

    Attributes:
        name: that of the reader's list, else the fullest name that the articles give.
        kind: of the speaker.
        roles: as the articles write them, the most frequent first.
        affiliations: the same.
        document_ids: names of the articles, in their order; None for one without a name.
        statements: how many the speaker makes, joint ones included.
        confidence: mean of ``speaker_confidence`` of these: the share of them to expect right.
        stances: for each target, how many of the statements are ``favor``, ``neutral`` and
            ``against`` it, and of how many the stance is not given (``abstained``).
        person: the row of the reader's list, or None.
    """

    name: str
    kind: SpeakerKind
    roles: tuple[str, ...]
    affiliations: tuple[str, ...]
    document_ids: tuple[str | None, ...]
    statements: int
    confidence: float
    stances: Mapping[str, Mapping[str, int]]
    person: Person | None = None


@dataclass(frozen=True, slots=True)
class SpeakerTable:
    """The speakers of one or more articles.

    Attributes:
        rows: one a speaker, with the most statements first.
        unknown: how many statements have no known speaker.
        people: the reader's list that was joined, or None.
    """

    rows: tuple[SpeakerRow, ...]
    unknown: int
    people: People | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns of :meth:`to_records`; those of the reader's list come last."""
        more = self.people.columns if self.people else ()
        return (*(column.name for column in SPEAKER_COLUMNS), *more)

    @property
    def absent(self) -> tuple[Person, ...]:
        """Who of the reader's list makes no statement."""
        found = {id(row.person) for row in self.rows}
        return tuple(p for p in (self.people.persons if self.people else ()) if id(p) not in found)

    def to_records(self) -> list[dict[str, object]]:
        """One flat dict a (speaker, target), keyed by :attr:`columns`."""
        more = self.people.columns if self.people else ()
        return [
            {
                "speaker": row.name,
                "speaker_kind": row.kind,
                "speaker_role": "; ".join(row.roles) or None,
                "speaker_affiliation": "; ".join(row.affiliations) or None,
                "document_id": row.document_ids[0] if len(row.document_ids) == 1 else None,
                "articles": len(row.document_ids),
                "speaker_confidence": round(row.confidence, 4),
                "target": target,
                "statements": sum(counts.values()),
                **counts,
                **{name: row.person.cells.get(name) if row.person else None for name in more},
            }
            for row in self.rows
            for target, counts in row.stances.items()
        ]

    def to_frame(self) -> pd.DataFrame:
        """The records as a data frame."""
        import pandas as pd

        return pd.DataFrame(self.to_records(), columns=list(self.columns))


@dataclass(slots=True)
class _Voice:
    """A speaker of one article, or of several once they are joined."""

    speaker: Speaker
    articles: dict[str, str | None]
    person: Person | None = None
    roles: Counter[str] = field(default_factory=Counter)
    affiliations: Counter[str] = field(default_factory=Counter)
    statements: int = 0
    confidence: float = 0.0
    stances: dict[str, Counter[str]] = field(default_factory=dict)

    def take(self, other: _Voice) -> None:
        """Add another voice of the same speaker."""
        if len(other.speaker.name) > len(self.speaker.name):
            self.speaker = other.speaker
        self.articles.update(other.articles)
        self.roles += other.roles
        self.affiliations += other.affiliations
        self.statements += other.statements
        self.confidence += other.confidence
        for target, counts in other.stances.items():
            self.stances.setdefault(target, Counter()).update(counts)

    @property
    def heads(self) -> frozenset[str]:
        """Nouns of the roles."""
        return frozenset().union(*map(role_heads, self.roles))

    def row(self) -> SpeakerRow:
        """The finished row."""
        return SpeakerRow(
            self.person.name if self.person else self.speaker.name,
            self.speaker.kind,
            tuple(role for role, _ in self.roles.most_common()),
            tuple(name for name, _ in self.affiliations.most_common()),
            tuple(self.articles.values()),
            self.statements,
            self.confidence / self.statements,
            {
                target: {name: counts[name] for name in ("favor", "neutral", "against", ABSTAINED)}
                for target, counts in self.stances.items()
            },
            self.person,
        )


class SpeakerCounter:
    """Counts speakers statement by statement; :func:`speaker_table` is the short way.

    Args:
        people: the reader's list, or None.

    Raises:
        DataError: a column of the list has the name of one of the table's.
    """

    def __init__(self, people: People | None = None) -> None:
        taken = [c.name for c in SPEAKER_COLUMNS if people and c.name in people.columns]
        if taken:
            raise DataError(
                f"the list of people has a column {', '.join(map(repr, taken))}, which the table "
                "of speakers has too: rename it first"
            )
        self._people = people
        self._voices: dict[tuple[str, str, str], _Voice] = {}
        self._unknown = 0

    def add(
        self,
        article: str,
        document_id: str | None,
        speakers: Sequence[Speaker],
        confidence: float,
        stances: Mapping[str, str],
    ) -> None:
        """Count one statement.

        Args:
            article: key of its article.
            document_id: the article's name, or None.
            speakers: who made it; empty where that is not known.
            confidence: of these.
            stances: by target, the stance, or ``abstained``.
        """
        self._unknown += not speakers
        for speaker in speakers:
            key = (article, speaker.kind, name_key(speaker.name))
            voice = self._voices.get(key)
            if voice is None:
                voice = self._voices[key] = _Voice(speaker, {article: document_id})
            voice.roles.update([speaker.role] if speaker.role else ())
            voice.affiliations.update([speaker.affiliation] if speaker.affiliation else ())
            voice.statements += 1
            voice.confidence += confidence
            for target, stance in stances.items():
                voice.stances.setdefault(target, Counter())[stance] += 1

    def table(self) -> SpeakerTable:
        """The speakers counted so far, joined over articles."""
        listed: dict[int, _Voice] = {}
        by_name: dict[tuple[str, str], list[_Voice]] = {}
        for (article, kind, name), voice in self._voices.items():
            voice.person = self._people.find(voice.speaker) if self._people else None
            if voice.person is not None:
                _add(listed, id(voice.person), voice)
            else:
                alone = kind not in _JOINED or (kind == "person" and not is_full_name(name))
                by_name.setdefault((kind, f"{article} {name}" if alone else name), []).append(voice)
        joined = [voice for group in by_name.values() for voice in _joined(group)]
        rows = [voice.row() for voice in (*listed.values(), *joined)]
        rows.sort(key=lambda row: (-row.statements, row.name))
        return SpeakerTable(tuple(rows), self._unknown, self._people)


def _add(known: dict[int, _Voice], key: int, voice: _Voice) -> None:
    if key in known:
        known[key].take(voice)
    else:
        known[key] = voice


def is_full_name(key: str) -> bool:
    """Whether a name has more than a surname: a first name or two initials, no form of address."""
    words = key.split()
    while words and words[0] in _ADDRESSES:
        words.pop(0)
    return len("".join(words[:-1])) > 1


def _joined(voices: Sequence[_Voice]) -> list[_Voice]:
    """Voices of one name, those whose roles share a noun made one."""
    bearers: list[_Voice] = []
    for voice in (v for v in voices if v.roles):
        same = [other for other in bearers if other.heads & voice.heads]
        bearers = [other for other in bearers if not any(other is item for item in same)]
        for other in same[1:]:
            same[0].take(other)
        if same:
            same[0].take(voice)
        bearers.append(same[0] if same else voice)
    rest = [voice for voice in voices if not voice.roles]
    if len(bearers) != 1:  # none, or namesakes: whom of them the article means is not told
        bearers += rest[:1]
        rest = rest[1:]
    for voice in rest:
        bearers[-1].take(voice)
    return bearers


def speaker_table(analyses: Iterable[Analysed], *, people: People | None = None) -> SpeakerTable:
    """The speakers of analysed articles, each with counts of statements and stances.

    Args:
        analyses: what :func:`stance.analyze` gives for each article; it may be a generator.
        people: your own list, from :func:`stance.read_people`; its columns join the rows.

    Raises:
        DataError: two articles have one id, so that statements may count twice; or a column of the
            list has the name of one of the table's.
    """
    counter = SpeakerCounter(people)
    seen: set[str] = set()
    for number, analysis in enumerate(analyses):
        name = analysis.document.id
        if name in seen:
            raise DataError(
                f"two analysed articles have the id {name!r}: give each article once, with all "
                "its targets, under an id of its own"
            )
        seen.update([name] if name is not None else ())
        for statement, predictions in zip(analysis.statements, analysis.predictions, strict=True):
            counter.add(
                f"article {number}" if name is None else f"id {name}",
                name,
                statement.speakers,
                statement.speaker_confidence,
                {p.target: p.stance.value if p.stance else ABSTAINED for p in predictions},
            )
    return counter.table()
