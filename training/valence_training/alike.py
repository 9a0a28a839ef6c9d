"""One embedding for all words that name people or places of one kind.

Then exchanging one for another cannot change an answer (an extreme case of what Bolukbasi et al. 2016 call
equalizing). The words in `OWN` alone keep their embeddings.
"""

import torch
from transformers import DistilBertForSequenceClassification, PreTrainedTokenizerBase

from .names import MORE
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
    ["nations"],
    ["believers"],
]


def words(kind: list[str], lists: dict[str, list[str]] = LISTS) -> list[str]:
    return [word for name in kind for word in lists.get(name, []) if word.lower() not in OWN]


def tokens(tokenizer: PreTrainedTokenizerBase, lists: dict[str, list[str]] = LISTS) -> list[list[int]]:
    """The tokens of each kind; of two kinds that share one, the first has it."""
    taken: set[int] = set()
    found = []
    for kind in KINDS:
        encoded = [tokenizer.encode(word, add_special_tokens=False) for word in words(kind, lists)]
        alike = sorted({ids[0] for ids in encoded if len(ids) == 1} - taken - {tokenizer.unk_token_id})
        taken.update(alike)
        found.append(alike)
    return found


@torch.no_grad()
def share(model: DistilBertForSequenceClassification, tokenizer: PreTrainedTokenizerBase, first_known: int = 0) -> None:
    """Give the tokens of a kind the mean of their embeddings, those before `first_known` not counted."""
    weights = model.distilbert.embeddings.word_embeddings.weight
    for alike in tokens(tokenizer):
        known = [token for token in alike if token >= first_known]
        if known:
            weights[alike] = weights[known].mean(dim=0)


@torch.no_grad()
def share_with_more(
    model: DistilBertForSequenceClassification, tokenizer: PreTrainedTokenizerBase, first_known: int
) -> None:
    """Give the words of `MORE` the embedding of their kind; where none is shared yet, the mean of those from
    `first_known` on."""
    weights = model.distilbert.embeddings.word_embeddings.weight
    for shared, more in zip(tokens(tokenizer), tokens(tokenizer, MORE), strict=True):
        known = shared[:1] or [token for token in more if token >= first_known]
        if known:
            weights[more] = weights[known].mean(dim=0)
