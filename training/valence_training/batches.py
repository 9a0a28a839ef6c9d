"""Batches of texts of similar length, so that little padding is computed."""

import random
from collections.abc import Iterator

import torch
from transformers import PreTrainedTokenizerBase

from .data import Example

Batch = dict[str, torch.Tensor]

MAX_TOKENS = 128
BATCHES_PER_BUCKET = 50


def encode(tokenizer: PreTrainedTokenizerBase, examples: list[Example]) -> list[tuple[list[int], float]]:
    texts = [example.text for example in examples]
    rows = tokenizer(texts, truncation=True, max_length=MAX_TOKENS)["input_ids"]
    return [(row, example.label) for row, example in zip(rows, examples, strict=True)]


def shuffled_batches(rows: list[tuple[list[int], float]], batch_size: int, seed: int) -> list[list[int]]:
    """Indices of each batch: shuffled, then sorted by length within buckets."""
    chance = random.Random(seed)
    order = list(range(len(rows)))
    chance.shuffle(order)
    batches = []
    bucket_size = batch_size * BATCHES_PER_BUCKET
    for start in range(0, len(order), bucket_size):
        bucket = sorted(order[start : start + bucket_size], key=lambda index: len(rows[index][0]))
        batches += [bucket[at : at + batch_size] for at in range(0, len(bucket), batch_size)]
    chance.shuffle(batches)
    return batches


def sorted_batches(rows: list[tuple[list[int], float]], batch_size: int) -> Iterator[list[int]]:
    order = sorted(range(len(rows)), key=lambda index: len(rows[index][0]))
    for start in range(0, len(order), batch_size):
        yield order[start : start + batch_size]


def collate(rows: list[tuple[list[int], float]]) -> Batch:
    """Pad to the longest row; 0 is the padding token."""
    width = max(len(ids) for ids, _ in rows)
    input_ids = torch.zeros((len(rows), width), dtype=torch.long)
    attention_mask = torch.zeros_like(input_ids)
    for row, (ids, _) in enumerate(rows):
        input_ids[row, : len(ids)] = torch.tensor(ids)
        attention_mask[row, : len(ids)] = 1
    labels = torch.tensor([label for _, label in rows])
    return {"input_ids": input_ids, "attention_mask": attention_mask, "labels": labels}
