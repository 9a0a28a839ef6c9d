"""The 16-bit variant of a graph."""

from pathlib import Path

import onnx
from onnxruntime.transformers.float16 import convert_float_to_float16


def write(fp32_file: Path, fp16_file: Path) -> None:
    """Weights, activations and logits become 16-bit; token numbers stay as they are."""
    onnx.save(convert_float_to_float16(onnx.load(fp32_file)), fp16_file)
