"""Which checkpoint gave a result."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from stance.config import from_mapping
from stance.errors import DataError


@dataclass(frozen=True, slots=True)
class CheckpointInfo:
    """What is known of a loaded checkpoint, so that a result can be traced to it.

    Attributes:
        kind: ``bundled``, ``sequence-classification`` or ``nli``.
        name: of the adapter, or the hub id or folder of a checkpoint.
        device: where it computes: ``cpu``, ``cuda``, ``mps``.
        reads_context: whether contexts and speakers reach the model.
        labels: the checkpoint's own label names, in its own order.
        sha256: of the weights' file, or None where the weights are no single file.
        revision: hub revision that was pinned, or None.
        backbone: name of the backbone under an adapter, or None.
        max_length: tokens that a pair may have, or None where the checkpoint does not say.
        max_context: tokens of them that a context may have, or None where it reads none.
        precision: number format that it computes in: ``fp32`` or ``bf16``.
    """

    kind: str
    name: str
    device: str
    reads_context: bool
    labels: tuple[str, ...] = ()
    sha256: str | None = None
    revision: str | None = None
    backbone: str | None = None
    max_length: int | None = None
    max_context: int | None = None
    precision: str = "fp32"

    def to_record(self) -> dict[str, object]:
        """The facts as JSON can hold them."""
        return {**asdict(self), "labels": list(self.labels)}

    @classmethod
    def from_record(cls, record: Mapping[str, object]) -> CheckpointInfo:
        """Read what :meth:`to_record` gave.

        Raises:
            DataError: a key is missing or unknown, or a value is of the wrong type.
        """
        return from_mapping(record, cls, where="checkpoint info", error=DataError)
