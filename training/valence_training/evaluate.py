"""Measure the full and the 8-bit model; every figure of the card comes from here."""

from dataclasses import asdict
from itertools import groupby, pairwise
from pathlib import Path

import numpy as np
from transformers import PreTrainedTokenizerBase

from . import behaviour, calibration, data, formats, written
from .base import MAX_TOKENS
from .data import Example
from .detokenise import detokenise
from .graded import MIXED_BELOW
from .onnx_model import OnnxModel
from .pairs import Pair, pairs, strangers

LARGE_BATCH = 32
LENGTHS = [0, 8, 16, 32, 64, MAX_TOKENS]
JOINED_TEXTS = 8


class Evaluation:
    """`files` are of the model in 32, 16 and 8 bits."""

    def __init__(self, tokenizer: PreTrainedTokenizerBase, files: dict[str, Path]):
        self.tokenizer = tokenizer
        self.files = files
        self.full = OnnxModel(files["32 bits"])
        self.quantised = OnnxModel(files["8 bits"])

    def rows(self, texts: list[str]) -> list[list[int]]:
        return self.tokenizer(texts, truncation=True, max_length=MAX_TOKENS)["input_ids"]

    def scores(self, texts: list[str]) -> np.ndarray:
        """The 8-bit model's probability of positive, one text at a time."""
        return self.quantised.scores(self.rows(texts))

    def accuracies(self, examples: list[Example]) -> dict:
        """Accuracy of both models, one text at a time."""
        rows = self.rows([example.text for example in examples])
        labels = data.labels_of(examples)
        return {
            "texts": len(examples),
            "fp32": share((self.full.scores(rows) > 0.5) == labels),
            "int8": share((self.quantised.scores(rows) > 0.5) == labels),
        }

    def batch_dependence(self, examples: list[Example]) -> dict:
        """How batches of 32 change the answers of both models; they should not."""
        rows = self.rows([example.text for example in examples])
        labels = data.labels_of(examples)
        alone = self.quantised.scores(rows)
        batched = self.quantised.scores(rows, LARGE_BATCH)
        full = np.abs(self.full.scores(rows) - self.full.scores(rows, LARGE_BATCH))
        return {
            "accuracy": share((batched > 0.5) == labels),
            "labels_changed": int(((alone > 0.5) != (batched > 0.5)).sum()),
            "largest_change": float(np.abs(alone - batched).max()),
            "largest_change_of_full": float(full.max()),
        }

    def confusion(self, examples: list[Example]) -> dict[str, int]:
        positive, labels = self.scores([example.text for example in examples]) > 0.5, data.labels_of(examples)
        return {
            "negative_right": int((~positive & ~labels).sum()),
            "negative_wrong": int((positive & ~labels).sum()),
            "positive_right": int((positive & labels).sum()),
            "positive_wrong": int((~positive & labels).sum()),
        }

    def formats(self, sets: dict[str, list[Example]]) -> list[dict]:
        rows = {name: self.rows([example.text for example in examples]) for name, examples in sets.items()}
        return formats.compare(self.files, {name: (rows[name], data.labels_of(sets[name])) for name in sets})

    def by_length(self, examples: list[Example]) -> list[dict]:
        """Accuracy for texts of up to so many tokens, special tokens not counted."""
        lengths = np.array([len(row) - 2 for row in self.rows([example.text for example in examples])])
        found = []
        for shortest, longest in pairwise(LENGTHS):
            indices = np.flatnonzero((lengths > shortest) & (lengths <= longest))
            if len(indices):
                part = [examples[index] for index in indices]
                found.append({"from": shortest + 1, "to": longest} | self.accuracies(part))
        return found

    def behaviour(self) -> dict:
        kinds: dict[str, list[Example]] = {}
        for kind, example in behaviour.check_sentences():
            kinds.setdefault(kind, []).append(example)
        return {kind: self.accuracies(examples) for kind, examples in kinds.items()}

    def wrong_behaviour(self) -> list[str]:
        examples = [example for _, example in behaviour.check_sentences()]
        wrong = (self.scores([example.text for example in examples]) > 0.5) != data.labels_of(examples)
        return [example.text for example, is_wrong in zip(examples, wrong, strict=True) if is_wrong]

    def mixed_share(self, texts: list[str]) -> float:
        """Share of texts that the page calls mixed."""
        scores = self.scores(texts)
        return share(np.maximum(scores, 1 - scores) < MIXED_BELOW)

    def calibration(self, examples: list[Example]) -> dict:
        bins = calibration.reliability(self.scores([example.text for example in examples]), data.labels_of(examples))
        return {
            "texts": len(examples),
            "error": calibration.expected_error(bins),
            "bins": [asdict(each) for each in bins],
        }

    def bias(self, seed: int) -> dict:
        """For each attribute, how pairs that differ only in it are told apart."""
        found = sorted(pairs(seed), key=lambda pair: pair.attribute)
        one, other = self.scores_of_pairs(found)
        attributes = np.array([pair.attribute for pair in found])
        return {
            attribute: gaps(one[attributes == attribute], other[attributes == attribute])
            for attribute, _ in groupby(attributes.tolist())
        } | {"all": gaps(one, other), "a word without a shared embedding": gaps(*self.scores_of_pairs(strangers(seed)))}

    def scores_of_pairs(self, found: list[Pair]) -> tuple[np.ndarray, np.ndarray]:
        return self.scores([pair.one for pair in found]), self.scores([pair.other for pair in found])


def gaps(one: np.ndarray, other: np.ndarray) -> dict:
    return {
        "pairs": len(one),
        "turned": share((one > 0.5) != (other > 0.5)),
        "mean": float(np.abs(one - other).mean()),
        "worst": float(np.abs(one - other).max()),
    }


def share(hits: np.ndarray | list[bool]) -> float:
    return float(np.mean(hits))


def joined(examples: list[Example]) -> list[Example]:
    """Long texts: reviews of one label, one after the other."""
    found = []
    for label in (0, 1):
        texts = [detokenise(example.text) for example in examples if example.label == label]
        starts = range(0, len(texts) - JOINED_TEXTS + 1, JOINED_TEXTS)
        found += [Example(". ".join(texts[start : start + JOINED_TEXTS]), label) for start in starts]
    return found


def evaluate(folder: Path, seed: int, evaluation: Evaluation) -> dict:
    sst2_dev = data.sst2(folder, "dev")
    comments = data.goemotions(folder, "dev")
    neutral = data.goemotions_neutral(folder, "dev")
    reviews = data.customer_reviews(folder, seed)[1]
    return {
        "sst2_dev": evaluation.accuracies(sst2_dev),
        "sst2_dev_batched": evaluation.batch_dependence(sst2_dev),
        "sst2_dev_as_typed": evaluation.accuracies([Example(detokenise(e.text), e.label) for e in sst2_dev]),
        "sst2_dev_joined": evaluation.accuracies(joined(sst2_dev)),
        "goemotions_dev": evaluation.accuracies(comments),
        "goemotions_test": evaluation.accuracies(data.goemotions(folder, "test")),
        "customer_reviews": evaluation.accuracies(reviews),
        **{f"unseen_{name}": evaluation.accuracies(written.unseen(name)) for name in written.UNSEEN},
        "behaviour_with_facts": evaluation.accuracies(behaviour.with_facts()),
        "formats": evaluation.formats({"SST-2": sst2_dev, "GoEmotions": comments}),
        "by_length": evaluation.by_length(sst2_dev + comments + reviews),
        "confusion": evaluation.confusion(sst2_dev + comments + reviews),
        "behaviour": evaluation.behaviour(),
        "behaviour_wrong": evaluation.wrong_behaviour(),
        "neutral_texts": len(neutral),
        "neutral_mixed": evaluation.mixed_share(neutral),
        "clear_mixed": evaluation.mixed_share([example.text for example in comments]),
        "calibration": evaluation.calibration(data.calibration_halves(folder, seed)[1]),
        "bias": evaluation.bias(seed),
    }
