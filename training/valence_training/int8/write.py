"""The 8-bit graph of a DistilBERT classifier, written by hand.

Word embeddings and the encoder's matrix products are 8-bit; what remains is
small and stays in 32 bits. Scales are constants or a token's own, so that no text's
answer depends on what shares its batch. Query, key and value are one product, and
after the last layer's attention only the first token goes on, as the
classifier reads no other.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from onnx import TensorProto
from transformers import DistilBertForSequenceClassification

from .calibrate import calibrate
from .graph import Graph
from .linears import PARTS, Linear
from .rounding import SMALLEST, weight_scale, weight_steps
from .scales import Scales

EMBEDDINGS = "distilbert.embeddings"
LAYERS = "distilbert.transformer.layer"


def write(model: DistilBertForSequenceClassification, rows: list[list[int]], file: Path, seed: int = 0) -> float:
    """Write the graph, calibrated on these token rows; returns the mean relative error of the products."""
    threads = torch.get_num_threads()
    # Sums in one order: the least difference makes other weights.
    torch.set_num_threads(1)
    scaled = calibrate(model, rows, seed)
    torch.set_num_threads(threads)
    Writer(model).write({linear.name: (linear, scales) for linear, scales in scaled}, file)
    return float(np.mean([scales.error for _, scales in scaled]))


class Writer:
    def __init__(self, model: DistilBertForSequenceClassification):
        self.config = model.config
        self.state = {name: weight.numpy() for name, weight in model.state_dict().items()}
        self.graph = Graph()

    def write(self, linears: Mapping[str, tuple[Linear, Scales]], file: Path) -> None:
        graph = self.graph
        mask = graph.add("Cast", ["attention_mask"], "mask", to=TensorProto.INT32)
        hidden = self.embed()
        for number in range(self.config.n_layers):
            is_last = number == self.config.n_layers - 1
            hidden = self.layer(f"layer{number}", f"{LAYERS}.{number}", hidden, mask, linears, is_last)
        first = graph.add("Gather", [hidden, graph.value("first", np.array(0, dtype=np.int64))], "pooled", axis=1)
        pooled = graph.add("Relu", [self.dense(first, "pre_classifier")], "activated")
        self.dense(pooled, "classifier", "logits")
        graph.save(file, self.config.num_labels)

    def embed(self) -> str:
        """Rows of the word table, each with its own scale, plus those of the positions."""
        graph = self.graph
        words = torch.from_numpy(self.state[f"{EMBEDDINGS}.word_embeddings.weight"])
        table = graph.value("words.weight", weight_steps(words).numpy().astype(np.int8))
        scales = graph.value("words.scale", weight_scale(words).numpy()[:, None])
        words = graph.add(
            "Cast", [graph.add("Gather", [table, "input_ids"], "words.steps")], "words.cast", to=TensorProto.FLOAT
        )
        words = graph.add("Mul", [words, graph.add("Gather", [scales, "input_ids"], "words.scales")], "words")
        length = graph.add(
            "Slice", [graph.add("Shape", ["input_ids"], "shape"), graph.indices(1), graph.indices(2)], "length"
        )
        positions = graph.value("positions.weight", self.state[f"{EMBEDDINGS}.position_embeddings.weight"])
        positions = graph.add("Slice", [positions, graph.indices(0), length], "positions")
        both = graph.add("Add", [words, positions], "embeddings.sum")
        inputs = [both, *self.norm("embeddings.norm", f"{EMBEDDINGS}.LayerNorm")]
        return graph.add("LayerNormalization", inputs, "embeddings", epsilon=1e-12, axis=-1)

    def layer(
        self,
        name: str,
        source: str,
        hidden: str,
        mask: str,
        linears: Mapping[str, tuple[Linear, Scales]],
        is_last: bool,
    ) -> str:
        graph = self.graph
        product = lambda part, values: self.product(*linears[f"{name}.{part}"], values)  # noqa: E731
        context = self.attention(*linears[f"{name}.qkv"], hidden, mask)
        if is_last:
            cut = [graph.indices(0), graph.indices(1), graph.indices(1)]
            context = graph.add("Slice", [context, *cut], f"{name}.context.first")
            hidden = graph.add("Slice", [hidden, *cut], f"{name}.hidden.first")
        attended = self.add_and_norm(f"{name}.attended", hidden, product("out", context), f"{source}.sa_layer_norm")
        inner = graph.fused("Gelu", [product("lin1", attended)], f"{name}.gelu")
        return self.add_and_norm(name, attended, product("lin2", inner), f"{source}.output_layer_norm")

    def attention(self, linear: Linear, scales: Scales, values: str, mask: str) -> str:
        steps, parameters = self.quantise(linear, scales, self.divide(linear, scales, values))
        inputs = [steps, parameters["weight"], parameters["bias"], parameters["input"], parameters["scale"]]
        inputs += [mask, parameters["zero"], parameters["weight_zero"]]
        return self.graph.fused("QAttention", inputs, f"{linear.name}.attention", num_heads=self.config.n_heads)

    def product(self, linear: Linear, scales: Scales, values: str) -> str:
        return (self.product_by_row if linear.by_row else self.plain_product)(linear, scales, values)

    def plain_product(self, linear: Linear, scales: Scales, values: str) -> str:
        steps, parameters = self.quantise(linear, scales, self.divide(linear, scales, values))
        order = ["weight", "input", "scale", "zero", "weight_zero", "bias"]
        inputs = [steps, *(parameters[name] for name in order)]
        return self.graph.fused("MatMulIntegerToFloat", inputs, linear.name)

    def product_by_row(self, linear: Linear, scales: Scales, values: str) -> str:
        """Of each token's share of its largest input; the output is multiplied with that again."""
        graph, name = self.graph, linear.name
        values = self.divide(linear, scales, values)
        largest = graph.add("ReduceMax", [values], f"{name}.largest", axes=[-1], keepdims=1)
        sizes = graph.add("Max", [largest, graph.value("smallest", np.float32(SMALLEST))], f"{name}.sizes")
        shares = graph.add("Div", [values, sizes], f"{name}.shares")
        steps, parameters = self.quantise(linear, scales, shares)
        inputs = [steps, *(parameters[name] for name in ["weight", "input", "scale", "zero", "weight_zero"])]
        product = graph.fused("MatMulIntegerToFloat", inputs, f"{name}.of_shares")
        product = graph.add("Mul", [product, sizes], f"{name}.product")
        return graph.add("Add", [product, parameters["bias"]], name)

    def divide(self, linear: Linear, scales: Scales, values: str) -> str:
        inverse = self.graph.value(f"{linear.name}.inverse", (1 / scales.factors).numpy())
        return self.graph.add("Mul", [values, inverse], f"{linear.name}.divided")

    def quantise(self, linear: Linear, scales: Scales, values: str) -> tuple[str, dict[str, str]]:
        """The input in steps, and the names of all that the product needs beside it."""
        graph, name = self.graph, linear.name
        parameters = {
            "weight": graph.value(f"{name}.weight", scales.weight.numpy().astype(np.int8).T.copy()),
            "scale": graph.value(f"{name}.scale", scales.weight_scale.numpy()),
            "weight_zero": graph.value(f"{name}.weight_zero", np.zeros(len(linear.bias), dtype=np.int8)),
            "bias": graph.value(f"{name}.bias", (linear.bias + scales.shift).numpy()),
            "input": graph.value(f"{name}.input", np.float32(scales.scale)),
            "zero": graph.value(f"{name}.zero", np.uint8(scales.zero)),
        }
        steps = graph.add("QuantizeLinear", [values, parameters["input"], parameters["zero"]], f"{name}.steps")
        return steps, parameters

    def add_and_norm(self, name: str, values: str, more: str, source: str) -> str:
        inputs = [values, more, *self.norm(f"{name}.norm", source)]
        return self.graph.fused("SkipLayerNormalization", inputs, name, epsilon=1e-12)

    def norm(self, name: str, source: str) -> list[str]:
        return [self.graph.value(f"{name}.{kind}", self.state[f"{source}.{kind}"]) for kind in ("weight", "bias")]

    def dense(self, values: str, source: str, name: str = "") -> str:
        weights = [self.graph.value(f"{source}.{kind}", self.state[f"{source}.{kind}"]) for kind in ("weight", "bias")]
        return self.graph.add("Gemm", [values, *weights], name or source, transB=1)


def weights(values: Mapping[str, np.ndarray], layers: int) -> dict[str, torch.Tensor]:
    """The 32-bit weights that a written graph's values stand for, named as in the model."""
    state = {
        f"{EMBEDDINGS}.word_embeddings.weight": values["words.weight"] * values["words.scale"],
        f"{EMBEDDINGS}.position_embeddings.weight": values["positions.weight"],
    }
    norms = {"embeddings.norm": f"{EMBEDDINGS}.LayerNorm"}
    for number in range(layers):
        name, source = f"layer{number}", f"{LAYERS}.{number}"
        norms |= {f"{name}.attended.norm": f"{source}.sa_layer_norm", f"{name}.norm": f"{source}.output_layer_norm"}
        for part, parts in PARTS.items():
            weight = (values[f"{name}.{part}.weight"] * values[f"{name}.{part}.scale"]).T
            weight = weight * values[f"{name}.{part}.inverse"]
            for layer, rows, bias in zip(
                parts, np.split(weight, len(parts)), np.split(values[f"{name}.{part}.bias"], len(parts)), strict=True
            ):
                state |= {f"{source}.{layer}.weight": rows, f"{source}.{layer}.bias": bias}
    names = norms | {"pre_classifier": "pre_classifier", "classifier": "classifier"}
    for name, source in names.items():
        state |= {f"{source}.{kind}": values[f"{name}.{kind}"] for kind in ("weight", "bias")}
    return {name: torch.from_numpy(np.ascontiguousarray(weight)) for name, weight in state.items()}
