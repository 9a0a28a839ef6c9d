"""Labelled texts of the three public data sets, as (text, label) pairs.

Label 0 is negative and 1 positive; what lies between is a grade. See training/README.md for the files.
"""

import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .detokenise import detokenise

FILES = (
    "sst2/train.tsv",
    "sst2/dev.tsv",
    *(f"goemotions/{split}.tsv" for split in ("train", "dev", "test")),
    "cr/custrev.txt",
)
TYPED_SHARE = 0.5
CR_HELD_OUT_SHARE = 0.1
GOEMOTIONS_LABELS = {"1": 0, "2": 0.5, "3": 1}


@dataclass(frozen=True)
class Example:
    text: str
    label: float


def sst2(data: Path, split: str) -> list[Example]:
    rows = tab_separated(data / "sst2" / f"{split}.tsv")
    # GLUE has the text first, others the label.
    label = next(rows).index("label")
    return [Example(row[1 - label], int(row[label])) for row in rows]


def comments(data: Path, split: str) -> Iterator[tuple[str, float | None]]:
    """All texts of GoEmotions and their labels; None where people were surprised, confused, or of several minds."""
    for text, groups, _ in tab_separated(data / "goemotions" / f"{split}.tsv"):
        yield text, GOEMOTIONS_LABELS.get(groups)


def goemotions(data: Path, split: str) -> list[Example]:
    """Texts that carry exactly one group, and that one negative or positive."""
    return [Example(text, label) for text, label in comments(data, split) if label in (0, 1)]


def goemotions_neutral(data: Path, split: str) -> list[str]:
    return [text for text, label in comments(data, split) if label == 0.5]


def goemotions_unclear(data: Path, split: str) -> list[str]:
    return [text for text, label in comments(data, split) if label is None]


def customer_reviews(data: Path, seed: int) -> tuple[list[Example], list[Example]]:
    """Training and held-out part; no text is in both."""
    lines = (data / "cr" / "custrev.txt").read_text(encoding="utf-8").splitlines()
    examples = sorted({Example(line[2:], int(line[0])) for line in lines}, key=lambda e: (e.text, e.label))
    texts = sorted({example.text for example in examples})
    held_out = set(random.Random(seed).sample(texts, round(len(texts) * CR_HELD_OUT_SHARE)))
    return (
        [example for example in examples if example.text not in held_out],
        [example for example in examples if example.text in held_out],
    )


def training_mixture(data: Path, seed: int) -> list[Example]:
    """All texts that are labelled as negative or positive."""
    return [example for examples in labelled(data, seed).values() for example in examples if example.label != 0.5]


def labelled(data: Path, seed: int) -> dict[str, list[Example]]:
    """All labelled training texts, neutral ones too, by what they are about."""
    films = sst2(data, "train")
    reviews = as_typed(films + customer_reviews(data, seed)[0], seed)
    neutral = [Example(text, 0.5) for text in goemotions_neutral(data, "train")]
    return {
        "films": reviews[: len(films)],
        "products": reviews[len(films) :],
        "comments": goemotions(data, "train") + neutral,
    }


def as_typed(tokenised: list[Example], seed: int) -> list[Example]:
    """The same texts, half of them as a person would type them."""
    chance = random.Random(seed)
    return [
        Example(detokenise(example.text), example.label) if chance.random() < TYPED_SHARE else example
        for example in tokenised
    ]


def labels_of(examples: list[Example]) -> np.ndarray:
    """Which of them are positive."""
    return np.array([example.label for example in examples]) > 0.5


def calibration_halves(data: Path, seed: int) -> tuple[list[Example], list[Example]]:
    """All that is held out, in two halves: one for the temperature, one to measure calibration on."""
    examples = sst2(data, "dev") + goemotions(data, "dev") + customer_reviews(data, seed)[1]
    random.Random(seed).shuffle(examples)
    return examples[::2], examples[1::2]


def held_out_texts(data: Path, seed: int) -> set[str]:
    """Normalised texts that something is measured on; the public sets' training parts have some of them too."""
    examples = sst2(data, "dev") + goemotions(data, "dev") + goemotions(data, "test") + customer_reviews(data, seed)[1]
    texts = [example.text for example in examples] + goemotions_neutral(data, "dev")
    return {normalised(text) for text in texts}


def normalised(text: str) -> str:
    """Letters and digits only, so that punctuation hides no equal text."""
    return "".join(letter for letter in text.lower() if letter.isalnum())


def tab_separated(path: Path) -> Iterator[list[str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
