"""From a source span to the speakers of a document, with what speaks for each link.

A mention is linked by the name in its head; by pronoun or noun to the likeliest antecedent; a text
("a statement") to whoever issued it. Where nothing fits well, nobody is named, and the candidates
are kept.
"""

from __future__ import annotations

import re
from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass, replace

from stance.extract import parameters as p
from stance.extract.antecedents import (
    Choice,
    Features,
    Weights,
    choose,
    fitted_weights,
    pronoun_features,
)
from stance.extract.descriptions import noun_phrase_before
from stance.extract.document import Document
from stance.extract.inventory import NameInventory
from stance.extract.issuers import issuer_of, issuer_of_it, owner_phrase
from stance.extract.lands import body_meant, land_meant, land_of, native_meant
from stance.extract.lexicon import lexicon
from stance.extract.mentions import parts_of
from stance.extract.names import fold
from stance.extract.namesakes import meant_bearer
from stance.extract.nouns import is_known_medium, model_of, noun_features
from stance.extract.passives import is_impersonal, is_passive
from stance.extract.phrases import Part
from stance.extract.plurals import committee_of, fuller_group, last_pair, lone_person
from stance.extract.referents import Referent, Referents
from stance.extract.reporters import own_reporter
from stance.extract.retold import NamedSubjects, note_place
from stance.extract.segmentation import Range
from stance.extract.turn_labels import is_another_label

_APPOSITION_BEFORE = re.compile(r", (?:an?|the) [^,.;“”\"]*$")
_AUTHOR = re.compile(r" (?:by|from) ((?:the|his|her|its|their) )")
_SEVERAL = frozenset("two three four both pair trio duo couple".split())
"""Of people named before ("the two")."""
_CLAUSE_BEFORE = re.compile(r".*(?<!\band)(?<!\bor) (?=(?:he|she|they)$)", re.DOTALL)
_OWNS = re.compile(r"(?<=\w)(?:['’]s|(?<=s)['’])$")
_APOSTROPHES = "'’‘ʻ"
_IN_THE_CHAIR = frozenset("chair chairman chairperson chairwoman clerk court speaker".split())
_OWNER_NOUNS = frozenset("his her their its".split())


@dataclass(frozen=True, slots=True)
class Link:
    """One speaker that a mention is linked to.

    Attributes:
        speaker: its name in the document, or None where it is not known.
        evidence: the kind of link, as the confidence of speakers tells them apart.
        probability: of the choice among candidates; 1 where there was none to make.
        referent: what it is linked to, or None.
        part: the part of the mention, or None.
        candidates: names and probabilities of those that it can be.
    """

    speaker: str | None
    evidence: str = "unknown"
    probability: float = 0.0
    referent: Referent | None = None
    part: Part | None = None
    candidates: tuple[tuple[str, float], ...] = ()


UNKNOWN = Link(None)


class SpeakerIndex:
    """The links from mentions to the speakers of one document, made in reading order."""

    def __init__(self, document: Document, weights: Weights | None = None) -> None:
        self.weights = fitted_weights() if weights is None else weights
        self.text = document.text
        self.names = NameInventory(document)
        self.referents = Referents(document, self.names)
        self._looks_from = 0
        self._looks_behind = self._said_from = 0
        self._subjects = NamedSubjects(self.referents, self.weights)

    def link(
        self, source: Range, cue: Range | None = None, content: Sequence[Range] = ()
    ) -> tuple[Link, ...]:
        """The speakers of the mention at ``source``, in code points; empty where it has no words.

        A pronoun behind the ``content`` seldom means whom that speaks of ("Lund has failed, he
        claimed"), so its antecedent is looked for before both. The subject of a passive ``cue``
        ("is expected to") says nothing: its speaker is not known.
        """
        start, end = source
        if cue is not None and end <= cue[0] and is_passive(self.text[slice(*cue)]):
            return (UNKNOWN,)
        clause = _CLAUSE_BEFORE.match(self.text, start, end)
        if cue is not None and clause and cue[0] - end == 1:
            start = clause.end()  # "Ole Dahl, whose mill had to close, he | said"
        for place in self.names.between(start, end):  # a tagger may stop within a name
            end = max(end, place.end)
            inside = place.start < start and self.text[start - 1] in _APOSTROPHES
            start = place.start if inside else start
        if cue is not None and end <= cue[0]:  # of two sentences the one that the cue is in
            start = max(start, self.referents.sentence_start(end - 1))
        first = content[0][0] if content else start
        same = self.referents.sentence_at(first) == self.referents.sentence_at(start)
        self._looks_from = min(first, start) if same else start
        self._looks_behind = content[-1][1] if content else end
        self._said_from = first
        self._subjects.name_until(self._looks_from)
        stop = self.referents.sentence_end(start)
        links: list[Link] = []
        for part in parts_of(self.text, self.names, (start, min(end, stop))):
            link = self._link(part)
            if link.referent is None or all(link.referent is not other.referent for other in links):
                links.append(link)
        return tuple(links)

    def said(self, content: Sequence[Range], links: Sequence[Link]) -> None:
        """Note whose a statement is: a likely antecedent of what follows, unlike whom it names."""
        for piece in content:
            insort(self.referents.reported, piece)
        known = [one for link in links if link.referent for one in link.referent.everyone]
        if known:
            several = any(link.part is not None and link.part.is_several for link in links)
            self.referents.said(content[0][0], known, plural=several)
        for link in links:
            note_place(self.referents, link.part, link.referent)
            if link.part is not None and link.part.head in lexicon().document_nouns:
                self.referents.text_spoke = (content[0][0], link.referent)

    def _link(self, part: Part) -> Link:
        if part.kind == "pronoun":
            return self._pronoun(part)
        if part.kind == "name":
            return self._named(part)
        return self._noun(part)

    def _named(self, part: Part) -> Link:
        """The bearer of a name; of several namesakes the one that is plainly meant, or nobody."""
        if len({entity.name for entity in part.bearers}) > 1:
            return self._namesake(part)
        entity = part.bearers[0]
        native = native_meant(self.referents, part)
        if native is not None:
            return Link(native.name, "noun", p.OWN_LAND, referent=native, part=part)
        if len(entity.words) == 1:
            entity = self.names.party(entity.name.lower()) or entity
        if len(part.words) == len(entity.words):
            entity = land_of(self.names, entity)
        words = [fold(word) for word in self.text[part.start : part.end].split()]
        full = len(entity.words) > 1 and fold(entity.words[0]) in words
        if full:
            evidence = "full name"
        elif len(entity.words) > 1:
            evidence = "short name"
        else:
            evidence = "only name" if entity.person == 3 else "bare name"
        return Link(
            entity.name, evidence, 1.0, referent=self.referents.of_entity(entity), part=part
        )

    def _namesake(self, part: Part) -> Link:
        """Which of several bearers is meant, or nobody."""
        item, evidence, candidates = meant_bearer(self.referents, part)
        name, sure = (None, 0.0) if item is None else (item.name, 1.0)
        return Link(name, evidence, sure, referent=item, part=part, candidates=candidates)

    def _pronoun(self, part: Part) -> Link:
        """The antecedent of a pronoun; first person is left open."""
        kind = lexicon().pronouns[part.head]
        if kind == "r":
            return self._relative(part)
        if kind in ("1", "1p"):
            return self._first_person(part)
        if kind not in ("m", "f", "p", "n") or (kind == "n" and is_impersonal(self.text, part.end)):
            return Link(None, part=part)
        model = {"m": "he", "f": "he", "p": "they", "n": "it"}[kind]
        candidates, none = pronoun_features(
            self.referents, kind, part.start, self._looks_from, self._looks_behind
        )
        if kind == "p" and self.referents.turns and len(self.referents.turns[-1][1]) > 1:
            turn = self.referents.turns[-1]
            if self.referents.sentence_at(part.start) - self.referents.sentence_at(turn[0]) <= 2:
                name = " and ".join(item.name for item in turn[1])
                both = Referent(name, plural=True, members=turn[1])
                return Link(name, model, 0.7, referent=both, part=part)
        chosen = self._chosen(self._choose(model, candidates, none), model, part)
        if kind == "n" and (chosen.referent is None or chosen.referent.entity is None):
            issuer = issuer_of_it(self.text, self.names, self.referents, part)
            if issuer is not None:
                return Link(issuer[0].name, issuer[1], 1.0, referent=issuer[0], part=part)
        if kind == "p" and chosen.referent is None:
            person = lone_person(self.referents, part.start, self._said_from)
            if person is not None:
                return Link(person.name, model, p.LONE_PERSON, referent=person, part=part)
        return chosen

    def _first_person(self, part: Part) -> Link:
        """Whose words "I" stands in, where a quotation holds it whose speaker is known."""
        regions = self.referents.document.regions_in(part.start, part.end)
        turn = self.referents.turns[-1] if self.referents.turns else None
        if turn is not None and len(turn[1]) == 1 and regions:
            if regions[0].start <= turn[0] < regions[0].end:
                item = turn[1][0]
                return Link(item.name, "first person", 1.0, referent=item, part=part)
        return Link(None, part=part)

    def _chosen(self, choices: Sequence[Choice], evidence: str, part: Part) -> Link:
        """The likeliest antecedent, or nobody where none is likely enough."""
        listed = tuple(
            (choice.referent.name, choice.probability) for choice in choices[: p.CANDIDATES]
        )
        if not choices:
            return Link(None, evidence, part=part)
        best = choices[0]
        rest = 1.0 - sum(choice.probability for choice in choices)
        if best.probability < p.LEAST_ANTECEDENT or best.probability < rest:
            return Link(None, evidence, part=part, candidates=listed)
        return Link(
            best.referent.name, evidence, best.probability, referent=best.referent, part=part,
            candidates=listed,
        )  # fmt: skip

    def _relative(self, part: Part) -> Link:
        """The name right before a relative pronoun, or before the apposition it ends."""
        position = part.start
        reach = max(0, position - p.RELATIVE_REACH)
        apposition = _APPOSITION_BEFORE.search(self.text[reach:position].rstrip(", "))
        anchors = [reach + apposition.start()] if apposition else []
        for anchor in [*anchors, position]:
            for place in reversed(self.names.between(max(0, anchor - p.RELATIVE_REACH), anchor)):
                if 0 <= anchor - place.end < p.RELATIVE_GAP:
                    item = self.referents.of_entity(land_of(self.names, place.entity))
                    return Link(item.name, "relative", 1.0, referent=item, part=part)
        phrase = noun_phrase_before(self.text, position)
        if phrase is not None:
            found = parts_of(self.text, self.names, phrase)
            if len(found) == 1 and found[0].kind == "noun":
                return self._noun(found[0])
        return Link(None, "relative", part=part)

    def _noun(self, part: Part) -> Link:
        """Who is meant by a noun: a known person or body, the issuer of a text, or itself."""
        known = lexicon()
        label = self.text[part.start : part.end]
        asks = part.head in known.reporter_nouns or part.head in _IN_THE_CHAIR
        if len(label) > 1 and label.isupper() and asks:
            return self._itself(part, 1.0)  # "ANCHOR: Good evening."
        if part.head in known.document_nouns and not is_known_medium(self.names, part.head):
            return self._issuer(part) or self._itself(part, 1.0)
        if part.owner is not None and part.head in known.claim_nouns | known.speech_nouns:
            item = self.referents.of_entity(part.owner)
            return Link(item.name, "issuer named", 1.0, referent=item, part=part)
        if part.words[:1] == ("our",):  # of the outlet's own people
            own = own_reporter(self.referents, part)
            if own is None:
                return self._itself(part, 1.0)
            return Link(own.name, "noun", p.OWN_REPORTER, referent=own, part=part)
        if part.head in _SEVERAL and part.definite == "the" and not part.complement:
            several = self._pronoun(replace(part, head="they"))
            return several if several.speaker is not None else self._itself(part, 1.0)
        both = last_pair(self.referents, part) if part.plural or part.words == ("both",) else None
        if both is not None:
            return Link(both.name, "both", 1.0, referent=both, part=part)
        if part.plural:
            plain = part.definite == "the" and not part.qualifiers and not part.complement
            member = fold(self.text[part.start : part.end]).split()[-1]
            party = self.names.party(member) if plain else None
            group = fuller_group(self.referents, part) if party is None else None
            group = group or committee_of(self.referents, part)
            if group is not None:
                return Link(group.name, "noun", 1.0, referent=group, part=part)
            if party is None:
                return self._itself(part, 1.0)
            item = self.referents.of_entity(party)
            return Link(item.name, "short name", 1.0, referent=item, part=part)
        land = land_meant(self.referents, part) or body_meant(self.referents, part)
        if land is not None:
            return Link(land.name, "noun", p.OWN_LAND, referent=land, part=part)
        candidates, none = noun_features(self.referents, part, self._looks_behind, self._looks_from)
        choices = self._choose(model_of(self.referents, part), candidates, none)
        rest = 1.0 - sum(choice.probability for choice in choices)
        if choices and rest < p.MOST_ITSELF and choices[0].probability > p.LEAST_NOUN:
            best = choices[0]
            starts = best.referent.starts
            if is_another_label(self.text, part, best.referent.entity):
                return self._itself(part, 1.0)  # "THE WITNESS: No." under "JUDGE BERG: So?"
            if self.text.startswith(":", part.end) and starts and starts[0] > part.start:
                return self._itself(part, 1.0)  # "JUDGE: Sit down." before "MS. BERG: No."
            listed = tuple(
                (choice.referent.name, choice.probability) for choice in choices[: p.CANDIDATES]
            )
            return Link(
                best.referent.name, "noun", best.probability, referent=best.referent, part=part,
                candidates=listed,
            )  # fmt: skip
        return self._itself(part, rest)

    def _issuer(self, part: Part) -> Link | None:
        """Who speaks through a text, or None where the document does not say."""
        if part.words and part.words[0] in _OWNER_NOUNS:
            return self._pronoun(replace(part, head=part.words[0], end=part.start))
        owner = owner_phrase(self.text, self.names, part)
        if owner is not None:
            return self._link(owner)
        author = _AUTHOR.search(self.text, part.start, part.end)
        if author is not None:  # "an estimate by the association"
            parts = parts_of(self.text, self.names, (author.start(1), part.end))
            if len(parts) == 1 and parts[0].kind != "pronoun":
                return self._link(parts[0])
        found = issuer_of(self.text, self.names, self.referents, part)
        if found is None:
            return None
        return Link(found[0].name, found[1], 1.0, referent=found[0], part=part)

    def _choose(
        self, model: str, candidates: Sequence[tuple[Referent, Features]], none: Features
    ) -> list[Choice]:
        """Candidates with their probabilities; a hook for those who fit the weights."""
        return choose(self.weights[model], candidates, none)

    def _itself(self, part: Part, probability: float) -> Link:
        """A mention that stands for itself; its owner is spelt out ("Ada Berg’s office")."""
        raw = _OWNS.sub("", self.text[part.start : part.end])  # "the mayor’s | claim"
        words = part.words
        if words and words[0] in _OWNER_NOUNS and len(words) < p.POSSESSIVE_WORDS:
            kind = lexicon().pronouns[words[0]]
            model = {"m": "he", "f": "he", "p": "they", "n": "it"}[kind]
            candidates, none = pronoun_features(self.referents, kind, part.start, part.start)
            owner = self._chosen(self._choose(model, candidates, none), model, part)
            if owner.referent is not None and owner.referent.entity is not None:
                name = f"{owner.speaker}’s {raw.split(None, 1)[1]}" if " " in raw else raw
                item = self.referents.of_noun(name, part)
                return Link(name, "owned", owner.probability, item, part)
        item = self.referents.of_noun(raw, part)
        return Link(item.name or None, "itself", probability, item, part)


def speaker_name(links: Sequence[Link]) -> str | None:
    """The joined name of a statement's speakers, or None where one of them is not known."""
    names = [link.speaker for link in links]
    known = [name for name in names if name is not None]
    return " and ".join(known) if known and len(known) == len(names) else None
