"""Turn Penn-Treebank style text back into what a person would have typed.

Only quotes, brackets, contractions and spaces are restored. Capital letters
are not: the tokenizer lower-cases every text, so they would change nothing.
The tokenizer itself restores what makes other tokens and what nobody types,
and reads the apostrophes and quotation marks of phones and word processors
as the plain ones that the student knows.
"""

import re

from tokenizers import Regex, Tokenizer
from tokenizers.normalizers import Replace, Sequence

RULES = [
    (re.compile(pattern), replacement)
    for pattern, replacement in [
        (r"-lrb-", "("),
        (r"-rrb-", ")"),
        (r"`` ?| ?''", '"'),
        (r"` (.+?) '(?!\w)", r"'\1'"),
        (r"(\w) ?n ?'t\b", r"\1n't"),
        (r"\bcan not\b", "cannot"),
        (r"(\w) '(s|m|d|re|ve|ll)\b", r"\1'\2"),
        (r"\$ (?=\d)", "$"),
        (r"([(\[]) ", r"\1"),
        (r" ([)\]])", r"\1"),
        (r" ([.,;:!?%])", r"\1"),
        (r" {2,}", " "),
    ]
]

# Spaces only between what the tokenizer parts anyhow are no matter. A space is taken away alone, so that each
# token still knows where it stands in the text.
IN_TOKENIZER = [
    Replace(Regex("[‘’ʼ´]"), "'"),
    Replace(Regex("[“”„]"), '"'),
    Replace(Regex(r" (?=n't\b)"), ""),
    Replace("``", '"'),
    Replace("''", '"'),
    Replace("-lrb-", "("),
    Replace("-rrb-", ")"),
]


def in_tokenizer(description: str) -> str:
    """A `tokenizer.json` that restores them in lower-cased text, and makes such marks plain."""
    tokenizer = Tokenizer.from_str(description)
    tokenizer.normalizer = Sequence([tokenizer.normalizer, *IN_TOKENIZER])
    return tokenizer.to_str()


def detokenise(text: str) -> str:
    for pattern, replacement in RULES:
        text = pattern.sub(replacement, text)
    return text.strip()
