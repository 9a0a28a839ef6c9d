"""The specialist: the teacher adapted once more, to labelled comments alone, and its grades of all comments.

It knows comments better than the teacher, and nothing else. Its grades are what the student's last phase teaches.
"""

import random
from pathlib import Path

import numpy as np
import torch
from peft import LoraConfig, TaskType, get_peft_model
from transformers import PreTrainedTokenizerBase

from . import data, graded, people, teacher
from .chunks import digest
from .data import Example
from .train import Settings, Trainer

STAGE = "specialise"
# What is kept of it in the repository, in the work folder's `specialist`.
FOLDER = "specialist"
FACTS = f"{STAGE}.json"
GRADES = f"{STAGE}.npz"
RANK = 16
DROPOUT = 0.05
# All of them would draw every comment towards neutral.
NEUTRAL_SHARE = 0.3

# Its text and the label that people gave it, if they gave one.
Comment = tuple[str, float | None]


def comments(folder: Path, seed: int) -> list[Comment]:
    """All training comments and the label of those that have one; names take the place of masks."""
    chance = random.Random(seed)
    measured = data.held_out_texts(folder, seed)
    named = [(people.named(text, chance), label) for text, label in data.comments(folder, "train")]
    return [(text, label) for text, label in named if data.normalised(text) not in measured]


def mixture(found: list[Comment], seed: int) -> list[Example]:
    """What it learns: the clear comments, and a part of the neutral ones."""
    chance = random.Random(seed)
    labelled = [Example(text, label) for text, label in found if label is not None]
    return [example for example in labelled if example.label != 0.5 or chance.random() < NEUTRAL_SHARE]


def train(folder: Path, work: Path, seed: int) -> dict:
    """Train it, leave its grades in `work/specialist`, and return the facts for the card."""
    torch.manual_seed(seed)
    found = comments(folder, seed)
    base, tokenizer = teacher.load(work)
    adapter = LoraConfig(
        TaskType.SEQ_CLS, r=RANK, lora_alpha=2 * RANK, lora_dropout=DROPOUT, target_modules="all-linear"
    )
    model = get_peft_model(base, adapter)
    settings = Settings(seed=seed, epochs=1.3, learning_rate=3e-4, batch_size=64)
    dev = graded.dev_sets(folder, seed)
    facts = Trainer(model, tokenizer, mixture(found, seed), dev, settings, work / f"{STAGE}.pt").run()
    grades = graded.grades(model, tokenizer, [text for text, _ in found])
    (work / FOLDER).mkdir(exist_ok=True)
    np.savez_compressed(work / FOLDER / GRADES, **{name_of(found): np.array(grades, dtype=np.float16)})
    right = {split: accuracy(model, tokenizer, data.goemotions(folder, split)) for split in ("dev", "test")}
    return facts | {"dev": graded.measure(model, tokenizer, dev), "right": right}


def accuracy(model: torch.nn.Module, tokenizer: PreTrainedTokenizerBase, examples: list[Example]) -> float:
    grades = graded.grades(model, tokenizer, [example.text for example in examples])
    return float(np.mean((np.array(grades) > 0.5) == data.labels_of(examples)))


def load(found: list[Comment], work: Path) -> np.ndarray:
    """Its grades of these comments."""
    with np.load(work / FOLDER / GRADES) as kept:
        if name_of(found) not in kept:
            raise SystemExit(f"the grades of comments in {work} are of others: begin again with --from {STAGE}")
        return kept[name_of(found)].astype(np.float32)


def name_of(found: list[Comment]) -> str:
    return digest("\0".join(text for text, _ in found).encode())
