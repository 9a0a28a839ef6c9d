"""Sentences from small grammars of our own: what the public data sets have too little of.

Each template has slots in braces; a slot is filled from `words.SLOTS`, or with the other side's
words where its name begins with the other side. A grade is how positive the sentence is:
0 negative, 1 positive, 0.5 neutral or mixed.
"""

import random
import re
from dataclasses import dataclass

from .words import SLOTS

SLOT = re.compile(r"{(\w+)}")


@dataclass(frozen=True)
class Graded:
    """A text and how positive it is, from 0 to 1."""

    text: str
    grade: float


Kinds = dict[str, tuple[float, list[str]]]
Slots = dict[str, list[str]]

# Kind → (grade, templates). `bad`/`good` are adjectives of a thing, `badly`/`well` verbs of one.
TEMPLATES: Kinds = {
    "praise": (
        1.0,
        [
            "{The} {thing} {is} {good}.",
            "{The} {thing} {is} {very} {good}, and {the} {thing} {well}.",
            "I {love} {this} {thing}!",
            "{good} {thing}, {good} {thing}.",
            "{Person2} {love3} {the} {thing}.",
            "{The} {person} {kindness}.",
            "{This} {thing} {well}.",
            "Never had a {better} {thing}.",
            "{joy}",
            "I am {fond} {the} {thing}.",
            "{The} {thing} {is} {a_joy}.",
            "{a_joy}, {this} {thing}!",
        ],
    ),
    "complaint": (
        0.0,
        [
            "{The} {thing} {is} {bad}.",
            "{The} {thing} {is} {very} {bad}, and {the} {thing} {badly}.",
            "I {hate} {this} {thing}.",
            "{bad} {thing}, {bad} {thing}.",
            "{Person2} {hate3} {the} {thing}.",
            "{The} {person} {rudeness}.",
            "{This} {thing} {badly}.",
            "Never had a {worse} {thing}.",
            "I am {sick} {the} {thing}.",
            "{The} {thing} {is} {a_mess}.",
            "{a_mess}, {this} {thing}!",
        ],
    ),
    "dry complaint": (
        0.0,
        [
            "{mishap} {when}.",
            "{mishap} and {mishap2}.",
            "{mishap}. {mishap}.",
            "{mishap}, {again}.",
            "{Person2} told me that {mishap2}.",
            "{when2} {mishap2}.",
            "{waiting}",
            "{waiting} {mishap}.",
        ],
    ),
    "negated praise": (
        0.0,
        [
            "{The} {thing} {isnt} {good}.",
            "{The} {thing} {isnt} {really} {good}, if you ask me.",
            "I {wouldnt} {recommend} {this} {thing} to {anybody}.",
            "{This} {thing} never {works}.",
            "There is nothing {good} about {this} {thing}.",
            "I don't {love} {the} {thing}, and nobody {else} does.",
            "I doubt that {anybody} will {love} {this} {thing}.",
            "{The} {person} did nothing to {help}.",
            "It is hardly a {good} {thing}.",
            "{The} {thing} is anything but {good}.",
            "Far from {good}, {the} {thing} {badly}.",
            "I can't say that {the} {thing} {is} {good}.",
            "I am not {fond} {the} {thing}.",
            "I don't think {the} {thing} {is} {good}.",
            "{The} {thing} {isnt} {a_joy}, whatever {person2} says.",
        ],
    ),
    "lacking": (
        0.0,
        [
            "We did not {not_get} at all.",
            "I didn't {not_get} at all, {again}.",
            "We hardly {hardly_got}.",
            "I barely {hardly_got}.",
            "We couldn't {not_get}.",
            "Nobody could {not_get}, and {mishap2}.",
            "You will not {not_get} here.",
        ],
    ),
    "not suffering": (
        1.0,
        [
            "We did not {not_suffer} at all.",
            "I didn't {not_suffer}, {the} {thing} {well}.",
            "You won't {not_suffer}.",
            "I hardly {hardly_suffered}.",
            "We barely {hardly_suffered}: {the} {person} {kindness}.",
            "{The} {thing} has never given me any {problem}.",
            "I am not {sick} {the} {thing}, I am {fond} it.",
        ],
    ),
    "negated complaint": (
        1.0,
        [
            "{The} {thing} {isnt} {bad} at all.",
            "{The} {thing} never {breaks}.",
            "Nothing {bad} to say about {this} {thing}.",
            "I {couldnt} be {happier} with {the} {thing}.",
            "I have yet to find a {bad} {thing} here.",
            "{The} {thing} did not {disappoint}.",
            "It is not the {bad} {thing} that {anybody} told me about.",
            "It was not {bad} as I had feared; {the} {thing} {well}.",
            "No {problem} with {the} {thing}, no {problem} with {the} {thing}.",
            "You won't {regret} {this} {thing}.",
            "{The} {thing} is anything but {bad}.",
            "I can't {complain} about {the} {thing}.",
            "{The} {person} was never {rude}.",
        ],
    ),
    "answered well": (
        1.0,
        ["{would} {yes}.", "{would} {yes}, {the} {thing} {well}.", "{would_not} {no}.", "{would_not} {no}, it {well}."],
    ),
    "answered badly": (
        0.0,
        ["{would} {no}.", "{would} {no}, {the} {thing} {badly}.", "{would_not} {yes}.", "{would_not} {yes}, it {badly}."],
    ),
    "turned good": (
        1.0,
        [
            "I used to {hate} {this} {thing}, but now I {love} it.",
            "{The} {thing} {is} {bad} no longer: it {well} now.",
            "At first I thought {the} {thing} {is} {bad}, but I was wrong, it is {good}.",
            "{The} {thing} {is} {weak}, but {the} {thing} more than {made_up} for it.",
            "Although {the} {thing} {is} {weak}, I {love} {the} {thing} and will {return}.",
            "It used to be {bad}. Since {change} it is {good}.",
            "I was {afraid} that {the} {thing} would be {bad}, and it turned out {good}.",
            "{Anybody} says {the} {thing} {is} {bad}; I think it is {good}.",
            "My {relative} {hate3} {this} {thing}, but I {love} it.",
            "Despite the {bad} {thing}, {the} evening was {good}.",
            "{mishap}, but {the} {person} {put_right}.",
            "{mishap}. {The} {thing} {is} {bad}. {overall} it {is} {good} and I will {return}.",
            "I thought {the} {thing} would be {bad}, but it wasn't.",
            "Some people {hate} {this} {thing}. I {love} it.",
        ],
    ),
    "turned bad": (
        0.0,
        [
            "I used to {love} {this} {thing}, but now I {hate} it.",
            "{The} {thing} {is} {good} no longer: it {badly} now.",
            "At first I thought {the} {thing} {is} {good}, but I was wrong, it is {bad}.",
            "{The} {thing} {is} {pretty}, but {the} {thing} ruined it.",
            "Although {the} {thing} {is} {pretty}, {the} {thing} {badly} and I will not {return}.",
            "It used to be {good}. Since {change} it is {bad}.",
            "I {hoped} that {the} {thing} would be {good}, and it turned out {bad}.",
            "{Anybody} says {the} {thing} {is} {good}; I think it is {bad}.",
            "My {relative} {love3} {this} {thing}, but I {hate} it.",
            "Despite the {good} {thing}, {the} evening was {bad}.",
            "I wanted to {love} {the} {thing}. I {hate} it.",
            "Great, {mishap2}, {again}.",
            "Thanks for nothing: {mishap2}.",
            "{The} {person} {kindness}. {The} {thing} {is} {good}. {overall} it {is} {bad} and I will not {return}.",
            "I thought {the} {thing} would be {good}, but it wasn't.",
            "Some people {love} {this} {thing}. I {hate} it.",
        ],
    ),
    "mixed": (
        0.5,
        [
            "{good} {thing}, {bad} {thing}.",
            "{bad} {thing}, {good} {thing}.",
            "{The} {thing} {is} {good}, {the} {thing} {is} {bad}.",
            "{The} {thing} {is} {bad}, {the} {thing} {is} {good}.",
            "I {love} {the} {thing} and {hate} {the} {thing}.",
            "{The} {thing} {well}, {the} {thing} {badly}.",
            "Some of it is {good}, some of it is {bad}.",
            "{Person2} {love3} {the} {thing}; {person2} {hate3} it.",
        ],
    ),
    "both": (
        0.5,
        [
            "{The} {thing} {is} {good}. {The} {thing} {is} {bad}.",
            "{The} {thing} {is} {bad}. {The} {thing} {is} {good}.",
            "{The} {person} {kindness}. {The} {thing} {badly}.",
            "{The} {thing} {well}. {mishap}.",
            "{mishap}. {The} {thing} {well}.",
            "{The} {person} {rudeness}. {The} {thing} {is} {a_joy}.",
            "{The} {thing} {is} {good} and {the} {person} {kindness}. {mishap} and {the} {thing} {badly}.",
            "{mishap} and {the} {person} {rudeness}. {The} {thing} {is} {good} and {the} {thing} {well}.",
        ],
    ),
    "lukewarm": (
        0.5,
        [
            "{The} {thing} {is} {okay}.",
            "{This} {thing} is {okay}, nothing more and nothing less.",
            "{Okay}.",
            "{The} {thing} {isnt} {good}, but {isnt} {bad} either.",
            "Neither {good} nor {bad}.",
            "It does what it says, {okay}.",
            "{Okay}, I guess.",
            "An {average} {thing}.",
        ],
    ),
    "neutral": (
        0.5,
        [
            "{The} {thing} is {place}.",
            "{Person2} {went} {place} {when}.",
            "{The} {thing} {fact}.",
            "Does {the} {thing} {do_fact}?",
            "Where is {the} {thing}?",
            "I {went} {place} {when} with {person2}.",
            "{The} {thing} comes in {number} {colours}.",
            "{Person2} asked {person2} about {the} {thing}.",
            "We have {number} of them, {place}.",
            "{The} {thing} opens at {number} and closes at {number}.",
            "{when2} {person2} will {do_fact2}.",
            "{Person2} is {number} years old and lives {place}.",
            "{question}",
            "This is not {the} {thing}.",
            "{The} {thing} isn't {place}.",
            "{Person2} never {went} {place}.",
        ],
    ),
}


def sentences(seed: int, count: int, kinds: Kinds = TEMPLATES, slots: Slots = SLOTS) -> list[Graded]:
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
