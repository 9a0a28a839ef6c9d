"""The student: DistilBERT of six layers, which learns grades (the teacher's and the true ones) and features."""

import random
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from transformers import AutoTokenizer, DistilBertForSequenceClassification

from . import alike, augment, distillation, graded
from .data import Example
from .pool import Entry
from .train import Settings

TRUTH_SHARE = 0.5
# A comment that people called neutral is taught as neutral only where the teacher sees it so:
# the others are often dry complaints, which are negative.
NEUTRAL_REACH = 0.2
SLIP_SHARE = 0.15
# Dropout costs a third of the time. Without it the last weights are not the best ones (see the card).
NO_DROPOUT = {"dropout": 0.0, "attention_dropout": 0.0, "seq_classif_dropout": 0.0}


def examples(entries: list[Entry], grades: np.ndarray, seed: int) -> tuple[list[Example], list[int]]:
    """The pool with its final grades, and a part of it once more, typed by somebody else; and the entry of each."""
    found = [Example(entry.text, target(entry, grade)) for entry, grade in as_twins(entries, grades)]
    chance = random.Random(seed)
    origins = list(range(len(found)))
    typed_again = chance.sample(origins, round(SLIP_SHARE * len(found)))
    slips = [Example(augment.slip(found[origin].text, chance), found[origin].label) for origin in typed_again]
    return found + slips, origins + typed_again


def as_twins(entries: list[Entry], grades: np.ndarray) -> list[tuple[Entry, float]]:
    """Each entry with its grade. Twins have the mean of theirs, and what people said of one of them."""
    by_twins: dict[int, list[float]] = defaultdict(list)
    truths: dict[int, float] = {}
    for entry, grade in zip(entries, grades, strict=True):
        if entry.twins is not None:
            by_twins[entry.twins].append(grade)
            if entry.truth is not None:
                truths.setdefault(entry.twins, entry.truth)
    shared = {number: float(np.mean(values)) for number, values in by_twins.items()}
    return [
        (replace(entry, truth=truths.get(entry.twins, entry.truth)), shared.get(entry.twins, float(grade)))
        for entry, grade in zip(entries, grades, strict=True)
    ]


def target(entry: Entry, grade: float) -> float:
    """What is taught for a text to which the teacher gave this grade."""
    if entry.truth is None:
        return grade
    if entry.is_certain:
        return entry.truth
    if entry.truth == 0.5 and abs(grade - entry.truth) > NEUTRAL_REACH:
        return grade
    return TRUTH_SHARE * entry.truth + (1 - TRUTH_SHARE) * grade


def train(texts: list[Example], features: distillation.Features, folder: Path, work: Path, seed: int) -> dict:
    """Train, leave the student in `work/student`, and return the facts for the card."""
    torch.manual_seed(seed)
    base = work / "student-base"
    # Of short rows the plain attention is faster on processors with AMX than the fused one.
    model = DistilBertForSequenceClassification.from_pretrained(base, attn_implementation="eager", **NO_DROPOUT)
    settings = Settings(seed=seed, epochs=4.16, cycles=4, learning_rate=3e-4, average_decay=0.99, batch_size=64)
    dev = graded.dev_sets(folder, seed)
    tokenizer = AutoTokenizer.from_pretrained(base)
    checkpoint = work / "student.pt"
    facts = distillation.FeatureTrainer(features, model, tokenizer, texts, dev, settings, checkpoint).run()
    # As it was at the start: training moves each by itself.
    alike.share(model, tokenizer)
    model.save_pretrained(work / "student")
    return facts | {"dev": graded.measure(model, tokenizer, dev)}
