"""Sentences by others, which nobody labelled: the teacher grades them.

SST-2's sentences come from few reviews, and the comments are short: of those that it learns the student judges as
the teacher does, of others, and of words that they lack, it knows less.
"""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from . import films, prose

# Its own, so that with another seed of the recipe the kept grades still serve.
SEED = 5


@dataclass(frozen=True)
class Source:
    """`find` fetches what it needs into the work folder, and gives all sentences; at most `count` are taken."""

    find: Callable[[Path], Iterable[str]]
    count: int


SOURCES = {"films": Source(films.find, 180_000), "prose": Source(prose.find, 150_000)}


def sentences(work: Path, share: float) -> list[str]:
    """The same in the same order each time; of a source's greater count, these come first."""
    found = []
    for name, source in SOURCES.items():
        lines = kept(work / f"{name}.txt", source.find, work)
        found += random.Random(SEED).sample(lines, min(len(lines), round(share * source.count)))
    return found


def kept(file: Path, find: Callable[[Path], Iterable[str]], work: Path) -> list[str]:
    """A line each; they are found once."""
    if not file.exists():
        unfinished = file.with_suffix(".part")
        unfinished.write_text("".join(f"{sentence}\n" for sentence in dict.fromkeys(find(work))))
        unfinished.replace(file)
    return file.read_text().splitlines()
