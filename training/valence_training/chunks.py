"""The teacher reads many texts. What it says of them is kept in chunks, so that a stopped run goes on."""

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
    """`ask` says an array of rows for texts, one of each. The files of all such arrays, in `work/name`."""
    folder = work / name
    folder.mkdir(exist_ok=True)
    parts = [texts[start : start + CHUNK] for start in range(0, len(texts), CHUNK)]
    files = [folder / f"{digest(part)}.npy" for part in parts]
    missing = [(part, file) for part, file in zip(parts, files, strict=True) if not file.exists()]
    if missing:
        model, tokenizer = teacher.load(work)
    for part, file in tqdm(missing, unit="chunk"):
        unfinished = file.with_suffix(".part.npy")
        np.save(unfinished, ask(model, tokenizer, part))
        unfinished.replace(file)
    return files


def digest(texts: list[str]) -> str:
    """Names a chunk, so that a pool that has changed further on keeps what comes before."""
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]
