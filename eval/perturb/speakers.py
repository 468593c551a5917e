"""Another speaker: another name, another form of address, another party, in all the model reads.

Only named persons are changed, and only where the target does not name them, since a target that
is the speaker would become another.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

from eval.perturb.targets import wordings
from stance.evaluation.labelled_sets import LabelledRow
from stance.evaluation.tasks.behaviour.cases import Variant

Swapped = tuple[str, Variant, Variant]

_NAME = re.compile(
    r"(?:(?:Mr|Mrs|Ms|Dr|Sir|Lord|Sen|Rep|Gov)\.? )?(?P<given>[A-Z][\w’'-]+)"
    r"(?: (?:[A-Z]\.|[A-Z][\w’'-]+|de|la|van|von|bin|al|der))? (?P<family>[A-Z][\w’'-]+)"
)
_NO_PERSON = re.compile(
    r"\b(?:Agency|Association|Bank|Board|Bureau|Commission|Committee|Company|Congress|Council|Court|"
    r"Department|Federation|Foundation|Government|Group|House|Institute|Ministry|News|Office|"
    r"Organi[sz]ation|Party|Police|Post|Press|Republicans?|Democrats?|Senate|Service|Society|States|"
    r"Street|Times|Union|University|Watch|Without)\b"
)
_SAID = r"(?:said|says|told|added|adds|argued|asked|claimed|insisted|warned|wrote|called|also)"
_PRONOUN = re.compile(
    rf"\b(?:(?P<before>[Hh]e|[Ss]he) {_SAID}\b|{_SAID} (?P<after>he|she)(?=[,.;]|$))"
)
_OTHER = {"he": "she", "she": "he", "He": "She", "She": "He"}
_ADDRESS = {"Mr": "Ms", "Mr.": "Ms.", "Ms": "Mr", "Ms.": "Mr.", "Mrs": "Mr", "Mrs.": "Mr."}
_MALE, _FEMALE = ("Mr", "Mr.", "he", "He"), ("Ms", "Ms.", "Mrs", "Mrs.", "she", "She")
_US = re.compile(r"[a-z-]+_\d{4}-\d{2}-\d{2}_")  # the dated ids of the US newspapers of 2016


def swapped(row: LabelledRow, rng: random.Random) -> Iterator[Swapped]:
    """Pairs of inputs that differ in who speaks: (kind of change, one input, the other)."""
    found = _NAME.fullmatch(row.speaker or "")
    if found is None or _NO_PERSON.search(row.speaker or ""):
        return
    given, family = found["given"], found["family"]
    if set(_words(row.target)) & {given.lower(), family.lower()}:
        return
    before = as_read(row)
    gender = _gender(f"{row.text}\n{row.context}", family)
    renamed = _changed(before, _renamer(given, family, gender, rng))
    if renamed != before:
        yield "name", before, renamed
    readdressed = _readdressed(before, family)
    if readdressed != before:
        yield "form of address", before, readdressed
    yield from _parties(row, before, rng)


def as_read(row: LabelledRow, target: str | None = None) -> Variant:
    """A row as the model reads it, toward its target or another."""
    return Variant(row.text, target or row.target, row.context, row.speaker)


def _changed(variant: Variant, change: Callable[[str], str]) -> Variant:
    return replace(
        variant,
        text=change(variant.text),
        context=change(variant.context),
        speaker=None if variant.speaker is None else change(variant.speaker),
    )


def _renamer(given: str, family: str, gender: str, rng: random.Random) -> Callable[[str], str]:
    names = wordings().names
    other_given = rng.choice(names[gender or rng.choice("mf")])
    other_family = rng.choice(names["family"])
    middle = r"(?: (?:[A-Z]\.|[A-Z][\w’'-]+|[a-z]+))?"
    full = rf"\b{re.escape(given)}\b{middle} {re.escape(family)}\b"

    def change(text: str) -> str:
        text = re.sub(full, f"{other_given} {other_family}", text)
        text = re.sub(rf"\b{re.escape(family)}\b", other_family, text)
        return re.sub(rf"\b{re.escape(given)}\b", other_given, text)

    return change


def _gender(text: str, family: str) -> str:
    """``m`` or ``f`` by the form of address, else by the pronoun beside a verb of saying."""
    forms = re.findall(rf"\b((?:Mr|Mrs|Ms)\.?) {re.escape(family)}\b", text)
    forms += [found["before"] or found["after"] for found in _PRONOUN.finditer(text)]
    if not forms:
        return ""
    return "m" if forms[0] in _MALE else "f"


def _readdressed(variant: Variant, family: str) -> Variant:
    """Mr for Ms and back before the name, and he for she where the judged words tell who says it.

    Pronouns within the words that are said stay: they may be about the target.
    """
    address = re.compile(rf"\b(?P<form>(?:Mr|Mrs|Ms)\b\.?) (?={re.escape(family)}\b)")
    changed = _changed(
        variant, lambda text: address.sub(lambda found: f"{_ADDRESS[found['form']]} ", text)
    )
    first = _PRONOUN.search(changed.text)
    if first is None:
        return changed
    at = "before" if first["before"] else "after"
    start, end = first.span(at)
    text = changed.text[:start] + _OTHER[first[at]] + changed.text[end:]
    return replace(changed, text=text)


def _parties(row: LabelledRow, before: Variant, rng: random.Random) -> Iterator[Swapped]:
    """The speaker as a member of one party and of another, where nothing is about parties."""
    tables = wordings()
    if set(_words(f"{row.target} {row.text}")) & set(tables.party_words):
        return
    article = row.group or ""
    place = "us" if _US.match(article) else "uk" if article.startswith("bbc") else "other"
    one, other = rng.sample(tables.parties[place], 2)
    named = re.compile(rf"\b{re.escape(row.speaker or '')}\b(?!,)")
    in_text, in_context = named.search(before.text), named.search(before.context)
    if in_text:
        first, second = (
            replace(before, text=_with_apposition(before.text, in_text.end(), party))
            for party in (one, other)
        )
    elif in_context:
        first, second = (
            replace(before, context=_with_apposition(before.context, in_context.end(), party))
            for party in (one, other)
        )
    else:
        return
    yield "party", first, second


def _with_apposition(text: str, at: int, party: str) -> str:
    closing = "" if text[at : at + 1] in ("", ".", ";", ":", ")") else ","
    return f"{text[:at]}, {party}{closing}{text[at:]}"


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())
