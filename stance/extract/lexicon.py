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
    document_nouns: frozenset[str]
    reporter_nouns: frozenset[str]
    voiceless_nouns: frozenset[str]
    hypothetical_words: frozenset[str]
    negation_words: frozenset[str]
    auxiliaries: frozenset[str]
    clause_starters: frozenset[str]
    phrase_enders: frozenset[str]
    adverbs: frozenset[str]
    titles: frozenset[str]
    role_nouns: frozenset[str]
    anonymous_nouns: frozenset[str]
    male_hints: frozenset[str]
    female_hints: frozenset[str]
    male_names: frozenset[str]
    female_names: frozenset[str]
    not_names: frozenset[str]
    organisation_words: frozenset[str]
    places: frozenset[str]
    abbreviations: frozenset[str]
    final_abbreviations: frozenset[str]

    @cached_property
    def first_names(self) -> frozenset[str]:
        """First names of men and women."""
        return self.male_names | self.female_names


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
    return Lexicon(
        reporting_forms=MappingProxyType(forms),
        pronouns=MappingProxyType(pronouns),
        **{key: frozenset(group.split()) for key, group in words.items()},
    )
