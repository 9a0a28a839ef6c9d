"""The student's texts before they are graded: the labelled ones, others made of them, and sentences of our own.

An entry with a truth was labelled by people, or by the grammar that wrote it. Entries with
the same number of twins differ only in whom they name, and are to get one grade. What `stated`
gives is never graded.
"""

import random
from dataclasses import dataclass
from pathlib import Path

from . import augment, constructions, data, emoji, events, grammar, people, statements
from .detokenise import detokenise

PARTS = 14000
JOINS = 8000
DROPS = 5000
SWAPS = 4000
WITH_EMOJI = 9000
TWINS = 3
GRAMMAR_TEXTS = 24000
STATEMENTS = 5000
EVENTS = 7000
CONSTRUCTIONS = 9200
LONGEST_JOINED = 160


@dataclass(frozen=True)
class Entry:
    text: str
    truth: float | None = None
    twins: int | None = None


def build(folder: Path, seed: int, share: float) -> list[Entry]:
    """The same entries in the same order each time, no text twice and none that is measured on.

    `share` is the part to take of the texts that are made here.
    """
    chance = random.Random(seed)
    published = [(example.text, float(example.label)) for example in data.training_mixture(folder, seed)]
    published += [(text, 0.5) for text in data.goemotions_neutral(folder, "train")]
    labelled = [Entry(people.named(text, chance), truth) for text, truth in published]
    own = grammar.sentences(seed, round(share * GRAMMAR_TEXTS))
    own += statements.about_people(seed, round(share * STATEMENTS))
    written = [Entry(graded.text, graded.grade) for graded in own]
    sources = [people.named(text, chance) for text in sentences(folder, seed)]
    entries = labelled + written + made(sources, chance, share) + twins(sources, chance, share)
    entries += with_emoji(sources + [graded.text for graded in own], chance, share)
    entries += [Entry(people.named(text, chance)) for text in data.goemotions_unclear(folder, "train")]
    happened = grammar.sentences(seed, round(share * EVENTS), events.TEMPLATES, events.SLOTS)
    entries += [Entry(graded.text, graded.grade) for graded in happened]
    return unmeasured(entries, folder, seed)


def stated(folder: Path, seed: int, share: float) -> list[Entry]:
    """Sentences whose construction tells their truth, and about which no teacher is asked."""
    own = grammar.sentences(seed, round(share * CONSTRUCTIONS), constructions.TEMPLATES, constructions.SLOTS)
    return unmeasured([Entry(graded.text, graded.grade) for graded in own], folder, seed)


def unmeasured(entries: list[Entry], folder: Path, seed: int) -> list[Entry]:
    """Each text once, and none that is measured on."""
    measured = data.held_out_texts(folder, seed)
    unique: dict[str, Entry] = {}
    for entry in entries:
        name = data.normalised(entry.text)
        if name and name not in measured:
            unique.setdefault(entry.text, entry)
    return list(unique.values())


def sentences(folder: Path, seed: int) -> list[str]:
    """Whole texts, from which others can be made: reviews as typed, and comments."""
    reviews = [detokenise(example.text) for example in data.customer_reviews(folder, seed)[0]]
    phrases = [detokenise(example.text) for example in data.sst2(folder, "train") if len(example.text.split()) > 8]
    comments = [example.text for example in data.goemotions(folder, "train")]
    return reviews + phrases + comments + data.goemotions_neutral(folder, "train")


def made(sources: list[str], chance: random.Random, share: float) -> list[Entry]:
    """Parts, joins and texts with words dropped, whose grade only the teacher can tell."""
    shorter = [text for text in sources if len(text) < LONGEST_JOINED]
    texts = [augment.part(text, chance) for text in chance.choices(sources, k=round(share * PARTS))]
    texts += [augment.joined(*chance.sample(shorter, 2), chance) for _ in range(round(share * JOINS))]
    texts += [augment.with_words_dropped(text, chance) for text in chance.choices(sources, k=round(share * DROPS))]
    return [Entry(text) for text in texts]


def with_emoji(sources: list[str], chance: random.Random, share: float) -> list[Entry]:
    """Texts whose emoji may say something else than their words."""
    shorter = [text for text in sources if len(text) < LONGEST_JOINED]
    return [Entry(emoji.with_some(text, chance)) for text in chance.choices(shorter, k=round(share * WITH_EMOJI))]


def twins(sources: list[str], chance: random.Random, share: float) -> list[Entry]:
    """Texts that name somebody, each with some that name somebody else."""
    naming = [text for text in dict.fromkeys(sources) if people.swapped(text, chance) != text]
    return [
        Entry(variant, twins=number)
        for number, text in enumerate(chance.sample(naming, min(round(share * SWAPS), len(naming))))
        for variant in dict.fromkeys([text, *(people.swapped(text, chance) for _ in range(TWINS - 1))])
    ]
