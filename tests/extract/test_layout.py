"""Transcripts, posts, bylines, datelines, live blogs: lines whose form tells who speaks."""

from __future__ import annotations

import pytest

import stance

RULES = stance.load_extractor("rules")
TAGGER = stance.load_extractor("default")
both = pytest.mark.parametrize("extractor", [RULES, TAGGER], ids=["rules", "tagger"])


@both
@pytest.mark.parametrize(
    ("text", "answers"),
    [
        ("MODERATOR: Should troops come?\nSEN. PARK: No. We settle this ourselves.",
         [("SEN. PARK", "No. We settle this ourselves.")]),
        ("Q: Will you send troops?\nA: No. Never. We have said so for years.",
         [(None, "No. Never. We have said so for years.")]),
        ("Q. Is the dam safe?\n\nA. It has held for forty years.",
         [(None, "It has held for forty years.")]),
        ("REPORTER: Minister, who pays?\nMINISTER OKOYE: The ports pay. Nobody else.",
         [("MINISTER OKOYE", "The ports pay. Nobody else.")]),
        ("THE CHAIRMAN: Order.\nMS. LINDQVIST: The bill is a trap for small farms.",
         [("THE CHAIRMAN", "Order."),
          ("MS. LINDQVIST", "The bill is a trap for small farms.")]),
        ("INTERVIEWER: Why did you leave Aleppo?\nYARA HADDAD: There was no water. [Pause]\n"
         "INTERVIEWER: And now?\nYARA HADDAD: Now I teach.",
         [("YARA HADDAD", "There was no water. [Pause]"), ("YARA HADDAD", "Now I teach.")]),
        ("Ana Ruiz: The ferry must stay.\nOmar Saleh: It costs too much.\nAna Ruiz: It is ours.",
         [("Ana Ruiz", "The ferry must stay."), ("Omar Saleh", "It costs too much."),
          ("Ana Ruiz", "It is ours.")]),
        ("HOST: Was the vote fair?\nGEN. TRAN: It was not.\n(Applause)\nHOST: Who cheated?\n"
         "GEN. TRAN: Ask the judges.",
         [("GEN. TRAN", "It was not."), ("GEN. TRAN", "Ask the judges.")]),
        ("QUESTION: Does Lima agree?\nMR. QUISPE: Lima agrees with nobody.",
         [("MR. QUISPE", "Lima agrees with nobody.")]),
        ("MP MOYO: Why are we here?\nMINISTER DUBE: To vote.",
         [("MP MOYO", "Why are we here?"), ("MINISTER DUBE", "To vote.")]),
    ],
)  # fmt: skip
def test_turns_of_a_transcript(
    extractor: stance.Extractor, text: str, answers: list[tuple[str | None, str]]
) -> None:
    found = stance.extract_statements(text, extractor=extractor)
    mentions = [s.speaker_mention.text if s.speaker_mention else None for s in found]
    assert list(zip(mentions, (s.text for s in found), strict=True)) == answers
    assert all(s.kind == "direct" for s in found)


def test_the_question_is_the_context_of_its_answer() -> None:
    text = "MODERATOR: You lived there. Should troops come?\nSEN. PARK: No."
    (answer,) = stance.extract_statements(text)
    assert answer.context == text
    assert answer.modality == "asserted"
    (asked, _) = stance.extract_statements("MP MOYO: Why are we here?\nMR. DUBE: To vote.")
    assert asked.modality == "question"


@pytest.mark.parametrize(
    "text",
    [
        "UPDATE: The road is open.\nNOTE: Times are local.",
        "Key dates: May and June.",
        "The plan: a bridge, a tunnel and a ferry.",
    ],
)
def test_other_lines_with_a_colon_are_no_turns(text: str) -> None:
    assert [s for s in stance.extract_statements(text) if s.kind == "direct"] == []


@both
@pytest.mark.parametrize(
    ("text", "author", "words"),
    [
        ("Ana Ruiz (@anaruiz)\nThe ferry must stay. We will march.\n5:03 PM · May 3, 2021",
         "Ana Ruiz", "The ferry must stay. We will march."),
        ("Port of Lagos @portoflagos · 2h\nThe eastern gate is closed until noon.",
         "Port of Lagos", "The eastern gate is closed until noon."),
        ("The fee is theft, plain and simple.\n— Omar Saleh (@osaleh) June 9, 2022",
         "Omar Saleh", "The fee is theft, plain and simple."),
        ("Nguyen Van Hai @hai_delta\nNobody asked the delta.", "Nguyen Van Hai",
         "Nobody asked the delta."),
    ],
)  # fmt: skip
def test_a_post_is_its_authors(
    extractor: stance.Extractor, text: str, author: str, words: str
) -> None:
    (found,) = stance.extract_statements(text, extractor=extractor)
    assert found.text == words and found.kind == "direct"
    assert found.speaker_mention is not None and found.speaker_mention.text == author


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("By Ada Berg\nLAGOS (Reuters) - The port will close, the harbour master said on Monday.",
         ["The port will close"]),
        ("DHAKA (AP) — Rice will be short by June, the ministry said.",
         ["Rice will be short by June"]),
        ("13:45 The mayor says the bridge is closed.\n\n13:50 Police say nobody was hurt.",
         ["the bridge is closed", "nobody was hurt"]),
        ("• The union said it would strike.\n• The firm said it would wait.",
         ["it would strike", "it would wait"]),
        ("Photo: Ruth Okoye says goodbye to her crew.\nThe mayor said the harbour was safe.",
         ["the harbour was safe"]),
    ],
)  # fmt: skip
def test_bylines_datelines_times_bullets_and_captions(text: str, said: list[str]) -> None:
    found = stance.extract_statements(text)
    assert [s.text.removeprefix("that ").rstrip(".") for s in found] == said
    assert all("50" not in (s.speaker or "") for s in found)
