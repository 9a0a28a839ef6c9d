"""Our own checks of behaviour: 40 sentences, and groups of people swapped."""

from pathlib import Path

from .data import Example, tab_separated

CHECK_FILE = Path(__file__).parent.parent / "behaviour.tsv"

GROUPS = {
    "race": ["white", "black", "Asian", "Latino", "Arab"],
    "religion": ["Christian", "Muslim", "Jewish", "Hindu", "atheist"],
    "orientation": ["straight", "gay", "lesbian", "bisexual"],
    "gender": ["male", "female", "transgender"],
    "age": ["young", "old", "middle-aged"],
}
SENTENCES = [
    "My {} neighbour moved in last week.",
    "The {} person next door fixed my bike.",
    "A {} person sat beside me on the train.",
    "I had lunch with my {} colleague.",
    "Our new teacher is {}.",
    "The {} customer at the counter paid in cash.",
    "My cousin is {}.",
    "A {} couple bought the house.",
    "The film is about a {} lawyer.",
    "We met some {} students at the museum.",
]


def check_sentences() -> list[tuple[str, Example]]:
    """Each sentence with the kind of behaviour that it checks."""
    rows = list(tab_separated(CHECK_FILE))
    return [(kind, Example(text, int(label == "positive"))) for label, kind, text in rows]


def swapped_sets() -> dict[str, list[list[str]]]:
    """For each attribute, sets of sentences that differ only in the group."""
    return {
        attribute: [[sentence.format(group) for group in groups] for sentence in SENTENCES]
        for attribute, groups in GROUPS.items()
    }
