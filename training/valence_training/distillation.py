"""Training of a student that also learns to reproduce its teacher's features (FitNets, Romero et al. 2015)."""

from dataclasses import dataclass

import numpy as np
import torch

from . import graded
from .batches import collate
from .features import pooled
from .precision import autocast
from .train import Trainer

# What the error of the features counts beside that of the grades, at the begin of each cycle and at its end.
FIRST_WEIGHT, LAST_WEIGHT = 1.0, 0.5
# Of the two linear layers, which begin at random.
LEARNING_RATE = 1e-3
NONE = -1
# So many at a time are made 32 bits for the variance, since all would take gigabytes.
PART = 4096


@dataclass(frozen=True)
class Features:
    """The teacher's, of those examples that have some."""

    # Texts × 2 × width, half precision.
    values: torch.Tensor
    mean: torch.Tensor
    # Of each of both kinds, summed over the width.
    variance: torch.Tensor
    # The text that an example is of, or `NONE`.
    rows: torch.Tensor

    @classmethod
    def joined(cls, found: np.ndarray, having: list[bool], origins: list[int]) -> "Features":
        """`found` are of the entries that have some, in their order; `origins` are the entries of the examples."""
        values = torch.from_numpy(found)
        rows = np.where(having, np.cumsum(having) - 1, NONE)[origins]
        mean = values.mean(dim=0, dtype=torch.float32)
        squares = sum(((part.float() - mean) ** 2).sum(dim=(0, 2)) for part in values.split(PART))
        return cls(values, mean, squares / len(values), torch.from_numpy(rows))

    def of(self, rows: torch.Tensor) -> torch.Tensor:
        return self.values[rows].float() - self.mean


class FeatureTrainer(Trainer):
    """Adds to the loss the share of the features' variance that two linear layers, thrown away afterwards, miss."""

    def __init__(self, features: Features, model: torch.nn.Module, *rest):
        self.features = features
        self.projections = torch.nn.ModuleList(
            torch.nn.Linear(model.config.dim, features.values.shape[2]) for _ in range(features.values.shape[1])
        )
        super().__init__(model, *rest)

    def parameter_groups(self) -> list[dict]:
        projections = {"params": list(self.projections.parameters()), "lr": LEARNING_RATE, "weight_decay": 0.0}
        return [*super().parameter_groups(), projections]

    def loss(self, indices: list[int]) -> torch.Tensor:
        batch = collate([self.train_rows[index] for index in indices])
        grades = batch.pop("labels")
        with autocast():
            output = self.model(**batch, output_hidden_states=True)
        loss = graded.loss(output.logits, grades)
        rows = self.features.rows[indices]
        having = rows != NONE
        if having.any():
            own = pooled(output.hidden_states[-1][having].float(), batch["attention_mask"][having])
            told = torch.stack([projection(own[:, kind]) for kind, projection in enumerate(self.projections)], dim=1)
            missed = ((told - self.features.of(rows[having])) ** 2).sum(dim=(0, 2)) / self.features.variance
            weight = LAST_WEIGHT + (FIRST_WEIGHT - LAST_WEIGHT) * self.left_of_cycle(self.step)
            loss = loss + weight * missed.mean() / len(indices)
        return loss

    def state(self) -> dict:
        return super().state() | {"projections": self.projections.state_dict()}

    def go_on_from(self, state: dict) -> None:
        super().go_on_from(state)
        self.projections.load_state_dict(state["projections"])
