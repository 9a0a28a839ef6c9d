"""The teacher grades the pool. Grades are kept in chunks, so that a stopped run goes on."""

import hashlib
from pathlib import Path

import numpy as np
from tqdm import tqdm
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from . import graded

# Some two minutes of work.
CHUNK = 8192


def grade(texts: list[str], teacher: Path, work: Path) -> np.ndarray:
    """The teacher's grade of each text, from 0 to 1."""
    done = work / "grades"
    done.mkdir(exist_ok=True)
    model = AutoModelForSequenceClassification.from_pretrained(teacher)
    tokenizer = AutoTokenizer.from_pretrained(teacher)
    found = []
    for start in tqdm(range(0, len(texts), CHUNK), unit="chunk"):
        part = texts[start : start + CHUNK]
        # Named by its texts, so that a pool that has changed further on keeps what comes before.
        digest = hashlib.sha256("\0".join(part).encode()).hexdigest()
        file = done / f"{digest[:16]}.npy"
        if not file.exists():
            unfinished = file.with_suffix(".part.npy")
            np.save(unfinished, np.array(graded.grades(model, tokenizer, part), dtype=np.float32))
            unfinished.replace(file)
        found.append(np.load(file))
    return np.concatenate(found)
