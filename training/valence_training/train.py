"""Fine-tuning on the CPU, with checkpoints from which a stopped run goes on."""

import hashlib
import json
import math
import time
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

import torch
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from tqdm import tqdm
from transformers import PreTrainedModel, PreTrainedTokenizerBase

from . import graded
from .batches import collate, encode, shuffled_batches
from .data import Example
from .precision import autocast, chosen

STEPS_BETWEEN_AVERAGES = 10
STEPS_BETWEEN_EVALUATIONS = 500
SECONDS_BETWEEN_CHECKPOINTS = 300
SECONDS_BETWEEN_REPORTS = 30
# Of the last cycle but one in the result.
FORMER_SHARE = 0.7


@dataclass(frozen=True)
class Settings:
    """One phase.

    With `average_decay` its result is a mean of averaged weights: of each of the last two cycles
    those with the least log loss on the dev sets, of all seen every `STEPS_BETWEEN_EVALUATIONS` steps.
    Without it, the last weights.
    """

    seed: int
    # The last one may be a part.
    epochs: float
    learning_rate: float
    # The learning rate falls to nothing in each, and begins anew (Loshchilov and Hutter 2017).
    cycles: int = 1
    average_decay: float | None = None
    batch_size: int = 32
    warm_up: float = 0.06
    weight_decay: float = 0.01
    clip: float = 1.0


class Trainer:
    """One phase over its training texts and their grades; `checkpoint` is the file from which it goes on."""

    def __init__(
        self,
        model: PreTrainedModel,
        tokenizer: PreTrainedTokenizerBase,
        train: list[Example],
        dev: graded.Dev,
        settings: Settings,
        checkpoint: Path,
    ):
        self.model = model
        self.settings = settings
        self.average = None
        if settings.average_decay is not None:
            self.average = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(settings.average_decay))
        self.train_rows = encode(tokenizer, train)
        self.tokenizer = tokenizer
        self.dev = dev
        self.checkpoint = checkpoint
        self.batches = [
            batch
            for epoch in range(math.ceil(settings.epochs))
            for batch in shuffled_batches(self.train_rows, settings.batch_size, settings.seed + epoch)
        ]
        del self.batches[round(settings.epochs * len(self.batches) / math.ceil(settings.epochs)) :]
        self.optimizer = torch.optim.AdamW(self.parameter_groups(), lr=settings.learning_rate, fused=True)
        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.optimizer, self.rate_factor)
        self.step = 0
        self.seconds = 0.0
        self.losses: list[float] = []
        # Averaged weights, and their log loss on the dev sets: of this cycle and of the one before.
        self.best: dict | None = None
        self.lowest = math.inf
        self.former: dict | None = None

    def parameter_groups(self) -> list[dict]:
        """Biases and layer norms are vectors; they do not decay. Frozen weights are left out."""
        trained = [weight for weight in self.model.parameters() if weight.requires_grad]
        matrices = [weight for weight in trained if weight.ndim > 1]
        vectors = [weight for weight in trained if weight.ndim <= 1]
        return [
            {"params": matrices, "weight_decay": self.settings.weight_decay},
            {"params": vectors, "weight_decay": 0.0},
        ]

    @property
    def cycle(self) -> int:
        """The steps of each cycle of the learning rate."""
        return math.ceil(len(self.batches) / self.settings.cycles)

    def left_of_cycle(self, step: int) -> float:
        """The share of the step's cycle that is to come: 1 at its first."""
        return 1 - step % self.cycle / self.cycle

    def rate_factor(self, step: int) -> float:
        warm_up = max(1, round(self.cycle * self.settings.warm_up)) / self.cycle
        done = (step % self.cycle + 1) / self.cycle
        return min(done / warm_up, self.left_of_cycle(step) / (1 - warm_up))

    def run(self) -> dict:
        """Train to the end, leave the result in the model and return the facts for the model card."""
        self.resume()
        started = time.monotonic() - self.seconds
        saved = time.monotonic()
        progress = tqdm(total=len(self.batches), initial=self.step, mininterval=SECONDS_BETWEEN_REPORTS, unit="batch")
        while self.step < len(self.batches):
            loss = self.train_step(self.batches[self.step])
            self.step += 1
            if self.average is not None and self.step % STEPS_BETWEEN_AVERAGES == 0:
                self.average.update_parameters(self.model)
            progress.set_postfix(loss=f"{loss:.3f}", refresh=False)
            progress.update()
            evaluated = self.is_evaluation_due()
            if evaluated:
                self.evaluate()
            if self.is_cycle_over():
                self.former, self.best, self.lowest = self.best, None, math.inf
            self.seconds = time.monotonic() - started
            if evaluated or time.monotonic() - saved > SECONDS_BETWEEN_CHECKPOINTS:
                self.save()
                saved = time.monotonic()
        progress.close()
        if self.average is not None:
            former = self.former or self.best
            self.model.load_state_dict(
                {name: torch.lerp(best, former[name], FORMER_SHARE) for name, best in self.best.items()}
            )
        return {
            "settings": asdict(self.settings),
            "number_format": chosen(),
            "examples": len(self.train_rows),
            "minutes": self.seconds / 60,
            "losses": self.losses,
        }

    def is_evaluation_due(self) -> bool:
        is_over = self.step == len(self.batches) or self.is_cycle_over()
        return is_over or self.step % STEPS_BETWEEN_EVALUATIONS == 0

    def is_cycle_over(self) -> bool:
        """Whether another one begins."""
        return self.step % self.cycle == 0 and self.step < len(self.batches)

    def evaluate(self) -> None:
        candidate = self.model if self.average is None else self.average.module
        found = graded.measure(candidate, self.tokenizer, self.dev)
        tqdm.write(f"step {self.step}: " + ", ".join(f"{name} {value:.4f}" for name, value in found.items()))
        loss = found["log loss"]
        if self.average is not None and loss <= self.lowest:
            self.best = {name: weight.clone() for name, weight in candidate.state_dict().items()}
            self.lowest = loss
        self.losses.append(loss)

    def train_step(self, indices: list[int]) -> float:
        self.model.train()
        loss = self.loss(indices)
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.settings.clip)
        self.optimizer.step()
        self.schedule.step()
        return loss.item()

    def loss(self, indices: list[int]) -> torch.Tensor:
        """Of a batch of these texts: cross-entropy with the shares that their grades mean."""
        batch = collate([self.train_rows[index] for index in indices])
        grades = batch.pop("labels")
        with autocast():
            logits = self.model(**batch).logits
        return graded.loss(logits, grades)

    def save(self) -> None:
        unfinished = self.checkpoint.with_suffix(".part")
        torch.save(self.state(), unfinished)
        unfinished.replace(self.checkpoint)

    @cached_property
    def task(self) -> dict:
        """What a checkpoint must be of: these settings, texts and grades."""
        rows = json.dumps(self.train_rows).encode()
        return {"settings": asdict(self.settings), "texts": hashlib.sha256(rows).hexdigest()}

    def state(self) -> dict:
        return {
            "task": self.task,
            "model": self.model.state_dict(),
            "average": self.average and self.average.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "schedule": self.schedule.state_dict(),
            "random": torch.get_rng_state(),
            "step": self.step,
            "seconds": self.seconds,
            "losses": self.losses,
            "best": self.best,
            "lowest": self.lowest,
            "former": self.former,
        }

    def resume(self) -> None:
        if not self.checkpoint.exists():
            return
        state = torch.load(self.checkpoint)
        if state.get("task") != self.task:
            raise SystemExit(f"{self.checkpoint} is of other settings, texts or grades: remove it to start anew")
        self.go_on_from(state)

    def go_on_from(self, state: dict) -> None:
        self.model.load_state_dict(state["model"])
        if self.average is not None:
            self.average.load_state_dict(state["average"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.schedule.load_state_dict(state["schedule"])
        torch.set_rng_state(state["random"])
        self.step = state["step"]
        self.seconds = state["seconds"]
        self.losses = state["losses"]
        self.best = state["best"]
        self.lowest = state["lowest"]
        self.former = state["former"]
