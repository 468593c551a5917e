"""What kind of speaker a name or a noun phrase stands for."""

from __future__ import annotations

import re

from stance.extract.entities import Entity
from stance.extract.lexicon import lexicon
from stance.extract.names import given_gender, is_role, of_body
from stance.extract.phrases import Part, plain_words
from stance.schema import SpeakerKind

_AGED = re.compile(r"\d{1,3}-year-old")
_ANYBODY = frozenset(
    "another anybody anyone everybody everyone nobody one somebody someone".split()
)
_NUMBERED = frozenset("first second third fourth fifth other".split())
_AGENT = re.compile(r"[a-z]{3}(?:eer|er|ian|ist|man|or|woman)$")
"""Ends nouns for who does something ("the ropemaker"), where nothing else is known of them."""


def kind_of_name(entity: Entity) -> SpeakerKind:
    """The kind of who bears a name."""
    known = lexicon()
    last = entity.words[-1].lower()
    if entity.country:
        return "country"
    if entity.person >= 2:
        return "person"
    if last in known.document_nouns:
        return "document"
    if entity.person == 1 and (entity.gender or given_gender(entity.words[0])):
        return "person"
    if any(of_body(word, known) for word in entity.words[:-1]) or last in known.party_words:
        return "organisation"
    if last in known.plural_roles or " ".join(entity.words).lower() in known.peoples:
        return "group"
    return "organisation"


def kind_of_noun(text: str, part: Part) -> SpeakerKind:
    """The kind of what a noun phrase means that stands for itself.

    An office ("the mayor") is a person, though the article does not name them; of others it only
    says what they are ("a mayor", "two officials").
    """
    known = lexicon()
    words = plain_words(text[part.start : part.end]) or [part.head]
    head = part.head
    if head in known.document_nouns or head in known.plural_documents:
        return "document"
    if head in known.unique_bodies or (head in known.body_nouns and not part.plural):
        return "organisation"
    if words[0] in _ANYBODY or (head in _NUMBERED and words[0] in ("a", "the")):
        return "unnamed"
    if head in known.informant_nouns or head in known.plural_informants:
        return "unnamed"
    if part.plural or head in known.group_nouns:
        return "group"
    if head in known.relation_nouns and not is_role(head):
        return "unnamed"  # "her Malian counterpart"
    if is_role(head) or _AGED.fullmatch(head) or _AGENT.search(head):
        return "person" if words[0] == "the" and _is_office(text, part) else "unnamed"
    return "group" if head.endswith("s") and not head.endswith("ss") else "organisation"


def _is_office(text: str, part: Part) -> bool:
    """Whether one person alone is called so ("the mayor", "the Director of Harbours")."""
    lead = text[part.start : part.end].removesuffix(part.complement).split()
    return not part.complement or (bool(lead) and lead[-1][0].isupper())
