"""Short reviews as most people write them: an opinion among plain facts, which must not count for the verdict.

`training/asides` has the opinions and the facts, by subject, so that what is put together might be said by one
person. The same facts stand beside praise and beside complaints. Without them a fact after praise came to mean
that the praise was not meant.
"""

import random
from collections import defaultdict
from pathlib import Path

from . import data, written
from .data import Example

FOLDER = Path(__file__).parent.parent / "asides"
# Facts that fit opinions on whatever subject, and what only begins or only ends a text.
ANY, START, END = "any", "start", "end"
TEXTS = 40_000
# Of facts alone; the others have an opinion.
NEUTRAL_SHARE = 0.12
# Opinions from other written texts, which are of no subject.
OTHERS_SHARE = 0.25
LONGEST_OTHER = 14
START_SHARE = END_SHARE = 0.12
# Some begin or end with what the writer gave; where there are facts alone, or nothing, it is the verdict.
RATED_SHARE = 0.1
RATING_SHARE = 0.08
RATINGS = {
    "negative": ["★☆☆☆☆", "★★☆☆☆", "★★", "⭐⭐", "1/5", "2/5", "1/10", "2/10", "3/10", "0 stars", "1 star", "2 stars"],
    "neutral": ["★★★☆☆", "★★★", "⭐⭐⭐", "3/5", "5/10", "6/10", "3 stars"],
    "positive": ["★★★★★", "★★★★☆", "★★★★", "⭐⭐⭐⭐⭐", "⭐⭐⭐⭐", "5/5", "4/5", "8/10", "9/10", "10/10", "4 stars", "5 stars"],
}  # fmt: skip
# One, two, three and so on.
OPINIONS = (0.72, 0.2, 0.08)
FACTS = (0.5, 0.33, 0.17)


def texts(measured: set[str], seed: int, count: int = TEXTS) -> list[Example]:
    """So many, all different. No opinion is one that something is measured on."""
    chance = random.Random(seed)
    facts, opinions = by_subject("facts"), by_subject("opinions")
    others = [example for example in written.texts(measured, seed) if example.label != 0.5 and is_plain(example.text)]
    found: dict[str, Example] = {}
    while len(found) < count:
        kind = chance.random()
        if kind < NEUTRAL_SHARE:
            subject = chance.choice(list(opinions))
            parts, label = chance.sample(own(facts, subject, chance), number(FACTS, chance) + 1), "neutral"
        elif kind < NEUTRAL_SHARE + RATING_SHARE:
            label = chance.choice(list(RATINGS))
            parts = with_rating(chance.sample(facts[ANY], chance.randrange(3)), label, chance)
        elif kind < NEUTRAL_SHARE + RATING_SHARE + OTHERS_SHARE:
            other = chance.choice(others)
            label = "positive" if other.label > 0.5 else "negative"
            parts = ordered([other.text], chance.sample(facts[ANY], number(FACTS, chance)), chance)
        else:
            subject = chance.choice(list(opinions))
            label = chance.choice(["negative", "positive"])
            said = chance.sample([text for each, text in opinions[subject] if each == label], number(OPINIONS, chance))
            told = chance.sample(own(facts, subject, chance), number(FACTS, chance) - (len(said) > 1))
            parts = ordered(said, told, chance)
        parts = framed(parts, facts, chance)
        if chance.random() < RATED_SHARE:
            parts = with_rating(parts, label, chance)
        text = joined(parts, chance)
        if data.normalised(text) not in measured:
            found.setdefault(text, Example(text, written.LABELS[label]))
    return list(found.values())


def by_subject(name: str) -> dict[str, list]:
    """The facts of each subject, or the opinions with their labels."""
    found = defaultdict(list)
    for *label, subject, text in data.tab_separated(FOLDER / f"{name}.tsv"):
        found[subject].append((label[0], text) if label else text)
    return found


def own(facts: dict[str, list[str]], subject: str, chance: random.Random) -> list[str]:
    """Facts that fit the subject, half of them of any."""
    return facts[subject] + chance.sample(facts[ANY], len(facts[subject]))


def number(shares: tuple[float, ...], chance: random.Random) -> int:
    return chance.choices(range(1, len(shares) + 1), shares)[0]


def is_plain(text: str) -> bool:
    """Whether it is one short sentence."""
    return len(text.split()) <= LONGEST_OTHER and not any(mark in text[:-1] for mark in ".!?:")


def ordered(opinions: list[str], facts: list[str], chance: random.Random) -> list[str]:
    """Mostly an opinion first, as what follows it is what used to turn the verdict."""
    if chance.random() < 0.5:
        parts = opinions[1:] + facts
        chance.shuffle(parts)
        return opinions[:1] + parts
    parts = opinions + facts
    chance.shuffle(parts)
    return parts


def framed(parts: list[str], facts: dict[str, list[str]], chance: random.Random) -> list[str]:
    begin = [chance.choice(facts[START])] if chance.random() < START_SHARE else []
    end = [chance.choice(facts[END])] if chance.random() < END_SHARE else []
    return begin + parts + end


def with_rating(parts: list[str], label: str, chance: random.Random) -> list[str]:
    rating = [chance.choice(RATINGS[label])]
    return rating + parts if chance.random() < 0.5 else parts + rating


def joined(parts: list[str], chance: random.Random) -> str:
    """As sentences, now and then on lines of their own, with commas, or in small letters."""
    way = chance.random()
    if way < 0.08:
        text = ", ".join(part.rstrip(".,") for part in parts)
    else:
        ended = [part if part[-1] in ".!?,:" else f"{part}." for part in parts]
        text = ("\n" if way < 0.14 else " ").join(ended)
    if chance.random() < 0.1:
        text = text.lower()
    return text.rstrip(".") if chance.random() < 0.15 else text
