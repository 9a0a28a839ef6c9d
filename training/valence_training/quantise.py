"""Dynamic 8-bit quantisation: weights are int8 per channel, activations uint8.

One feed-forward matrix may stay in 32 bits where that keeps the answers closer
to those of the full model. Each candidate is run on the SST-2 dev texts, one at
a time. Of those that are small enough and as accurate as the full model within
half a point, the one whose scores differ least from the full model's is kept.
"""

import tempfile
from pathlib import Path

import numpy as np
import onnx
from onnxruntime.quantization import QuantType, quantize_dynamic
from onnxruntime.quantization.shape_inference import quant_pre_process
from tqdm import tqdm

from .onnx_model import OnnxModel

MAX_BYTES = 25_000_000
MAX_ACCURACY_CHANGE = 0.005


def quantise(onnx_file: Path, quantised_file: Path, keep: str | None = None) -> None:
    """Write the 8-bit graph; the part named `keep` stays in 32 bits.

    `reduce_range` gives weights 7 bits. Processors with AVX2 but without VNNI
    add two products in 16 bits, which overflows with full 8-bit weights; with
    7 bits every processor gives the same answers.
    """
    quantised_file.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        prepared = Path(folder) / "prepared.onnx"
        quant_pre_process(onnx_file, prepared, skip_symbolic_shape=True)
        names = [node.name for node in onnx.load(prepared).graph.node]
        quantize_dynamic(
            prepared,
            quantised_file,
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
            nodes_to_exclude=[name for name in names if keep and f"/{keep}/" in name],
        )


def candidates(layers: int) -> list[str | None]:
    return [None] + [f"layer.{layer}/ffn/lin2" for layer in range(layers)]


def choose(onnx_file: Path, quantised_file: Path, layers: int, rows: list[list[int]], labels: list[int]) -> dict:
    """Write the best candidate and return the figures of all."""
    expected = OnnxModel(onnx_file).scores(rows)
    full_accuracy = float(np.mean((expected > 0.5) == labels))
    tried = []
    trial = quantised_file.with_suffix(".trial")
    for keep in tqdm(candidates(layers), desc="quantise", unit="candidate"):
        quantise(onnx_file, trial, keep)
        scores = OnnxModel(trial).scores(rows)
        tried.append(
            {
                "keep": keep,
                "bytes": trial.stat().st_size,
                "mean_difference": float(np.abs(scores - expected).mean()),
                "accuracy": float(np.mean((scores > 0.5) == labels)),
            }
        )
    trial.unlink()
    fitting = [
        one
        for one in tried
        if one["bytes"] <= MAX_BYTES and abs(one["accuracy"] - full_accuracy) <= MAX_ACCURACY_CHANGE
    ]
    if not fitting:
        raise SystemExit(f"no candidate is small and accurate enough: {tried}")
    best = min(fitting, key=lambda one: one["mean_difference"])
    quantise(onnx_file, quantised_file, best["keep"])
    return {"chosen": best, "tried": tried}
