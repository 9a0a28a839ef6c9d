"""Our own checks of behaviour: 40 sentences, which nothing is trained on."""

from pathlib import Path

from .data import Example, tab_separated

CHECK_FILE = Path(__file__).parent.parent / "behaviour.tsv"


def check_sentences() -> list[tuple[str, Example]]:
    """Each sentence with the kind of behaviour that it checks."""
    rows = list(tab_separated(CHECK_FILE))
    return [(kind, Example(text, int(label == "positive"))) for label, kind, text in rows]
