"""A tiny random model of the same architecture, for fast tests of the engine."""

import string
from pathlib import Path

import torch
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import TemplateProcessing
from transformers import DistilBertConfig, DistilBertForSequenceClassification

from . import bundle
from .base import LABELS

# Fewer than the real model takes, so that a fixed limit of 512 shows as wrong.
MAX_TOKENS = 128
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
WORDS = """
    the a an and or but not is was were it this that i you we they my your of to in on for with at so very too never
    always good great nice happy love loved like best better fine fun kind bad awful sad hate hated worst worse poor
    slow late broken dirty film book food room phone train service price day time people thing work really quite
    ##ing ##ed ##ly ##er ##est ##ness ##ful ##less un re pre
""".split()
TEXTS = [
    "good",
    "I love this film.",
    "The service was slow and the food was awful!",
    "not bad, not great",
    "happiness unloved badly",
    "It was a very, very, very good day.",
    "THE WORST ROOM",
    "the train is late again",
    "a",
    "?",
    "42 people",
    "I liked the book but hated the price",
    "naïve café",
    "so 😀 happy",
    "really" * 20,
    "x" * 101,
    "tab\tand\nline",
    "never too late to be kind",
    "[MASK] is broken",
    "good bad " * 20,
    "the best phone " * 200,
]


def vocabulary() -> dict[str, int]:
    letters = list(string.ascii_lowercase + string.digits)
    entries = SPECIAL + list(string.punctuation) + letters + [f"##{letter}" for letter in letters] + WORDS
    return {entry: index for index, entry in enumerate(dict.fromkeys(entries))}


def tokenizer(vocab: dict[str, int] | None = None) -> Tokenizer:
    vocab = vocab or vocabulary()
    result = Tokenizer(WordPiece(vocab, unk_token="[UNK]", max_input_chars_per_word=100))
    result.add_special_tokens(SPECIAL)
    result.normalizer = BertNormalizer()
    result.pre_tokenizer = BertPreTokenizer()
    specials = [(name, vocab[name]) for name in ("[CLS]", "[SEP]")]
    result.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=specials
    )
    return result


def random_model(seed: int) -> DistilBertForSequenceClassification:
    torch.manual_seed(seed)
    config = DistilBertConfig(
        vocab_size=len(vocabulary()),
        dim=32,
        n_layers=2,
        n_heads=2,
        hidden_dim=64,
        max_position_embeddings=MAX_TOKENS,
        # Wide enough that different texts get clearly different logits.
        initializer_range=0.3,
        id2label=LABELS,
        label2id={label: index for index, label in LABELS.items()},
    )
    return DistilBertForSequenceClassification(config)


def write_model(model_folder: Path, out: Path, seed: int) -> None:
    random_model(seed).save_pretrained(model_folder)
    bundle.write_tokenizer(tokenizer().to_str(), MAX_TOKENS, out)
    bundle.write_config(model_folder, out)
