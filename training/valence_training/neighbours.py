"""Words near others in the base's embeddings, which take their places to make new texts (Jiao et al. 2020).

A near word may say the opposite ("good", "bad"), so the teacher must grade what comes of it.
"""

import random
import re

import numpy as np
import torch
from transformers import DistilBertForSequenceClassification, PreTrainedTokenizerBase

from . import alike

NEAR = 12
REPLACED_SHARE = 0.25
SHORTEST = 3
ROWS_AT_ONCE = 1024
WORD = re.compile(r"[A-Za-z]+")


class Neighbours:
    """The nearest words of each whole word of the vocabulary; words for people and places have none."""

    def __init__(self, model: DistilBertForSequenceClassification, tokenizer: PreTrainedTokenizerBase):
        people = {token for kind in alike.tokens(tokenizer) for token in kind}
        known = [
            (token, word)
            for word, token in tokenizer.get_vocab().items()
            if word.isascii() and word.isalpha() and len(word) >= SHORTEST and token not in people
        ]
        known.sort()
        self.words = [word for _, word in known]
        self.numbers = {word: number for number, word in enumerate(self.words)}
        self.near = nearest(model.distilbert.embeddings.word_embeddings.weight[[token for token, _ in known]])

    def replaced(self, text: str, chance: random.Random) -> str:
        """The text with some of its words exchanged for near ones."""

        def other(found: re.Match[str]) -> str:
            number = self.numbers.get(found[0].lower())
            if number is None or chance.random() > REPLACED_SHARE:
                return found[0]
            return self.words[chance.choice(self.near[number])]

        return WORD.sub(other, text)


def nearest(embeddings: torch.Tensor) -> list[list[int]]:
    """By cosine, in double precision, so that every machine finds the same."""
    features = embeddings.detach().double().numpy()
    features = features / np.linalg.norm(features, axis=1, keepdims=True)
    count = min(NEAR, len(features) - 1)
    found: list[list[int]] = []
    for start in range(0, len(features), ROWS_AT_ONCE):
        cosines = features[start : start + ROWS_AT_ONCE] @ features.T
        # Not itself.
        cosines[np.arange(len(cosines)), start + np.arange(len(cosines))] = -1
        best = np.argpartition(-cosines, count - 1, axis=1)[:, :count]
        order = np.argsort(-np.take_along_axis(cosines, best, axis=1), axis=1, kind="stable")
        found += np.take_along_axis(best, order, axis=1).tolist()
    return found
