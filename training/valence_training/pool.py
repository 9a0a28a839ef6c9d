"""The student's texts before they are graded: the labelled ones, others made of them, and sentences of our own.

An entry with a truth was labelled by people, or by the grammar that wrote it. The truth is certain where a grammar
wrote what the teacher was not taught and often misreads. Entries with the same number of twins differ only in whom
they name: what is taught for one is taught for all.
"""

import random
from dataclasses import dataclass, replace
from pathlib import Path

from . import (
    augment,
    constructions,
    data,
    domains,
    emoji,
    events,
    grammar,
    idioms,
    people,
    plain,
    statements,
    turns,
    verdicts,
)
from .detokenise import detokenise
from .neighbours import Neighbours

SWAPS = 4000
WITH_EMOJI = 9000
TWINS = 3
GRAMMAR_TEXTS = 24000
STATEMENTS = 5000
EVENTS = 7000
CONSTRUCTIONS = 12000
IDIOMS = 6000
VERDICTS = 11000
TURNS = 6600
# They are few and of many kinds of products.
REVIEWS_WEIGHT = 4
PHRASES_WEIGHT = 2
LONGEST_JOINED = 160


@dataclass(frozen=True)
class Entry:
    text: str
    truth: float | None = None
    twins: int | None = None
    is_certain: bool = False
    # The public set that it is labelled in.
    source: str | None = None


@dataclass(frozen=True)
class Counts:
    """How many texts to make of others, by the way of making."""

    parts: int
    joins: int
    drops: int
    replaced: int
    moved: int


OF_PUBLISHED = Counts(parts=20000, joins=24000, drops=10000, replaced=70000, moved=30000)
OF_OWN_AND_REVIEWS = Counts(parts=8000, joins=20000, drops=6000, replaced=110000, moved=16000)


def build(folder: Path, neighbours: Neighbours, others: list[str], seed: int, share: float) -> list[Entry]:
    """The same entries in the same order each time, no text twice and none that is measured on.

    `others` are sentences that nobody labelled; `share` is the part to take of the texts that are made here.
    """
    chance = random.Random(seed)
    labelled = [
        Entry(people.named(example.text, chance), float(example.label), source=source)
        for source, examples in data.labelled(folder, seed).items()
        for example in examples
    ]
    own = grammar.sentences(seed, round(share * GRAMMAR_TEXTS), plain.TEMPLATES, plain.SLOTS)
    own += statements.about_people(seed, round(share * STATEMENTS))
    own += grammar.sentences(seed, round(share * EVENTS), events.TEMPLATES, events.SLOTS)
    own += grammar.sentences(seed, round(share * CONSTRUCTIONS), constructions.TEMPLATES, constructions.SLOTS)
    own += grammar.sentences(seed, round(share * IDIOMS), idioms.TEMPLATES, idioms.SLOTS)
    written = [Entry(graded.text, graded.grade) for graded in own]
    sources = [people.named(text, chance) for text in sentences(folder, seed)]
    entries = (
        labelled + written + made(sources, OF_PUBLISHED, neighbours, chance, share) + twins(sources, chance, share)
    )
    entries += with_emoji(sources + [graded.text for graded in own], chance, share)
    entries += [Entry(people.named(text, chance)) for text in data.goemotions_unclear(folder, "train")]
    judging = [graded.text for graded in own] + reviews(folder, seed) + PHRASES_WEIGHT * phrases(folder)
    entries += made(judging, OF_OWN_AND_REVIEWS, neighbours, chance, share)
    later = grammar.sentences(seed, round(share * VERDICTS), verdicts.TEMPLATES, verdicts.SLOTS)
    later += grammar.sentences(seed, round(share * TURNS), turns.TEMPLATES, turns.SLOTS)
    entries += [Entry(graded.text, graded.grade, is_certain=True) for graded in later]
    entries += [Entry(text) for text in others]
    return distinct(entries, data.held_out_texts(folder, seed))


def distinct(entries: list[Entry], measured: set[str]) -> list[Entry]:
    """The first of each text that is not measured on. It joins the twins of a later one."""
    unique: dict[str, Entry] = {}
    for entry in entries:
        name = data.normalised(entry.text)
        if name and name not in measured:
            first = unique.setdefault(entry.text, entry)
            if first.twins is None and entry.twins is not None:
                unique[entry.text] = replace(first, twins=entry.twins)
    return list(unique.values())


def as_read(entries: list[Entry]) -> list[str]:
    """By the teacher."""
    return [emoji.spelled_out(entry.text) for entry in entries]


def sentences(folder: Path, seed: int) -> list[str]:
    """Whole texts, from which others can be made: reviews as typed, and comments."""
    comments = [example.text for example in data.goemotions(folder, "train")]
    return reviews(folder, seed) + phrases(folder) + comments + data.goemotions_neutral(folder, "train")


def reviews(folder: Path, seed: int) -> list[str]:
    return REVIEWS_WEIGHT * [detokenise(example.text) for example in data.customer_reviews(folder, seed)[0]]


def phrases(folder: Path) -> list[str]:
    """Those of films' reviews that are long enough to be sentences."""
    return [detokenise(example.text) for example in data.sst2(folder, "train") if len(example.text.split()) > 8]


def made(
    sources: list[str], counts: Counts, neighbours: Neighbours, chance: random.Random, share: float
) -> list[Entry]:
    """Parts, joins and texts with words dropped or exchanged, whose grade only the teacher can tell."""

    def some(texts: list[str], count: int) -> list[str]:
        return chance.choices(texts, k=round(share * count))

    shorter = [text for text in sources if len(text) < LONGEST_JOINED]
    texts = [augment.part(text, chance) for text in some(sources, counts.parts)]
    texts += [augment.joined(*chance.sample(shorter, 2), chance) for _ in range(round(share * counts.joins))]
    texts += [augment.with_words_dropped(text, chance) for text in some(sources, counts.drops)]
    texts += [neighbours.replaced(text, chance) for text in some(sources, counts.replaced)]
    of_films = [text for text in sources if domains.FILM_WORD.search(text)]
    texts += [domains.moved(text, chance) for text in some(of_films, counts.moved)]
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
