"""One training loop for both networks: the Transformers ``Trainer`` over planned batches."""

from __future__ import annotations

import importlib
import logging
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import torch
from torch import nn

from stance.checkpoint import pick_device, ready_to_compute
from stance.config import check_range
from stance.errors import ConfigError, DataError, MissingExtraError
from stance.training import checkpoints
from stance.training.batches import Plan, Tensors
from stance.training.run_record import RunRecord, newest_checkpoint

logger = logging.getLogger(__name__)

Loss = Callable[[nn.Module, Tensors], torch.Tensor]
Precision = Literal["auto", "bf16", "float32"]


@dataclass(frozen=True, slots=True)
class Optimisation:
    """Settings of AdamW with linear warm-up and decay.

    Attributes:
        learning_rate: peak, of the backbone's updates.
        head_learning_rate: peak, of everything else.
        weight_decay: of the updates.
        warmup_share: of the steps, in [0, 1].
        save_steps: steps between checkpoints.
        precision: ``bf16`` computes in bfloat16 where that is safe; ``auto`` does so where the
            processor has instructions for it.
    """

    learning_rate: float = 3.0e-4
    head_learning_rate: float = 3.0e-4
    weight_decay: float = 0.01
    warmup_share: float = 0.06
    save_steps: int = 200
    precision: Precision = "auto"

    def __post_init__(self) -> None:
        """Check ranges.

        Raises:
            ConfigError: a value is out of range; the message names key and value.
        """
        for key in ("learning_rate", "head_learning_rate"):
            if not 0 < getattr(self, key) < math.inf:
                raise ConfigError(f"{key} is {getattr(self, key)}: give a number above 0")
        check_range("weight_decay", self.weight_decay, 0)
        check_range("warmup_share", self.warmup_share, 0, 1)
        check_range("save_steps", self.save_steps, 1)


def require_training_extra() -> None:
    """Raise where the packages that training needs are not installed.

    Raises:
        MissingExtraError: they are not.
    """
    for name in ("accelerate", "peft", "scipy", "sklearn"):
        try:
            importlib.import_module(name)
        except ImportError as error:
            raise MissingExtraError(
                f"training needs {name}: pip install 'newsstance[train]'"
            ) from error


def training_device(name: str | None) -> torch.device:
    """The device to train on, ready also in a forked process.

    See :func:`stance.checkpoint.pick_device` and :func:`stance.checkpoint.ready_to_compute`.

    Raises:
        ConfigError: it is not there, or is numbered: the Trainer takes the first that it sees.
    """
    ready_to_compute()
    device = pick_device(name)
    if device.index:
        raise ConfigError(
            f"device is {name!r}: training takes the first device that is visible: set "
            f"CUDA_VISIBLE_DEVICES={device.index} and give --device {device.type}"
        )
    return device


def uses_bf16(precision: Precision, device: torch.device) -> bool:
    """Whether training on a device computes in bfloat16."""
    if precision != "auto":
        return precision == "bf16"
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported())
    found = [
        getattr(torch.cpu, f"_is_{name}_supported", None) for name in ("avx512_bf16", "amx_tile")
    ]
    return device.type == "cpu" and any(check is not None and check() for check in found)


def optimise(
    network: nn.Module,
    plan: Plan,
    loss: Loss,
    settings: Optimisation,
    *,
    seed: int,
    device: torch.device,
    record: RunRecord,
    progress: bool | None = None,
) -> None:
    """Train a network in place, from the newest checkpoint of the run where there is one.

    Args:
        network: its parameters that require a gradient are trained; those under ``backbone.`` at
            the learning rate of the updates.
        plan: the batches of every step.
        loss: of a batch, which lies on the device.
        settings: of the optimizer.
        seed: of dropout.
        device: where to train.
        record: of the run; its folder gets the checkpoints.
        progress: show a bar with the time left on stderr; None shows it only on a terminal.

    Raises:
        DataError: a checkpoint cannot be written.
        ConfigError: the one to go on from is damaged.
    """
    from peft.helpers import disable_input_dtype_casting
    from transformers import PrinterCallback, TrainingArguments

    bf16 = uses_bf16(settings.precision, device)
    if bf16:
        _freeze_in_bfloat16(network)
    arguments = TrainingArguments(
        output_dir=str(record.checkpoints),
        num_train_epochs=1,  # the plan holds all epochs
        per_device_train_batch_size=1,  # an item of the plan is a batch
        warmup_steps=int(settings.warmup_share * len(plan)),
        lr_scheduler_type="linear",
        bf16=bf16,
        use_cpu=device.type == "cpu",
        seed=seed,
        remove_unused_columns=False,
        save_steps=settings.save_steps,
        save_total_limit=1,
        logging_steps=50,
        report_to=[],
        disable_tqdm=True,
    )
    arguments._n_gpu = min(1, arguments.n_gpu)  # the batches are not to be split
    trainer = _trainer_class()(
        model=network,
        args=arguments,
        train_dataset=plan,
        callbacks=[_callback(record, len(plan), progress)],
        optimizers=(torch.optim.AdamW(_parameter_groups(network, settings)), None),
    )
    trainer.batch_loss = loss
    trainer.remove_callback(PrinterCallback)
    last = newest_checkpoint(record.checkpoints)
    if last is not None:
        logger.info("going on from %s", last)
    try:
        with disable_input_dtype_casting(network):  # autocast does it; twice is slow
            trainer.train(resume_from_checkpoint=str(last) if last else None)
    except OSError as error:
        raise DataError(f"cannot write {record.checkpoints}: {error}") from error
    network.float()


def _parameter_groups(network: nn.Module, settings: Optimisation) -> list[dict[str, object]]:
    named = [(n, p) for n, p in network.named_parameters() if p.requires_grad]
    return [
        {
            "params": [p for n, p in named if n.startswith("backbone.")],
            "lr": settings.learning_rate,
            "weight_decay": settings.weight_decay,
        },
        {
            "params": [p for n, p in named if not n.startswith("backbone.")],
            "lr": settings.head_learning_rate,
            "weight_decay": 0.0,
        },
    ]


def _freeze_in_bfloat16(network: nn.Module) -> None:
    """Store what is not trained as autocast would compute with it, so that no step converts it."""
    for name, parameter in network.named_parameters():
        if not parameter.requires_grad and ".lora_" not in name:  # frozen updates stay exact
            parameter.data = parameter.data.to(torch.bfloat16)


def _trainer_class() -> type[Any]:
    """The Trainer with our batches and checkpoints; made on use, since it needs the extra."""
    from torch.utils.data import DataLoader
    from transformers import Trainer

    class PlannedTrainer(Trainer):  # type: ignore[misc]  # untyped base
        """Runs through a plan of batches; checkpoints hold what is trained, without pickles."""

        batch_loss: Loss

        def get_train_dataloader(self) -> Any:
            loader = DataLoader(self.train_dataset, batch_size=1, collate_fn=lambda rows: rows[0])
            return self.accelerator.prepare(loader)

        def compute_loss(
            self,
            model: nn.Module,
            inputs: Tensors,
            return_outputs: bool = False,
            num_items_in_batch: torch.Tensor | None = None,
        ) -> Any:
            loss = self.batch_loss(model, inputs)
            return (loss, {}) if return_outputs else loss

        def _save(self, output_dir: str | None = None, state_dict: Any = None) -> None:
            checkpoints.save_trained(self.model, Path(output_dir or self.args.output_dir))

        def _load_from_checkpoint(self, resume_from_checkpoint: str, model: Any = None) -> None:
            checkpoints.load_trained(model or self.model, Path(resume_from_checkpoint))

        def _save_optimizer_and_scheduler(self, output_dir: str) -> None:
            checkpoints.save_optimizer(self.optimizer, self.lr_scheduler, Path(output_dir))

        def _load_optimizer_and_scheduler(self, checkpoint: str | None) -> None:
            if checkpoint is not None:
                checkpoints.load_optimizer(self.optimizer, self.lr_scheduler, Path(checkpoint))

        def _save_rng_state(self, output_dir: str) -> None:
            checkpoints.save_generators(Path(output_dir))

        def _load_rng_state(self, checkpoint: str | None) -> None:
            if checkpoint is not None:
                checkpoints.load_generators(Path(checkpoint))

    return PlannedTrainer


def _callback(record: RunRecord, steps: int, progress: bool | None) -> Any:
    """Keeps the run's cost with every checkpoint and shows how far it is."""
    from tqdm import tqdm
    from transformers import TrainerCallback

    class Watch(TrainerCallback):  # type: ignore[misc]  # untyped base
        def on_train_begin(self, args: Any, state: Any, control: Any, **more: Any) -> None:
            hidden = None if progress is None else not progress
            self.bar = tqdm(total=steps, initial=state.global_step, desc="training", disable=hidden)

        def on_step_end(self, args: Any, state: Any, control: Any, **more: Any) -> None:
            self.bar.update(state.global_step - self.bar.n)

        def on_log(
            self, args: Any, state: Any, control: Any, logs: Any = None, **more: Any
        ) -> None:
            if logs and "loss" in logs:
                self.bar.set_postfix(loss=f"{float(logs['loss']):.3f}", refresh=False)
                logger.info("step %d of %d: loss %s", state.global_step, steps, logs["loss"])

        def on_save(self, args: Any, state: Any, control: Any, **more: Any) -> None:
            record.save()

        def on_train_end(self, args: Any, state: Any, control: Any, **more: Any) -> None:
            self.bar.close()

    return Watch()
