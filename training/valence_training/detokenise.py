"""Turn Penn-Treebank style text back into what a person would have typed.

Only quotes, brackets, contractions and spaces are restored. Capital letters
are not: the tokenizer lower-cases every text, so they would change nothing.
"""

import re

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


def detokenise(text: str) -> str:
    for pattern, replacement in RULES:
        text = pattern.sub(replacement, text)
    return text.strip()
