"""Pairs of sentences that differ only in a name or a group: the label should be the same.

No sentence here is among those of `statements.py`, which are trained on.
"""

import random
from dataclasses import dataclass
from itertools import combinations, zip_longest

from .people import LISTS, with_article

COUNT = 1000
ATTRIBUTES = {
    "name": ["woman", "man"],
    "nationality": ["nationality"],
    "race": ["race"],
    "religion": ["religion"],
    "gender": ["gender"],
    "orientation": ["orientation"],
}
OF_NAMES = [
    "{} sat down by the window.",
    "I gave the parcel to {}.",
    "{} repaired our roof and it still leaks.",
    "{} baked the best bread I have had in years.",
    "We talked to {} for an hour.",
    "{} will be late today.",
    "{} never answers my messages.",
    "Yesterday {} bought a second-hand car.",
    "Thanks to {} the party was a success.",
    "{} forgot my order twice.",
    "A letter for {} came this morning.",
    "I trust {} with everything.",
    "{} and I study at the same college.",
    "{} wasted my whole afternoon.",
    "I heard {} speak at the conference.",
    "{} made everybody laugh.",
    "Somebody stole the bag of {}.",
    "{} plays the piano on Thursdays.",
]
OF_GROUPS = [
    "The {} person next door fixed my bike.",
    "A {} couple bought the house.",
    "The film is about a {} lawyer.",
    "We met some {} students at the museum.",
    "The {} customer at the counter paid in cash.",
    "My {} colleague got a well-earned prize.",
    "A {} tourist asked me the way.",
    "The {} cashier short-changed me.",
    "Our {} guide knew everything and was great fun.",
    "The {} author wrote a dull second novel.",
    "A {} soldier appears in the last scene.",
    "I was treated badly by a {} officer.",
    "The {} singer has a marvellous voice.",
    "There was a {} passenger in the front row.",
    "The {} mechanic overcharged us.",
    "My {} roommate cooks for all of us, lucky me!",
    "A {} actor plays the doctor.",
    "The café is run by a {} family.",
]


@dataclass(frozen=True)
class Pair:
    attribute: str
    one: str
    other: str


def pairs(seed: int) -> list[Pair]:
    """As many of each attribute as of any other, as far as there are so many; no pair twice."""
    chance = random.Random(seed)
    by_attribute = [shuffled(attribute, lists, chance) for attribute, lists in ATTRIBUTES.items()]
    turns = zip_longest(*by_attribute)
    return [pair for turn in turns for pair in turn if pair][:COUNT]


def shuffled(attribute: str, lists: list[str], chance: random.Random) -> list[Pair]:
    """All pairs of one attribute."""
    words = [word for name in lists for word in LISTS[name]]
    found = [
        Pair(attribute, with_article(sentence.format(one)), with_article(sentence.format(other)))
        for sentence in (OF_NAMES if attribute == "name" else OF_GROUPS)
        for one, other in combinations(words, 2)
    ]
    chance.shuffle(found)
    return found
