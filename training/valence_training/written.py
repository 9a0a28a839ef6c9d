"""Texts written for the student's training: `training/written`, a file for each field.

They have what grammars and the public sets lack: verdicts that lie in what happened, irony beside its look-alikes,
rarer words, the tone of posts and chat. The teacher misreads many of them, so their labels alone are taught.
"""

import random
from pathlib import Path

from . import data, people
from .data import Example

FOLDER = Path(__file__).parent.parent / "written"
# Like them, but only measured on: a label, a kind and a text a line.
UNSEEN = {name: FOLDER.with_name(f"{name}.tsv") for name in ("everyday", "posts", "reviews", "probe")}
# Not quite certain, as people would not all agree.
LABELS = {"negative": 0.03, "neutral": 0.5, "positive": 0.97}


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
