"""Our own checks of behaviour: 40 sentences, which nothing is trained on, also with a plain fact behind them."""

from pathlib import Path

from .data import Example, tab_separated

# None is among those in `asides/`.
FACTS = [
    "It is on the corner of Mill Street.",
    "We took the number 9 tram.",
    "I am writing this on the sofa.",
    "My cousin Ines ordered the second one.",
    "The receipt says 14 May.",
]
CHECK_FILE = Path(__file__).parent.parent / "behaviour.tsv"


def check_sentences() -> list[tuple[str, Example]]:
    """Each sentence with the kind of behaviour that it checks."""
    rows = list(tab_separated(CHECK_FILE))
    return [(kind, Example(text, int(label == "positive"))) for label, kind, text in rows]


def with_facts() -> list[Example]:
    """Each sentence with each of the facts, which must not change its verdict."""
    return [Example(f"{example.text} {fact}", example.label) for _, example in check_sentences() for fact in FACTS]
