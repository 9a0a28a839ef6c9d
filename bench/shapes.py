"""The two models to measure, each as a folder for Valence and one of 32-bit weights for the peers."""

import sys
from dataclasses import dataclass
from pathlib import Path

import onnx
import torch
from onnx import numpy_helper
from transformers import AutoTokenizer, DistilBertConfig, DistilBertForSequenceClassification

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "training"))

from valence_training import bundle, int8  # noqa: E402

BUNDLED = ROOT / "models" / "valence-mini"
SEED = 17


@dataclass(frozen=True)
class Shape:
    name: str
    valence: Path
    peers: Path


def bundled(work: Path) -> Shape:
    """The bundled model; its 32-bit weights are what its 8-bit ones stand for."""
    folder = work / "bundled"
    config = DistilBertConfig.from_pretrained(BUNDLED)
    model = DistilBertForSequenceClassification(config)
    graph = onnx.load(BUNDLED / "onnx" / "model_quantized.onnx").graph
    values = {initializer.name: numpy_helper.to_array(initializer) for initializer in graph.initializer}
    model.load_state_dict(int8.weights(values, config.n_layers))
    save(model, folder)
    return Shape("bundled, 6 × 384", BUNDLED, folder)


def base(work: Path) -> Shape:
    """DistilBERT-base's shape with random weights, which run as fast as trained ones."""
    folder = work / "base"
    torch.manual_seed(SEED)
    config = DistilBertConfig(id2label={0: "NEGATIVE", 1: "POSITIVE"}, label2id={"NEGATIVE": 0, "POSITIVE": 1})
    model = DistilBertForSequenceClassification(config).eval()
    save(model, folder)
    bundle.write_config(folder, folder)
    rows = torch.randint(1000, config.vocab_size, (32, 64), generator=torch.Generator().manual_seed(SEED)).tolist()
    int8.write(model, rows, folder / "onnx" / "model_quantized.onnx")
    return Shape("DistilBERT-base, 6 × 768", folder, folder)


def save(model: DistilBertForSequenceClassification, folder: Path) -> None:
    model.save_pretrained(folder)
    AutoTokenizer.from_pretrained(BUNDLED).save_pretrained(folder)
