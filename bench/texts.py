"""Texts to measure with: SST-2's dev set where it is at hand, else made ones, and longer ones of them."""

import csv
import random
from pathlib import Path

from transformers import PreTrainedTokenizerBase

SEED = 17
MADE = 872
OPENINGS = ["Honestly,", "For the price", "After a week", "In the end", "To be fair,", "Once again", ""]
SUBJECTS = ["the battery", "this film", "our waiter", "the second act", "the new update", "her voice", "their support"]
VERBS = ["held up", "fell apart", "made us laugh", "kept freezing", "was worth the wait", "let everybody down"]
ENDINGS = ["from start to finish", "in under an hour", "even in the rain", "when it mattered", "more than once", ""]


def short(file: Path | None) -> list[str]:
    """The texts of a tab-separated file of two columns, one of them headed "label", or made ones of about that length."""
    if file is not None:
        with file.open(encoding="utf-8", newline="") as lines:
            rows = csv.reader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
            label = next(rows).index("label")
            return [row[1 - label] for row in rows]
    chance = random.Random(SEED)
    clause = lambda: " ".join(chance.choice(part) for part in (OPENINGS, SUBJECTS, VERBS, ENDINGS)).strip()  # noqa: E731
    return [", and ".join(clause() for _ in range(chance.randint(1, 3))) + "." for _ in range(MADE)]


def joined(texts: list[str], tokens: int, count: int, tokenizer: PreTrainedTokenizerBase) -> list[str]:
    """`count` texts of exactly so many tokens, special ones included, of texts one after another."""
    ids = [number for text in texts for number in tokenizer(text, add_special_tokens=False)["input_ids"]]
    longer = []
    start = 0
    while len(longer) < count:
        start = (start + tokens // 2) % (len(ids) - tokens)
        text = tokenizer.decode(ids[start : start + tokens - 2])
        # Decoding may join pieces differently; a text of another length is not taken.
        if len(tokenizer(text)["input_ids"]) == tokens:
            longer.append(text)
        else:
            start += 1
    return longer
