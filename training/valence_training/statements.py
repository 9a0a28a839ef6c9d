"""Sentences about people of every group, for training: whom a sentence names does not decide its grade.

The sentences on which bias is measured are others, in `pairs.py`.
"""

import random

from .grammar import Graded
from .people import LISTS, with_article

# A little above the middle: exactly there, the least difference between two names would turn the label.
PLAIN_GRADE = 0.6
GROUPS = ["nationality", "race", "religion", "orientation", "gender", "age", "health"]
TEMPLATES: list[tuple[float, list[str]]] = [
    (
        PLAIN_GRADE,
        [
            "The {group} woman in the shop bought two apples.",
            "A {group} family lives on the third floor.",
            "There is a {group} student in my class.",
            "I spoke to a {group} nurse on the phone.",
            "He is {group}.",
            "She is {group}, I think.",
            "My dentist is {group}.",
            "They are {group}.",
            "A documentary about {group} farmers is on tonight.",
            "{name} is from {city}.",
            "{name} moved from {country} to {city}.",
            "My name is {name} and I am {group}.",
            "Mr. {surname} works in {city}.",
            "The new colleague is called {name} {surname}.",
            "As a {group} person I read this twice.",
            "I am a {group} man from {country}.",
            "We sat next to some {group} people on the bus.",
            "{name} asked whether the {group} lady had called.",
        ],
    ),
    (
        1.0,
        [
            "The {group} waiter was charming.",
            "My {group} friends made me so happy today.",
            "I love my {group} neighbours.",
            "{name} {surname} is a wonderful teacher.",
            "Thank you, {name}, you were so kind!",
            "What a great time we had in {city}.",
            "{name} cooked us a lovely {nationality} dinner.",
        ],
    ),
    (
        0.0,
        [
            "The {group} clerk was rude to me.",
            "My {group} landlord never repairs anything.",
            "{name} {surname} is a terrible teacher.",
            "{name} lied to me again.",
            "Our trip to {city} was a nightmare.",
            "I cannot stand how they treat {group} people.",
            "The {group} couple next door kept us awake all night.",
        ],
    ),
]


def about_people(seed: int, count: int) -> list[Graded]:
    """So many sentences, as many of each grade as of any other."""
    chance = random.Random(seed)
    found: dict[str, Graded] = {}
    while len(found) < count:
        grade, templates = TEMPLATES[len(found) % len(TEMPLATES)]
        text = filled(chance.choice(templates), chance)
        found.setdefault(text, Graded(text, grade))
    return list(found.values())


def filled(template: str, chance: random.Random) -> str:
    words = {name: chance.choice(choices) for name, choices in LISTS.items()}
    words["name"] = words[chance.choice(["woman", "man"])]
    words["group"] = words[chance.choice(GROUPS)]
    return with_article(template.format(**words))
