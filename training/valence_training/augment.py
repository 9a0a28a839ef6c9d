"""New texts made from others: parts, joins and typing slips.

Case is left alone, since the tokenizer lower-cases every text. A part or a join
means something other than its source, so the teacher must grade it; a slip does
not, so it keeps its source's grade.
"""

import random
import re
from collections.abc import Callable

BREAK = re.compile(r"(?<=[,;.!?])\s+|\s+(?=(?:but|and|because|although|though|while|so|yet|which|when)\b)")
LINKS = [". ", ", but ", ", and ", "; ", " - ", ", yet ", ". However, ", ". Also, ", "! ", ". Still, ", " even though "]
ENDINGS = ["", "", "!", "!!", "!!!", "...", "…", " .", "?!"]
TAGS = [
    " #weekend",
    " #monday",
    " #review",
    " #travel",
    " @support",
    " @airline",
    " #foodie",
    " https://example.org/a1",
]
OPENERS = ["@user ", "RT @user: ", "Update: ", "Edit: ", "Just so you know: ", "lol ", "Honestly, ", "So, ", "Hi, "]
NEIGHBOURS = {
    "a": "sq", "b": "vn", "c": "xv", "d": "sf", "e": "wr", "f": "dg", "g": "fh", "h": "gj", "i": "uo", "j": "hk",
    "k": "jl", "l": "k", "m": "n", "n": "bm", "o": "ip", "p": "o", "q": "w", "r": "et", "s": "ad", "t": "ry",
    "u": "yi", "v": "cb", "w": "qe", "x": "zc", "y": "tu", "z": "x",
}  # fmt: skip
SHORTEST_PART = 2
DROPPED_SHARE = 0.15
SHORTEST_MISSPELT = 4


def part(text: str, chance: random.Random) -> str:
    """One clause, or neighbouring words where there is only one clause."""
    clauses = [clause for clause in BREAK.split(text) if len(clause.split()) >= SHORTEST_PART]
    if len(clauses) > 1:
        return chance.choice(clauses)
    words = text.split()
    if len(words) <= SHORTEST_PART:
        return text
    first = chance.randrange(len(words) - SHORTEST_PART)
    return " ".join(words[first : chance.randint(first + SHORTEST_PART, len(words))])


def joined(text: str, other: str, chance: random.Random) -> str:
    """Both texts, one after the other, now and then as a contrast."""
    return text.rstrip(" .!?") + chance.choice(LINKS) + other


def with_words_dropped(text: str, chance: random.Random) -> str:
    words = text.split()
    return " ".join([word for word in words if chance.random() > DROPPED_SHARE] or words)


def misspelt(text: str, chance: random.Random) -> str:
    """One or two of the longer words with a letter swapped, lost, doubled or mistaken for its neighbour."""
    words = text.split(" ")
    longer = [index for index, word in enumerate(words) if len(word) >= SHORTEST_MISSPELT and word.isalpha()]
    for index in chance.sample(longer, min(len(longer), chance.randint(1, 2))):
        word = words[index]
        at = chance.randrange(1, len(word) - 1)
        near = chance.choice(NEIGHBOURS.get(word[at].lower(), word[at]))
        words[index] = chance.choice(
            [
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
                word[:at] + word[at + 1 :],
                word[:at] + word[at] + word[at:],
                word[:at] + near + word[at + 1 :],
            ]
        )
    return " ".join(words)


def punctuated(text: str, chance: random.Random) -> str:
    """Another ending; often without commas or apostrophes."""
    text = text.rstrip(" .!") + chance.choice(ENDINGS) if not text.endswith("?") else text
    if chance.random() < 0.4:
        text = text.replace(",", "")
    if chance.random() < 0.4:
        text = re.sub(r"(?<=\w)['’](?=\w)", "", text)
    return text


def decorated(text: str, chance: random.Random) -> str:
    """With what surrounds a post: mentions, tags, a link."""
    if chance.random() < 0.5:
        return chance.choice(OPENERS) + text
    return text + "".join(chance.sample(TAGS, chance.randint(1, 2)))


def stretched(text: str, chance: random.Random) -> str:
    """A vowel held, as in "soooo"."""
    words = text.split(" ")
    able = [index for index, word in enumerate(words) if re.search(r"[aeiou]", word)]
    if able:
        index = chance.choice(able)
        words[index] = re.sub(r"([aeiou])(?!.*[aeiou])", lambda vowel: vowel[0] * chance.randint(3, 6), words[index])
    return " ".join(words)


SLIPS: list[Callable[[str, random.Random], str]] = [misspelt, misspelt, punctuated, punctuated, decorated, stretched]


def slip(text: str, chance: random.Random) -> str:
    """The same text as somebody else might have typed it, in one or two respects."""
    for change in chance.sample(SLIPS, chance.randint(1, 2)):
        text = change(text, chance)
    return text
