"""What a source span says: its parts, and the head of each: a name, a noun or a pronoun.

"Mayor Ole Dahl and his deputy, Siri Berge" has two parts, each with a name; "the ambassador to
Chile Hugo Lane" one; "the finance ministers of Togo and Benin" one, whose head is a plural noun.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import replace

from stance.extract.announced import bracketed_list, brings_name, is_capital_body, listed
from stance.extract.inventory import NameInventory
from stance.extract.lexicon import lexicon
from stance.extract.names import is_role
from stance.extract.offices import (
    bearer_of_office,
    goes_on_title,
    is_first_office,
    joined_offices,
    without_office,
)
from stance.extract.phrases import Part, are_groups, is_noun, part_of, plain_words
from stance.extract.segmentation import Range

_SEPARATOR = re.compile(
    r"(?<!\s)(?:(?:\s*,)?\s+(?:including|such as|namely|among them)\s+"
    r"|\s*,\s+(?:and\s+|as well as\s+|(?:along|together) with\s+)?|\s+(?:and|nor)\s+"
    r"|\s+as well as\s+|\s+(?:along|together) with\s+|\s*[–—]\s*|\s+-\s+)"
)
_CALLED = re.compile(r", an? [^,]*\b(?:known as|named|called|nicknamed) (?=[^\W\d_a-z])")
_HANGING = re.compile(r"\s(?:through|of|for|to|by|in|with|from|at|on)$")
_RELATIVE = re.compile(r",?\s+(?:who|which|whose|whom|that|where|when|while)\b")
_TRAILING = re.compile(
    r"(?:\s+(?:on (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|earlier|later|"
    r"today|yesterday|also|both|each|all|has|have|had|"
    r"himself|herself|itself|themselves|then|now|once|too|who|which|that|was|were|is|are|alike))+$"
)
_LOCATES = re.compile(r"(?:near|at|in|on|from|outside|with|under|of) ")
"""A segment that begins with such a word only says more of what stands before it."""
_FURTHER = re.compile(r"(?:the|other|several|some|two|three|four|five|six|\d+|dozens) ")
"""Behind "and" these begin a further speaker of a list."""
_OF_TWO = re.compile(r"(?:both|either|neither) (?=.* (?:and|or|nor) )|the likes of ", re.I)
_NO_SPEAKER = frozenset(
    "a an the and or but nor if as of to for with from at in by on than then so also not yet "
    "was were is are be been being has have had do does did will would".split()
)
"""Words that are nobody, where a span has no other."""
_RELATIVES = frozenset("who which".split())
_OWNED = frozenset("his her their".split())
_CONJUNCTIONS = frozenset("and nor".split())
_ARTICLES = frozenset("the a an his her its their our this that".split())
_RULERS = frozenset(
    "president premier minister king queen governor mayor chancellor emir sultan pope".split()
)
_OPEN = frozenset("of to for with from at in by".split())
_DETERMINED = frozenset("the a an his her".split())


def parts_of(text: str, names: NameInventory, source: Range) -> list[Part]:
    """The speakers of a source span, in reading order; empty where it has no words."""
    start, end = _trimmed(text, names, source)
    if not text[start:end].strip():
        return []
    words = plain_words(text[start:end])
    if _NO_SPEAKER.issuperset(words) and not words[:1] == ["that"]:
        return []
    alone = len(words) == 1 or (
        len(words) > 1
        and words[1] in ("himself", "herself", "themselves", "itself", "who", "both", "all")
    )
    if words and words[0] in _RELATIVES and start == source[0]:
        subject = _behind_relative(text, names, start + len(words[0]) + 1, end)
        if subject is not None:
            return parts_of(text, names, subject)
        return [Part("pronoun", start, start + len(words[0]), words=(words[0],), head=words[0])]
    if words and words[0] in lexicon().pronouns and alone:
        return [Part("pronoun", start, end, words=tuple(words), head=words[0])]
    called = _CALLED.search(text, start, end)
    if called:
        for place in names.between(called.end(), called.end() + 1):
            return [Part("name", start, end, place.bearers, tuple(words))]
    bracketed = bracketed_list(text, start, end)
    if bracketed is not None:
        announced = [part for piece in bracketed for part in parts_of(text, names, piece)]
        named = announced[1:] and all(
            part.kind == "name" or is_capital_body(text, part) for part in announced[1:]
        )
        if named and announced[0].kind == "noun" and announced[0].plural:
            return listed(text, announced)
    end = without_office(text, names, start, end)
    holder = bearer_of_office(text, names, start, end)
    if holder is not None:
        return [Part("name", start, end, holder.bearers, tuple(words))]
    segments = joined_offices(text, _segments(text, names, start, end))
    parts: list[Part] = []
    joined = any(
        re.search(r"\b(?:and|nor|as well)\b", text[before[1] : after[0]])
        and (text[after[0]].isupper() or _FURTHER.match(text, after[0])
             or brings_name(text, part_of(text, names, *after)))
        for before, after in itertools.pairwise(segments)
    )  # fmt: skip
    groups = are_groups(text, names, segments)
    joined = joined or groups
    for number, (left, right) in enumerate(segments):
        if number and _LOCATES.match(text, left, right):
            continue
        part = part_of(text, names, left, right)
        gap = text[segments[number - 1][1] : left] if number else ""
        if part is None:
            continue
        part = replace(part, plural=True) if groups else part
        if not parts:
            parts.append(part)
        elif not _new_part(text, parts, part, gap, joined, segments, number):
            conjunction = bool(_CONJUNCTIONS & {*gap.split()})
            parts[-1] = _merged(parts[-1], part, goes_on=conjunction)
        else:
            parts.append(part)
    return listed(text, parts)


def _behind_relative(text: str, names: NameInventory, start: int, end: int) -> Range | None:
    """Who speaks behind a relative pronoun that is no subject ("whom police | believe ...")."""
    words = plain_words(text[start:end])
    known = lexicon()
    if not words or len(words) > 3:
        return None
    named = any(place.start == start for place in names.between(start, end))
    several = words[-1] in known.plural_roles or words[-1] in known.group_nouns
    return (start, end) if named or several else None


def _trimmed(text: str, names: NameInventory, source: Range) -> Range:
    """A span without marks, relative clauses and adverbs at its end, and "both" of two."""
    start, end = source
    while start < end and not text[start].isalnum():
        start += 1
    pair = _OF_TWO.match(text, start, end)
    start = pair.end() if pair else start
    relative = _RELATIVE.search(text, start, end)
    named = _named_behind(text, names, start, end) if relative else None
    if named is not None:
        return named
    if relative and relative.start() > start:
        end = relative.start()
    body = _TRAILING.sub("", text[start:end])
    body = body.rstrip(' ,;:–—-"“”')
    if relative:
        body = _HANGING.sub("", body).rstrip(" ,;:–—-")
    return start, start + len(body)


def _named_behind(text: str, names: NameInventory, start: int, end: int) -> Range | None:
    """The person’s name behind a relative clause that ends a span ("a man who fell, Ole Dahl")."""
    stop = start + len(text[start:end].rstrip(' ,;:–—-"“”'))
    places = names.between(start, stop)
    if not places or places[-1].end != stop or places[-1].entity.person < 2:
        return None
    last = places[-1]
    before = text[start : last.start]
    heads = [word for word in plain_words(before)[:4] if is_role(word)]
    return (last.start, stop) if before.endswith(", ") and heads else None


def _segments(text: str, names: NameInventory, start: int, end: int) -> list[Range]:
    """A span cut at commas, dashes and "and", but not within a name or parentheses."""
    inside = [(place.start, place.end) for place in names.between(start, end)]
    inside += [match.span() for match in re.finditer(r"\([^()]*\)", text[start:end])]
    segments: list[Range] = []
    begin = start
    for match in _SEPARATOR.finditer(text, start, end):
        if any(left < match.start() < right for left, right in inside):
            continue
        if match.start() > begin:
            segments.append((begin, match.start()))
        begin = match.end()
    if begin < end:
        segments.append((begin, end))
    return segments


def _new_part(
    text: str,
    parts: Sequence[Part],
    part: Part,
    gap: str,
    joined: bool,
    segments: Sequence[Range],
    number: int,
) -> bool:
    """Whether a segment begins a further speaker; else it belongs to the part before."""
    last = parts[-1]
    conjunction = bool(_CONJUNCTIONS & {*gap.split()}) or "as well as" in gap or " with" in gap
    if _goes_on_office(text, last, part, segments[:number]):
        return False
    if not conjunction:
        if last.kind == "name" and part.kind == "name":
            first = text[part.start : part.end].split()[0]
            role = part.words[0] in _DETERMINED and any(map(is_role, part.words[1:2]))
            plain = first[0].isupper() or part.words[0] == "the"
            return joined and ((plain and not role) or brings_name(text, part))
        if last.kind == "noun" and part.kind == "noun":
            if joined and last.plural and is_capital_body(text, part):
                return True  # "both chambers, the Senate and the House of Elders"
            return (
                joined
                and part.definite != "the"
                and not _adjunct(part)
                and (last.plural or part.plural)
            )
        several = last.plural or (joined and is_capital_body(text, last))
        announced = last.kind == "noun" and several and part.kind == "name"
        return announced and not (_goes_on_complement(last, part) or _names_complement(last, part))
    apposed = text[slice(*segments[number - 1])].split()
    if last.kind == "name" and segments[number - 1][0] > last.start and "," not in gap:
        if any(word in _OPEN or word.endswith("ing") for word in apposed):
            return False
    if last.kind == "name" and segments[number - 1][0] > last.start and part.kind == "noun":
        open_ = apposed[0] in ("the", "a", "an", "two", "three") and not is_noun(
            apposed[-1].lower()
        )
        if open_ and part.plural and not part.definite:
            return False  # "Orex and Lumen, the mining and energy firms"
    if last.kind == "name" and part.kind == "name" and part.bearers[0].person < 2:
        if any(word in ("of", "at", "from") for word in apposed) and last.bearers[0].person > 1:
            return False  # "Ole Dahl of Berg and Lund"
    if goes_on_title(text, last, part, gap) or _goes_on_owner(text, last, part, gap):
        return False
    if is_first_office(text, last, part):
        return False
    known = lexicon()
    if last.kind == "noun" and part.kind == "name" and not last.definite and not last.plural:
        named = last.head in known.body_nouns or last.head in known.group_nouns
        titled = len(part.words) > len(part.bearers[0].words)
        if titled and not named and not is_role(last.head):
            return False  # "Tory work and pensions spokesman Ole Dahl"
    if last.kind == "name" and part.kind == "noun" and is_role(part.head) and not part.plural:
        apart = segments[number - 1][0] > last.start and "," in text[last.start : part.start]
        if apart and part.words[0] not in ("the", "a", "an", "his", "her", "their"):
            return False  # "Ole Dahl, founder and chief executive"
        if apart and part.words[0] in ("a", "an", "the") and apposed[0] in ("a", "an"):
            return False  # "Ole Dahl, a singer, and a member of the board"
    if last.kind == "noun" and last.complement and part.kind == "name":
        if last.plural and last.complement.startswith("of ") and part.bearers[0].person < 2:
            return False  # "the leaders of the Reform Bloc and the Tide Party"
        bare = text[part.start : part.end].split()[0][0].isupper()
        return not bare
    if last.kind == "noun" and not last.plural and is_role(last.head):
        bare = part.kind == "noun" and not part.plural and part.words[0] not in _ARTICLES
        same = bare and not (part.definite and _rules(last, part)) and is_role(part.head)
        if same or not last.definite:
            return False
    if part.kind == "name":
        return True
    noun = (
        is_role(part.head)
        or part.plural
        or part.head in known.body_nouns
        or part.head in known.group_nouns
        or part.head in known.unique_bodies
    )
    if part.words[0] in _OWNED and last.kind != "pronoun":
        return True  # "the captain and her first mate"
    return (noun and (bool(part.definite) or part.plural)) or (last.plural and part.plural)


def _rules(last: Part, part: Part) -> bool:
    """Whether two nouns are offices that no one holds at once ("the President and Premier")."""
    return last.head in _RULERS and part.head in _RULERS


def _goes_on_office(text: str, last: Part, part: Part, before: Sequence[Range]) -> bool:
    """Whether a segment goes on the office behind a name ("director for Trade, Roads")."""
    if last.kind != "name" or part.kind != "name":
        return False
    listed = part.bearers[0]
    if listed.person == 3 and (len(listed.words) > 1 or listed.gender):
        return False
    behind = [text[slice(*segment)].split() for segment in before if segment[0] > last.start]
    for words in behind:
        at = next((n for n, word in enumerate(words) if word in ("for", "of")), 0)
        if at and is_role(words[at - 1].lower()):
            return part.words[0] not in ("the", "a", "an")
    return False


def _goes_on_owner(text: str, last: Part, part: Part, gap: str) -> bool:
    """Whether "A and B’s Ada Berg" is one person, of a firm whose name has an "and"."""
    if last.kind != "name" or part.kind != "name" or gap.split() != ["and"]:
        return False
    front, person = last.bearers[0], part.bearers[0]
    lead = text[part.start : part.end].split()[: -len(person.words)]
    owned = len(lead) == 1 and lead[0].endswith(("'s", "’s"))
    return owned and front.person < 2 and not front.country and person.person > 1


def _goes_on_complement(last: Part, part: Part) -> bool:
    """Whether a name goes on what a noun's bearers are of ("the mayors of Turin, Lyon")."""
    if last.kind != "noun" or not last.plural or part.kind != "name":
        return False
    words = last.complement.split()
    name, known = part.bearers[0].name.lower(), lexicon()
    place = name in known.places or name in known.countries
    return bool(words) and words[-1][0].isupper() and (place or part.bearers[0].person < 2)


def _names_complement(last: Part, part: Part) -> bool:
    """Whether a name is that of whom people are of ("the sons of a former king, Ole Dahl")."""
    words = last.complement.split()
    while "of" in words[1:]:  # "of a former king of Norland"
        words = words[: len(words) - words[::-1].index("of") - 1]
    owner = bool(words) and words[-1].islower() and is_role(words[-1].rstrip(".,"))
    return owner and part.bearers[0].person > 1


def _adjunct(part: Part) -> bool:
    return bool(part.words) and part.words[0] in ("adding", "speaking", "led", "citing", "aged")


def _merged(last: Part, part: Part, *, goes_on: bool) -> Part:
    """A part with its apposition: the name of a role, or a name with more words."""
    titled = last.kind == "name" and last.bearers[0].person < 3
    if goes_on and titled and part.kind == "name" and part.start - last.end < 6:
        return replace(part, start=last.start, words=last.words + part.words)
    if _goes_on_complement(last, part):
        return replace(last, end=part.end)
    if last.kind == "noun" and part.kind == "name":
        named = last.complement.replace("(", " ").split()[-1:]
        if goes_on and named and named[0][0].isupper() and part.bearers[0].person < 3:
            return replace(last, end=part.end)  # "the member for Hull and Goole"
        if part.words[0] in ("a", "an"):  # "a clerk, a friend of Ada Berg"
            return last
        if last.plural and part.bearers[0].person > 1:  # "the sons of a ruler, Ada Berg"
            return last
        return replace(part, start=last.start, words=last.words + part.words)
    if last.kind == "name" and part.kind == "name":
        lead = part.words[: -len(part.bearers[0].words)]
        office = lead[:1] not in (("a",), ("an",)) and any(map(is_role, lead[-1:]))
        article = last.words[0] in ("the", "a", "an")  # "the Guarantor, Ada Berg"
        # or "Cole County, Utah Sheriff Ada Berg"
        if (office or article) and last.bearers[0].person < 2 <= part.bearers[0].person:
            return replace(part, start=last.start, words=last.words + part.words)
    office = part.kind == "noun" and is_role(last.head) and is_role(part.head)
    goes_on = goes_on and last.kind == "noun" and (bool(last.complement) or office)
    return replace(last, end=part.end if goes_on else last.end)
