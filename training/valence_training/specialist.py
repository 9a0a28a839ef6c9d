"""The specialist: the teacher adapted once more, to labelled comments alone, and its grades of all comments.

It knows comments better than the teacher, and nothing else. It grades the comments, others made of them by
exchanging words or parts, and posts; these grades are what the student's last phase teaches.
"""

import random
import re
from pathlib import Path

import numpy as np
import torch
from peft import LoraConfig, TaskType, get_peft_model
from transformers import PreTrainedTokenizerBase

from . import data, graded, people, teacher
from .chunks import digest
from .data import Example
from .neighbours import Neighbours
from .train import Settings, Trainer

STAGE = "specialise"
# What is kept of it in the repository, in the work folder's `specialist`.
FOLDER = "specialist"
FACTS = f"{STAGE}.json"
GRADES = f"{STAGE}.npz"
# So many are adapted, with a seed each; the specialist is the mean of their weights.
ADAPTED = 2
RANK = 16
DROPOUT = 0.05
# All of them would draw every comment towards neutral.
NEUTRAL_SHARE = 0.3

# One for each time that words are exchanged in all comments, and one for the choice of what comes of it.
EXCHANGE_SEEDS = (5, 6, 7)
CHOICE_SEED = 1
EXCHANGED = 60_000
# A comment is cut once, after a sentence or before another thought, and each head gets another's tail, some times over.
CUT = re.compile(r"[.!?]+ |, (?=but|and|so|because|though)|; ")
CROSS_SEED = 10
CROSSINGS = 3
LONGEST_CROSSED = 300

# Its text and the label that people gave it, if they gave one.
Comment = tuple[str, float | None]


def comments(folder: Path, seed: int) -> list[Comment]:
    """All training comments and the label of those that have one; names take the place of masks."""
    chance = random.Random(seed)
    measured = data.held_out_texts(folder, seed)
    named = [(people.named(text, chance), label) for text, label in data.comments(folder, "train")]
    return [(text, label) for text, label in named if data.normalised(text) not in measured]


def varied(found: list[Comment], neighbours: Neighbours, measured: set[str]) -> list[str]:
    """New comments made of these, without any that something is measured on."""
    known = {text for text, _ in found}
    made = dict.fromkeys([*exchanged(found, neighbours, known, measured), *crossed(found, measured)])
    return [text for text in made if text not in known]


def exchanged(found: list[Comment], neighbours: Neighbours, known: set[str], measured: set[str]) -> list[str]:
    """Some of those that near words make."""
    made = {}
    for seed in EXCHANGE_SEEDS:
        chance = random.Random(seed)
        made |= dict.fromkeys(neighbours.replaced(text, chance) for text, _ in found)
    texts = [text for text in made if text not in known and data.normalised(text) not in measured]
    random.Random(CHOICE_SEED).shuffle(texts)
    return texts[:EXCHANGED]


def crossed(found: list[Comment], measured: set[str]) -> list[str]:
    """The beginning of one and the end of another."""
    chance = random.Random(CROSS_SEED)
    heads, tails = [], []
    for text, _ in found:
        cuts = [place.end() for place in CUT.finditer(text)]
        if cuts:
            cut = chance.choice(cuts)
            heads.append(text[:cut])
            tails.append(text[cut:])
    made = []
    for _ in range(CROSSINGS):
        chance.shuffle(tails)
        for head, tail in zip(heads, tails, strict=True):
            is_measured = any(data.normalised(text) in measured for text in (head, tail, head + tail))
            if len(head + tail) < LONGEST_CROSSED and not is_measured:
                made.append(head + tail)
    return made


def mixture(found: list[Comment], seed: int) -> list[Example]:
    """What it learns: the clear comments, and a part of the neutral ones."""
    chance = random.Random(seed)
    labelled = [Example(text, label) for text, label in found if label is not None]
    return [example for example in labelled if example.label != 0.5 or chance.random() < NEUTRAL_SHARE]


def train(folder: Path, work: Path, others: list[list[str]], seed: int) -> dict:
    """Train it, leave its grades of the comments and of these lists of texts in `work/specialist`, and return the
    facts for the card."""
    found = comments(folder, seed)
    dev = graded.dev_sets(folder, seed)
    adapted = [adapt(mixture(found, seed), dev, work, seed + number) for number in range(ADAPTED)]
    model, tokenizer = teacher.load(work)
    weights = [part.state_dict() for part, _ in adapted]
    model.load_state_dict({name: sum(part[name] for part in weights) / ADAPTED for name in weights[0]})
    (work / FOLDER).mkdir(exist_ok=True)
    known = [[text for text, _ in found], *others]
    grades = {name_of(part): np.array(graded.grades(model, tokenizer, part), dtype=np.float16) for part in known}
    np.savez_compressed(work / FOLDER / GRADES, **grades)
    right = {split: accuracy(model, tokenizer, data.goemotions(folder, split)) for split in ("dev", "test")}
    facts = adapted[0][1] | {"minutes": sum(facts["minutes"] for _, facts in adapted)}
    return facts | {"dev": graded.measure(model, tokenizer, dev), "right": right}


def adapt(examples: list[Example], dev: graded.Dev, work: Path, seed: int) -> tuple[torch.nn.Module, dict]:
    """The teacher after these examples, and the facts of its training."""
    torch.manual_seed(seed)
    base, tokenizer = teacher.load(work)
    adapter = LoraConfig(
        TaskType.SEQ_CLS, r=RANK, lora_alpha=2 * RANK, lora_dropout=DROPOUT, target_modules="all-linear"
    )
    model = get_peft_model(base, adapter)
    settings = Settings(seed=seed, epochs=1.3, learning_rate=3e-4, batch_size=64)
    facts = Trainer(model, tokenizer, examples, dev, settings, work / f"{STAGE}-{seed}.pt").run()
    return model.merge_and_unload(), facts


def accuracy(model: torch.nn.Module, tokenizer: PreTrainedTokenizerBase, examples: list[Example]) -> float:
    grades = graded.grades(model, tokenizer, [example.text for example in examples])
    return float(np.mean((np.array(grades) > 0.5) == data.labels_of(examples)))


def load(texts: list[str], work: Path) -> list[float]:
    """Its grades of these texts: of all comments, of the varied ones or of the posts."""
    with np.load(work / FOLDER / GRADES) as kept:
        if name_of(texts) not in kept:
            raise SystemExit(f"the grades of comments in {work} are of others: begin again with --from {STAGE}")
        return kept[name_of(texts)].astype(np.float32).tolist()


def name_of(texts: list[str]) -> str:
    return digest("\0".join(texts).encode())
