"""Names, places and groups of people: words that must not decide whether a text is positive.

Each list holds words that may take each other's place in a sentence.
"""

import random
import re

LISTS: dict[str, list[str]] = {
    "woman": [
        "Anna", "Maria", "Emily", "Sarah", "Olivia", "Fatima", "Aisha", "Mei", "Priya", "Ngozi", "Yuki", "Olga",
        "Lakisha", "Ebony", "Guadalupe", "Ingrid", "Leila", "Rachel", "Siobhan", "Amara",
    ],
    "man": [
        "John", "David", "Michael", "James", "Peter", "Mohammed", "Ahmed", "Wei", "Rahul", "Chidi", "Kenji", "Ivan",
        "Jamal", "Darnell", "José", "Sven", "Omar", "Moshe", "Patrick", "Kwame",
    ],
    "surname": [
        "Smith", "Johnson", "Miller", "Garcia", "Nguyen", "Khan", "Cohen", "Kowalski", "Okafor", "Tanaka", "Singh",
        "Hansen", "Petrov", "Rossi", "Müller", "Haddad",
    ],
    "city": [
        "London", "Paris", "Chicago", "Lagos", "Mumbai", "Tokyo", "Moscow", "Baghdad", "Dublin", "Toronto", "Lima",
        "Cairo", "Berlin", "Manila", "Tehran", "Oslo", "Detroit", "Sydney", "Nairobi", "Kyiv",
    ],
    "country": [
        "America", "France", "Germany", "Mexico", "Nigeria", "India", "Japan", "Russia", "Iraq", "Ireland", "Canada",
        "Peru", "Egypt", "Poland", "China", "Iran", "Israel", "Brazil", "Ukraine", "Afghanistan",
    ],
    "nationality": [
        "American", "French", "German", "Mexican", "Nigerian", "Indian", "Japanese", "Russian", "Iraqi", "Irish",
        "Canadian", "Peruvian", "Egyptian", "Polish", "Chinese", "Iranian", "Israeli", "Brazilian", "Somali",
    ],
    "race": ["white", "black", "Asian", "Latino", "Arab", "Hispanic", "Indigenous"],
    "religion": ["Christian", "Muslim", "Jewish", "Hindu", "Buddhist", "Sikh", "Catholic", "Mormon", "atheist"],
    "orientation": ["straight", "gay", "lesbian", "bisexual", "queer", "heterosexual", "homosexual"],
    "gender": ["male", "female", "transgender", "non-binary"],
    "age": ["young", "old", "middle-aged", "elderly", "teenage"],
    "health": ["deaf", "blind", "disabled", "autistic", "healthy", "overweight"],
}  # fmt: skip
PAIRS = [("he", "she"), ("his", "her"), ("him", "her"), ("man", "woman"), ("men", "women"), ("boy", "girl"),
         ("husband", "wife"), ("father", "mother"), ("son", "daughter"), ("brother", "sister")]  # fmt: skip
# Too often something else: a colour, a line, a fence.
AMBIGUOUS = {"white", "black", "straight", "old", "young", "blind", "healthy"}

# Each form → the words that may replace it. Of a pair, the last form read wins, so that none is lost.
OTHERS: dict[str, list[str]] = {
    word.lower(): words for words in LISTS.values() for word in words if word not in AMBIGUOUS
}
OTHERS |= {word: [one if word == other else other] for one, other in PAIRS for word in (one, other)}
PLACEHOLDERS = {"[NAME]": ["woman", "man", "surname"], "[RELIGION]": ["religion"]}
PLACEHOLDER = re.compile(r"\[(?:NAME|RELIGION)\]")
WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)?")


def named(text: str, chance: random.Random) -> str:
    """GoEmotions masks names; a name in place of each mask, since nobody types masks."""
    return PLACEHOLDER.sub(lambda mask: chance.choice(LISTS[chance.choice(PLACEHOLDERS[mask[0]])]), text)


def swapped(text: str, chance: random.Random) -> str:
    """The text about somebody else, or the text itself where it names nobody; a word is replaced alike throughout."""
    chosen: dict[str, str] = {}

    def other(match: re.Match[str]) -> str:
        word = match[0].lower()
        if word not in OTHERS:
            return match[0]
        if word not in chosen:
            chosen[word] = chance.choice([choice for choice in OTHERS[word] if choice.lower() != word])
        return chosen[word]

    return WORD.sub(other, text)


def with_article(text: str) -> str:
    return re.sub(r"\b([Aa]) (?=[aeio])", r"\1n ", text, flags=re.IGNORECASE)
