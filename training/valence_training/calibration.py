"""One temperature, so that a score of 0.8 is right in four cases of five, and the height of the step before it."""

from dataclasses import dataclass

import numpy as np
from transformers import DistilBertForSequenceClassification, PreTrainedTokenizerBase

from . import data, step
from .data import Example
from .graded import MIXED_BELOW

BINS = 10
TEMPERATURES = np.geomspace(0.25, 4, 400)
HEIGHTS = np.arange(0, 2.5, 0.01)
# Of the clear comments that it is chosen on.
MOST_MIXED = 0.095


@dataclass(frozen=True)
class Bin:
    """Texts whose score of the chosen label lies in one tenth of the range from 0.5 to 1."""

    texts: int
    score: float
    right: float


def calibrate(
    model: DistilBertForSequenceClassification,
    tokenizer: PreTrainedTokenizerBase,
    taught: list[str],
    used: list[Example],
    comments: set[str],
) -> dict:
    """Fold the step and the temperature that `used` asks for into the classifier; the facts are for the card.

    On `taught`, texts of any kind, the step is laid; `comments` are the texts that should not be called mixed.
    """
    taught_features = step.features(model, tokenizer, taught)
    rising = step.Step.fit(taught_features, step.margins(model, taught_features))
    features = step.features(model, tokenizer, [example.text for example in used])
    margins, rise = step.margins(model, features), rising.rise(features)
    clear = np.array([example.text in comments for example in used])
    height, value = choose(margins, rise, data.labels_of(used), clear)
    rising.fold(model, taught_features, height)
    difference = np.abs(step.margins(model, features) - margins - height * rise)
    fold(model, value)
    return {"texts": len(used), "temperature": value, "height": height, "step_difference": float(difference.max())}


def choose(margins: np.ndarray, rise: np.ndarray, positive: np.ndarray, clear: np.ndarray) -> tuple[float, float]:
    """The lowest step with which few enough of the clear texts are called mixed, and its temperature.

    `margins` are the positive logits minus the negative ones, `rise` is what a height is multiplied with.
    """
    for height in HEIGHTS:
        stepped = margins + height * rise
        value = temperature(stepped, positive)
        best = 1 / (1 + np.exp(-np.abs(stepped[clear]) / value))
        if (best < MIXED_BELOW).mean() <= MOST_MIXED:
            break
    return float(height), value


def temperature(margins: np.ndarray, positive: np.ndarray) -> float:
    """The one under which the labels are likeliest."""
    signed = np.where(positive, margins, -margins)
    losses = [np.logaddexp(0, -signed / value).mean() for value in TEMPERATURES]
    return float(TEMPERATURES[int(np.argmin(losses))])


def fold(model: DistilBertForSequenceClassification, value: float) -> None:
    model.classifier.weight.data /= value
    model.classifier.bias.data /= value


def reliability(scores: np.ndarray, positive: np.ndarray) -> list[Bin]:
    """`scores` are probabilities of positive; empty bins are left out."""
    best = np.maximum(scores, 1 - scores)
    right = (scores > 0.5) == positive
    number = np.minimum(((best - 0.5) * 2 * BINS).astype(int), BINS - 1)
    return [
        Bin(int(hits.sum()), float(best[hits].mean()), float(right[hits].mean()))
        for hits in (number == at for at in range(BINS))
        if hits.any()
    ]


def error(
    model: DistilBertForSequenceClassification, tokenizer: PreTrainedTokenizerBase, examples: list[Example]
) -> float:
    """The expected error of a model's scores."""
    margins = step.margins(model, step.features(model, tokenizer, [example.text for example in examples]))
    return expected_error(reliability(1 / (1 + np.exp(-margins)), data.labels_of(examples)))


def expected_error(bins: list[Bin]) -> float:
    """The mean distance of score and share of right answers (expected calibration error, Guo et al. 2017)."""
    return sum(each.texts * abs(each.score - each.right) for each in bins) / sum(each.texts for each in bins)
