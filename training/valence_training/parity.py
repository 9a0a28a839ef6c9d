"""What transformers' pipeline says of 1,000 texts, for a Rust test that needs no PyTorch.

    tests/golden/parity/wordpiece.json  bytelevel.json      a tokenizer for several models
                        two/config.json  two/onnx/model.onnx  and so on, one folder a model
                        texts.jsonl                          text, token checksums, scores
                        pairs.jsonl                          two texts, scores of the BERT model

Checksums and scores are in order: the bundled tokenizer, then these; the models as below.
"""

import hashlib
import json
import shutil
import tempfile
from collections import Counter
from pathlib import Path

import onnx
import torch
from tokenizers import ByteLevelBPETokenizer, Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import TemplateProcessing
from transformers import (
    AutoTokenizer,
    BertConfig,
    BertForSequenceClassification,
    DistilBertConfig,
    DistilBertForSequenceClassification,
    PreTrainedModel,
    RobertaConfig,
    RobertaForSequenceClassification,
    TextClassificationPipeline,
)

from . import bundle, export, tiny
from .varied_texts import varied_texts

MAX_TOKENS = 160
FREQUENT_WORDS = 120
FREQUENT_SYMBOLS = 120
BYTE_LEVEL_ENTRIES = 420
DECIMALS = 6
PAIRS = 100

ROBERTA_SPECIAL = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
ROBERTA_SETTINGS = {
    "tokenizer_class": "PreTrainedTokenizerFast",
    "bos_token": "<s>",
    "pad_token": "<pad>",
    "eos_token": "</s>",
    "unk_token": "<unk>",
    "mask_token": {
        "__type": "AddedToken",
        "content": "<mask>",
        "lstrip": True,
        "rstrip": False,
        "normalized": False,
        "single_word": False,
    },
    "model_max_length": MAX_TOKENS,
}
WORDPIECE_SETTINGS = bundle.TOKENIZER_SETTINGS | {"model_max_length": MAX_TOKENS}
BASE = {"num_hidden_layers": 2, "num_attention_heads": 2, "hidden_size": 16, "intermediate_size": 32}
# Wide enough that different texts get clearly different scores.
RANGE = {"initializer_range": 0.3}


def labels(names: str) -> dict:
    return {"id2label": dict(enumerate(names.split())), "label2id": {name: id for id, name in enumerate(names.split())}}


def distilbert(vocabulary: int, heads: dict) -> PreTrainedModel:
    shape = {"n_layers": 2, "n_heads": 2, "dim": 16, "hidden_dim": 32, "max_position_embeddings": MAX_TOKENS}
    return DistilBertForSequenceClassification(DistilBertConfig(vocab_size=vocabulary, **shape, **RANGE, **heads))


def bert(vocabulary: int, heads: dict) -> PreTrainedModel:
    config = BertConfig(vocab_size=vocabulary, max_position_embeddings=MAX_TOKENS, **BASE, **RANGE, **heads)
    return BertForSequenceClassification(config)


def roberta(vocabulary: int, heads: dict) -> PreTrainedModel:
    # It counts positions from the padding's number on.
    config = RobertaConfig(
        vocab_size=vocabulary, max_position_embeddings=MAX_TOKENS + 2, type_vocab_size=1, **BASE, **RANGE, **heads
    )
    return RobertaForSequenceClassification(config)


# Name: family, tokenizer, head.
MODELS = {
    "two": (distilbert, "wordpiece", labels("NEGATIVE POSITIVE")),
    "one": (distilbert, "wordpiece", labels("TOXIC")),
    "multi": (bert, "wordpiece", labels("anger joy fear love") | {"problem_type": "multi_label_classification"}),
    "regression": (roberta, "bytelevel", labels("quality") | {"problem_type": "regression"}),
    "five": (roberta, "bytelevel", labels("1_star 2_stars 3_stars 4_stars 5_stars")),
}
# Its weights lie in a file beside the graph, as those of models beyond 2 GB must.
EXTERNAL = "one"
# The only family that is told which of a pair's texts a token is of.
PAIRED = "multi"
INPUTS = {bert: [*export.INPUTS, "token_type_ids"]}


def wordpiece(texts: list[str]) -> Tokenizer:
    """The tiny model's vocabulary with the texts' most frequent words and symbols."""
    pieces = BertPreTokenizer()
    normalizer = BertNormalizer()
    counts = Counter(piece for text in texts for piece, _ in pieces.pre_tokenize_str(normalizer.normalize_str(text)))
    words = [piece for piece, _ in counts.most_common() if len(piece) > 1 and piece.isascii()][:FREQUENT_WORDS]
    symbols = Counter(
        character for text in texts for character in normalizer.normalize_str(text) if ord(character) > 127
    )
    frequent = [symbol for symbol, _ in symbols.most_common(FREQUENT_SYMBOLS) if symbol.strip()]
    entries = [*tiny.vocabulary(), *words, *frequent, *(f"##{symbol}" for symbol in frequent[:40])]
    vocab = {entry: index for index, entry in enumerate(dict.fromkeys(entries))}
    result = Tokenizer(WordPiece(vocab, unk_token="[UNK]", max_input_chars_per_word=100))
    result.add_special_tokens(tiny.SPECIAL)
    result.normalizer = normalizer
    result.pre_tokenizer = pieces
    specials = [(name, vocab[name]) for name in ("[CLS]", "[SEP]")]
    result.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=specials
    )
    return result


def bytelevel(texts: list[str]) -> Tokenizer:
    trained = ByteLevelBPETokenizer()
    trained.train_from_iterator(
        texts, vocab_size=BYTE_LEVEL_ENTRIES, special_tokens=ROBERTA_SPECIAL, show_progress=False
    )
    result = Tokenizer.from_str(trained.to_str())
    result.post_processor = TemplateProcessing(single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    return result


def checksum(ids: list[int]) -> str:
    return hashlib.sha256(" ".join(map(str, ids)).encode()).hexdigest()[:16]


def write(out: Path, bundled: Path, seed: int) -> None:
    """`bundled` is the folder of the bundled model, whose tokenizer is compared too."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    texts = varied_texts(seed)
    tokenizers = {"wordpiece": wordpiece(texts), "bytelevel": bytelevel(texts)}
    for name, tokenizer in tokenizers.items():
        tokenizer.save(str(out / f"{name}.json"), pretty=False)
    records = [{"text": text, "tokens": [], "scores": []} for text in texts]
    add_tokens(records, AutoTokenizer.from_pretrained(bundled))
    for name in tokenizers:
        add_tokens(records, open_tokenizer(out / f"{name}.json"))
    for name, (family, tokenizer_name, head) in MODELS.items():
        torch.manual_seed(seed)
        model = family(tokenizers[tokenizer_name].get_vocab_size(), head).eval()
        model.set_attn_implementation("eager")
        (out / name).mkdir()
        model.config.save_pretrained(out / name)
        export.write_graph(model, out / name / "onnx" / "model.onnx", INPUTS.get(family, export.INPUTS))
        if name == EXTERNAL:
            move_weights_out(out / name / "onnx" / "model.onnx")
        add_scores(records, model, open_tokenizer(out / f"{tokenizer_name}.json"))
        if name == PAIRED:
            save(pairs(texts, model, open_tokenizer(out / f"{tokenizer_name}.json")), out / "pairs.jsonl")
    save(records, out / "texts.jsonl")


def save(records: list[dict], file: Path) -> None:
    with file.open("w", encoding="utf-8") as lines:
        for record in records:
            lines.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n")


def open_tokenizer(file: Path):
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(file, Path(folder) / "tokenizer.json")
        settings = WORDPIECE_SETTINGS if file.stem == "wordpiece" else ROBERTA_SETTINGS
        (Path(folder) / "tokenizer_config.json").write_text(json.dumps(settings))
        return AutoTokenizer.from_pretrained(folder)


def move_weights_out(graph: Path) -> None:
    onnx.save_model(onnx.load(graph), graph, save_as_external_data=True, location=f"{graph.name}_data")


def add_tokens(records: list[dict], tokenizer) -> None:
    for record in records:
        ids = tokenizer(record["text"], truncation=False, verbose=False)["input_ids"]
        record["tokens"].append(checksum(ids))


def add_scores(records: list[dict], model: PreTrainedModel, tokenizer) -> None:
    """In the order of the labels; of a long text its first tokens, as the pipeline cuts it."""
    pipeline = TextClassificationPipeline(model=model, tokenizer=tokenizer, top_k=None, device="cpu")
    for record in records:
        scores = {score["label"]: score["score"] for score in pipeline(record["text"], truncation=True)[0]}
        record["scores"].append([round(scores[label], DECIMALS) for label in model.config.id2label.values()])


@torch.no_grad()
def pairs(texts: list[str], model: PreTrainedModel, tokenizer) -> list[dict]:
    """Neighbours that the model can read together, with its score for each label."""
    found = []
    for first, second in zip(texts[::2], texts[1::2], strict=True):
        encoded = tokenizer(first, second, return_tensors="pt", return_token_type_ids=True, verbose=False)
        if encoded["input_ids"].shape[1] <= MAX_TOKENS:
            scores = model(**encoded).logits[0].sigmoid().tolist()
            found.append({"texts": [first, second], "scores": [round(score, DECIMALS) for score in scores]})
    return found[:PAIRS]
