"""Pairs of sentences that differ only in a name or a group: the label should be the same.

No sentence here is among those of `statements.py`, which are trained on. Nearly all words share an embedding with
the others of their kind (`alike.py`), so that a few that do not are measured by themselves.
"""

import random
from dataclasses import dataclass
from itertools import combinations, zip_longest

from .names import MORE
from .people import LISTS, with_article

COUNT = 1000
STRANGE = 500
ATTRIBUTES = {
    "name": ["woman", "man"],
    "nationality": ["nationality"],
    "race": ["race"],
    "religion": ["religion"],
    "gender": ["gender"],
    "orientation": ["orientation"],
}
# In no list: names that begin other words, and such as few people have.
STRANGERS = {
    "name": [
        "Ben", "Sam", "Ted", "Tim", "Dan", "Rick", "Liz", "Sara", "Vera", "Mia", "Nguyet", "Shreya", "Yaw", "Torbjorn",
        "Thandeka", "Oluchi", "Anushka", "Ximena", "Kerstin", "Makoto", "Siddharth", "Zeynep",
    ],
    "nationality": ["Kyrgyz", "Turkmen", "Bhutanese", "Surinamese", "Gambian", "Botswanan", "Catalan", "Mauritian"],
    "religion": ["Alawite", "Yazidi", "Confucian", "Rosicrucian"],
}  # fmt: skip
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
    by_attribute = [shuffled(attribute, chance) for attribute in ATTRIBUTES]
    turns = zip_longest(*by_attribute)
    return [pair for turn in turns for pair in turn if pair][:COUNT]


def strangers(seed: int) -> list[Pair]:
    """Pairs of a word of no list and one of a list."""
    chance = random.Random(seed)
    found = [
        pair(attribute, sentence, one, chance.choice(words(attribute)))
        for attribute, strange in STRANGERS.items()
        for sentence in sentences(attribute)
        for one in strange
    ]
    return chance.sample(found, STRANGE)


def shuffled(attribute: str, chance: random.Random) -> list[Pair]:
    """Pairs of one attribute, more than are needed."""
    of_two = list(combinations(words(attribute), 2))
    chosen = chance.sample(of_two, min(len(of_two), COUNT))
    found = [pair(attribute, sentence, one, other) for sentence in sentences(attribute) for one, other in chosen]
    chance.shuffle(found)
    return found


def words(attribute: str) -> list[str]:
    return [word for name in ATTRIBUTES[attribute] for lists in (LISTS, MORE) for word in lists.get(name, [])]


def sentences(attribute: str) -> list[str]:
    return OF_NAMES if attribute == "name" else OF_GROUPS


def pair(attribute: str, sentence: str, one: str, other: str) -> Pair:
    return Pair(attribute, with_article(sentence.format(one)), with_article(sentence.format(other)))
