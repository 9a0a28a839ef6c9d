"""Emoji, which the base's vocabulary lacks, and what they mean.

Before training, the embedding of each is the mean of those of its meaning's words; for the teacher, whose
vocabulary lacks them too, a text's emoji are spelled out.
"""

import random
import re

import torch
from transformers import DistilBertForSequenceClassification, PreTrainedTokenizerBase

MEANINGS = {
    "😀": "happy", "😃": "happy", "😄": "delighted", "😁": "happy grin", "😆": "laughing", "😊": "pleased",
    "🙂": "content", "☺": "pleased", "😍": "love it", "🥰": "loving", "😘": "kisses", "🤩": "amazing",
    "😋": "delicious", "🤤": "delicious", "😎": "cool", "🤗": "hugs", "🥳": "celebrating", "😇": "blessed",
    "😌": "relieved", "😂": "laughing", "🤣": "laughing", "😹": "laughing", "😻": "love it", "👍": "good",
    "👏": "bravo", "🙌": "hooray", "🙏": "thank you", "💪": "strong", "👌": "perfect", "🤝": "agreed",
    "❤": "love", "🧡": "love", "💛": "love", "💚": "love", "💙": "love", "💜": "love", "🖤": "love",
    "💕": "love", "💖": "love", "💗": "love", "😚": "kisses", "💯": "absolutely", "🔥": "brilliant",
    "⭐": "star", "🌟": "brilliant", "✨": "lovely", "🎉": "hooray", "🎊": "hooray", "🏆": "the best", "✅": "works",
    "😠": "angry", "😡": "furious", "🤬": "furious", "😤": "annoyed", "😒": "displeased", "🙄": "annoyed",
    "😞": "disappointed", "😔": "sad", "😟": "worried", "😢": "sad", "😭": "crying", "😩": "fed up",
    "😫": "fed up", "😖": "upset", "😣": "upset", "😥": "sad", "😓": "stressed", "😰": "anxious",
    "😱": "horrified", "😨": "scared", "🤢": "disgusting", "🤮": "disgusting", "👎": "bad", "💔": "heartbroken",
    "🤦": "stupid", "😑": "unimpressed", "😕": "disappointed", "🙁": "unhappy", "☹": "unhappy", "😬": "awkward",
    "🤡": "ridiculous", "💩": "rubbish", "❌": "wrong", "😵": "too much", "🥱": "boring", "😴": "boring",
    "🥺": "please", "😐": "indifferent", "🤔": "wondering", "😶": "speechless", "🤷": "no idea", "👀": "looking",
    "😮": "surprised", "😲": "astonished", "😳": "embarrassed", "🙃": "ironic", "😏": "smirking",
    "😅": "nervous laugh", "😉": "joking", "😜": "joking", "🤪": "silly", "👋": "hello", "🤞": "hoping",
}  # fmt: skip
# What may follow to choose colour or style says nothing more.
RUN = re.compile(f"\\s*((?:[{''.join(MEANINGS)}][\\ufe0f\\U0001f3fb-\\U0001f3ff]*\\s*)+)")


@torch.no_grad()
def embed(model: DistilBertForSequenceClassification, tokenizer: PreTrainedTokenizerBase) -> None:
    """Give each emoji the mean embedding of its meaning's tokens."""
    weights = model.distilbert.embeddings.word_embeddings.weight
    for symbol, meaning in MEANINGS.items():
        tokens = tokenizer(meaning, add_special_tokens=False)["input_ids"]
        weights[tokenizer.convert_tokens_to_ids(symbol)] = weights[tokens].mean(dim=0)


def spelled_out(text: str) -> str:
    """The text with the meanings of its emoji in brackets, each said once a run."""

    def meanings(run: re.Match[str]) -> str:
        return f" ({', '.join(dict.fromkeys(MEANINGS[symbol] for symbol in run[1] if symbol in MEANINGS))}) "

    return RUN.sub(meanings, text).strip()


def with_some(text: str, chance: random.Random) -> str:
    """The text with one or two emoji, the last of them now and then repeated: mostly behind it."""
    symbols = "".join(chance.sample(list(MEANINGS), 1 if chance.random() < 0.8 else 2))
    symbols += symbols[-1] * chance.choice([0, 0, 0, 1, 2])
    way = chance.random()
    if way < 0.1:
        return f"{symbols} {text}"
    if way < 0.2 and " " in text:
        words = text.split(" ")
        at = chance.randrange(1, len(words))
        return " ".join([*words[:at], symbols, *words[at:]])
    return text + chance.choice([" ", " ", ""]) + symbols
