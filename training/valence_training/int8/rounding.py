"""Weights in 8-bit steps, one scale for each output."""

import torch

WEIGHT_STEPS = 127
SMALLEST = 1e-5
# Of the mean square of the inputs: without it, features that hardly occur would take on any weight.
DAMPING = 0.01
BLOCK = 128


def weight_scale(weight: torch.Tensor) -> torch.Tensor:
    return weight.abs().amax(dim=1).clamp(min=SMALLEST / WEIGHT_STEPS) / WEIGHT_STEPS


def weight_steps(weight: torch.Tensor) -> torch.Tensor:
    """The nearest whole numbers, of -127 to 127."""
    return torch.round(weight / weight_scale(weight)[:, None])


def compensated(weight: torch.Tensor, inputs: torch.Tensor) -> torch.Tensor:
    """Whole numbers of -127 to 127 that keep the outputs for these inputs (rows) rather than the weights.

    What a weight loses by rounding is made up for by those of its output that are still to be rounded
    (GPTQ: Frantar et al. 2023, arXiv 2210.17323).
    """
    scale = weight_scale(weight)
    products = inputs.T @ inputs / len(inputs)
    products += DAMPING * products.diagonal().mean() * torch.eye(len(products))
    inverse = torch.cholesky_inverse(torch.linalg.cholesky(products))
    upper = torch.linalg.cholesky(inverse, upper=True)
    left, steps = weight.clone(), torch.empty_like(weight)
    for start in range(0, weight.shape[1], BLOCK):
        end = min(start + BLOCK, weight.shape[1])
        losses = torch.empty(len(weight), end - start)
        for column in range(start, end):
            steps[:, column] = torch.round(left[:, column] / scale).clamp(-WEIGHT_STEPS, WEIGHT_STEPS)
            losses[:, column - start] = (left[:, column] - steps[:, column] * scale) / upper[column, column]
            left[:, column:end] -= losses[:, column - start, None] * upper[column, column:end]
        left[:, end:] -= losses @ upper[start:end, end:]
    return steps
