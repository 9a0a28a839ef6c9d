"""The small files of a model folder in the Hub's layout."""

import hashlib
import json
from pathlib import Path

from transformers import DistilBertConfig

TOKENIZER_SETTINGS = {
    # That of DistilBERT makes rules of its own from the vocabulary, and would leave out ours.
    "tokenizer_class": "PreTrainedTokenizerFast",
    "model_input_names": ["input_ids", "attention_mask"],
    "unk_token": "[UNK]",
    "sep_token": "[SEP]",
    "pad_token": "[PAD]",
    "cls_token": "[CLS]",
    "mask_token": "[MASK]",
}
CHECKSUMS = "SHA256SUMS"


def write_tokenizer(description: str, max_tokens: int, out: Path) -> None:
    """Write the tokenizer, freed of settings that would cut or pad texts."""
    tokenizer = json.loads(description)
    tokenizer["truncation"] = None
    tokenizer["padding"] = None
    out.mkdir(parents=True, exist_ok=True)
    text = json.dumps(tokenizer, ensure_ascii=False, separators=(",", ":"))
    (out / "tokenizer.json").write_text(text, encoding="utf-8")
    settings = TOKENIZER_SETTINGS | {"model_max_length": max_tokens}
    (out / "tokenizer_config.json").write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")


def write_config(model_folder: Path, out: Path) -> None:
    DistilBertConfig.from_pretrained(model_folder).save_pretrained(out)


def write_checksums(out: Path) -> None:
    """In the format of sha256sum, so that `sha256sum --check` reads it."""
    files = sorted(path for path in out.rglob("*") if path.is_file() and path.name != CHECKSUMS)
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(out).as_posix()}\n" for path in files]
    (out / CHECKSUMS).write_text("".join(lines))
