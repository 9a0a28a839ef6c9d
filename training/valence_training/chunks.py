"""The teacher reads many texts. What it says of them is kept in chunks, so that a stopped run goes on.

A chunk is found by its teacher and its texts, so it cannot be taken for what is said of others or by another.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from tqdm import tqdm
from transformers import PreTrainedTokenizerBase

from . import teacher

# Half a minute of work with AMX, a minute and a half without.
CHUNK = 8192

Read = Callable[[torch.nn.Module, PreTrainedTokenizerBase, list[str]], np.ndarray]


def read(texts: list[str], work: Path, name: str, ask: Read) -> list[Path]:
    """`ask` says an array of rows for texts, one of each. The files of all such arrays."""
    folder(work, name).mkdir(parents=True, exist_ok=True)
    chunks = parts(texts, work, name)
    missing = [(part, file) for part, file in chunks if not file.exists()]
    if missing:
        model, tokenizer = teacher.load(work)
    for part, file in tqdm(missing, unit="chunk"):
        unfinished = file.with_suffix(".part.npy")
        np.save(unfinished, ask(model, tokenizer, part))
        unfinished.replace(file)
    return [file for _, file in chunks]


def load(texts: list[str], work: Path, name: str) -> np.ndarray:
    """The rows of all texts, which were read before."""
    files = [file for _, file in parts(texts, work, name)]
    if not all(file.exists() for file in files):
        raise SystemExit(f"the {name} in {work} are not of these texts: begin again with --from label")
    # Not all of them in memory twice.
    return np.concatenate([np.load(file, mmap_mode="r") for file in files])


def parts(texts: list[str], work: Path, name: str) -> list[tuple[list[str], Path]]:
    """The texts of each chunk and its file. Of a pool that has changed further on, those before stay."""
    place = folder(work, name)
    found = [texts[start : start + CHUNK] for start in range(0, len(texts), CHUNK)]
    digests = [digest("\0".join(part).encode()) for part in found]
    return [(part, place / f"{name}.npy") for part, name in zip(found, digests, strict=True)]


def folder(work: Path, name: str) -> Path:
    """Where the chunks are of the teacher that is in `work`."""
    return work / name / digest((work / "teacher" / teacher.WEIGHTS).read_bytes())


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]
