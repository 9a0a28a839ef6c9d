"""The number format of the matrix products of training and grading: one for all that a work folder holds."""

import time
from pathlib import Path

import torch

ROWS, INNER, OUTER = 1024, 384, 1536
TRIALS = 9
FULL, SHORT = "float32", "bfloat16"
_chosen = FULL


def choose(work: Path) -> None:
    """The format that was chosen for this folder, or else the faster one.

    It is tried, since names tell little: of two processors with avx512_bf16 and without AMX the
    short format was half as fast on one (2 cores, PyTorch 2.15) and twice as fast on the other.
    """
    global _chosen
    note = work / "number_format"
    if not note.exists():
        note.write_text(SHORT if seconds(torch.bfloat16) < seconds(torch.float32) else FULL)
    _chosen = note.read_text()


def chosen() -> str:
    return _chosen


def autocast() -> torch.autocast:
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=_chosen == SHORT)


@torch.inference_mode()
def seconds(number_format: torch.dtype) -> float:
    """The shortest time of one product, so that other work on the machine counts little."""
    features = torch.ones(ROWS, INNER, dtype=number_format)
    weights = torch.ones(OUTER, INNER, dtype=number_format)
    times = []
    for _ in range(TRIALS):
        start = time.perf_counter()
        torch.nn.functional.linear(features, weights)
        times.append(time.perf_counter() - start)
    return min(times)
