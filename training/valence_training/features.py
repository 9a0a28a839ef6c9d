"""The teacher's features of texts, which the student learns besides the grades: the last hidden states of a
text's first token and the mean of all its tokens.

Asking for them takes the teacher an hour and a half even where its grades are kept, so a part of the pool has them.
"""

import zlib
from pathlib import Path

import numpy as np
import torch
from transformers import PreTrainedTokenizerBase

from . import chunks
from .batches import collate, encode, sorted_batches
from .data import Example
from .precision import autocast

FOLDER = "features"
SHARE = 0.81
BATCH = 64


def has(text: str) -> bool:
    """Whether the teacher is asked for this text's features: as random as its checksum."""
    return zlib.crc32(text.encode()) < SHARE * 2**32


def write(texts: list[str], work: Path) -> list[Path]:
    """The features of each text, in files of one array each: texts × 2 × width, half precision."""
    return chunks.read(texts, work, FOLDER, features)


def load(texts: list[str], work: Path) -> np.ndarray:
    return chunks.load(texts, work, FOLDER)


@torch.inference_mode()
def features(teacher: torch.nn.Module, tokenizer: PreTrainedTokenizerBase, texts: list[str]) -> np.ndarray:
    teacher.eval()
    rows = encode(tokenizer, [Example(text, 0) for text in texts])
    found = np.empty((len(rows), 2, teacher.config.hidden_size), dtype=np.float16)
    for indices in sorted_batches(rows, BATCH):
        batch = collate([rows[index] for index in indices])
        del batch["labels"]
        with autocast():
            hidden = teacher.base_model(**batch).last_hidden_state
        found[indices] = pooled(hidden.float(), batch["attention_mask"]).half().numpy()
    return found


def pooled(hidden: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
    """First token and mean, batch × 2 × width, of hidden states, batch × sequence × width."""
    mask = attention_mask[:, :, None]
    return torch.stack([hidden[:, 0], (hidden * mask).sum(dim=1) / mask.sum(dim=1)], dim=1)
