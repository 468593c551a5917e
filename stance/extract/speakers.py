"""From a source span to a canonical speaker of the document.

A mention is linked by the name in its head, by pronoun (gender, place, last speaker) or by role.
Where nothing fits well, the answer is None rather than a guess.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from stance.extract import parameters as p
from stance.extract.document import Document
from stance.extract.inventory import POSSESSIVE, NameInventory
from stance.extract.lexicon import lexicon
from stance.extract.names import SENTENCE_START, Entity, is_organisation, stem
from stance.extract.segmentation import Range

_HEAD_END = re.compile(r",|[(—–;]| (?:of|for|who|from|at|in|with|on|to|and|which|that) ")
_APPOSITION_BEFORE = re.compile(r", (?:an?|the) [^,.;“”\"]*$")
_TAILS = frozenset("himself herself itself now once also later then who too jr sr".split())
_DEFINITE = ("the", "this", "that")


@dataclass(frozen=True, slots=True)
class Link:
    """The canonical speaker of a mention, and whether it is unnamed.

    ``confidence`` is a score of rules in [0, 1] (see ``parameters``), not a probability.
    """

    speaker: str | None
    confidence: float
    anonymous: bool = False


class SpeakerIndex:
    """The links from mentions to the names of one document."""

    def __init__(self, document: Document) -> None:
        self.text = document.text
        self.names = NameInventory(document)

    def link(self, source: Range, *, previous: str | None = None) -> Link:
        """Link the mention at ``source`` to its canonical name.

        Args:
            source: the mention, in code points.
            previous: canonical speaker of the statement before, a likely antecedent of a pronoun.
        """
        start, end = source
        words = [word.strip(".,;:’'\"“”()—–-").lower() for word in self.text[start:end].split()]
        words = [word for word in words if word]
        if not words:
            return Link(None, 0.0)
        alone = len(words) == 1 or words[1] in ("himself", "who")
        if words[0] in lexicon().pronouns and alone:
            return self._pronoun(words[0], start, previous)
        named = self._named(start, end)
        if named is not None:
            sure = len(named.words) > 1 or named.person
            return Link(named.name, p.SCORE_NAME if sure else p.SCORE_BARE_NAME)
        raw = self.text[start:end].strip(" ,—–-")
        return (
            self._owned(raw, words, start, previous)
            or self._role(raw, words, start)
            or _unnamed(raw, words)
        )

    def _named(self, start: int, end: int) -> Entity | None:
        """The name in the mention's head, else the one in its apposition."""
        places = self.names.places
        low = bisect_left(self.names.starts, start)
        if low and places[low - 1].end > start:
            low -= 1
        inside = []
        for place in places[low:]:
            if place.start >= end:
                break
            tail = self.text[place.end : end]
            if not (POSSESSIVE.match(tail) and len(tail.strip()) > 2):
                inside.append(place)
        if not inside:
            return None
        stop = _HEAD_END.search(self.text, start + 1, end)
        cut = stop.start() if stop else end
        head = [place for place in inside if place.start < cut]
        if head:
            last = head[-1]
            rest = re.findall(r"[^\W\d_]{2,}", POSSESSIVE.sub("", self.text[last.end : cut]))
            modifier = any(word.islower() and word not in _TAILS for word in rest)
            common = not last.entity.proper and len(last.entity.words) == 1
            return None if modifier or (common and not last.entity.person) else last.entity
        comma = self.text.find(",", start, end)
        opening = {word.rstrip("s") for word in self.text[start:comma].lower().split()}
        if comma > 0 and opening & lexicon().role_nouns:
            people = [place for place in inside if place.start > comma and _personal(place.entity)]
            return people[0].entity if people else None
        return None

    def _pronoun(self, word: str, position: int, previous: str | None) -> Link:
        """The antecedent of a pronoun; first person and an unclear "they" are left open."""
        kind = lexicon().pronouns[word]
        if kind == "r":
            return self._relative(position)
        if kind in ("n", "p") and previous is not None:
            person = any(e.name == previous and e.person for e in self.names.entities)
            plural = previous.split()[-1].endswith("s")
            if not person and plural == (kind == "p"):
                return Link(previous, p.SCORE_SAME_BODY)
        return self._antecedent(kind, position, previous) if kind in ("m", "f") else Link(None, 0.0)

    def _relative(self, position: int) -> Link:
        """The name right before a relative pronoun, or before the apposition it ends."""
        low = bisect_left(self.names.starts, position)
        before = self.text[max(0, position - p.RELATIVE_REACH) : position]
        apposition = _APPOSITION_BEFORE.search(before)
        anchor = position - len(apposition.group()) if apposition else position
        for place in reversed(self.names.places[max(0, low - p.RELATIVE_PLACES) : low]):
            if 0 <= anchor - place.end < p.RELATIVE_GAP:
                return Link(place.entity.name, p.SCORE_RELATIVE)
        return Link(None, 0.0)

    def _antecedent(self, kind: str, position: int, previous: str | None) -> Link:
        """The best fitting person before "he" (kind m) or "she" (kind f)."""
        low = bisect_left(self.names.starts, position)
        scores: dict[str, float] = {}
        known: dict[str, Entity] = {}
        for place in reversed(self.names.places[max(0, low - p.PRONOUN_PLACES) : low]):
            distance = position - place.end
            entity = place.entity
            if distance > p.PRONOUN_REACH:
                break
            if not entity.person or entity.gender not in ("", kind) or place.quoted:
                continue
            breaks = len(SENTENCE_START.findall(self.text[place.end : position]))
            score = p.ANTECEDENT_START - p.ANTECEDENT_SENTENCE * min(breaks, p.ANTECEDENT_SENTENCES)
            score -= distance / p.PRONOUN_REACH
            fits = entity.gender == kind
            score += p.ANTECEDENT_SUBJECT * place.subject + p.ANTECEDENT_GENDER * fits
            named = min(len(entity.places), p.ANTECEDENT_MOST_PLACES)
            spoke = entity.name == previous
            score += p.ANTECEDENT_PREVIOUS * spoke + p.ANTECEDENT_PLACE * named
            if entity.name not in scores or score > scores[entity.name]:
                scores[entity.name] = score
                known[entity.name] = entity
        if not scores:
            return Link(None, 0.0)
        ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
        best, top = ranked[0]
        margin = top - ranked[1][1] if len(ranked) > 1 else p.ALONE_MARGIN
        sure = known[best].gender == kind
        if not sure and margin < p.UNKNOWN_GENDER_MARGIN:
            return Link(None, 0.0)
        confidence = p.PRONOUN_BASE + p.PRONOUN_PER_MARGIN * margin + p.PRONOUN_GENDER * sure
        return Link(best, min(p.PRONOUN_MOST, confidence))

    def _owned(
        self, raw: str, words: Sequence[str], start: int, previous: str | None
    ) -> Link | None:
        """A mention that begins with "his" or "her" ("her office"), or None."""
        owner = lexicon().pronouns.get(words[0], "")
        if owner not in ("m", "f") or len(words) >= p.POSSESSIVE_WORDS:
            return None
        person = self._pronoun(words[0], start, previous)
        if person.speaker is None:
            return None
        tail = raw.split(None, 1)[1]
        return Link(f"{person.speaker}’s {tail}", p.FACTOR_POSSESSIVE * person.confidence)

    def _role(self, raw: str, words: Sequence[str], start: int) -> Link | None:
        """The person who holds a role ("the Mexican president"), or None."""
        role_nouns = lexicon().role_nouns
        definite = words[0] in _DEFINITE or "’s" in raw or "'s" in raw
        roles = [word for word in words if word in role_nouns]
        if not roles or not definite or len(words) > p.ROLE_MENTION_WORDS:
            return None
        fits = [
            entity
            for entity in self.names.entities
            if entity.person and roles[-1] in entity.roles and entity.places[0] < start
        ]
        opening = words[1:] if words[0] in _DEFINITE else words
        qualifiers = [
            stem(POSSESSIVE.sub("", word))
            for word in opening
            if word not in role_nouns and word not in ("former", "late", "of")
        ]
        close = [item for item in fits if all(q in item.modifiers for q in qualifiers)]
        if len(close) == 1:
            sure = bool(qualifiers) or len(fits) == 1
            return Link(close[0].name, p.SCORE_ROLE if sure else p.SCORE_BARE_ROLE)
        if len(close) > 1:
            near = max(close, key=lambda e: max(place for place in e.places if place < start))
            return Link(near.name, p.SCORE_LATEST_ROLE)
        return None


def _unnamed(raw: str, words: Sequence[str]) -> Link:
    """A mention that stands for itself; anonymous where it only says what the source is."""
    nouns = lexicon().anonymous_nouns
    unnamed = any(word in nouns for word in words[: p.UNNAMED_WORDS])
    return Link(raw or None, p.SCORE_UNNAMED, unnamed and words[0] not in _DEFINITE)


def _personal(entity: Entity) -> bool:
    """Whether an entity is a person or may well be one."""
    return entity.person or (len(entity.words) > 1 and not is_organisation(entity.words))
