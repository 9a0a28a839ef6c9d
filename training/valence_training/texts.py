"""The 300 texts of the golden file: ordinary sentences and odd input."""

import random

from transformers import PreTrainedTokenizerBase

from .odd_texts import FOREIGN, ODD

COUNT = 300
LONG_LENGTHS = [250, 400, 509, 510, 511, 512, 513, 514, 640]
LONG_WORDS = 600

DOMAINS = [
    (["film", "plot", "leading actor", "soundtrack"], ["gripping", "moving", "witty"], ["dull", "predictable", "loud"]),
    (["pizza", "waiter", "dessert", "menu"], ["delicious", "friendly", "generous"], ["cold", "rude", "overpriced"]),
    (["phone", "battery", "camera", "charger"], ["reliable", "sharp", "fast"], ["flimsy", "slow", "faulty"]),
    (["hotel", "room", "breakfast", "pool"], ["spotless", "quiet", "cosy"], ["filthy", "noisy", "cramped"]),
    (["train", "driver", "ticket office", "app"], ["punctual", "helpful", "clear"], ["late", "useless", "confusing"]),
    (
        ["novel", "first chapter", "narrator", "ending"],
        ["clever", "tender", "original"],
        ["tedious", "clumsy", "silly"],
    ),
    (["landlord", "flat", "kitchen", "lift"], ["kind", "bright", "modern"], ["careless", "damp", "broken"]),
]
PRAISE = [
    "The {thing} was {good}.",
    "What a {good} {thing}!",
    "I love how {good} the {thing} is, and my sister agrees.",
    "Easily the most {good} {thing} I have come across in years.",
]
COMPLAINT = [
    "The {thing} was {bad}.",
    "Why is the {thing} always so {bad}?",
    "Third time this month that the {thing} has been {bad}.",
    "I gave the {thing} a second chance, and it was {bad} again.",
]
NEGATION = [
    "The {thing} wasn't {good} at all.",
    "I can't say that the {thing} was {bad}.",
    "Nobody would call this {thing} {good}.",
    "Never once did the {thing} feel {bad}.",
]
CONTRAST = [
    "The {thing} was {good}, but the {other} was {bad}.",
    "Although the {other} seemed {bad}, the {thing} turned out {good}.",
    "A {good} {thing} with a {bad} {other}.",
    "{Bad} {other}, {good} {thing}: three stars.",
]
PLAIN = [
    "The {thing} is next to the {other}.",
    "Does the {thing} come with a {other}?",
    "We looked at the {thing} on Monday and at the {other} on Friday.",
]
KINDS = [PRAISE, COMPLAINT, NEGATION, CONTRAST, PLAIN]


def sentence(chance: random.Random) -> str:
    things, good, bad = chance.choice(DOMAINS)
    thing, other = chance.sample(things, 2)
    bad_word = chance.choice(bad)
    pattern = chance.choice(chance.choice(KINDS))
    return pattern.format(thing=thing, other=other, good=chance.choice(good), bad=bad_word, Bad=bad_word.capitalize())


def misspelt(text: str, chance: random.Random) -> str:
    """Swap two neighbouring letters of some words."""
    words = text.split(" ")
    for index, word in enumerate(words):
        if len(word) > 4 and chance.random() < 0.6:
            at = chance.randrange(1, len(word) - 2)
            words[index] = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    return " ".join(words)


def spelt_oddly(text: str, chance: random.Random) -> str:
    changes = [
        str.upper,
        str.lower,
        str.title,
        lambda text: misspelt(text, chance),
        lambda text: text + chance.choice([" 😀", " 😡😡", " 👍🏽", " ❤️", " 🙃"]),
        lambda text: (
            text + chance.choice([" #fail", " #blessed #weekend", " @support", " https://example.org/a?b=1#c"])
        ),
        lambda text: text.rstrip(".!?") + chance.choice(["!!!!!!", "?!?!", ".....", "…"]),
        lambda text: text.replace(" ", "  "),
        lambda text: f"“{text}”",
    ]
    return chance.choice(changes)(text)


def of_length(tokens: int, tokenizer: PreTrainedTokenizerBase, chance: random.Random) -> str:
    """Sentences, then single-token words, up to exactly this many tokens."""
    text = sentence(chance)
    while True:
        longer = f"{text} {sentence(chance)}"
        if len(tokenizer(longer)["input_ids"]) > tokens:
            break
        text = longer
    missing = tokens - len(tokenizer(text)["input_ids"])
    return " ".join([text] + ["good"] * missing)


def golden_texts(tokenizer: PreTrainedTokenizerBase, seed: int) -> list[str]:
    chance = random.Random(seed)
    texts = ODD + FOREIGN + [of_length(tokens, tokenizer, chance) for tokens in LONG_LENGTHS]
    texts.append(" ".join(chance.choice(["so", "very", "good", "bad", "film"]) for _ in range(LONG_WORDS)))
    unique = dict.fromkeys(texts)
    while len(unique) < COUNT:
        text = sentence(chance)
        if chance.random() < 0.25:
            text = f"{text} {sentence(chance)}"
        unique.setdefault(spelt_oddly(text, chance) if chance.random() < 0.35 else text)
    return list(unique)
