"""The student's last phases: short ones, on a few kinds of texts that it is to know better.

The first one is about the texts of `written.py`, the second about comments, as the specialist grades them, and
opinions among facts.
"""

import random
from dataclasses import dataclass
from pathlib import Path

import torch
from transformers import AutoTokenizer, DistilBertForSequenceClassification

from . import alike, augment, graded
from .data import Example
from .student import NO_DROPOUT, SLIP_SHARE
from .train import Settings, Trainer

Kinds = dict[str, list[Example]]


@dataclass(frozen=True)
class Phase:
    """`begin` is the folder of the weights that it begins with; `shares`, of the examples, leave a rest for the pool."""

    begin: str
    examples: int
    learning_rate: float
    shares: dict[str, float]
    # The kinds that are not from the pool, which has texts typed by somebody else already.
    fresh: tuple[str, ...]
    # Of the trained weights in the result. With those that they began as for the rest, it keeps what the phase's
    # texts do not ask for (Wortsman et al. 2022).
    trained_share: float = 1.0


PHASES = {
    # What people labelled, lest it be forgotten: a small set would hardly occur among the rest.
    "written": Phase(
        begin="student",
        examples=120_000,
        learning_rate=1e-4,
        shares={"written": 0.35, "comments": 0.25, "products": 0.1, "films": 0.1},
        fresh=("written",),
    ),
    "comments": Phase(
        begin="written",
        examples=260_000,
        learning_rate=8e-5,
        shares={
            "comments": 0.17,
            "varied": 0.13,
            "posts": 0.16,
            "films": 0.16,
            "written": 0.18,
            "asides": 0.08,
            "products": 0.05,
        },
        fresh=("comments", "varied", "posts", "written", "asides"),
        trained_share=0.8,
    ),
}


def mixture(phase: Phase, kinds: Kinds, pool: list[Example], share: float, seed: int) -> list[Example]:
    """A phase's examples, or such a share of them; of each kind as few as possible more often than the others."""
    chance = random.Random(seed)
    count = round(share * phase.examples)
    found = []
    for kind, part in phase.shares.items():
        drawn = some(kinds[kind], round(count * part), chance)
        found += [slipped(example, chance) for example in drawn] if kind in phase.fresh else drawn
    return found + some(pool, count - len(found), chance)


def slipped(example: Example, chance: random.Random) -> Example:
    """Now and then as somebody else might have typed it."""
    return Example(augment.slip(example.text, chance), example.label) if chance.random() < SLIP_SHARE else example


def some(examples: list[Example], count: int, chance: random.Random) -> list[Example]:
    """So many, all of them before any comes again."""
    rounds, rest = divmod(count, len(examples))
    return examples * rounds + chance.sample(examples, rest)


def train(name: str, examples: list[Example], folder: Path, work: Path, seed: int) -> dict:
    """Train the student on, leave it in the phase's folder in `work`, and return the facts for the card."""
    torch.manual_seed(seed)
    phase = PHASES[name]
    place = work / phase.begin
    model = DistilBertForSequenceClassification.from_pretrained(place, attn_implementation="eager", **NO_DROPOUT)
    tokenizer = AutoTokenizer.from_pretrained(work / "student-base")
    dev = graded.dev_sets(folder, seed)
    settings = Settings(seed=seed, epochs=1, learning_rate=phase.learning_rate, average_decay=0.97, batch_size=64)
    facts = Trainer(model, tokenizer, examples, dev, settings, work / f"{name}.pt").run()
    begun = DistilBertForSequenceClassification.from_pretrained(place).state_dict()
    trained = model.state_dict()
    model.load_state_dict({part: begun[part].lerp(trained[part], phase.trained_share) for part in trained})
    alike.share(model, tokenizer)
    model.save_pretrained(work / name)
    return facts | {"dev": graded.measure(model, tokenizer, dev)}
