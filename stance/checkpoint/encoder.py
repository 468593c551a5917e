"""The pretrained transformer of a backbone folder, and its tokenizer."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tokenizers import Tokenizer

from stance.errors import ModelLoadError
from stance.untrusted import read_json_object

if TYPE_CHECKING:
    from transformers import PretrainedConfig, PreTrainedModel

# Their position numbers start after that of the padding token.
_OFFSET_POSITIONS = frozenset(
    {"mpnet", "roberta", "xlm-roberta", "xlm-roberta-xl", "camembert", "longformer"}
)
_UNUSED = ("pooler.", "embeddings.position_ids")


def load_encoder(
    folder: Path,
    *,
    layers: Sequence[int] | None = None,
    attention: Literal["eager", "sdpa"] | None = None,
    hidden_dropout: float | None = None,
    training: bool = False,
) -> PreTrainedModel:
    """Build a backbone's encoder, without pooling layer, and fill in its weights in float32.

    Args:
        folder: holds ``config.json`` and ``model.safetensors``.
        layers: numbers of the transformer layers to keep, ascending from 0; None keeps all. They
            keep their numbers in the names of the parameters, and their order.
        attention: how attention is computed; None takes the fastest that the encoder has. Both
            give the same up to rounding.
        hidden_dropout: of what the embeddings and both halves of each layer give while training, in
            [0, 1], with none in attention; None drops out as ``config.json`` says.
        training: draw random weights first, although the file replaces them all: the seed of a
            recipe counts on the numbers that this takes. Else that second is saved.

    Raises:
        ModelLoadError: the configuration cannot be read, or a weight is missing or of another
            shape, or the backbone lacks one of the layers.
    """
    # Here, since reading the tokenizer alone should not import torch.
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file
    from transformers import BertConfig, BertModel, MPNetConfig, MPNetModel

    weights = folder / "model.safetensors"
    # Named one by one: nothing in a folder chooses which code builds the network.
    known = {"bert": (BertConfig, BertModel), "mpnet": (MPNetConfig, MPNetModel)}
    try:
        record = read_json_object(folder / "config.json", error=ModelLoadError)
        kind = str(record.get("model_type"))
        if kind not in known or "auto_map" in record:
            raise ValueError(f"config.json is of no {' or '.join(known)} (model_type {kind!r})")
        config_class, model_class = known[kind]
        config = config_class.from_dict(record)
        if hidden_dropout is not None:
            config.hidden_dropout_prob = hidden_dropout
            config.attention_probs_dropout_prob = 0.0
        if attention is not None:
            config._attn_implementation = attention
        with nullcontext() if training else torch.device("meta"):
            encoder: PreTrainedModel = model_class._from_config(config, add_pooling_layer=False)
        tensors = load_file(weights)
    except (OSError, ValueError, TypeError, SafetensorError) as error:
        raise ModelLoadError(f"cannot load the backbone in {folder}: {error}") from error
    used = {name: value.float() for name, value in tensors.items() if not name.startswith(_UNUSED)}
    if not training:
        encoder.to_empty(device="cpu")
        # Their position numbers are in no file.
        encoder.embeddings = type(encoder.get_submodule("embeddings"))(config)
    try:
        encoder.load_state_dict(used)
    except RuntimeError as error:
        raise ModelLoadError(f"{weights} does not fit its config.json: {error}") from error
    if layers is not None:
        _keep_layers(encoder, layers)
    return encoder


def _keep_layers(encoder: PreTrainedModel, kept: Sequence[int]) -> None:
    """Take every other transformer layer out of an encoder.

    Raises:
        ModelLoadError: it lacks one of the layers.
    """
    stack = encoder.get_submodule("encoder.layer")  # as BERT and its descendants call it
    count = len(list(stack.children()))
    if not set(kept) <= set(range(count)):
        raise ModelLoadError(
            f"layers are {list(kept)}: the backbone has {count} layers, numbered from 0"
        )
    for number in set(range(count)) - set(kept):
        delattr(stack, str(number))  # `del stack[number]` would number the others anew
    encoder.config.num_hidden_layers = len(kept)


def token_limit(config: PretrainedConfig) -> int | None:
    """Tokens that an encoder reads at once, special ones included; None where it has no limit."""
    positions = getattr(config, "max_position_embeddings", None)
    if not isinstance(positions, int) or not getattr(config, "position_biased_input", True):
        return None
    offset = config.model_type in _OFFSET_POSITIONS
    return positions - (int(config.pad_token_id or 0) + 1 if offset else 0)


def load_tokenizer(folder: Path) -> Tokenizer:
    """The fast tokenizer of ``tokenizer.json``, without truncation or padding.

    Raises:
        ModelLoadError: the file is missing or damaged.
    """
    path = folder / "tokenizer.json"
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # the tokenizer library raises bare Exception
        raise ModelLoadError(f"cannot read {path}: {error}") from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
