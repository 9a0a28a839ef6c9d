"""What the base's vocabulary lacks takes the place of its unused tokens: emoji, and words that name people or places."""

import json

from tokenizers import Tokenizer

from . import alike, emoji

UNUSED = "[unused{}]"
# The tokens before are special or unused.
FIRST_WORD = 999
WITHIN_WORDS = {"single_word": False, "normalized": False}
# In any case, with accents or without.
WHOLE_WORDS = {"single_word": True, "normalized": True}


def completed(description: str) -> str:
    """A `tokenizer.json` with a token for each emoji that we know and each word of `alike`."""
    tokenizer = json.loads(description)
    vocabulary = tokenizer["model"]["vocab"]
    added = [(symbol, WITHIN_WORDS) for symbol in emoji.MEANINGS]
    added += [(word, WHOLE_WORDS) for word in lacking(Tokenizer.from_str(description))]
    for number, (content, manner) in enumerate(added):
        token = vocabulary.pop(UNUSED.format(number))
        vocabulary[content] = token
        as_is = dict.fromkeys(("special", "lstrip", "rstrip"), False)
        tokenizer["added_tokens"].append({"id": token, "content": content} | as_is | manner)
    tokenizer["added_tokens"].sort(key=lambda added: added["id"])
    tokenizer["model"]["vocab"] = dict(sorted(vocabulary.items(), key=lambda entry: entry[1]))
    return json.dumps(tokenizer)


def lacking(tokenizer: Tokenizer) -> list[str]:
    """Words of `alike` that are several tokens."""
    words = [word.lower() for kind in alike.KINDS for word in alike.words(kind)]
    return [word for word in dict.fromkeys(words) if len(tokenizer.encode(word, add_special_tokens=False).ids) > 1]
