"""The number format of the matrix products of training and grading."""

import time
from functools import cache

import torch

ROWS, INNER, OUTER = 1024, 384, 1536
TRIALS = 9


def autocast() -> torch.autocast:
    """bfloat16 where this processor multiplies faster in it, else 32 bits.

    It is tried, since names tell little: of two processors with avx512_bf16 and without AMX the
    short format was half as fast on one (2 cores, PyTorch 2.15) and twice as fast on the other.
    """
    return torch.autocast("cpu", dtype=torch.bfloat16, enabled=is_bfloat16_faster())


@cache
def is_bfloat16_faster() -> bool:
    return seconds(torch.bfloat16) < seconds(torch.float32)


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
