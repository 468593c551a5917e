from __future__ import annotations

from stance.extract.extractor import extract_statements
from stance.model.pairs import MASK, judged_text, mask_statement


def test_the_context_is_masked_once_where_the_judged_words_stood() -> None:
    text = (
        "Troops came to Norway. “We want them out,” Ann Lee said. “All of them.” Rain fell.\n"
        "“No,” said Bo Ek. He went home."
    )
    first, second = extract_statements(text)
    words, context = judged_text(text, first)
    assert mask_statement(words, context) == context
    assert words == "We want them out, All of them."
    assert context == f"Troops came to Norway. “{MASK}” Rain fell."
    words, context = judged_text(text, second)
    assert words == "No,"
    assert context == f"Rain fell.\n“{MASK}” said Bo Ek. He went home."
