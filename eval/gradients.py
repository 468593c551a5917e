"""Weights of words from a network's gradients, to compare the explanations with."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn

from stance.checkpoint import load_tokenizer, locate_backbone
from stance.config import WEIGHTS_DIR
from stance.labels import Stance
from stance.model import EncodedPair, Piece, ReadRow, load_pair_model
from stance.schema import Part


class Gradients:
    """The network of a bundled model in fp32, with its gradients.

    Args:
        checkpoint: ``small`` or ``base``.
        steps: points of the path of the integral.
    """

    def __init__(self, checkpoint: str, steps: int) -> None:
        loaded = load_pair_model(WEIGHTS_DIR / checkpoint)
        self._model, self._encoder = loaded.model, loaded.encoder
        self._steps = steps
        self._tokenizer = load_tokenizer(locate_backbone(loaded.info.backbone))
        vocabulary = self._tokenizer.get_vocab()
        self.mask = next(name for name in ("[MASK]", "<mask>") if name in vocabulary)
        self._mask_id = vocabulary[self.mask]

    def weights(
        self, row: ReadRow, words: Sequence[Piece], label: Stance
    ) -> dict[str, list[float]]:
        """What each word adds to the probability of a label.

        ``gradient × input`` (Shrikumar et al. 2016) and ``integrated gradients`` (Sundararajan et
        al. 2017) along the straight line from an input in which every token of these words is the
        mask token, by the midpoint rule; summed over the tokens of a word.
        """
        pair = self._encode(row)
        tokens = self._tokens(row, pair, words)
        inside = sorted({token for group in tokens for token in group})
        column = list(Stance).index(label)
        plain = self._gradient(pair, inside, column, [1.0])
        path = self._gradient(
            pair, inside, column, [(step + 0.5) / self._steps for step in range(self._steps)]
        )
        return {
            "gradient × input": [float(plain[list(group)].sum()) for group in tokens],
            "integrated gradients": [float(path[list(group)].sum()) for group in tokens],
        }

    def read_words(self, row: ReadRow) -> list[Piece]:
        """The words of statement and context that the model reads, in reading order."""
        words = [word for word in row.words if word.part != "target"]
        tokens = self._tokens(row, self._encode(row), words)
        return [word for word, held in zip(words, tokens, strict=True) if held]

    def _encode(self, row: ReadRow) -> EncodedPair:
        said, target, context = row.without(())
        return self._encoder.encode([said], [target], [context], [row.speaker], masked=True)[0]

    def _gradient(
        self, pair: EncodedPair, inside: Sequence[int], column: int, points: Sequence[float]
    ) -> torch.Tensor:
        """The mean gradient at some points of the path times the way, of each token."""
        embedding = self._model.backbone.get_input_embeddings()
        batch = {
            key: torch.from_numpy(value).expand(len(points), -1)
            for key, value in self._encoder.pad([pair]).items()
        }
        start = batch["input_ids"][0].clone()
        start[list(inside)] = self._mask_id
        with torch.no_grad():
            end_point, start_point = embedding(batch["input_ids"][0]), embedding(start)
        way = end_point - start_point
        base = torch.zeros_like(way) if len(points) == 1 else start_point
        moved = end_point - base
        reached: torch.Tensor = base + torch.tensor(points)[:, None, None] * moved
        reached.requires_grad_()

        def replaced(module: nn.Module, given: object, output: torch.Tensor) -> torch.Tensor:
            return reached

        hook = embedding.register_forward_hook(replaced)
        try:
            shares = self._model(**batch).stance.softmax(-1)[:, column].sum()
        finally:
            hook.remove()
        (slope,) = torch.autograd.grad(shares, reached)
        worth: torch.Tensor = (slope.mean(0) * moved).sum(-1)
        return worth

    def _tokens(
        self, row: ReadRow, pair: EncodedPair, words: Sequence[Piece]
    ) -> list[tuple[int, ...]]:
        """Positions of the tokens of each word; none where the model does not read it."""
        starts: dict[Part, tuple[int, int, int]] = {
            "statement": (pair.statement_start, 0, pair.statement_end - pair.statement_start)
        }
        offsets = {}
        for part in ("statement", "context"):
            encoded = self._tokenizer.encode(row.texts[part].strip(), add_special_tokens=False)
            offsets[part] = encoded.offsets
            if part == "context" and pair.used_context:
                count = len(encoded.ids) - pair.context_tokens_cut
                at = len(pair.ids) - 1 - count
                read = pair.ids[at : at + count]
                first = next(
                    i for i in range(len(encoded.ids)) if encoded.ids[i : i + count] == read
                )
                starts["context"] = (at, first, count)
        found = []
        for word in words:
            at, first, count = starts.get(word.part, (0, 0, 0))
            lead = len(row.texts[word.part]) - len(row.texts[word.part].lstrip())
            found.append(
                tuple(
                    at + i
                    for i, (begin, stop) in enumerate(offsets[word.part][first : first + count])
                    if begin + lead < word.end and stop + lead > word.start
                )
            )
        return found
