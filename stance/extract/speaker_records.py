"""From links to the records of speakers: what the document tells of each of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from stance.extract.affiliations import role_and_affiliation, role_of_noun
from stance.extract.entities import Entity
from stance.extract.inventory import NamePlace
from stance.extract.parameters import FIRST_REACH
from stance.extract.referents import Referent
from stance.extract.segmentation import Range
from stance.extract.speaker_kinds import kind_of_name, kind_of_noun
from stance.extract.speakers import Link, SpeakerIndex, speaker_name
from stance.schema import Candidate, Span, Speaker


class SpeakerRecords:
    """The speakers of one document; each is described once."""

    def __init__(self, index: SpeakerIndex) -> None:
        self.text = index.text
        self.names = index.names
        self._places: dict[int, list[NamePlace]] = {}
        for place in index.names.places:
            for entity in place.bearers:
                self._places.setdefault(id(entity), []).append(place)
        self._known: dict[int, Speaker] = {}

    def of(self, links: Sequence[Link]) -> tuple[Speaker, ...]:
        """The speakers of a statement; empty where one of them is not known."""
        if speaker_name(links) is None:
            return ()
        return tuple(speaker for link in links for speaker in self._of_link(link))

    def candidates(self, links: Sequence[Link]) -> tuple[Candidate, ...]:
        """Who may be meant by the first mention that is left open."""
        for link in links:
            if link.speaker is None and link.candidates:
                return _candidates(link)
        return ()

    def _of_link(self, link: Link) -> list[Speaker]:
        referent = link.referent
        if referent is None:
            return []
        speakers = [self._of_referent(item) for item in referent.everyone]
        if len(speakers) == 1 and link.probability < 1 and len(link.candidates) > 1:
            return [replace(speakers[0], candidates=_candidates(link))]
        return speakers

    def _of_referent(self, referent: Referent) -> Speaker:
        known = self._known.get(id(referent))
        if known is None:
            known = self._named(referent.entity) if referent.entity else self._unnamed(referent)
            self._known[id(referent)] = known
        return known

    def _named(self, entity: Entity) -> Speaker:
        """The bearer of a name."""
        places = self._places.get(id(entity), [])
        own = [place for place in places if len(place.bearers) == 1] or places
        kind = kind_of_name(entity)
        role, affiliation = None, None
        if kind == "person":
            role, affiliation = role_and_affiliation(self.text, self.names, entity, own)
        first = Span.of(self.text, own[0].start, own[0].end) if own else None
        return Speaker(entity.name, kind, role, affiliation, first)

    def _unnamed(self, referent: Referent) -> Speaker:
        """Who or what a noun phrase means; it may have stood in the text before."""
        name, part = referent.name, referent.part
        if part is None:
            return Speaker(name, "group")
        kind = kind_of_noun(self.text, part)
        role, affiliation = role_of_noun(self.text, self.names, part)
        spellings = (name, name[0].lower() + name[1:], name[0].upper() + name[1:])
        low = max(0, part.start - FIRST_REACH)
        places = [self._place(words, low, part.end) for words in spellings]
        start, end = min(filter(None, places), default=(part.start, part.end))
        return Speaker(name, kind, role, affiliation, Span.of(self.text, start, end))

    def _place(self, words: str, low: int, stop: int) -> Range | None:
        """Where whole words first stand in ``[low, stop)``: a plain search, quick in long texts."""
        start = self.text.find(words, low, stop)
        while start >= 0:
            end = start + len(words)
            around = self.text[max(0, start - 1) : start] + self.text[end : end + 1]
            if not any(character.isalnum() for character in around):
                return start, end
            start = self.text.find(words, start + 1, stop)
        return None


def _candidates(link: Link) -> tuple[Candidate, ...]:
    return tuple(Candidate(name, round(score, 4)) for name, score in link.candidates)
