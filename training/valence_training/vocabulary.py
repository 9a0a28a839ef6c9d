"""What the base's vocabulary lacks takes the place of its unused tokens: emoji, and words that name people or places."""

import json
import re

from tokenizers import Tokenizer

from . import alike, emoji
from .names import MORE
from .people import LISTS

UNUSED = re.compile(r"\[unused\d+\]")
# The tokens before are special or unused.
FIRST_WORD = 999
WITHIN_WORDS = {"single_word": False, "normalized": False}
# In any case, with accents or without.
WHOLE_WORDS = {"single_word": True, "normalized": True}


def completed(description: str) -> str:
    """A `tokenizer.json` with a token for each emoji that we know and each word that our sentences are about."""
    symbols = [(symbol, WITHIN_WORDS) for symbol in emoji.MEANINGS]
    return with_tokens(description, symbols + lacking(description, LISTS))


def with_more(description: str) -> str:
    """The same with a token for each word of `names`."""
    return with_tokens(description, lacking(description, MORE))


def with_tokens(description: str, added: list[tuple[str, dict[str, bool]]]) -> str:
    tokenizer = json.loads(description)
    vocabulary = tokenizer["model"]["vocab"]
    unused = iter(sorted((entry for entry in vocabulary if UNUSED.match(entry)), key=vocabulary.get))
    for content, manner in added:
        token = vocabulary.pop(next(unused))
        vocabulary[content] = token
        as_is = dict.fromkeys(("special", "lstrip", "rstrip"), False)
        tokenizer["added_tokens"].append({"id": token, "content": content} | as_is | manner)
    tokenizer["added_tokens"].sort(key=lambda added: added["id"])
    tokenizer["model"]["vocab"] = dict(sorted(vocabulary.items(), key=lambda entry: entry[1]))
    return json.dumps(tokenizer)


def lacking(description: str, lists: dict[str, list[str]]) -> list[tuple[str, dict[str, bool]]]:
    """Words of these lists that are several tokens."""
    tokenizer = Tokenizer.from_str(description)
    words = [word.lower() for kind in alike.KINDS for word in alike.words(kind, lists)]
    several = [word for word in dict.fromkeys(words) if len(tokenizer.encode(word, add_special_tokens=False).ids) > 1]
    return [(word, WHOLE_WORDS) for word in several]
