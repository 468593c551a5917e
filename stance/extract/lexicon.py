"""Word lists of attribution: reporting verbs in all their forms, titles, pronouns, roles.

The lists are the files in ``data/``; they are read when they are first asked for, and then kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import yaml


@dataclass(frozen=True)
class Lexicon:
    """All word lists, in small letters; the comments in ``data/*.yaml`` say what each means.

    Attributes:
        reporting_forms: every form of a reporting verb and its lemma ("slammed": "slam").
        pronouns: pronoun and its kind: ``m``, ``f``, ``p`` (plural), ``n`` (neuter), ``r``
            (relative), ``1``, ``1p``, ``2``.
        male_names: first names that are mostly men's; see ``data/given_names.txt``.
        female_names: those that are mostly women's.
        bodies_abroad: word of another language and the English noun for it ("banco": "bank").
        body_kinds: word and the kinds of body that it tells of ("bank": "business").
        role_kinds: role and the kinds of person that it tells of ("economist": "expert").
        countries: names of countries.
        peoples: adjectives and names of peoples and their country ("chilean": "chile").
        capitals: capitals and their country, as it is written ("santiago": "Chile").
    """

    reporting_forms: Mapping[str, str]
    pronouns: Mapping[str, str]
    clause_verbs: frozenset[str]
    bare_clause_verbs: frozenset[str]
    nested_verbs: frozenset[str]
    noun_forms: frozenset[str]
    question_verbs: frozenset[str]
    denial_verbs: frozenset[str]
    rejection_verbs: frozenset[str]
    claim_nouns: frozenset[str]
    evidence_forms: frozenset[str]
    passive_participles: frozenset[str]
    judging_forms: frozenset[str]
    act_forms: frozenset[str]
    labels: frozenset[str]
    text_nouns: frozenset[str]
    reporter_nouns: frozenset[str]
    voiceless_nouns: frozenset[str]
    hypothetical_words: frozenset[str]
    negation_words: frozenset[str]
    auxiliaries: frozenset[str]
    clause_starters: frozenset[str]
    phrase_enders: frozenset[str]
    adverbs: frozenset[str]
    male_honorifics: frozenset[str]
    female_honorifics: frozenset[str]
    honorifics: frozenset[str]
    role_nouns: frozenset[str]
    body_roles: frozenset[str]
    relation_nouns: frozenset[str]
    group_nouns: frozenset[str]
    body_nouns: frozenset[str]
    bodies_abroad: Mapping[str, str]
    body_kinds: Mapping[str, frozenset[str]]
    role_kinds: Mapping[str, frozenset[str]]
    unique_bodies: frozenset[str]
    business_nouns: frozenset[str]
    document_nouns: frozenset[str]
    speech_nouns: frozenset[str]
    anonymous_nouns: frozenset[str]
    informant_nouns: frozenset[str]
    male_hints: frozenset[str]
    female_hints: frozenset[str]
    male_names: frozenset[str]
    female_names: frozenset[str]
    rare_male_names: frozenset[str]
    rare_female_names: frozenset[str]
    family_names_first: frozenset[str]
    not_names: frozenset[str]
    organisation_words: frozenset[str]
    surname_words: frozenset[str]
    party_words: frozenset[str]
    offices: frozenset[str]
    places: frozenset[str]
    countries: frozenset[str]
    peoples: Mapping[str, str]
    capitals: Mapping[str, str]
    abbreviations: frozenset[str]
    final_abbreviations: frozenset[str]

    @cached_property
    def all_honorifics(self) -> frozenset[str]:
        """Forms of address of everybody."""
        return self.male_honorifics | self.female_honorifics | self.honorifics

    @cached_property
    def plural_roles(self) -> Mapping[str, str]:
        """Plurals of role nouns and their singular ("ministers": "minister")."""
        return MappingProxyType({plural(noun): noun for noun in self.role_nouns})

    @cached_property
    def plural_bodies(self) -> Mapping[str, str]:
        """Plurals of nouns of bodies and their singular ("parties": "party")."""
        return MappingProxyType({plural(noun): noun for noun in self.body_nouns})

    @cached_property
    def plural_documents(self) -> frozenset[str]:
        """Plurals of nouns of texts."""
        return frozenset(map(plural, self.document_nouns))

    @cached_property
    def plural_informants(self) -> frozenset[str]:
        """Plurals of nouns of unnamed sources."""
        return frozenset(map(plural, self.informant_nouns))


def plural(noun: str) -> str:
    """The regular plural of a noun, and that of "-man"."""
    if noun.endswith("man") and noun not in ("human", "shaman"):
        return noun[:-2] + "en"
    if noun.endswith("person"):
        return noun[:-6] + "people"
    if noun.endswith(("s", "ch", "sh", "x")):
        return noun + "es"
    return noun[:-1] + "ies" if noun[-1] == "y" and noun[-2:-1] not in "aeo" else noun + "s"


def read_verb_forms(table: str) -> dict[str, str]:
    """Every form of a verb and its lemma, from a table with tabs.

    Args:
        table: lines of lemma, -s form, past, past participle and -ing form; ``/`` parts
            spellings ("signaled/signalled"); ``#`` begins a comment line.
    """
    forms: dict[str, str] = {}
    for line in table.splitlines():
        if line and not line.startswith("#"):
            lemma, *inflected = line.split("\t")
            forms.update(dict.fromkeys([lemma, *"/".join(inflected).split("/")], lemma))
    return forms


def read_countries(table: str) -> tuple[frozenset[str], dict[str, str], dict[str, str]]:
    """Names of countries; peoples and their country; capitals and their country as it is written.

    Args:
        table: ``countries.tsv``: names, adjectives and peoples, capital.
    """
    countries: set[str] = set()
    peoples: dict[str, str] = {}
    capitals: dict[str, str] = {}
    for line in table.splitlines():
        if line and not line.startswith("#"):
            names, adjectives, capital = (line + "\t\t").split("\t")[:3]
            spellings = names.split(" / ")
            countries.update(name.lower() for name in spellings)
            capitals.update((name.lower(), spellings[0]) for name in capital.split(" / ") if name)
            for word in adjectives.lower().split():
                peoples.setdefault(word.replace("-", " "), spellings[0].lower())
                peoples.setdefault(word, spellings[0].lower())
    return frozenset(countries), peoples, capitals


def _kinds_by_word(groups: Mapping[str, str]) -> Mapping[str, frozenset[str]]:
    """The kinds that each word stands under."""
    kinds: dict[str, set[str]] = {}
    for kind, group in groups.items():
        for word in group.split():
            kinds.setdefault(word, set()).add(kind)
    return MappingProxyType({word: frozenset(found) for word, found in kinds.items()})


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The word lists, read once a process."""
    folder = files("stance.extract") / "data"
    forms = read_verb_forms((folder / "reporting_verbs.tsv").read_text(encoding="utf-8"))
    words: dict[str, Any] = {}
    for name in ("words.yaml", "statement_words.yaml"):
        words |= yaml.safe_load((folder / name).read_text(encoding="utf-8"))
    pronouns = {
        word: kind for kind, group in words.pop("pronouns").items() for word in group.split()
    }
    abroad = {
        word: noun for noun, group in words.pop("bodies_abroad").items() for word in group.split()
    }
    words["organisation_words"] += " " + " ".join(abroad)
    kinds = {name: _kinds_by_word(words.pop(name)) for name in ("body_kinds", "role_kinds")}
    table = (folder / "countries.tsv").read_text(encoding="utf-8")
    countries, peoples, capitals = read_countries(table)
    given = (folder / "given_names.txt").read_text(encoding="utf-8").splitlines()
    names = {line[0]: frozenset(line[1:].split()) for line in given if not line.startswith("#")}
    return Lexicon(
        reporting_forms=MappingProxyType(forms),
        pronouns=MappingProxyType(pronouns),
        bodies_abroad=MappingProxyType(abroad),
        body_kinds=kinds["body_kinds"],
        role_kinds=kinds["role_kinds"],
        male_names=names["m"],
        female_names=names["f"],
        rare_male_names=names["M"],
        rare_female_names=names["F"],
        countries=countries,
        peoples=MappingProxyType(peoples),
        capitals=MappingProxyType(capitals),
        **{key: frozenset(group.split()) for key, group in words.items()},
    )
