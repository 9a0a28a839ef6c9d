"""What lets the whole recipe be tried within a minute, without downloads: data of our own and tiny random models.

The result is of no use except to show that every stage runs.
"""

import json
import random
from pathlib import Path

import torch
from transformers import MPNetConfig, MPNetModel, PreTrainedTokenizerFast

from . import bundle, grammar, tiny
from .base import MAX_TOKENS

TEXTS = {"train": 300, "dev": 60, "test": 20}
SHARE = 0.005
FILMS = 100
GROUPS = {0.0: "1", 0.5: "2", 1.0: "3"}


def prepare(data: Path, work: Path, bundle_folder: Path, seed: int) -> None:
    """Write a data folder in the layout of the real one, and both base models."""
    # Threads would wait for each other longer than such models take.
    torch.set_num_threads(1)
    write_data(data, seed)
    write_films(work, seed)
    student = tiny.random_model(seed, MAX_TOKENS)
    student.save_pretrained(work / "student-base")
    bundle.write_tokenizer(tiny.tokenizer().to_str(), MAX_TOKENS, bundle_folder)
    facts = {"fold_difference": 0, "layers": 2, "width": 32, "parameters": student.num_parameters()}
    (work / "base.json").write_text(json.dumps(facts))
    teacher = work / "teacher-base" / "model"
    config = MPNetConfig(
        vocab_size=student.config.vocab_size,
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
    )
    MPNetModel(config).save_pretrained(teacher)
    fast = PreTrainedTokenizerFast(tokenizer_object=tiny.tokenizer(), pad_token="[PAD]", unk_token="[UNK]")
    fast.save_pretrained(teacher)


def write_films(work: Path, seed: int) -> None:
    texts = [graded.text for graded in grammar.sentences(seed, FILMS)]
    (work / "films.txt").write_text("".join(f"{text}\n" for text in texts))


def write_data(data: Path, seed: int) -> None:
    chance = random.Random(seed)
    texts = grammar.sentences(seed, sum(TEXTS.values()) * 3)
    chance.shuffle(texts)
    clear = [graded for graded in texts if graded.grade != 0.5]
    for folder in ("sst2", "goemotions", "cr"):
        (data / folder).mkdir(parents=True, exist_ok=True)
    start = 0
    for split, count in TEXTS.items():
        reviews, comments = clear[start : start + count], texts[start : start + count]
        start += count
        lines = [f"{graded.grade:.0f}\t{graded.text}\n" for graded in reviews]
        (data / "sst2" / f"{split}.tsv").write_text("label\tsentence\n" + "".join(lines))
        lines = [f"{graded.text}\t{GROUPS[graded.grade]}\tid\n" for graded in comments]
        (data / "goemotions" / f"{split}.tsv").write_text("".join(lines))
    lines = [f"{graded.grade:.0f} {graded.text}\n" for graded in clear[start : start + TEXTS["train"]]]
    (data / "cr" / "custrev.txt").write_text("".join(lines))
