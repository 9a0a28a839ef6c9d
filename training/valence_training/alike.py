"""One embedding for all words that name people or places of one kind.

Then exchanging one for another cannot change an answer (an extreme case of what Bolukbasi et al. 2016 call
equalizing). The words in `OWN` alone keep their embeddings.
"""

import torch
from transformers import DistilBertForSequenceClassification, PreTrainedTokenizerBase

from .people import LISTS

# Too often said of something else, and then not without a judgement.
OWN = {"straight", "old", "young", "healthy", "retired", "polish"}

KINDS = [
    ["woman", "man", "surname"],
    ["city", "country"],
    ["nationality"],
    ["race"],
    ["religion"],
    ["orientation"],
    ["gender"],
    ["age"],
    ["health"],
]


def words(kind: list[str]) -> list[str]:
    return [word for name in kind for word in LISTS[name] if word.lower() not in OWN]


def tokens(tokenizer: PreTrainedTokenizerBase) -> list[list[int]]:
    """The tokens of each kind; of two kinds that share one, the first has it."""
    taken: set[int] = set()
    found = []
    for kind in KINDS:
        encoded = tokenizer(words(kind), add_special_tokens=False)["input_ids"]
        alike = sorted({ids[0] for ids in encoded if len(ids) == 1} - taken - {tokenizer.unk_token_id})
        taken.update(alike)
        found.append(alike)
    return found


@torch.no_grad()
def share(
    model: DistilBertForSequenceClassification, tokenizer: PreTrainedTokenizerBase, first_known: int = 0
) -> None:
    """Give the tokens of a kind the mean of their embeddings, those before `first_known` not counted."""
    weights = model.distilbert.embeddings.word_embeddings.weight
    for alike in tokens(tokenizer):
        known = [token for token in alike if token >= first_known]
        if known:
            weights[alike] = weights[known].mean(dim=0)
