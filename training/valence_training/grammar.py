"""Sentences from small grammars of our own: what the public data sets have too little of.

Each template has slots in braces; a slot is filled with one of its words, with a capital where its name has one.
A grade is how positive the sentence is: 0 negative, 1 positive, 0.5 neutral or mixed. `plain` and others like it
have the templates.
"""

import random
import re
from dataclasses import dataclass

SLOT = re.compile(r"{(\w+)}")


@dataclass(frozen=True)
class Graded:
    """A text and how positive it is, from 0 to 1."""

    text: str
    grade: float


# Kind → (grade, templates).
Kinds = dict[str, tuple[float, list[str]]]
Slots = dict[str, list[str]]


def sentences(seed: int, count: int, kinds: Kinds, slots: Slots) -> list[Graded]:
    """So many different texts, as many of each kind as of any other."""
    chance = random.Random(seed)
    graded = list(kinds.values())
    found: dict[str, Graded] = {}
    while len(found) < count:
        grade, templates = graded[len(found) % len(graded)]
        text = typed(fill(chance.choice(templates), slots, chance), chance)
        found.setdefault(text.lower(), Graded(text, grade))
    return list(found.values())


def fill(template: str, slots: Slots, chance: random.Random) -> str:
    """A template with words in place of its slots, no noun twice; slots in words are filled too."""
    used: set[str] = set()

    def word(slot: re.Match[str]) -> str:
        name = slot[1]
        choices = slots[name[0].lower() + name[1:]]
        fresh = [choice for choice in choices if choice not in used] or choices
        choice = chance.choice(fresh)
        used.add(choice)
        choice = SLOT.sub(word, choice)
        return choice[:1].upper() + choice[1:] if name[0].isupper() else choice

    text = SLOT.sub(word, template)
    text = re.sub(r"\b([Aa])n? (?=[aeiou])", r"\1n ", re.sub(r"\b([Aa])n (?=[^aeiou])", r"\1 ", text))
    return re.sub(r"(?:^|(?<=[.!?] ))[a-z]", lambda first: first[0].upper(), text)


def typed(text: str, chance: random.Random) -> str:
    """As people type: now and then without capitals or a full stop, or with too many marks."""
    way = chance.random()
    if way < 0.15:
        text = text.lower()
    elif way < 0.18:
        text = text.upper()
    if chance.random() < 0.2:
        text = text.rstrip(".")
    return text
