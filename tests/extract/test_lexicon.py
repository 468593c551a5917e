"""Word lists: reporting verbs in all their forms, and what the other lists hold."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

import stance
from stance.extract.lexicon import lexicon, plural, read_verb_forms


@pytest.mark.parametrize(
    ("lemma", "forms"),
    [
        # doubled consonants
        ("slam", "slam slams slammed slamming"),
        ("snap", "snap snaps snapped snapping"),
        ("admit", "admit admits admitted admitting"),
        ("quip", "quip quips quipped quipping"),
        ("concur", "concur concurs concurred concurring"),
        ("aver", "aver avers averred averring"),
        ("beg", "beg begs begged begging"),
        ("rebut", "rebut rebuts rebutted rebutting"),
        # no doubling in an unstressed or long syllable
        ("offer", "offer offers offered offering"),
        ("complain", "complain complains complained complaining"),
        ("reveal", "reveal reveals revealed revealing"),
        # American and British spelling
        ("signal", "signal signals signaled signalled signaling signalling"),
        ("label", "label labels labeled labelled labeling labelling"),
        ("marvel", "marvel marvels marveled marvelled marveling marvelling"),
        ("criticise", "criticise criticises criticised criticising"),
        ("criticize", "criticize criticizes criticized criticizing"),
        # -es
        ("echo", "echo echoes echoed echoing"),
        ("stress", "stress stresses stressed stressing"),
        ("publish", "publish publishes published publishing"),
        # y
        ("deny", "deny denies denied denying"),
        ("testify", "testify testifies testified testifying"),
        ("pray", "pray prays prayed praying"),
        # e
        ("agree", "agree agrees agreed agreeing"),
        ("argue", "argue argues argued arguing"),
        # irregular
        ("say", "say says said saying"),
        ("tell", "tell tells told telling"),
        ("think", "think thinks thought thinking"),
        ("write", "write writes wrote written writing"),
        ("swear", "swear swears swore sworn swearing"),
        ("read", "read reads reading"),
        ("forecast", "forecast forecasts forecasted forecasting"),
        ("plead", "plead pleads pleaded pled pleading"),
        # young verbs
        ("tweet", "tweet tweets tweeted tweeting"),
        ("retweet", "retweet retweets retweeted retweeting"),
    ],
)
def test_a_verb_is_known_in_its_forms_and_no_others(lemma: str, forms: str) -> None:
    known = lexicon().reporting_forms
    assert {form for form, of in known.items() if of == lemma} == set(forms.split())


@pytest.mark.parametrize(
    "word", "slamed snaped snaping echos agreing avered saied telled denyed writed tweetted".split()
)
def test_misspelt_forms_are_not_known(word: str) -> None:
    assert word not in lexicon().reporting_forms


def test_every_lemma_has_four_kinds_of_form() -> None:
    known = lexicon().reporting_forms
    for lemma in set(known.values()):
        forms = [form for form, of in known.items() if of == lemma]
        assert any(form.endswith("s") for form in forms), lemma
        assert any(form.endswith("ing") for form in forms), lemma
        assert known[lemma] == lemma


@pytest.mark.parametrize(
    "verb", ["slammed", "snapped", "echoed", "signalled", "signaled", "averred"]
)
def test_a_quote_is_attributed_by_any_of_these_verbs(verb: str) -> None:
    text = f"“The plan is a gift to smugglers,” {verb} Ada Berg."
    (found,) = stance.extract_statements(text, extractor=stance.load_extractor("rules"))
    assert found.speaker == "Ada Berg"
    assert found.cue is not None and found.cue.text == verb


def test_a_table_of_verb_forms() -> None:
    table = "# lemma\t-s\nsignal\tsignals\tsignaled/signalled\tsignaled\tsignaling/signalling\n\n"
    assert read_verb_forms(table) == dict.fromkeys(
        "signal signals signaled signalled signaling signalling".split(), "signal"
    )


def test_verbs_of_the_other_lists_are_reporting_verbs() -> None:
    words = lexicon()
    lemmas = set(words.reporting_forms.values())
    assert words.bare_clause_verbs <= words.clause_verbs <= lemmas
    assert words.nested_verbs <= lemmas | {"answer"}


def test_lists_are_in_small_letters_and_read_once() -> None:
    words = lexicon()
    assert words is lexicon()
    for name in ("honorifics", "role_nouns", "places", "male_names", "not_names", "abbreviations"):
        group = getattr(words, name)
        assert group and all(word == word.lower() for word in group)


@pytest.mark.parametrize(
    ("word", "kind"),
    [("he", "m"), ("her", "f"), ("they", "p"), ("it", "n"), ("who", "r"), ("i", "1"), ("you", "2")],
)
def test_pronouns_have_kinds(word: str, kind: str) -> None:
    assert lexicon().pronouns[word] == kind


def test_first_names_are_of_men_or_women() -> None:
    words = lexicon()
    assert "angela" in words.female_names and "vladimir" in words.male_names
    assert "fatou" in words.female_names and "amadou" in words.male_names
    assert not words.male_names & words.female_names


@pytest.mark.parametrize(
    ("noun", "several"),
    [("minister", "ministers"), ("policewoman", "policewomen"), ("spokesperson", "spokespeople"),
     ("ally", "allies"), ("attorney", "attorneys"), ("boss", "bosses"), ("coach", "coaches")],
)  # fmt: skip
def test_plurals(noun: str, several: str) -> None:
    assert plural(noun) == several


def test_peoples_and_capitals_lead_to_their_country() -> None:
    words = lexicon()
    assert words.peoples["chilean"] == "chile" and words.capitals["santiago"] == "Chile"


def test_no_list_is_in_two_files() -> None:
    folder = Path(stance.__file__).parent / "extract" / "data"
    first, second = (
        yaml.safe_load((folder / name).read_text(encoding="utf-8"))
        for name in ("words.yaml", "statement_words.yaml")
    )
    assert not first.keys() & second.keys()
