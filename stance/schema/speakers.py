"""Who makes a statement, as far as the article tells."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from stance.config import from_mapping
from stance.errors import DataError
from stance.record_checks import check_one_of, check_share
from stance.schema.spans import Span

SpeakerKind = Literal["person", "group", "organisation", "country", "unnamed", "document"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be meant where the article leaves it open.

    Attributes:
        name: canonical name in the document.
        score: in [0, 1]; how likely it is who is meant. Those of a mention sum to 1 at most; what
            they lack is that none of them is.
    """

    name: str
    score: float

    def __post_init__(self) -> None:
        """Check that there is a name, and the range of the score.

        Raises:
            DataError: the name is empty, or the score is none from 0 to 1.
        """
        _check_name("a candidate", self.name)
        check_share("score", self.score)

    def to_record(self) -> dict[str, object]:
        """The candidate as JSON can hold it."""
        return {"name": self.name, "score": self.score}


@dataclass(frozen=True, slots=True)
class Speaker:
    """One speaker of a statement.

    Attributes:
        name: canonical name in the document: the fullest one, without titles.
        kind: ``person``; ``group`` ("prosecutors"); ``organisation``; ``country``; ``unnamed``, of
            whom the article only says what they are ("a senior official"); ``document``, a text
            whose issuer is not told ("the report").
        role: title, office or relation as the article first writes it in full ("Prime Minister",
            "the finance chief of the bloc"), or None.
        affiliation: the body, party, country or place that the article ties the speaker to, as
            written ("the Harbour Board", "Kenya"), or None.
        first_mention: where the article first names the speaker, or None where it does not.
        candidates: where a choice among several was made ("she"), the likeliest of them, best
            first, the chosen one included.
    """

    name: str
    kind: SpeakerKind
    role: str | None = None
    affiliation: str | None = None
    first_mention: Span | None = None
    candidates: tuple[Candidate, ...] = ()

    def __post_init__(self) -> None:
        """Check that there is a name, and that the kind is one of those allowed.

        Raises:
            DataError: the name is empty, or the kind is none of those.
        """
        _check_name("a speaker", self.name)
        check_one_of("kind of a speaker", self.kind, get_args(SpeakerKind))

    def to_record(self) -> dict[str, object]:
        """The speaker as JSON can hold it."""
        return {
            "name": self.name,
            "kind": self.kind,
            "role": self.role,
            "affiliation": self.affiliation,
            "first_mention": self.first_mention and self.first_mention.to_record(),
            "candidates": [candidate.to_record() for candidate in self.candidates],
        }

    @classmethod
    def from_record(cls, record: Mapping[str, object]) -> Speaker:
        """Read what :meth:`to_record` gave.

        Raises:
            DataError: a key is missing or unknown, or a value is of the wrong type or range.
            SpanError: the first mention does not fit its text.
        """
        return from_mapping(record, cls, where="speaker", error=DataError)


def _check_name(what: str, name: str) -> None:
    if not isinstance(name, str) or not name.strip():
        raise DataError(f"the name of {what} is {name!r}: give who it is, or leave it out")
