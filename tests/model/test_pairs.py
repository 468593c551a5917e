from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stance.checkpoint.backbone import locate_backbone
from stance.model.pairs import MASK, PairEncoder, mask_statement

ENCODER = PairEncoder(locate_backbone("small"), max_length=64, max_context=24)


def test_the_statement_is_masked_in_its_context() -> None:
    masked = mask_statement("Never again.", "He rose. “Never\nagain.” He sat.")
    assert masked == f"He rose. “{MASK}” He sat."
    assert mask_statement("No", "Of Norway. “No,” she said.") == f"Of Norway. “{MASK},” she said."
    assert mask_statement("We Go", "Soon “we\u00a0\n go” home.") == f"Soon “{MASK}” home."
    assert mask_statement("go (now)", "Let us go (now), he said.") == f"Let us {MASK}, he said."
    assert mask_statement("“Go", "He said “Gone” and “Go on”.") == f"He said “Gone” and {MASK} on”."
    assert mask_statement("a a b", "a a a b c") == f"a {MASK} c"
    assert mask_statement("go\x00 on", "we go\x00 on and on") == f"we {MASK} and on"
    assert mask_statement(" ", "He rose.") == "He rose." and mask_statement("He", "") == ""
    assert mask_statement("go on", "we go\x00 on, we go upon it") == "we go\x00 on, we go upon it"
    assert mask_statement("Never.", "“Never.”") == ""
    assert mask_statement("Never.", None) == ""
    assert mask_statement("We want them out", "We want them out.") == ""
    once = f"It is a coup, critics fear. She said it was “{MASK}”."
    assert mask_statement("a coup", once) == once


@pytest.mark.parametrize("context", [False, True])
def test_masking_a_statement_of_many_words_takes_a_few_bytes_a_character(context: bool) -> None:
    words = "so we go " * 40_000
    around = f"Before. {words} After." if context else ""
    tracemalloc.start()
    masked = mask_statement(words, around)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert masked == ("Before. [...]  After." if context else "")
    assert peak < 16 * len(words)


@settings(max_examples=60)
@given(st.text(min_size=1, max_size=400), st.text(max_size=40), st.text(max_size=300))
def test_ids_fit_and_the_target_is_whole(statement: str, target: str, context: str) -> None:
    pair = ENCODER.encode([statement], [target], [context], [None])[0]
    own = ENCODER.tokenizer.encode(target, add_special_tokens=False).ids
    assert len(pair.ids) <= 64
    assert pair.ids[1 : 1 + len(own)] == own
    whole = ENCODER.tokenizer.encode(statement, add_special_tokens=False).ids
    kept = pair.ids[pair.statement_start : pair.statement_end]
    assert whole[: len(kept)] == kept
    assert pair.statement_tokens_cut == len(whole) - len(kept)


def test_padding() -> None:
    pairs = ENCODER.encode(["a b c", "a"], ["t", "t"], ["", None], [None, ""])
    batch = ENCODER.pad(pairs)
    assert batch["input_ids"].shape == batch["attention_mask"].shape
    assert batch["statement_mask"].sum(1).tolist() == [3, 1]
    assert batch["attention_mask"].sum(1).tolist() == [len(p.ids) for p in pairs]


def test_a_context_never_pushes_the_statement_out() -> None:
    long = "word " * 50
    alone = ENCODER.encode([long], ["t"], [None], [None])[0]
    crowded = ENCODER.encode([long], ["t"], ["context " * 100], [None])[0]
    assert alone.statement_tokens_cut == crowded.statement_tokens_cut
    assert crowded.context_tokens_cut == pytest.approx(100, abs=24)


@pytest.mark.parametrize("place", [0, 20, 40])
def test_a_long_context_is_cut_around_the_statement(place: int) -> None:
    words = [f"word{i}" for i in range(40)]
    words.insert(place, "Never again.")
    pair = ENCODER.encode(["Never again."], ["troops"], [" ".join(words)], ["Ann Lee"])[0]
    kept = ENCODER.tokenizer.decode(pair.ids[pair.statement_end :])
    assert "..." in kept.replace(" ", "")
    assert "ann lee :" in kept  # who speaks is never cut off
    assert pair.context_tokens_cut > 0 and pair.used_context


def test_a_speaker_is_no_context() -> None:
    pair = ENCODER.encode(["Never again."], ["troops"], ["“Never again.”"], ["Ann Lee"])[0]
    assert not pair.used_context
    assert "ann lee :" in ENCODER.tokenizer.decode(pair.ids[pair.statement_end :])


def test_a_target_too_long_is_told() -> None:
    assert ENCODER.target_problem("troops") is None
    assert "shorten the target" in str(ENCODER.target_problem("troops " * 60))


@pytest.mark.parametrize("most", [40, 90, 1000])
def test_texts_that_are_read_in_pieces_give_the_same_ids(
    most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    statements = ["We will not close it. " * 20, "No.", "Ja\u0308hrlich « so » ,", "x" * 30]
    targets = ["the bridge"] * 4
    contexts = [None, "She said: No. " * 30, "a b " * 200, None]
    speakers = ["Ada Berg", None, "Bo", None]
    whole = ENCODER.encode(statements, targets, contexts, speakers)
    asked: list[int] = []
    monkeypatch.setattr("stance.model.pairs._BATCH_CHARACTERS", most)
    read = PairEncoder._read

    def watched(self: PairEncoder, batch: list[tuple[str, str]], ids: dict) -> None:
        asked.append(sum(len(piece) for _, piece in batch))
        read(self, batch, ids)

    monkeypatch.setattr(PairEncoder, "_read", watched)
    pieces = ENCODER.encode(statements, targets, contexts, speakers)
    assert max(asked) <= most
    assert pieces == whole
