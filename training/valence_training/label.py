"""The teacher grades the pool."""

from pathlib import Path

import numpy as np
import torch
from transformers import PreTrainedTokenizerBase

from . import chunks, graded

FOLDER = "grades"


def grade(texts: list[str], work: Path) -> list[Path]:
    """The teacher's grade of each text, from 0 to 1, in files of one array each."""
    return chunks.read(texts, work, FOLDER, grades)


def load(texts: list[str], work: Path) -> np.ndarray:
    return chunks.load(texts, work, FOLDER)


def grades(model: torch.nn.Module, tokenizer: PreTrainedTokenizerBase, texts: list[str]) -> np.ndarray:
    return np.array(graded.grades(model, tokenizer, texts), dtype=np.float32)
