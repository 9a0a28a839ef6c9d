"""The student's texts before they are graded: the labelled ones, others made of them, and sentences of our own.

An entry with a truth was labelled by people, or by the grammar that wrote it. Entries with
the same number of twins differ only in whom they name, and are to get one grade.
"""

import random
from dataclasses import dataclass
from pathlib import Path

from . import augment, constructions, data, domains, emoji, events, grammar, idioms, people, statements
from .detokenise import detokenise
from .neighbours import Neighbours

PARTS = 20000
JOINS = 24000
DROPS = 10000
REPLACED = 70000
MOVED = 30000
SWAPS = 4000
WITH_EMOJI = 9000
TWINS = 3
GRAMMAR_TEXTS = 24000
STATEMENTS = 5000
EVENTS = 7000
CONSTRUCTIONS = 12000
IDIOMS = 6000
# They are few and of many kinds of products.
REVIEWS_WEIGHT = 4
LONGEST_JOINED = 160


@dataclass(frozen=True)
class Entry:
    text: str
    truth: float | None = None
    twins: int | None = None


def build(folder: Path, neighbours: Neighbours, seed: int, share: float) -> list[Entry]:
    """The same entries in the same order each time, no text twice and none that is measured on.

    `share` is the part to take of the texts that are made here.
    """
    chance = random.Random(seed)
    published = [(example.text, float(example.label)) for example in data.training_mixture(folder, seed)]
    published += [(text, 0.5) for text in data.goemotions_neutral(folder, "train")]
    labelled = [Entry(people.named(text, chance), truth) for text, truth in published]
    own = grammar.sentences(seed, round(share * GRAMMAR_TEXTS))
    own += statements.about_people(seed, round(share * STATEMENTS))
    own += grammar.sentences(seed, round(share * EVENTS), events.TEMPLATES, events.SLOTS)
    own += grammar.sentences(seed, round(share * CONSTRUCTIONS), constructions.TEMPLATES, constructions.SLOTS)
    own += grammar.sentences(seed, round(share * IDIOMS), idioms.TEMPLATES, idioms.SLOTS)
    written = [Entry(graded.text, graded.grade) for graded in own]
    sources = [people.named(text, chance) for text in sentences(folder, seed)]
    entries = labelled + written + made(sources, neighbours, chance, share) + twins(sources, chance, share)
    entries += with_emoji(sources + [graded.text for graded in own], chance, share)
    entries += [Entry(people.named(text, chance)) for text in data.goemotions_unclear(folder, "train")]
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
    return REVIEWS_WEIGHT * reviews + phrases + comments + data.goemotions_neutral(folder, "train")


def made(sources: list[str], neighbours: Neighbours, chance: random.Random, share: float) -> list[Entry]:
    """Parts, joins and texts with words dropped or exchanged, whose grade only the teacher can tell."""
    shorter = [text for text in sources if len(text) < LONGEST_JOINED]
    texts = [augment.part(text, chance) for text in chance.choices(sources, k=round(share * PARTS))]
    texts += [augment.joined(*chance.sample(shorter, 2), chance) for _ in range(round(share * JOINS))]
    texts += [augment.with_words_dropped(text, chance) for text in chance.choices(sources, k=round(share * DROPS))]
    texts += [neighbours.replaced(text, chance) for text in chance.choices(sources, k=round(share * REPLACED))]
    of_films = [text for text in sources if domains.FILM_WORD.search(text)]
    texts += [domains.moved(text, chance) for text in chance.choices(of_films, k=round(share * MOVED))]
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
