"""Grades, from 0 negative to 1 positive: what models learn and what they are asked for."""

import math
import random
from collections.abc import Iterable
from pathlib import Path

import torch
from transformers import PreTrainedTokenizerBase

from . import data
from .batches import collate, encode, sorted_batches
from .behaviour import check_sentences
from .data import Example
from .precision import autocast

DEV_COMMENTS = 1200
# The page calls a text mixed whose best score is below this.
MIXED_BELOW = 0.75
# Labels alone tell too little of so few texts. Both sets count alike, so that neither is bought with the other.
CHOOSING = ("SST-2", "comments")
# Keeps the logarithm finite.
LEAST = 1e-4

# What is measured while training: texts with their true grades, by set.
Dev = dict[str, list[tuple[str, float]]]


def targets(grades: torch.Tensor, outputs: int) -> torch.Tensor:
    """Shares of each output for grades: of (negative, positive), or with neutral between them."""
    if outputs == 2:
        return torch.stack([1 - grades, grades], dim=1)
    neutral = 1 - (2 * grades - 1).abs()
    return torch.stack([(1 - 2 * grades).clamp(min=0), neutral, (2 * grades - 1).clamp(min=0)], dim=1)


def loss(logits: torch.Tensor, grades: torch.Tensor) -> torch.Tensor:
    """Cross-entropy of a batch's logits with the shares that its grades mean."""
    return torch.nn.functional.cross_entropy(logits.float(), targets(grades.float(), logits.shape[1]))


@torch.inference_mode()
def grades(
    model: torch.nn.Module, tokenizer: PreTrainedTokenizerBase, texts: Iterable[str], batch_size: int = 64
) -> list[float]:
    """How positive the model finds each text, in the order of the texts."""
    model.eval()
    rows = encode(tokenizer, [Example(text, 0) for text in texts])
    found = [0.0] * len(rows)
    for indices in sorted_batches(rows, batch_size):
        batch = collate([rows[index] for index in indices])
        del batch["labels"]
        with autocast():
            logits = model(**batch).logits
        shares = logits.float().softmax(dim=1)
        graded = shares[:, -1] + (shares[:, 1] / 2 if shares.shape[1] == 3 else 0)
        for index, grade in zip(indices, graded.tolist(), strict=True):
            found[index] = grade
    return found


def dev_sets(folder: Path, seed: int) -> Dev:
    chance = random.Random(seed)
    comments = [(example.text, float(example.label)) for example in data.goemotions(folder, "dev")]
    neutral = [(text, 0.5) for text in data.goemotions_neutral(folder, "dev")]
    return {
        "SST-2": [(example.text, float(example.label)) for example in data.sst2(folder, "dev")],
        "comments": chance.sample(comments, min(DEV_COMMENTS, len(comments))),
        "behaviour": [(example.text, float(example.label)) for _, example in check_sentences()],
        "neutral": chance.sample(neutral, min(DEV_COMMENTS, len(neutral))),
    }


def measure(model: torch.nn.Module, tokenizer: PreTrainedTokenizerBase, dev: Dev) -> dict[str, float]:
    """Accuracy of each set, the share called mixed of neutral texts and of clear comments, and the log loss.

    The log loss is a mean over the sets by whose labels weights are chosen.
    """
    found = {}
    losses = []
    for name, texts in dev.items():
        graded = grades(model, tokenizer, [text for text, _ in texts])
        mixed = sum(max(grade, 1 - grade) < MIXED_BELOW for grade in graded) / len(texts)
        if name != "neutral":
            right = sum((grade > 0.5) == (true > 0.5) for grade, (_, true) in zip(graded, texts, strict=True))
            found[name] = right / len(texts)
        if name in CHOOSING:
            losses.append(log_loss(graded, texts))
        if name in ("neutral", "comments"):
            found[f"{name} called mixed"] = mixed
    return found | {"log loss": sum(losses) / len(losses)}


def log_loss(graded: list[float], texts: list[tuple[str, float]]) -> float:
    """The mean over texts with a true grade of 0 or 1."""
    right = [grade if true > 0.5 else 1 - grade for grade, (_, true) in zip(graded, texts, strict=True)]
    return -sum(math.log(max(share, LEAST)) for share in right) / len(right)
