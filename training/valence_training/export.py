"""Export a classifier to ONNX, and check the graph against PyTorch."""

import warnings
from pathlib import Path

import torch
from transformers import DistilBertForSequenceClassification, PreTrainedModel

from .onnx_model import OnnxModel

OPSET = 17
TOLERANCE = 1e-4
INPUTS = ["input_ids", "attention_mask"]


def export(model_folder: Path, onnx_file: Path, seed: int) -> float:
    """Write the graph and return its largest difference from PyTorch."""
    # Plain attention becomes MatMul nodes, which every execution provider knows.
    model = DistilBertForSequenceClassification.from_pretrained(model_folder, attn_implementation="eager").eval()
    write_graph(model, onnx_file, INPUTS)
    return check_export(model, onnx_file, seed)


def write_graph(model: PreTrainedModel, onnx_file: Path, inputs: list[str]) -> None:
    onnx_file.parent.mkdir(parents=True, exist_ok=True)
    example = torch.ones((2, 8), dtype=torch.long)
    sizes = {name: {0: "batch", 1: "sequence"} for name in inputs} | {"logits": {0: "batch"}}
    with warnings.catch_warnings():
        # This exporter is deprecated, but the new one names nodes by number and
        # writes paths of the exporting machine into the file.
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model,
            (),
            onnx_file,
            kwargs=dict.fromkeys(inputs, example),
            input_names=inputs,
            output_names=["logits"],
            dynamic_axes=sizes,
            opset_version=OPSET,
            dynamo=False,
        )


@torch.inference_mode()
def check_export(model: DistilBertForSequenceClassification, onnx_file: Path, seed: int) -> float:
    """Compare on random padded rows, whose lengths the export never saw."""
    generator = torch.Generator().manual_seed(seed)
    lengths = [2, 37, model.config.max_position_embeddings]
    rows = [torch.randint(1, model.config.vocab_size, (length,), generator=generator).tolist() for length in lengths]
    batch = OnnxModel.inputs(rows)
    expected = model(**{name: torch.from_numpy(values) for name, values in batch.items()}).logits.numpy()
    difference = float(abs(expected - OnnxModel(onnx_file).logits(rows)).max())
    if difference > TOLERANCE:
        raise SystemExit(f"the exported graph differs from PyTorch by {difference}")
    return difference
