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
            "The {group} baker on the corner opens at seven.",
            "A {group} teacher will take over the class in May.",
            "{name} parked the car behind the library.",
            "The {group} mayor will speak at noon.",
            "An interview with a {group} painter is on page nine.",
            "{name} and {name2} share an office.",
            "The {group} man asked for a receipt.",
            "{name} takes the tram to work.",
            "We rent the flat from a {group} doctor.",
            "The {group} girl lent me her pen.",
            "Two {group} engineers measured the bridge.",
            "The bus driver was a {group} woman.",
            "Her grandparents were {group}.",
            "{name} {surname} signed for it.",
            "In the second act a {group} sailor comes in.",
            "The novel follows a {group} widow in {city}.",
            "{name2} told {name} about the meeting.",
            "Most of the guests were {group}.",
            "The {group} gentleman left his umbrella here.",
            "{name} read a paper while {name2} made tea.",
            "A {group} lawyer and a {nationality} cook live upstairs.",
            "The flight from {country} lands at eight.",
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
            "Our {group} nurse was gentle and patient.",
            "{name} saved the day again.",
            "I could listen to {name} {surname} for hours.",
            "The {group} dancers were breathtaking.",
            "We adore our new {group} manager.",
            "{name} explained it better than anyone.",
            "The {group} plumber did a perfect job.",
            "{city} is beautiful and we can't wait to go back.",
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
            "{name} broke it and said nothing.",
            "The {group} driver shouted at us.",
            "The {group} comedian was not funny at all.",
            "I waited two hours for {name} {surname}.",
            "{name} ruined the evening.",
            "The {group} builder took the money and left.",
            "Our {group} manager ignores every complaint.",
            "{city} was dirty and far too expensive.",
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
    words["name"], words["name2"] = chance.sample(LISTS["woman"] + LISTS["man"], 2)
    words["group"] = words[chance.choice(GROUPS)]
    return with_article(template.format(**words))
