"""Fine-tuning of the pair model's low-rank adapter and heads (Hu et al. 2021, LoRA).

``train`` builds the mixture, trains with the Transformers ``Trainer`` (checkpoints resume), scores
the dev files, fits the calibration on statements it was not trained on, and writes one folder:
``adapter.safetensors``, ``adapter.json``, ``results.json`` and ``MODEL_CARD.md``.
"""

from __future__ import annotations

import hashlib
import json
import logging
import platform
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from filelock import FileLock
from sklearn.metrics import f1_score
from torch.nn import functional as F
from torch.utils.data import Dataset

from stance.checkpoint.adapter import AdapterInfo, read_adapter, read_adapter_info, write_adapter
from stance.checkpoint.backbone import locate_backbone
from stance.config import check_range
from stance.errors import ConfigError, MissingExtraError, ModelLoadError
from stance.evaluation.provenance import code_version
from stance.jsonl import find_data
from stance.labels import Sentiment, Stance
from stance.model.bundled import load_pair_model
from stance.model.calibration import Calibration, fit_calibration
from stance.model.network import Logits, PairModel
from stance.model.pairs import EncodedPair, PairEncoder
from stance.training.mixture import MixtureConfig, build_mixture, unlabelled_pairs
from stance.training.model_card import write_model_card
from stance.training.run_record import newest_checkpoint, open_run
from stance.training.sources import (
    TrainingPair,
    read_own_statements,
    read_stance_pairs,
    read_tone_pairs,
    split_by_theme,
)

logger = logging.getLogger(__name__)

IGNORED = -100
_STANCES = list(Stance)
_SENTIMENTS = list(Sentiment)


@dataclass(frozen=True, slots=True)
class DistilConfig:
    """Soft labels from a larger model (Hinton et al. 2015).

    Attributes:
        teacher: folder of the teacher's adapter.
        weight: share of the soft loss in [0, 1]; the rest is the hard-label loss.
        temperature: softening of both distributions.
        corrected: where the teacher contradicts a label, its logits of that label and of its own
            answer change places (Wen et al. 2019, "Preparing Lessons: Improve Knowledge
            Distillation with Better Supervision").
        unlabelled: extra statement-target pairs without a label that the teacher labels.
    """

    teacher: str
    weight: float = 0.5
    temperature: float = 2.0
    corrected: bool = False
    unlabelled: int = 0

    def __post_init__(self) -> None:
        """Check ranges.

        Raises:
            ConfigError: a value is out of range; the message names key and value.
        """
        check_range("weight", self.weight, 0, 1)
        check_range("unlabelled", self.unlabelled, 0)
        _check_positive("temperature", self.temperature)


@dataclass(frozen=True, slots=True)
class TrainConfig:
    """Recipe of one adapter; paths are relative to the working folder.

    ``start_from`` names folders of adapters of the same backbone and rank, whose training this
    recipe continues with a schedule of its own; several are averaged (Wortsman et al. 2022, "Model
    soups"). With ``epochs`` 0 that average is the result. ``calibration`` names a folder of own
    statements that temperatures and conformal scores are fitted on, by other authors than those
    trained on; without it they are fitted on the held-out themes.
    """

    task: str
    name: str
    backbone: str = "small"
    statements: str = "configs/train/statements"
    calibration: str | None = None
    rank: int = 64
    alpha: int = 128
    lora_dropout: float = 0.05
    learning_rate: float = 1.0e-3
    head_learning_rate: float = 1.0e-3
    weight_decay: float = 0.01
    epochs: float = 3.0
    batch_size: int = 32
    warmup_share: float = 0.06
    label_smoothing: float = 0.0
    sentiment_weight: float = 0.5
    max_length: int = 256
    max_context: int = 96
    seed: int = 0
    bf16: bool = True
    save_steps: int = 200
    start_from: tuple[str, ...] = ()
    mixture: MixtureConfig = field(default_factory=MixtureConfig)
    distil: DistilConfig | None = None

    def __post_init__(self) -> None:
        """Check ranges.

        Raises:
            ConfigError: a value is out of range; the message names key and value.
        """
        for key in ("rank", "alpha", "batch_size", "save_steps"):
            check_range(key, getattr(self, key), 1)
        for key in ("lora_dropout", "warmup_share", "label_smoothing"):
            check_range(key, getattr(self, key), 0, 1)
        for key in ("epochs", "weight_decay", "sentiment_weight", "max_context"):
            check_range(key, getattr(self, key), 0)
        for key in ("max_length", "learning_rate", "head_learning_rate"):
            _check_positive(key, getattr(self, key))


def _check_positive(key: str, value: float) -> None:
    if not 0 < value < float("inf"):
        raise ConfigError(f"{key} is {value}: give a number above 0")


class PairDataset(Dataset[dict[str, Any]]):
    """Encoded training pairs with label ids, -100 where a label is absent."""

    def __init__(
        self,
        pairs: Sequence[TrainingPair],
        encoder: PairEncoder,
        teacher: np.ndarray | None = None,
    ) -> None:
        self.pairs = list(pairs)
        self.encoded = encode_training(pairs, encoder)
        self.stance = [_STANCES.index(p.stance) if p.stance else IGNORED for p in pairs]
        self.sentiment = [_SENTIMENTS.index(p.sentiment) if p.sentiment else IGNORED for p in pairs]
        self.teacher = teacher

    def __len__(self) -> int:
        return len(self.pairs)

    def __getitem__(self, index: int) -> dict[str, Any]:
        row: dict[str, Any] = {
            "pair": self.encoded[index],
            "stance": self.stance[index],
            "sentiment": self.sentiment[index],
        }
        if self.teacher is not None:
            row["teacher"] = self.teacher[index]
        return row


def encode_training(pairs: Sequence[TrainingPair], encoder: PairEncoder) -> list[EncodedPair]:
    """Encode pairs as the classifier would."""
    return encoder.encode(
        [p.statement for p in pairs],
        [p.target for p in pairs],
        [p.context for p in pairs],
        [p.speaker for p in pairs],
    )


def pair_logits(
    model: PairModel, encoder: PairEncoder, encoded: Sequence[EncodedPair], batch_size: int = 32
) -> np.ndarray:
    """Score encoded pairs, longest first, original order restored.

    Returns:
        float32 ``[n, 6]``: three stance logits, then three sentiment logits.
    """
    model.eval()
    out = np.zeros((len(encoded), 6), dtype=np.float32)
    order = sorted(range(len(encoded)), key=lambda i: -len(encoded[i].ids))
    for begin in range(0, len(order), batch_size):
        rows = order[begin : begin + batch_size]
        batch = encoder.pad([encoded[i] for i in rows])
        with torch.inference_mode():
            logits = model(**{k: torch.from_numpy(v) for k, v in batch.items()})
        out[rows] = torch.cat([logits.stance, logits.sentiment], dim=1).numpy()
    return out


def _require_training_extra() -> None:
    try:
        import accelerate  # noqa: F401
        import peft  # noqa: F401
    except ImportError as error:
        raise MissingExtraError(
            f"training needs {error.name}: pip install 'stance[train]'"
        ) from error


def _trainer_class() -> type[Any]:
    """The Trainer with the two-head loss; built on use, since it needs the training extra."""
    from transformers import Trainer
    from transformers.trainer_pt_utils import LengthGroupedSampler

    class PairTrainer(Trainer):  # type: ignore[misc]  # untyped base
        """Sums the stance, sentiment and, where there is a teacher, soft-label losses."""

        recipe: TrainConfig

        def _get_train_sampler(self, train_dataset: Any = None) -> Any:
            dataset = cast(PairDataset, train_dataset or self.train_dataset)
            lengths = [len(pair.ids) for pair in dataset.encoded]
            generator = torch.Generator().manual_seed(self.args.seed)
            return LengthGroupedSampler(
                self.args.train_batch_size, lengths=lengths, generator=generator
            )

        def compute_loss(
            self,
            model: torch.nn.Module,
            inputs: dict[str, torch.Tensor],
            return_outputs: bool = False,
            num_items_in_batch: torch.Tensor | None = None,
        ) -> Any:
            labels = {k: inputs.pop(k) for k in ("stance", "sentiment")}
            teacher = inputs.pop("teacher", None)
            logits: Logits = model(**inputs)
            smooth = self.recipe.label_smoothing
            stance = _masked_loss(logits.stance, labels["stance"], smooth)
            tone = _masked_loss(logits.sentiment, labels["sentiment"], smooth)
            loss = stance + self.recipe.sentiment_weight * tone
            if teacher is not None and self.recipe.distil is not None:
                share, heat = self.recipe.distil.weight, self.recipe.distil.temperature
                soft = _soft_loss(logits.stance, teacher[:, :3], heat)
                soft = soft + self.recipe.sentiment_weight * _soft_loss(
                    logits.sentiment, teacher[:, 3:], heat
                )
                loss = (1 - share) * loss + share * soft
            return (loss, logits) if return_outputs else loss

    return PairTrainer


def correct_logits(logits: np.ndarray, labels: Sequence[int]) -> None:
    """Swap, in place, the highest logit with that of the label where they differ.

    Args:
        logits: float32 ``[n, 3]``.
        labels: column of the label of each row; -100 where there is none.
    """
    gold = np.asarray(labels)
    rows = np.flatnonzero(gold != IGNORED)
    best, gold = logits[rows].argmax(1), gold[rows]
    logits[rows, best], logits[rows, gold] = logits[rows, gold], logits[rows, best]


def _masked_loss(logits: torch.Tensor, labels: torch.Tensor, smooth: float) -> torch.Tensor:
    """Cross-entropy over the labelled rows, divided by the whole batch's size."""
    total = F.cross_entropy(
        logits, labels, ignore_index=IGNORED, reduction="sum", label_smoothing=smooth
    )
    return total / len(labels)


def _soft_loss(logits: torch.Tensor, teacher: torch.Tensor, heat: float) -> torch.Tensor:
    student = F.log_softmax(logits / heat, dim=-1)
    target = F.softmax(teacher / heat, dim=-1)
    return F.kl_div(student, target, reduction="batchmean") * heat * heat


def low_rank_tensors(model: PairModel) -> dict[str, torch.Tensor]:
    """The trained tensors under the names the loader reads."""
    tensors: dict[str, torch.Tensor] = {}
    for name, value in model.state_dict().items():
        if ".lora_A." in name or ".lora_B." in name:
            short = name.replace(".lora_A.default.weight", ".lora_A")
            short = short.replace(".lora_B.default.weight", ".lora_B")
            tensors[short] = value
        elif not name.startswith("backbone."):
            tensors[name] = value
    return tensors


def start_from_adapters(model: PairModel, folders: Sequence[Path], scale: float) -> None:
    """Copy stored adapters, averaged, into a model whose low-rank layers are still new.

    Args:
        model: changed in place.
        folders: of the adapters.
        scale: alpha / rank of the model's layers.

    Raises:
        ModelLoadError: an adapter is damaged, or of another backbone, rank or scale.
    """
    wanted = {
        name: value.shape
        for name, value in model.state_dict().items()
        if ".lora_" in name or not name.startswith("backbone.")
    }
    mean: dict[str, torch.Tensor] = {}
    for folder in folders:
        adapter = read_adapter(folder)
        if adapter.info.scale != scale:
            raise ModelLoadError(
                f"{folder} is an adapter of scale {adapter.info.scale}, not {scale}: start from it "
                "with the same alpha / rank"
            )
        named = {
            f"{name}.default.weight" if name.endswith((".lora_A", ".lora_B")) else name: value
            for name, value in adapter.tensors.items()
        }
        shapes = {name: value.shape for name, value in named.items()}
        if shapes != wanted:
            odd = sorted(n for n in shapes | wanted if shapes.get(n) != wanted.get(n))
            raise ModelLoadError(f"{folder} is an adapter of another backbone or rank: {odd[:3]}")
        for name, value in named.items():
            mean[name] = mean.get(name, 0) + value.float() / len(folders)
    model.load_state_dict(mean, strict=False)


def save_adapter(model: PairModel, config: TrainConfig, folder: Path) -> AdapterInfo:
    """Write the trained tensors as an adapter."""
    info = AdapterInfo(
        task="stance",
        name=config.name,
        backbone=config.backbone,
        rank=config.rank,
        scale=config.alpha / config.rank,
        labels=tuple(str(label) for label in Stance),
        max_length=config.max_length,
        max_context=config.max_context,
    )
    return write_adapter(folder, info, low_rank_tensors(model))


def dev_pairs(data_dir: Path, statements_dir: Path, config: MixtureConfig) -> list[TrainingPair]:
    """The held-out pairs: dev files, dev tone sentences, own held-out themes."""
    _, held = split_by_theme(read_own_statements(statements_dir), config.held_out_themes, seed=0)
    return [
        *read_stance_pairs(find_data(data_dir, "stance_dev")),
        *read_tone_pairs(find_data(data_dir, "target_sentiment_dev")),
        *(pair for statement in held for pair in statement.pairs()),
    ]


def score_pairs(pairs: Sequence[TrainingPair], logits: np.ndarray) -> dict[str, dict[str, float]]:
    """Macro F1 of stance and of sentiment by source, over the classes present in gold."""
    scores: dict[str, dict[str, float]] = {}
    for source in sorted({p.source for p in pairs}):
        rows = [i for i, p in enumerate(pairs) if p.source == source]
        entry: dict[str, float] = {"n": float(len(rows))}
        for head, kind, columns in (
            ("stance", _STANCES, slice(0, 3)),
            ("sentiment", _SENTIMENTS, slice(3, 6)),
        ):
            gold = [getattr(pairs[i], head) for i in rows]
            if any(label is None for label in gold):
                continue
            ids = [cast(list[Any], kind).index(label) for label in gold]
            predicted = logits[rows][:, columns].argmax(1)
            entry[f"{head}_macro_f1"] = float(
                f1_score(ids, predicted, average="macro", labels=sorted(set(ids)))
            )
            entry[f"{head}_accuracy"] = float(np.mean(predicted == np.array(ids)))
        scores[source] = entry
    return scores


def _parameter_groups(model: PairModel, config: TrainConfig) -> list[dict[str, Any]]:
    named = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
    return [
        {
            "params": [p for n, p in named if n.startswith("backbone.")],
            "lr": config.learning_rate,
            "weight_decay": config.weight_decay,
        },
        {
            "params": [p for n, p in named if not n.startswith("backbone.")],
            "lr": config.head_learning_rate,
            "weight_decay": 0.0,
        },
    ]


def train(
    config: TrainConfig,
    data_dir: Path,
    output: Path,
    *,
    seed: int | None = None,
    recipe: str | None = None,
) -> dict[str, object]:
    """Train an adapter; resumes from the newest checkpoint in ``output/checkpoints``.

    Only the same run resumes: ``checkpoints/run.json`` holds a hash of its recipe, seed and data.

    Args:
        config: the recipe.
        data_dir: folder with ``stance_train``, ``stance_dev``, ``target_sentiment_*`` files.
        output: folder for the adapter, results and checkpoints.
        seed: overrides ``config.seed`` for the initial weights and the order of the pairs; the
            mixture stays that of ``config.seed``.
        recipe: name of the recipe's file, for the model card; the config's name when None.

    Returns:
        The content of ``results.json``.

    Raises:
        ConfigError: the backbone is unknown, the seed out of range, the mixture cannot be made, or
            the folder holds checkpoints of another run.
        DataError: a data file is missing or bad.
        MissingExtraError: the training extra is not installed.
        ModelLoadError: the backbone, or an adapter that is started from, is missing or unfit.
    """
    _require_training_extra()
    from peft import LoraConfig, inject_adapter_in_model
    from transformers import set_seed

    if config.backbone not in ("small", "base"):
        raise ConfigError(f"backbone is {config.backbone!r}: use small or base")
    run_seed = config.seed if seed is None else seed
    check_range("seed", run_seed, 0, 2**32 - 1)  # numpy's generator takes no other
    set_seed(run_seed)
    began = time.monotonic()
    commit = code_version() or "unknown"  # before the sources can change
    # Now, so that a missing file is not found after hours of training.
    held_out = dev_pairs(data_dir, Path(config.statements), config.mixture)
    apart = None
    if config.calibration is not None:
        apart = [p for s in read_own_statements(Path(config.calibration)) for p in s.pairs()]
    folder = locate_backbone(config.backbone)
    encoder = PairEncoder(folder, max_length=config.max_length, max_context=config.max_context)
    model = PairModel(folder, training=True)
    linear = sorted(n for n, m in model.backbone.named_modules() if isinstance(m, torch.nn.Linear))
    lora = LoraConfig(
        r=config.rank,
        lora_alpha=config.alpha,
        lora_dropout=config.lora_dropout,
        target_modules=linear,
    )
    inject_adapter_in_model(lora, model.backbone)
    if config.start_from:
        starts = [Path(folder) for folder in config.start_from]
        start_from_adapters(model, starts, config.alpha / config.rank)
    if config.bf16:
        _freeze_in_bfloat16(model)

    pairs, minutes = 0, (time.monotonic() - began) / 60
    if config.epochs > 0:
        pairs, minutes = _fit(model, encoder, config, data_dir, output, run_seed, began)

    save_adapter(model, config, output)
    return finish(
        config,
        output,
        held_out=held_out,
        apart=apart,
        seed=run_seed,
        minutes=minutes,
        pairs=pairs,
        recipe=recipe or config.name,
        commit=commit,
    )


def _fit(
    model: PairModel,
    encoder: PairEncoder,
    config: TrainConfig,
    data_dir: Path,
    output: Path,
    seed: int,
    began: float,
) -> tuple[int, float]:
    """Train the adapter in place on the recipe's mixture.

    Returns:
        The pairs of an epoch, and the minutes of this session and those before.
    """
    from peft.helpers import disable_input_dtype_casting
    from transformers import TrainerCallback, TrainingArguments

    statements = Path(config.statements)
    mixture = build_mixture(data_dir, statements, config.mixture, config.seed)
    sources = [Path(folder) for folder in config.start_from]
    if config.distil is not None:
        count = config.distil.unlabelled
        mixture += unlabelled_pairs(data_dir, statements, config.mixture, count, config.seed)
        sources.append(Path(config.distil.teacher))
    checkpoints = output / "checkpoints"
    last = newest_checkpoint(checkpoints)
    weights = [read_adapter_info(folder).sha256 for folder in sources]
    record = open_run(
        checkpoints,
        (asdict(config), seed, weights, mixture),
        resumes=last is not None,
        began=began,
    )
    teacher = None
    if config.distil is not None:
        teacher = _teacher_logits(
            Path(config.distil.teacher), mixture, output.parent, bf16=config.bf16
        )
    dataset = PairDataset(mixture, encoder, teacher)
    if teacher is not None and config.distil is not None and config.distil.corrected:
        correct_logits(teacher[:, :3], dataset.stance)
        correct_logits(teacher[:, 3:], dataset.sentiment)

    def collate(rows: list[dict[str, Any]]) -> dict[str, torch.Tensor]:
        batch = {
            key: torch.from_numpy(value)
            for key, value in encoder.pad([row["pair"] for row in rows]).items()
        }
        for key in ("stance", "sentiment"):
            batch[key] = torch.tensor([row[key] for row in rows])
        if "teacher" in rows[0]:
            batch["teacher"] = torch.from_numpy(np.stack([row["teacher"] for row in rows]))
        return batch

    steps = int(np.ceil(len(dataset) / config.batch_size) * config.epochs)
    arguments = TrainingArguments(
        output_dir=str(checkpoints),
        num_train_epochs=config.epochs,
        per_device_train_batch_size=config.batch_size,
        warmup_steps=int(config.warmup_share * steps),
        lr_scheduler_type="linear",
        bf16=config.bf16,
        use_cpu=not torch.cuda.is_available(),
        seed=seed,
        remove_unused_columns=False,
        save_steps=config.save_steps,
        save_total_limit=1,
        logging_steps=50,
        report_to=[],
        disable_tqdm=True,
        label_names=["stance", "sentiment"],
    )

    class Clock(TrainerCallback):  # type: ignore[misc]  # untyped base
        def on_save(self, *arguments: Any, **more: Any) -> None:
            record.save()

    trainer = _trainer_class()(
        model=model,
        args=arguments,
        train_dataset=dataset,
        data_collator=collate,
        callbacks=[Clock()],
        optimizers=(torch.optim.AdamW(_parameter_groups(model, config)), None),
    )
    trainer.recipe = config
    with disable_input_dtype_casting(model):  # autocast does it; twice is slow
        trainer.train(resume_from_checkpoint=str(last) if last else None)
    return len(dataset), record.minutes()


def finish(
    config: TrainConfig,
    output: Path,
    *,
    held_out: Sequence[TrainingPair],
    apart: Sequence[TrainingPair] | None,
    seed: int,
    minutes: float,
    pairs: int,
    recipe: str,
    commit: str,
) -> dict[str, object]:
    """Score the saved adapter on ``held_out`` and fit its calibration on ``apart``.

    Without ``apart`` the calibration is fitted on the own statements of ``held_out``. The adapter
    is read back, so that what is measured is what ships.
    """
    loaded = load_pair_model(output)
    model, encoder = loaded.model, loaded.encoder
    encoded = encode_training(held_out, encoder)
    logits = pair_logits(model, encoder, encoded)
    if apart is None:
        own = [i for i, pair in enumerate(held_out) if pair.source.startswith("own-")]
        calibration = _calibrate_on(
            [held_out[i] for i in own], [encoded[i] for i in own], logits[own]
        )
    else:
        encoded = encode_training(apart, encoder)
        calibration = _calibrate_on(apart, encoded, pair_logits(model, encoder, encoded))
    calibration.save(output / "calibration.json")
    results: dict[str, object] = {
        "name": config.name,
        "recipe": recipe,
        "seed": seed,
        "pairs_per_epoch": pairs,
        "minutes": round(minutes, 1),
        "cpu": platform.processor() or platform.machine(),
        "threads": torch.get_num_threads(),
        "dev": score_pairs(held_out, logits),
        "calibration": None if calibration.quality is None else calibration.quality.to_record(),
        "commit": commit,
        "config": asdict(config),
        "earlier_stages": _earlier_stages(config),
    }
    (output / "results.json").write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    write_model_card(output)
    return results


def _earlier_stages(config: TrainConfig) -> list[dict[str, object]]:
    """Recipe, commit and cost of the stages that the adapter was started from, oldest first."""
    kept = ("recipe", "commit", "seed", "pairs_per_epoch", "minutes", "threads", "cpu", "config")
    stages: list[dict[str, object]] = []
    for folder in config.start_from:
        stored = Path(folder) / "results.json"
        if not stored.is_file():
            continue
        before = json.loads(stored.read_text(encoding="utf-8"))
        for stage in [*before["earlier_stages"], {key: before[key] for key in kept}]:
            if stage not in stages:
                stages.append(stage)
    return stages


def _calibrate_on(
    pairs: Sequence[TrainingPair], encoded: Sequence[EncodedPair], logits: np.ndarray
) -> Calibration:
    """Fit temperatures on pairs of own statements, which carry all labels."""
    stance = np.array([_STANCES.index(cast(Stance, p.stance)) for p in pairs])
    tone = np.array([_SENTIMENTS.index(cast(Sentiment, p.sentiment)) for p in pairs])
    around = [pair.used_context for pair in encoded]
    return fit_calibration(logits[:, :3], stance, logits[:, 3:], tone, around)


def _freeze_in_bfloat16(model: PairModel) -> None:
    """Store what is not trained as autocast would compute with it, so that no step converts it."""
    for parameter in model.parameters():
        if not parameter.requires_grad:
            parameter.data = parameter.data.to(torch.bfloat16)


def _teacher_logits(
    folder: Path, pairs: Sequence[TrainingPair], cache: Path, *, bf16: bool
) -> np.ndarray:
    """Score the pairs with the teacher, once: runs that differ by seed alone share the file."""
    info = read_adapter_info(folder)
    key = f"{info.sha256} {bf16} {list(pairs)!r}"
    digest = hashlib.sha256(key.encode()).hexdigest()[:16]
    stored = cache / f"teacher-{digest}.npy"
    cache.mkdir(parents=True, exist_ok=True)
    with FileLock(f"{stored}.lock"):  # a second seed waits, and then reads the file
        if stored.is_file():
            kept: np.ndarray = np.load(stored, allow_pickle=False)
            return kept
        logger.info("soft labels by %s for %d pairs", info.name, len(pairs))
        loaded = load_pair_model(folder)
        encoder = loaded.encoder
        teacher = loaded.model.to(torch.bfloat16) if bf16 else loaded.model
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=bf16):
            logits = pair_logits(teacher, encoder, encode_training(pairs, encoder))
        partial = stored.with_suffix(".partial.npy")
        np.save(partial, logits)
        partial.replace(stored)
    return logits
