"""Fine-tuning on the CPU, with checkpoints from which a stopped run goes on."""

import time
from dataclasses import asdict, dataclass
from pathlib import Path

import torch
from tqdm import tqdm
from transformers import DistilBertForSequenceClassification, PreTrainedTokenizerBase

from .batches import collate, encode, shuffled_batches, sorted_batches
from .data import Example

SECONDS_BETWEEN_CHECKPOINTS = 300
SECONDS_BETWEEN_REPORTS = 30
EVALUATION_BATCH = 64


@dataclass(frozen=True)
class Settings:
    seed: int
    epochs: int = 2
    learning_rate: float = 6e-5
    batch_size: int = 32
    warm_up: float = 0.06
    weight_decay: float = 0.01
    clip: float = 1.0


class Trainer:
    """One run over the training texts; `work` holds its checkpoint."""

    def __init__(
        self,
        model: DistilBertForSequenceClassification,
        tokenizer: PreTrainedTokenizerBase,
        train: list[Example],
        dev: list[Example],
        settings: Settings,
        work: Path,
    ):
        self.model = model
        self.settings = settings
        self.train_rows = encode(tokenizer, train)
        self.dev_rows = encode(tokenizer, dev)
        self.checkpoint = work / "checkpoint.pt"
        self.batches = [
            batch
            for epoch in range(settings.epochs)
            for batch in shuffled_batches(self.train_rows, settings.batch_size, settings.seed + epoch)
        ]
        self.steps_per_epoch = len(self.batches) // settings.epochs
        self.optimizer = torch.optim.AdamW(
            parameter_groups(model, settings.weight_decay), lr=settings.learning_rate, fused=True
        )
        self.schedule = torch.optim.lr_scheduler.LambdaLR(self.optimizer, self.rate_factor)
        self.step = 0
        self.seconds = 0.0
        self.epoch_accuracies: list[float] = []

    def rate_factor(self, step: int) -> float:
        total = len(self.batches)
        warm_up = max(1, round(total * self.settings.warm_up))
        return min((step + 1) / warm_up, (total - step) / (total - warm_up))

    def run(self) -> dict:
        """Train to the end and return the facts for the model card."""
        self.resume()
        started = time.monotonic() - self.seconds
        saved = time.monotonic()
        progress = tqdm(total=len(self.batches), initial=self.step, mininterval=SECONDS_BETWEEN_REPORTS, unit="batch")
        while self.step < len(self.batches):
            loss = self.train_step([self.train_rows[index] for index in self.batches[self.step]])
            self.step += 1
            progress.set_postfix(loss=f"{loss:.3f}", refresh=False)
            progress.update()
            ended_epoch = self.step % self.steps_per_epoch == 0
            if ended_epoch:
                self.epoch_accuracies.append(accuracy(self.model, self.dev_rows))
                tqdm.write(f"epoch {len(self.epoch_accuracies)}: SST-2 dev accuracy {self.epoch_accuracies[-1]:.4f}")
            self.seconds = time.monotonic() - started
            if ended_epoch or time.monotonic() - saved > SECONDS_BETWEEN_CHECKPOINTS:
                self.save()
                saved = time.monotonic()
        progress.close()
        return {
            "settings": asdict(self.settings),
            "examples": len(self.train_rows),
            "minutes": self.seconds / 60,
            "epoch_accuracies": self.epoch_accuracies,
        }

    def train_step(self, rows: list[tuple[list[int], int]]) -> float:
        self.model.train()
        with torch.autocast("cpu", dtype=torch.bfloat16):
            loss = self.model(**collate(rows)).loss
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.settings.clip)
        self.optimizer.step()
        self.schedule.step()
        return loss.item()

    def save(self) -> None:
        state = {
            "settings": asdict(self.settings),
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "schedule": self.schedule.state_dict(),
            "random": torch.get_rng_state(),
            "step": self.step,
            "seconds": self.seconds,
            "epoch_accuracies": self.epoch_accuracies,
        }
        unfinished = self.checkpoint.with_suffix(".part")
        torch.save(state, unfinished)
        unfinished.replace(self.checkpoint)

    def resume(self) -> None:
        if not self.checkpoint.exists():
            return
        state = torch.load(self.checkpoint)
        if state["settings"] != asdict(self.settings):
            raise SystemExit(f"{self.checkpoint} is of a run with other settings: remove it to start anew")
        self.model.load_state_dict(state["model"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.schedule.load_state_dict(state["schedule"])
        torch.set_rng_state(state["random"])
        self.step = state["step"]
        self.seconds = state["seconds"]
        self.epoch_accuracies = state["epoch_accuracies"]


def parameter_groups(model: torch.nn.Module, weight_decay: float) -> list[dict]:
    """Biases and layer norms are vectors; they do not decay."""
    matrices = [weight for weight in model.parameters() if weight.ndim > 1]
    vectors = [weight for weight in model.parameters() if weight.ndim <= 1]
    return [{"params": matrices, "weight_decay": weight_decay}, {"params": vectors, "weight_decay": 0.0}]


@torch.inference_mode()
def accuracy(model: DistilBertForSequenceClassification, rows: list[tuple[list[int], int]]) -> float:
    model.eval()
    right = 0
    for indices in sorted_batches(rows, EVALUATION_BATCH):
        batch = collate([rows[index] for index in indices])
        labels = batch.pop("labels")
        right += (model(**batch).logits.argmax(dim=1) == labels).sum().item()
    return right / len(rows)
