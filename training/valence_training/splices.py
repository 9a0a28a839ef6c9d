"""Texts that begin as one text and go on as another, from a word which both have.

They read much like sentences, and no two are alike in what they judge: what is published tells of few films, in many
phrases each, which a student learns by heart. Only the teacher can tell what comes of a splice.
"""

import random
from collections import defaultdict

HINGES = frozenset(
    "a an and are as at because been but by for from has have if in into is it its more most no not of on or so than "
    "that the this to too very was were when which while who will with would you".split()
)
# In words.
SHORTEST_HALF, LONGEST = 3, 40


class Splices:
    """The places in `texts` at which they can be cut, by the word that follows."""

    def __init__(self, texts: list[str]):
        self.texts = [text.split() for text in texts]
        self.places: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for number, words in enumerate(self.texts):
            for at in range(SHORTEST_HALF, len(words) - SHORTEST_HALF + 1):
                if words[at] in HINGES:
                    self.places[words[at]].append((number, at))
        self.all_places = [place for places in self.places.values() for place in places]

    def some(self, count: int, chance: random.Random) -> list[str]:
        return [self.one(chance) for _ in range(count)]

    def one(self, chance: random.Random) -> str:
        number, at = chance.choice(self.all_places)
        words = self.texts[number]
        other, goes_on = chance.choice(self.places[words[at]])
        return " ".join((words[:at] + self.texts[other][goes_on:])[:LONGEST])
