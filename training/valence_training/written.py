"""The last phase of the student's training, on texts written for it: `training/written`, a file for each field.

They have what grammars and the public sets lack: verdicts that lie in what happened, irony beside its look-alikes,
rarer words, the tone of posts and chat. The teacher misreads many of them, so their labels alone are taught.
"""

import random
from pathlib import Path

import torch
from transformers import AutoTokenizer, DistilBertForSequenceClassification

from . import alike, augment, data, graded, people
from .data import Example
from .student import NO_DROPOUT, SLIP_SHARE
from .train import Settings, Trainer

FOLDER = Path(__file__).parent.parent / "written"
# Like them, but only measured on: a label, a kind and a text a line.
UNSEEN = {name: FOLDER.with_name(f"{name}.tsv") for name in ("everyday", "posts", "reviews")}
# Not quite certain, as people would not all agree.
LABELS = {"negative": 0.03, "neutral": 0.5, "positive": 0.97}
EXAMPLES = 120_000
# Of the phase's examples.
WRITTEN_SHARE = 0.35
# What people labelled, lest it be forgotten: a small set would hardly occur among the rest, which are of the whole pool.
LABELLED_SHARES = {"comments": 0.25, "products": 0.1, "films": 0.1}


def texts(measured: set[str], seed: int) -> list[Example]:
    """All of them, but for any that something is measured on; names take the place of masks."""
    chance = random.Random(seed)
    rows = [row for file in sorted(FOLDER.glob("*.tsv")) for row in data.tab_separated(file)]
    kept = [(label, text) for label, text in rows if data.normalised(text) not in measured]
    return [Example(people.named(text, chance), LABELS[label]) for label, text in kept]


def unseen(name: str) -> list[Example]:
    rows = data.tab_separated(UNSEEN[name])
    next(rows)
    return [Example(text, round(LABELS[label])) for label, _, text in rows]


def mixture(
    written: list[Example], labelled: dict[str, list[Example]], pool: list[Example], count: int, seed: int
) -> list[Example]:
    """`count` examples of all these; of each as few as possible more often than the others."""
    chance = random.Random(seed)
    found = [
        Example(augment.slip(example.text, chance), example.label) if chance.random() < SLIP_SHARE else example
        for example in some(written, round(count * WRITTEN_SHARE), chance)
    ]
    for source, share in LABELLED_SHARES.items():
        found += some(labelled[source], round(count * share), chance)
    return found + some(pool, count - len(found), chance)


def some(examples: list[Example], count: int, chance: random.Random) -> list[Example]:
    """So many, all of them before any comes again."""
    rounds, rest = divmod(count, len(examples))
    return examples * rounds + chance.sample(examples, rest)


def train(examples: list[Example], folder: Path, work: Path, seed: int) -> dict:
    """Train the student on, leave it in `work/written`, and return the facts for the card."""
    torch.manual_seed(seed)
    place = work / "student"
    model = DistilBertForSequenceClassification.from_pretrained(place, attn_implementation="eager", **NO_DROPOUT)
    tokenizer = AutoTokenizer.from_pretrained(work / "student-base")
    dev = graded.dev_sets(folder, seed)
    settings = Settings(seed=seed, epochs=1, learning_rate=1e-4, average_decay=0.97, batch_size=64)
    facts = Trainer(model, tokenizer, examples, dev, settings, work / "written.pt").run()
    alike.share(model, tokenizer)
    model.save_pretrained(work / "written")
    return facts | {"dev": graded.measure(model, tokenizer, dev)}
