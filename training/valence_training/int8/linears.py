"""The encoder's matrix products, as they are quantised: query, key and value are one."""

from dataclasses import dataclass

import torch
from transformers import DistilBertForSequenceClassification

# What each product is called in the graph, and which of the model's layers it stands for.
PARTS = {
    "qkv": ["attention.q_lin", "attention.k_lin", "attention.v_lin"],
    "out": ["attention.out_lin"],
    "lin1": ["ffn.lin1"],
    "lin2": ["ffn.lin2"],
}
# Of their inputs one row in a hundred is some four times as large as all others, so each row has a scale of its own.
# In later layers that gives little.
BY_ROW = {"layer0.lin2", "layer1.lin2", "layer2.lin2"}


@dataclass(frozen=True)
class Linear:
    """One product: `name` in the graph, its layers in the model, weight [outputs, inputs], bias."""

    name: str
    layers: list[str]
    weight: torch.Tensor
    bias: torch.Tensor
    by_row: bool


def linears(model: DistilBertForSequenceClassification) -> list[Linear]:
    return [
        linear(model, f"layer{number}.{part}", [f"distilbert.transformer.layer.{number}.{layer}" for layer in layers])
        for number in range(model.config.n_layers)
        for part, layers in PARTS.items()
    ]


def linear(model: DistilBertForSequenceClassification, name: str, layers: list[str]) -> Linear:
    modules = [model.get_submodule(layer) for layer in layers]
    weight = torch.cat([module.weight.detach() for module in modules])
    bias = torch.cat([module.bias.detach() for module in modules])
    return Linear(name, layers, weight, bias, name in BY_ROW)
