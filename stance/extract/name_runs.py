"""Names as they stand in a text: capitalised runs, parted from titles and from neighbours."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from stance.extract.abbreviations import CUT_SHORT
from stance.extract.document import Document
from stance.extract.lexicon import Lexicon, lexicon
from stance.extract.name_joints import KIN, behind_place, is_peoples_body, only_begins, parted
from stance.extract.names import (
    NAME_SUFFIXES,
    fold,
    given_gender,
    is_role,
    may_name_person,
    of_body,
    person_gender,
    title_words,
)
from stance.extract.naming import naming_part
from stance.extract.paired_names import paired_names, places_of
from stance.extract.parameters import (
    HEADLINE_LEAST_WORDS,
    HEADLINE_NAME_WORDS,
    HEADLINE_SHARE,
    NOUN_BEFORE,
    OFFICE_REACH,
)
from stance.extract.segmentation import Range
from stance.extract.spelt_names import FIELDS, spelt_out

_TOLD_BY_CUT = {"asst": "assistant", "chmn": "chairman", "dir": "director", "min": "minister"}
_OWNER = r"(?:[^\W\d_a-z][\w-]*(?:s['’]|['’]s))(?=[ \u00a0](?:and[ \u00a0])?[^\W\d_a-z])"
"""A possessive before a further name; it may be part of a name ("Teachers’ Union")."""
_PREFIX = r"(?:(?:al|el|as|ash|an|ar|at|az|ad|ul)-|(?:d|l|dell)['’])(?=[^\W\d_a-z])"
_OF_NAME = r"(?:['’]s(?= (?:added|has|said|says|told|warned)\b))"
"""Before a verb it owns nothing ("Moody’s said")."""
_WORD = (
    rf"(?:{CUT_SHORT}|(?:[^\W\d_a-z]\.)+(?:[^\W\d_a-z]{{2,}})?|(?:{_PREFIX})?"
    r"(?![\d_a-z])\w[\w\-]*(?:&\w+)*"
    rf"(?:/[A-Z]\w+)*(?:['’‘](?!s\b)\w+)*{_OF_NAME}?)"
)
_PARTICLE = (
    r"(?:de|la|van|von|bin|bint|binti|ibn|bt|al|der|den|del|della|da|dos|das|do|du|di|el|ul|ter|"
    r"ten|te|e|y|ap|mac|por|para|per|pour|il|sans|sin|für|und|et|le|les|los|las)"
)
_JOINT = r"(?:of(?: the(?: ruling| governing)?)?|for(?: the| an?)?|on)"
_IMPERATIVE = "|".join(
    rf"(?<=\b{verb} )the" for verb in ("Defend", "Feed", "Free", "Keep", "Protect", "Save", "Stop")
)
"""Names such as "Save the Rivers"."""
_NAME = re.compile(
    rf"(?<![\w’'])(?:{_OWNER}|{_WORD})"
    rf"(?:[ \u00a0]+(?:(?:(?:{_PARTICLE}[ \u00a0]+){{0,2}}{_PARTICLE}|{_JOINT}|and|&|{_IMPERATIVE})"
    rf"[ \u00a0]+"
    rf"(?:the[ \u00a0]+)?)?"
    rf"(?:{_OWNER}|{_WORD}(?:(?<=&[ ]Poor)['’]s)?|\d{{1,4}}\b)){{0,9}}"
)
_TOKEN = re.compile(r"\S+")
_OPENS = re.compile(r"(?:[“\"‘'«:–—…]|(?<= )-) ?$")
_OFFICE = re.compile(r"\b(\w+) (?:for|of) [^.;:“”\"\n]*?(?:, | and | & )$")
_TIME_ZONES = frozenset("GMT UTC BST CET CEST EST EDT CST CDT PST PDT IST".split())
_HOUR = re.compile(r"(?:\d|[ap]\.?m\.?) ?\(?$")
_SEATS = frozenset("mp mep msp mla".split())
_CODE = re.compile(r"\([A-Z\d]{1,6}[a-z]?\.[A-Z]{1,2}\)")
"""Under which a share is traded ("Norwind (NWD.OL)")."""


@dataclass(frozen=True, slots=True)
class NameRun:
    """One name in the text.

    Attributes:
        start: where it begins, titles included.
        end: where it ends.
        name_start: where the name itself begins.
        titles: words before the name, in small letters without full stops.
        words: of the name; empty where the run is an office ("the Home Secretary").
        initial: whether a sentence or a headline begins with it.
        written: titles and name as they stand.
    """

    start: int
    end: int
    name_start: int
    titles: tuple[str, ...]
    words: tuple[str, ...]
    initial: bool
    written: str = ""

    @property
    def core(self) -> list[str]:
        """The words without suffixes such as "Jr"."""
        plain = [word for word in self.words if word.rstrip(".").lower() not in NAME_SUFFIXES]
        return plain or list(self.words)


def name_runs(document: Document) -> list[NameRun]:
    """Capitalised runs that can be names; headlines only name what the article names too."""
    text = document.text
    runs: list[NameRun] = []
    pairs = paired_names(text)
    for (start, end), sentences in zip(document.paragraphs, document.sentences, strict=True):
        words = re.findall(r"[^\W\d_]{4,}", text[start:end])
        capitals = sum(word[0].isupper() for word in words)
        headline = len(words) > HEADLINE_LEAST_WORDS and capitals > HEADLINE_SHARE * len(words)
        headline = headline and len(sentences) == 1 and text[end - 1] != "."
        told = naming_part(text, (start, end), headline=headline)
        if told is None:
            continue
        begins = [sentence[0] for sentence in sentences]
        if told[0] > start:
            begins.insert(bisect_right(begins, told[0]), told[0])
        start, end = told
        spelt = places_of(text, pairs, start, end) or spelt_out(text, start, end)
        names = set(spelt)
        for left, right in _unspelt(text, start, end, spelt):
            if (left, right) in names:
                parts = tuple(text[left:right].split())
                runs.append(NameRun(left, right, left, (), parts, False, " ".join(parts)))
                continue
            run = _run(text, left, right, begins, headline)
            if run is not None and not (headline and len(run.words) > HEADLINE_NAME_WORDS):
                runs.append(run)
    plain = set(re.findall(r"\b[a-z]{2,}\b", text))
    named = [run for run in _trimmed(runs, text, plain) if not _common(run, text, plain)]
    return _with_shared_surname(text, _written_out(named))


def _with_shared_surname(text: str, runs: Sequence[NameRun]) -> list[NameRun]:
    """First names with the surname behind a second one ("Tim and Rosa Gale")."""
    whole = {run.words[0] for run in runs if len(run.words) > 1}
    result = list(runs)
    for number, (left, right) in enumerate(pairwise(runs)):
        first = len(left.words) == 1 and not left.titles and left.words[0] not in whole
        if not first or len(right.words) != 2 or text[left.end : right.start] != " and ":
            continue
        given = bool(person_gender(left.words) and person_gender(right.words[:1]))
        lead = text[max(0, left.start - NOUN_BEFORE) : left.start].lower().split(" ")
        given = given or (len(lead) > 1 and not lead[-1] and lead[-2] in KIN)
        if given and not right.titles and not of_body(right.words[1], lexicon()):
            result[number] = replace(left, words=(left.words[0], right.words[1]))
    return result


def _written_out(runs: Sequence[NameRun]) -> list[NameRun]:
    """Names of two cut words under the full ones ("Lib Dems", where "Liberal Democrats" stands)."""
    known = lexicon().party_words
    parties = {run.words for run in runs if all(word.lower() in known for word in run.words)}
    result = []
    for run in runs:
        cut = [word.lower().rstrip("s") for word in run.words]
        fits = [
            full
            for full in parties
            if len(full) == len(cut) > 1
            and all(
                word.lower().startswith(short) and len(word) > len(short) + 1
                for word, short in zip(full, cut, strict=True)
            )
        ]
        result.append(replace(run, words=fits[0]) if run.words in parties and fits else run)
    return result


def _unspelt(text: str, start: int, end: int, spelt: Sequence[Range]) -> list[Range]:
    """All names of a paragraph: those spelt out, and the others by their form."""
    ends = [right for _, right in spelt]
    parts = list(spelt)
    for match in _NAME.finditer(text, start, end):
        for part in parted(text, *match.span()):
            near = bisect_right(ends, part[0])
            if near == len(spelt) or spelt[near][0] >= part[1]:
                parts.append(part)
    return sorted(parts)


def _common(run: NameRun, text: str, plain: set[str]) -> bool:
    """Whether a run of one word is a common noun with a capital ("Prosecutors", "the Cabinet")."""
    if len(run.words) != 1 or run.titles:
        return False
    if text[run.start - 1] in "(." and _CODE.search(text, max(0, run.start - 9), run.end + 4):
        return True
    known = lexicon()
    word = run.words[0].lower()
    if run.words[0] in _TIME_ZONES:
        return _HOUR.search(text, max(0, run.start - NOUN_BEFORE), run.start) is not None
    noun = word in known.body_nouns or word in known.document_nouns or word in known.plural_roles
    noun = noun or word in known.plural_informants or word in known.plural_documents
    if noun or word in known.plural_bodies or word in known.group_nouns - known.party_words:
        return True
    if run.initial and word.endswith("s") and text.startswith(" of ", run.end):
        return True  # "Results of a survey"
    small = word in plain or word in known.phrase_enders or word in known.reporting_forms
    return run.initial and (small or word.endswith(("ed", "ing", "ly")))


def _run(text: str, left: int, right: int, begins: Sequence[int], headline: bool) -> NameRun | None:
    """The name of one capitalised run, or None where it is no name."""
    near = bisect_right(begins, left) - 1
    gap = text[begins[near] : left] if near >= 0 else " "
    initial = headline or not any(ch.isalnum() for ch in gap)
    tokens = [match.span() for match in _TOKEN.finditer(text, left, right)]
    words = [text[slice(*token)] for token in tokens]
    opens = initial or _OPENS.search(text, max(0, left - 3), left) is not None
    while words and (opens or len(words) == 1) and _no_name(words[0]):
        tokens, words = tokens[1:], words[1:]
    if initial and len(words) > 1 and only_begins(words):
        tokens, words = tokens[1:], words[1:]
    if not words or not _begins_name(words[0]):
        return None
    definite = text[max(0, tokens[0][0] - 4) : tokens[0][0]].lower() == "the "
    cut = title_words(words, definite=definite)
    if definite and fold(words[-1]) in _SEATS and not cut:
        cut = len(words)  # "the Exeter MP"
    if cut == len(words):
        name_start = right
    else:
        name_start = tokens[cut][0]
    plain = [word.lower().rstrip(".") for word in words[:cut]]
    plain = [_TOLD_BY_CUT.get(word, word) for word in plain]
    titles = tuple(lexicon().plural_roles.get(word, word) for word in plain)
    return NameRun(
        tokens[0][0], right, name_start, titles, tuple(words[cut:]), initial, " ".join(words)
    )


def _begins_name(word: str) -> bool:
    """Whether a word begins with a capital, be it behind an article ("al-Jaber")."""
    return word[0].isupper() or re.match(_PREFIX, word) is not None


def _no_name(word: str) -> bool:
    small = len(word) < 2 or not word.isupper()
    return small and fold(word) in lexicon().not_names


def _trimmed(runs: Sequence[NameRun], text: str, plain: set[str]) -> list[NameRun]:
    """Part words off a run's front that only stand before the name ("Rival Ada Berg")."""
    known = lexicon()
    inner = {run.words for run in runs if run.words and not run.initial}
    result: list[NameRun] = []
    for run in runs:
        lead = text[max(0, run.start - NOUN_BEFORE) : run.start].split(" ")
        announced = len(lead) > 1 and not lead[-1] and lead[-2] in known.body_nouns
        office = _OFFICE.search(text, max(0, run.start - OFFICE_REACH), run.start)
        listed = office is not None and is_role(office.group(1))
        cut = _front(run, inner, plain, known, announced=announced, listed=listed)
        place = behind_place(text[max(0, run.start - NOUN_BEFORE) : run.start], run.words, inner)
        if place and not run.titles and cut is None:
            cut = (place, True)
        if cut == (1, False) and run.words[1:] not in inner and is_peoples_body(run.words, lead):
            cut = None
        if cut:
            tokens = [match.span() for match in _TOKEN.finditer(text, run.name_start, run.end)]
            if cut[1]:  # the front is a name of its own
                front = run.words[: cut[0]]
                result.append(
                    NameRun(
                        run.start,
                        tokens[cut[0] - 1][1],
                        run.name_start,
                        run.titles,
                        front,
                        run.initial,
                    )
                )
                run = NameRun(
                    tokens[cut[0]][0], run.end, tokens[cut[0]][0], (), run.words[cut[0] :], False
                )
            else:
                titles = (*run.titles, *(word.lower() for word in run.words[: cut[0]]))
                run = NameRun(
                    run.start, run.end, tokens[cut[0]][0], titles, run.words[cut[0] :], run.initial
                )
        result.append(run)
    return result


def _front(
    run: NameRun,
    inner: set[tuple[str, ...]],
    plain: set[str],
    known: Lexicon,
    *,
    announced: bool,
    listed: bool,
) -> tuple[int, bool] | None:
    """How many words stand before the name in a run, and whether they are a name themselves.

    A body is ``announced`` where its noun goes before ("the union Beacon Karl Ost"); ``listed`` is
    the last field of an office ("Minister for Ports and Sport Karl Ost").
    """
    words = run.words
    if len(words) < 2 or (words in inner and len(words) < 3):
        return None
    for size in (3, 2, 1):
        rest = words[size:]
        if not rest:
            continue
        front = " ".join(words[:size]).lower()
        given = fold(rest[0]) in known.male_names or fold(rest[0]) in known.female_names
        if (
            (front in known.countries or front in known.places)
            and (len(rest) > 1 or rest in inner)
            and may_name_person(rest, known)
        ):
            return size, True
        party = all(word.lower() in known.party_words for word in words[:size])
        if (
            (front in known.peoples or party)
            and may_name_person(rest, known)
            and (rest in inner or (len(rest) > 1 and (given or size == 1)))
        ):
            return size, False
    field = words[0].lower() in FIELDS or words[0].lower() in known.offices
    if listed and len(words) == 3 and field and may_name_person(words[1:], known):
        return 1, False  # "Trade and Tourism Reyes Okoro"
    rare = listed and not any(given_gender(word) for word in words[1:-1])
    for index in range(1, len(words) - 1):
        given = fold(words[index]) in known.male_names or fold(words[index]) in known.female_names
        given = given or (rare and bool(person_gender(words[index : index + 1])))
        before = words[index - 1]
        known_alone = words[index + 1 :] in inner and len(words) > 3
        first = announced and not given_gender(words[0])
        if given and (
            of_body(before, known)
            or before.lower() in known.group_nouns
            or listed
            or first
            or (known_alone and not given_gender(words[0]))
        ):
            if may_name_person(words[index:], known):
                return index, first or (index > 1 and not known_alone)
    bodies = known.plural_bodies.keys() | known.group_nouns
    branch = len(words) == 2 and words[0].lower() in bodies  # "Universities Scotland"
    if run.initial and words not in inner and words[1:] in inner and words[0].lower() in plain:
        return None if branch else (1, False)
    return None
