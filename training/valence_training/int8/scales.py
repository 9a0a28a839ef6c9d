"""The scales of a linear layer's input, fitted to samples of it, and the weights in steps.

A few features are far larger than the others, and one scale for all would leave
those others a handful of steps. So features are divided by factors that the
weights are multiplied by (SmoothQuant: Xiao et al. 2023, arXiv 2211.10438);
here the factors are those for which input and weights together lose least.
Rare extremes may be clipped: of several ranges the one is taken whose output,
with 8-bit weights too, is nearest to the exact one.

Where a few tokens have far larger inputs than all others, each row is divided by
its largest value first, and the output multiplied by it. That is still the
same whatever else is in the batch.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import torch

from .rounding import SMALLEST, WEIGHT_STEPS, compensated, weight_scale, weight_steps

STEPS = 255
SHARES = [1, 0.85, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1]
# A range that hardly goes below zero, such as GELU's, keeps its lower end.
ONE_SIDED = 0.3
FIT_STEPS = 200
FIT_RATE = 0.05
# So high a norm is nearly the largest value, but every large one has a gradient.
NORM = 16
# Each has a size of its own in every step of the fit.
FIT_ROWS = 1500


@dataclass(frozen=True)
class Scales:
    """`factors` divide the features; then `scale` and `zero` make numbers of 0 to 255 of them.

    Of a product by row they are of each row's shares of its largest value.
    `weight` are whole numbers of -127 to 127, [outputs, inputs], which
    `weight_scale` makes the multiplied weights of, a number for each output.
    `shift` is what the outputs lack on average, and `error` their mean squared
    error by the exact ones' variance.
    """

    factors: torch.Tensor
    scale: float
    zero: int
    weight: torch.Tensor
    weight_scale: torch.Tensor
    shift: torch.Tensor
    error: float


def search(samples: torch.Tensor, weight: torch.Tensor, by_row: bool) -> Scales:
    """`samples` are rows of inputs; `weight` is [outputs, inputs]."""
    exact = samples @ weight.T
    factors = fit(samples, weight, by_row)
    samples, weight = samples / factors, weight * factors
    sizes = row_sizes(samples) if by_row else torch.ones(1)
    samples = samples / sizes
    plain = weight_steps(weight) * weight_scale(weight)[:, None]

    def lost(taken: tuple[float, int]) -> torch.Tensor:
        return lacking(exact, sizes * read(samples, *taken), plain).var(dim=0).sum()

    scale, zero = min(clippings(samples, by_row), key=lost)
    inputs = sizes * read(samples, scale, zero)
    steps = compensated(weight, inputs)
    left = lacking(exact, inputs, steps * weight_scale(weight)[:, None])
    shift = left.mean(dim=0)
    error = (left - shift).pow(2).mean().item() / exact.var().item()
    return Scales(factors, scale, zero, steps, weight_scale(weight), shift, error)


def fit(samples: torch.Tensor, weight: torch.Tensor, by_row: bool) -> torch.Tensor:
    """The factors for which the sum of both roundings' expected squared errors is least.

    A rounding's error is that of a number drawn evenly from a step (a twelfth of its square).
    """
    squares, weight_squares = samples.pow(2).mean(dim=0), weight.pow(2).sum(dim=0)
    sizes = weight.abs().clamp(min=SMALLEST)
    if by_row:
        rows = samples[:FIT_ROWS]
        ranges = lambda factors: row_sizes(rows / factors)  # noqa: E731
    else:
        high, low = samples.amax(dim=0).clamp(min=0), (-samples.amin(dim=0)).clamp(min=0)
        ranges = lambda factors: largest(high / factors) + largest(low / factors)  # noqa: E731
    logs = torch.zeros(samples.shape[1], requires_grad=True)
    optimizer = torch.optim.Adam([logs], lr=FIT_RATE)
    with torch.enable_grad():
        for _ in range(FIT_STEPS):
            factors = logs.exp()
            of_inputs = (ranges(factors) / STEPS).pow(2).mean() * (factors.pow(2) * weight_squares).sum()
            weight_step = largest(sizes * factors) / WEIGHT_STEPS
            of_weights = weight_step.pow(2).sum() * (squares / factors.pow(2)).sum()
            optimizer.zero_grad()
            (of_inputs + of_weights).log().backward()
            optimizer.step()
    return logs.detach().exp()


def largest(values: torch.Tensor) -> torch.Tensor:
    """Of the last dimension, with a gradient for all that are nearly so large."""
    top = values.detach().amax(dim=-1, keepdim=True).clamp(min=SMALLEST)
    return (values / top).pow(NORM).sum(dim=-1).pow(1 / NORM) * top.squeeze(-1)


def row_sizes(samples: torch.Tensor) -> torch.Tensor:
    """The largest value of each row, [rows, 1]."""
    return samples.amax(dim=1, keepdim=True).clamp(min=SMALLEST)


def clippings(samples: torch.Tensor, by_row: bool) -> Iterator[tuple[float, int]]:
    """Scales and zeros of ranges that hold all samples or clip some: of shares of rows only the lowest."""
    low, high = min(samples.min().item(), 0.0), max(samples.max().item(), SMALLEST)
    for share in SHARES:
        lower = low if not by_row and -low < ONE_SIDED * high else low * share
        upper = high if by_row else high * share
        scale = (upper - lower) / STEPS
        yield scale, round(-lower / scale)


def read(samples: torch.Tensor, scale: float, zero: int) -> torch.Tensor:
    """The samples as the 8-bit product reads them."""
    return ((torch.round(samples / scale) + zero).clamp(0, STEPS) - zero) * scale


def lacking(exact: torch.Tensor, inputs: torch.Tensor, weight: torch.Tensor) -> torch.Tensor:
    return exact - inputs @ weight.T
