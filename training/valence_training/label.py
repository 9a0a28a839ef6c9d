"""The teacher grades the pool. Grades are kept in chunks, so that a stopped run goes on."""

import hashlib
from pathlib import Path

import numpy as np
from tqdm import tqdm

from . import graded, teacher

# Half a minute of work, or two without bfloat16.
CHUNK = 8192


def grade(texts: list[str], work: Path) -> list[Path]:
    """The teacher's grade of each text, from 0 to 1, in files of one array each."""
    folder = work / "grades"
    folder.mkdir(exist_ok=True)
    parts = [texts[start : start + CHUNK] for start in range(0, len(texts), CHUNK)]
    chunks = [folder / f"{digest(part)}.npy" for part in parts]
    missing = [(part, chunk) for part, chunk in zip(parts, chunks, strict=True) if not chunk.exists()]
    if missing:
        model, tokenizer = teacher.load(work)
    for part, chunk in tqdm(missing, unit="chunk"):
        unfinished = chunk.with_suffix(".part.npy")
        np.save(unfinished, np.array(graded.grades(model, tokenizer, part), dtype=np.float32))
        unfinished.replace(chunk)
    return chunks


def digest(texts: list[str]) -> str:
    """Names a chunk, so that a pool that has changed further on keeps what comes before."""
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]
