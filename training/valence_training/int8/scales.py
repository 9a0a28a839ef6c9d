"""The scales of a linear layer's input, searched on samples of it.

A few features are far larger than the others, and one scale for all would leave
those others a handful of steps. So features may be divided by factors that the
weights are multiplied with (SmoothQuant: Xiao et al. 2023, arXiv 2211.10438),
and rare extremes may be clipped. Of several such choices the one is taken whose
output, with 8-bit weights too, is nearest to the exact one.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import torch

STEPS = 255
WEIGHT_STEPS = 127
SMALLEST = 1e-5
CAPS = [2, 4, 8, 16]
POWERS = [0.25, 0.5, 0.75]
SHARES = [1, 0.85, 0.7, 0.6, 0.5, 0.4, 0.3]
# A range that hardly goes below zero, such as GELU's, keeps its lower end.
ONE_SIDED = 0.3


@dataclass(frozen=True)
class Scales:
    """`factors` divide the features; then `scale` and `zero` make numbers of 0 to 255 of them.

    `shift` is what the outputs lack on average, and `error` their mean squared
    error by the exact ones' variance.
    """

    factors: torch.Tensor
    scale: float
    zero: int
    shift: torch.Tensor
    error: float


def search(samples: torch.Tensor, weight: torch.Tensor) -> Scales:
    """`samples` are rows of inputs; `weight` is [outputs, inputs]."""
    exact = samples @ weight.T
    variance = exact.var().item()
    found = [
        Scales(factors, scale, zero, shift, error / variance)
        for factors in candidates(samples.abs().amax(dim=0).clamp(min=SMALLEST))
        for scale, zero, shift, error in clippings(samples / factors, rounded(weight * factors), exact)
    ]
    return min(found, key=lambda scales: scales.error)


def candidates(largest: torch.Tensor) -> Iterator[torch.Tensor]:
    """Factors from each feature's largest value: none, those above a cap, or powers."""
    yield torch.ones_like(largest)
    for part in CAPS:
        yield (largest / (largest.max() / part)).clamp(min=1)
    for power in POWERS:
        yield (largest / largest.median()) ** power


def clippings(
    samples: torch.Tensor, weight: torch.Tensor, exact: torch.Tensor
) -> Iterator[tuple[float, int, torch.Tensor, float]]:
    low, high = min(samples.min().item(), 0.0), max(samples.max().item(), SMALLEST)
    for share in SHARES:
        lower = low if -low < ONE_SIDED * high else low * share
        scale = (high * share - lower) / STEPS
        zero = round(-lower / scale)
        steps = (torch.round(samples / scale) + zero).clamp(0, STEPS)
        lacking = exact - (steps - zero) * scale @ weight.T
        shift = lacking.mean(dim=0)
        yield scale, zero, shift, (lacking - shift).pow(2).mean().item()


def weight_steps(weight: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Whole numbers of -127 to 127, and the scale of each output."""
    scale = weight.abs().amax(dim=1).clamp(min=SMALLEST / WEIGHT_STEPS) / WEIGHT_STEPS
    return torch.round(weight / scale[:, None]), scale


def rounded(weight: torch.Tensor) -> torch.Tensor:
    steps, scale = weight_steps(weight)
    return steps * scale[:, None]
