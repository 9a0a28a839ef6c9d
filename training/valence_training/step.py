"""A step in the margin, so that a text that leans clearly enough is taken to have an opinion.

Neutral texts are taught as 0.5, and clear ones that resemble them are drawn to 0.5 with them: they are called mixed
although their labels are right far more often than that. The step pushes scores away from 0.5 by a height
that is reached within a width, and keeps their order. It takes the place of the two hidden units of the classifier
that count least, which makes it part of DistilBERT's own layers.
"""

from dataclasses import dataclass

import numpy as np
import torch
from transformers import DistilBertForSequenceClassification, PreTrainedTokenizerBase

from .batches import collate, encode, sorted_batches
from .data import Example

BATCH = 64
WIDTH = 0.5
# Keeps the least squares solvable where features hang together.
RIDGE = 1.0


@torch.inference_mode()
def features(
    model: DistilBertForSequenceClassification, tokenizer: PreTrainedTokenizerBase, texts: list[str]
) -> torch.Tensor:
    """What the classifier is given for each text, [texts, width]."""
    rows = encode(tokenizer, [Example(text, 0) for text in texts])
    found = torch.empty(len(rows), model.config.dim)
    for indices in sorted_batches(rows, BATCH):
        batch = collate([rows[index] for index in indices])
        hidden = model.eval().distilbert(batch["input_ids"], batch["attention_mask"]).last_hidden_state
        found[indices] = hidden[:, 0]
    return found


@torch.inference_mode()
def margins(model: DistilBertForSequenceClassification, features: torch.Tensor) -> np.ndarray:
    """The positive logit minus the negative one."""
    logits = model.classifier(model.pre_classifier(features).relu())
    return (logits[:, 1] - logits[:, 0]).double().numpy()


@dataclass(frozen=True)
class Step:
    """The margin as a linear function of the features, which is what a hidden unit can see of it."""

    weight: np.ndarray
    bias: float

    @classmethod
    def fit(cls, features: torch.Tensor, margins: np.ndarray) -> "Step":
        """Least squares, in which margins near zero count most: the step is there."""
        inputs = np.column_stack([features.double().numpy(), np.ones(len(features))])
        weighted = inputs.T / (1 + margins**2)
        found = np.linalg.solve(weighted @ inputs + RIDGE * np.eye(inputs.shape[1]), weighted @ margins)
        return cls(found[:-1], float(found[-1]))

    def rise(self, features: torch.Tensor) -> np.ndarray:
        """From -1 to 1: what a height is multiplied with."""
        return np.clip((features.double().numpy() @ self.weight + self.bias) / WIDTH, -1, 1)

    @torch.no_grad()
    def fold(self, model: DistilBertForSequenceClassification, features: torch.Tensor, height: float) -> None:
        """Put it into the classifier; `features` tell which units count least."""
        pooled, classifier = model.pre_classifier, model.classifier
        counts = pooled(features).relu().mean(dim=0) * (classifier.weight[1] - classifier.weight[0]).abs()
        slope = height / WIDTH / 2
        for unit, sign in zip(counts.argsort()[:2].tolist(), (1, -1), strict=True):
            pooled.weight[unit] = torch.from_numpy(self.weight).float()
            pooled.bias[unit] = self.bias + sign * WIDTH
            classifier.weight[:, unit] = torch.tensor([-slope, slope]) * sign
        classifier.bias += torch.tensor([height, -height]) / 2
