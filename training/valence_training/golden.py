"""Golden files for the Rust tests: texts with their tokens and logits."""

import json
from pathlib import Path

import torch
from transformers import AutoTokenizer, DistilBertForSequenceClassification

from .onnx_model import OnnxModel

DECIMALS = 6


def write(golden_file: Path, texts: list[str], model_folder: Path, bundle: Path) -> None:
    """One JSON object a line; `bundle` has the tokenizer and the 8-bit model.

    The tokens are those of the whole text. The logits are of its first tokens,
    as many as the model takes, as transformers' `truncation=True` has them.
    """
    tokenizer = AutoTokenizer.from_pretrained(bundle)
    model = DistilBertForSequenceClassification.from_pretrained(model_folder).eval()
    quantised = OnnxModel(bundle / "onnx" / "model_quantized.onnx")
    golden_file.parent.mkdir(parents=True, exist_ok=True)
    with golden_file.open("w", encoding="utf-8") as lines:
        for text in texts:
            cut = tokenizer(text, truncation=True)["input_ids"]
            record = {
                "text": text,
                "input_ids": tokenizer(text, truncation=False, verbose=False)["input_ids"],
                "logits_fp32": full_logits(model, cut),
                "logits_int8": rounded(quantised.logits([cut])[0]),
            }
            lines.write(json.dumps(record, ensure_ascii=True) + "\n")


@torch.inference_mode()
def full_logits(model: DistilBertForSequenceClassification, ids: list[int]) -> list[float]:
    return rounded(model(input_ids=torch.tensor([ids])).logits[0])


def rounded(values) -> list[float]:
    return [round(float(value), DECIMALS) for value in values]
