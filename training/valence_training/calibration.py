"""One temperature, so that a score of 0.8 is right in four cases of five; it is folded into the classifier."""

from dataclasses import dataclass

import numpy as np
from transformers import DistilBertForSequenceClassification, PreTrainedTokenizerBase

from . import graded

BINS = 10
TEMPERATURES = np.geomspace(0.25, 4, 400)


@dataclass(frozen=True)
class Bin:
    """Texts whose score of the chosen label lies in one tenth of the range from 0.5 to 1."""

    texts: int
    score: float
    right: float


def margins(
    model: DistilBertForSequenceClassification, tokenizer: PreTrainedTokenizerBase, texts: list[str]
) -> np.ndarray:
    """The positive logit minus the negative one, for each text."""
    scores = np.array(graded.grades(model, tokenizer, texts)).clip(1e-7, 1 - 1e-7)
    return np.log(scores / (1 - scores))


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


def expected_error(bins: list[Bin]) -> float:
    """The mean distance of score and share of right answers (expected calibration error, Guo et al. 2017)."""
    return sum(each.texts * abs(each.score - each.right) for each in bins) / sum(each.texts for each in bins)
