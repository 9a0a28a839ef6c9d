"""What the linear layers are given when the model reads texts."""

import random

import torch
from tqdm import tqdm
from transformers import DistilBertForSequenceClassification

from ..batches import collate, sorted_batches
from .linears import Linear, linears
from .scales import Scales, search

BATCH = 16
SAMPLES = 8000


@torch.no_grad()
def calibrate(
    model: DistilBertForSequenceClassification, rows: list[list[int]], seed: int
) -> list[tuple[Linear, Scales]]:
    """Scales for every linear layer, from its inputs for these token rows."""
    found = linears(model)
    inputs = record(model, [linear.layers[0] for linear in found], rows)
    chance = random.Random(seed)
    scaled = []
    for linear in tqdm(found, desc="calibrate", unit="layer"):
        samples = inputs[linear.layers[0]]
        samples = samples[chance.sample(range(len(samples)), min(SAMPLES, len(samples)))]
        scaled.append((linear, search(samples, linear.weight, linear.by_row)))
    return scaled


def record(
    model: DistilBertForSequenceClassification, layers: list[str], rows: list[list[int]]
) -> dict[str, torch.Tensor]:
    """Inputs of the layers, one row a token, padding left out."""
    inputs: dict[str, list[torch.Tensor]] = {layer: [] for layer in layers}
    is_token = torch.empty(0)
    hooks = [
        model.get_submodule(layer).register_forward_pre_hook(
            lambda _, given, layer=layer: inputs[layer].append(given[0][is_token])
        )
        for layer in layers
    ]
    labelled = [(row, 0) for row in rows]
    for indices in sorted_batches(labelled, BATCH):
        batch = collate([labelled[index] for index in indices])
        is_token = batch["attention_mask"].bool()
        model.eval()(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"])
    for hook in hooks:
        hook.remove()
    return {layer: torch.cat(parts) for layer, parts in inputs.items()}
