"""Token classification of source, cue and content: encoding, network, decoding, loading.

The network is the MiniLM encoder with low-rank updates on its linear layers, three small input
embeddings for what its uncased tokenizer drops (case shape, position relative to quotation marks,
paragraph starts) and a convolutional head. Inference merges the updates into the weights, so that
it needs no extra package. It learns from PolNeAR (Newell et al., LREC 2018) and world news.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer
from torch import Tensor, nn

from stance.checkpoint import (
    INFO_NAME,
    TAGGER,
    apply_adapter,
    dtype_of,
    load_encoder,
    load_tokenizer,
    locate_backbone,
    pick_device,
    pick_precision,
    read_adapter,
    ready_to_compute,
)
from stance.config import WEIGHTS_DIR
from stance.errors import ModelLoadError
from stance.extract.conventions import conventional
from stance.extract.document import Document
from stance.extract.parameters import BATCH_TOKENS, WINDOW_CORE, WINDOW_MARGIN
from stance.extract.quotations import RoleSpan
from stance.extract.segmentation import Range
from stance.extract.tagging import (
    SHAPES,
    TAGS,
    EncodedText,
    affordable,
    encode_text,
    pack_windows,
    read_spans,
    viterbi,
)

if TYPE_CHECKING:
    from transformers import PreTrainedModel

    from stance.checkpoint import Precision, PrecisionChoice


class TaggerNetwork(nn.Module):
    """Encoder, input features and head: wordpieces -> tag logits."""

    def __init__(self, backbone: PreTrainedModel, *, hidden: int = 256) -> None:
        super().__init__()
        self.backbone = backbone
        width = int(backbone.config.hidden_size)
        self.shape = nn.Embedding(len(SHAPES), width)
        self.quote = nn.Embedding(4, width)
        self.paragraph = nn.Embedding(2, width)
        for table in (self.shape, self.quote, self.paragraph):
            nn.init.normal_(table.weight, std=0.005)
        self.dropout = nn.Dropout(0.1)
        self.mix = nn.Conv1d(width, hidden, kernel_size=3, padding=1)
        self.out = nn.Linear(hidden, len(TAGS))

    def forward(self, ids: Tensor, features: Tensor, mask: Tensor) -> Tensor:
        """Tag logits ``[batch, length, tags]`` of ids and mask ``[batch, length]``."""
        words = self.backbone.get_input_embeddings()(ids)
        extra = (
            self.shape(features[..., 0])
            + self.quote(features[..., 1])
            + self.paragraph(features[..., 2])
        )
        given = words + extra.to(words.dtype)
        states = self.backbone(inputs_embeds=given, attention_mask=mask).last_hidden_state
        states = self.dropout(states.to(self.out.weight.dtype)) * mask.unsqueeze(-1)
        mixed = nn.functional.gelu(self.mix(states.transpose(1, 2)).transpose(1, 2))
        logits: Tensor = self.out(self.dropout(mixed))
        return logits


DEFAULT_FOLDER = WEIGHTS_DIR / TAGGER


class Tagger:
    """The trained tagger: text -> spans of source, cue and content.

    Several threads may share it, and processes forked after it was loaded. Pickled it is the name
    of its folder.
    """

    def __init__(
        self,
        network: TaggerNetwork,
        tokenizer: Tokenizer,
        device: str | None = "cpu",
        *,
        precision: PrecisionChoice | None = "fp32",
        origin: tuple[Path, str, str | None] | None = None,
    ) -> None:
        self._origin = origin
        self.device = pick_device(device)
        self.precision = pick_precision(precision, self.device)
        self.network = network.eval().to(self.device)
        self.network.backbone.to(dtype_of(self.precision))  # the head stays in fp32
        self.tokenizer = tokenizer

    @classmethod
    def load(
        cls,
        folder: Path = DEFAULT_FOLDER,
        *,
        device: str | None = None,
        precision: PrecisionChoice | None = None,
    ) -> Tagger:
        """Load backbone and adapter, merged.

        Args:
            folder: holds the adapter.
            device: ``cpu``, ``cuda``, ``mps``; when None ``cuda`` where it is, else ``cpu``.
            precision: number format, ``fp32`` or ``bf16``; when None or ``auto``, ``bf16`` where
                the device multiplies it.

        Raises:
            ModelLoadError: a file is missing, damaged or of another format.
            ConfigError: the device is not there, or does not multiply the number format.
        """
        adapter = read_adapter(folder)
        if adapter.info.task != "attribution" or adapter.info.labels != TAGS:
            raise ModelLoadError(
                f"{folder / INFO_NAME}: task {adapter.info.task!r} with the labels "
                f"{', '.join(adapter.info.labels)} is not of a tagger, whose labels are "
                f"{', '.join(TAGS)}: train again"
            )
        backbone = locate_backbone(adapter.info.backbone)
        network = build_network(backbone, adapter.info.layers)
        apply_adapter(network, adapter)
        origin = (Path(folder).absolute(), adapter.info.sha256, device)
        tokenizer = load_tokenizer(backbone)
        return cls(network, tokenizer, device, precision=precision, origin=origin)

    @property
    def sha256(self) -> str | None:
        """Of the adapter's weights; None where it was not loaded from a folder."""
        return None if self._origin is None else self._origin[1]

    def __reduce__(
        self,
    ) -> tuple[
        Callable[[Path, str, str | None, Precision], Tagger],
        tuple[Path, str, str | None, Precision],
    ]:
        """As its folder: whoever unpickles it loads the adapter.

        Raises:
            TypeError: it was not loaded from a folder.
        """
        if self._origin is None:
            raise TypeError("a tagger that was not loaded from a folder cannot be pickled")
        return _reload, (*self._origin, self.precision)  # a copy elsewhere computes alike

    def scores(self, encoded: EncodedText) -> NDArray[np.float32]:
        """Log-probabilities ``[n, tags]`` of every wordpiece, in batches of bounded size."""
        result = np.zeros((len(encoded.ids), len(TAGS)), dtype=np.float32)
        windows = list(pack_windows(encoded.paragraphs, core=WINDOW_CORE, margin=WINDOW_MARGIN))
        windows.sort(key=lambda item: item[0][1] - item[0][0])
        batch: list[tuple[Range, Range]] = []
        for item in windows:
            length = item[0][1] - item[0][0] + 2
            if batch and length * (len(batch) + 1) > BATCH_TOKENS:
                self._score_batch(encoded, batch, result)
                batch = []
            batch.append(item)
        if batch:
            self._score_batch(encoded, batch, result)
        return result

    def _score_batch(
        self,
        encoded: EncodedText,
        batch: Sequence[tuple[Range, Range]],
        result: NDArray[np.float32],
    ) -> None:
        ids, features, mask = pad_windows(encoded, [window for window, _ in batch])
        ready_to_compute()
        with torch.inference_mode():
            logits = self.network(*(part.to(self.device) for part in (ids, features, mask)))
        log_probabilities = logits.float().log_softmax(-1).cpu().numpy()
        for row, ((start, _), (low, high)) in enumerate(batch):
            result[low:high] = log_probabilities[row, 1 + low - start : 1 + high - start]

    def tag(self, document: Document) -> list[RoleSpan]:
        """Tag a document: spans in reading order, whole words, within paragraphs.

        Their bounds follow :mod:`stance.extract.conventions`.

        Paragraphs that are no prose are left out where they would cost too much (see
        :func:`stance.extract.tagging.affordable`).
        """
        text = document.text
        encoded = affordable(encode_text(document, self.tokenizer), len(text))
        if not len(encoded.ids):
            return []
        scores = self.scores(encoded)
        spans: list[RoleSpan] = []
        for start, end in encoded.paragraphs:
            tags = viterbi(scores[start:end])
            spans.extend(read_spans(text, tags, encoded.offsets[start:end], scores[start:end]))
        return conventional(document, spans)


def _reload(folder: Path, sha256: str, device: str | None, precision: Precision) -> Tagger:
    """Load a pickled tagger.

    Raises:
        ModelLoadError: the adapter is gone or has other weights by now.
        ConfigError: the device does not multiply the number format.
    """
    if read_adapter(folder).info.sha256 != sha256:
        raise ModelLoadError(
            f"{folder} holds other weights than when the tagger was pickled: load it anew"
        )
    return Tagger.load(folder, device=device, precision=precision)


def build_network(
    backbone: Path, layers: Sequence[int] | None = None, *, training: bool = False
) -> TaggerNetwork:
    """The network with the weights of the backbone's layers (all when None) and a fresh head.

    ``training`` as in :func:`stance.checkpoint.load_encoder`.
    """
    return TaggerNetwork(load_encoder(backbone, layers=layers, attention="sdpa", training=training))


def pad_windows(encoded: EncodedText, windows: Sequence[Range]) -> tuple[Tensor, Tensor, Tensor]:
    """Ids, features and mask of windows of one text, with begin and end tokens, padded."""
    length = max(end - start for start, end in windows) + 2
    ids = np.zeros((len(windows), length), dtype=np.int64)
    features = np.zeros((len(windows), length, 3), dtype=np.int64)
    mask = np.zeros((len(windows), length), dtype=np.int64)
    for row, (start, end) in enumerate(windows):
        size = end - start
        ids[row, 0], ids[row, size + 1] = encoded.begin, encoded.end
        ids[row, 1 : size + 1] = encoded.ids[start:end]
        features[row, 1 : size + 1] = encoded.features[start:end]
        mask[row, : size + 2] = 1
    return torch.from_numpy(ids), torch.from_numpy(features), torch.from_numpy(mask)
