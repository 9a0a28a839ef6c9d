"""The teacher grades the pool. Grades are kept in chunks, so that a stopped run goes on."""

import hashlib
from pathlib import Path

import numpy as np
from tqdm import tqdm
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from . import graded

# Some three minutes of work, sorted by length so that little padding is computed.
CHUNK = 8192


def grade(texts: list[str], teacher: Path, work: Path) -> np.ndarray:
    """The teacher's grade of each text, from 0 to 1."""
    done = work / "grades"
    done.mkdir(exist_ok=True)
    model = AutoModelForSequenceClassification.from_pretrained(teacher)
    tokenizer = AutoTokenizer.from_pretrained(teacher)
    order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
    found = np.zeros(len(texts))
    for start in tqdm(range(0, len(order), CHUNK), unit="chunk"):
        indices = order[start : start + CHUNK]
        part = [texts[index] for index in indices]
        # Named by its texts: a pool that has changed is graded anew where it differs.
        digest = hashlib.sha256("\0".join(part).encode()).hexdigest()
        file = done / f"{digest[:16]}.npy"
        if not file.exists():
            unfinished = file.with_suffix(".part.npy")
            np.save(unfinished, np.array(graded.grades(model, tokenizer, part), dtype=np.float32))
            unfinished.replace(file)
        found[indices] = np.load(file)
    return found
