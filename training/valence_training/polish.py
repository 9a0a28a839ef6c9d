"""The student's last phase: reviews as they were published, and a part of all other texts.

The phase before has half of the reviews as a person types them, and films are a small part of it.
"""

import random
from pathlib import Path

import numpy as np
import torch
from transformers import AutoTokenizer, DistilBertForSequenceClassification

from . import data, graded, student
from .data import Example
from .pool import Entry
from .train import Settings, Trainer

REST_SHARE = 0.25
# Shorter phrases say little, and there are many.
SHORTEST_PHRASE = 4


def examples(entries: list[Entry], grades: np.ndarray, folder: Path, seed: int) -> list[Example]:
    graded_as = {data.normalised(entry.text): float(grade) for entry, grade in zip(entries, grades, strict=True)}
    published = [e for e in data.sst2(folder, "train") if len(e.text.split()) >= SHORTEST_PHRASE]
    published += data.customer_reviews(folder, seed)[0]
    reviews = [
        Example(example.text, student.target(example.label, graded_as[name]))
        for example in published
        if (name := data.normalised(example.text)) in graded_as
    ]
    rest = student.examples(entries, grades, seed)
    return reviews + random.Random(seed).sample(rest, round(REST_SHARE * len(rest)))


def train(texts: list[Example], folder: Path, work: Path, bundle: Path, seed: int) -> dict:
    """Train on from `work/student`, leave the result in `work/polished`, and return the facts for the card."""
    torch.manual_seed(seed)
    model = DistilBertForSequenceClassification.from_pretrained(work / "student")
    settings = Settings(seed=seed, epochs=1, learning_rate=4e-5, average_decay=0.99, batch_size=64)
    dev = graded.dev_sets(folder, seed)
    tokenizer = AutoTokenizer.from_pretrained(bundle)
    facts = Trainer(model, tokenizer, texts, dev, settings, work / "polished.pt").run()
    model.save_pretrained(work / "polished")
    return facts | {"dev": graded.measure(model, tokenizer, dev)}
