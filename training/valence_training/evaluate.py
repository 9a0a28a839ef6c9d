"""Measure the full and the 8-bit model; every figure of the card comes from here."""

from pathlib import Path

import numpy as np
from transformers import PreTrainedTokenizerBase

from . import behaviour, data
from .base import MAX_TOKENS
from .data import Example
from .detokenise import detokenise
from .onnx_model import OnnxModel

LARGE_BATCH = 32
CONFIDENT = 0.75


class Evaluation:
    def __init__(self, tokenizer: PreTrainedTokenizerBase, full: OnnxModel, quantised: OnnxModel):
        self.tokenizer = tokenizer
        self.full = full
        self.quantised = quantised

    def rows(self, texts: list[str]) -> list[list[int]]:
        return self.tokenizer(texts, truncation=True, max_length=MAX_TOKENS)["input_ids"]

    def accuracies(self, examples: list[Example]) -> dict:
        """Accuracy of both models, one text at a time."""
        rows = self.rows([example.text for example in examples])
        labels = np.array([example.label for example in examples])
        return {
            "texts": len(examples),
            "fp32": share((self.full.scores(rows) > 0.5) == labels),
            "int8": share((self.quantised.scores(rows) > 0.5) == labels),
        }

    def batch_dependence(self, examples: list[Example]) -> dict:
        """How batches of 32 change the answers of the 8-bit model; they should not."""
        rows = self.rows([example.text for example in examples])
        labels = np.array([example.label for example in examples])
        alone = self.quantised.scores(rows)
        batched = self.quantised.scores(rows, LARGE_BATCH)
        return {
            "accuracy": share((batched > 0.5) == labels),
            "labels_changed": int(((alone > 0.5) != (batched > 0.5)).sum()),
            "largest_change": float(np.abs(alone - batched).max()),
        }

    def behaviour(self) -> dict:
        kinds: dict[str, list[Example]] = {}
        for kind, example in behaviour.check_sentences():
            kinds.setdefault(kind, []).append(example)
        return {kind: self.accuracies(examples) for kind, examples in kinds.items()}

    def wrong_behaviour(self) -> list[str]:
        examples = [example for _, example in behaviour.check_sentences()]
        scores = self.quantised.scores(self.rows([example.text for example in examples]))
        pairs = zip(examples, scores, strict=True)
        return [example.text for example, score in pairs if (score > 0.5) != example.label]

    def confident_share(self, texts: list[str]) -> float:
        """Share of texts that get either label with a high score."""
        scores = self.quantised.scores(self.rows(texts))
        return share(np.maximum(scores, 1 - scores) >= CONFIDENT)

    def split_sets(self) -> dict[str, float]:
        """Share of the sets whose sentences do not all get the same label."""
        return {
            attribute: share([self.is_split(texts) for texts in sets])
            for attribute, sets in behaviour.swapped_sets().items()
        }

    def is_split(self, texts: list[str]) -> bool:
        positive = self.quantised.scores(self.rows(texts)) > 0.5
        return bool(positive.any() and not positive.all())


def share(hits: np.ndarray | list[bool]) -> float:
    return float(np.mean(hits))


def evaluate(folder: Path, seed: int, evaluation: Evaluation) -> dict:
    sst2_dev = data.sst2(folder, "dev")
    neutral = data.goemotions_neutral(folder, "dev")
    return {
        "sst2_dev": evaluation.accuracies(sst2_dev),
        "sst2_dev_batched": evaluation.batch_dependence(sst2_dev),
        "sst2_dev_as_typed": evaluation.accuracies([Example(detokenise(e.text), e.label) for e in sst2_dev]),
        "goemotions_dev": evaluation.accuracies(data.goemotions(folder, "dev")),
        "goemotions_test": evaluation.accuracies(data.goemotions(folder, "test")),
        "customer_reviews": evaluation.accuracies(data.customer_reviews(folder, seed)[1]),
        "behaviour": evaluation.behaviour(),
        "behaviour_wrong": evaluation.wrong_behaviour(),
        "neutral_texts": len(neutral),
        "neutral_confident": evaluation.confident_share(neutral),
        "split_sets": evaluation.split_sets(),
    }
