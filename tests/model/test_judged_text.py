from __future__ import annotations

from stance.extract.extractor import extract_statements
from stance.model.pairs import HOLE, carve_context, judged_text


def test_the_context_has_one_hole_where_the_judged_words_stood() -> None:
    text = (
        "Troops came to Norway. “We want them out,” Ann Lee said. “All of them.” Rain fell.\n"
        "“No,” said Bo Ek. He went home."
    )
    first, second = extract_statements(text)
    words, context = judged_text(text, first)
    assert carve_context(words, context) == context
    assert words == "We want them out, All of them."
    assert context == f"Troops came to Norway. “{HOLE}” Rain fell."
    words, context = judged_text(text, second)
    assert words == "No,"
    assert context == f"Rain fell.\n“{HOLE}” said Bo Ek. He went home."
