"""The 1,000 texts that are compared with transformers' pipeline."""

import random

from .odd_texts import FOREIGN, ODD
from .texts import sentence, spelt_oddly

COUNT = 1000
LONG_TEXTS = 12
LONG_WORDS = 600

EMOJI = "😀 😭 😡 🙃 🎉 💔 🔥 👍🏽 ❤️ 👩‍🚀 🏳️‍🌈 🇯🇵 1️⃣ ☕ ✨".split()
# Characters that mean something together only by chance.
CJK = "的一是不了人我在有他这中大来上国好看电影服务差日本語映画素晴らしいひどいカタカナ정말좋아요영화나빠"
SCRIPTS = "абвгдежзийклмнопрст αβγδεζηθικλμν אבגדהוזחט ابتثجحخد กขคงจฉชซ देवनागरी"
CONTROLS = [
    chr(code) for code in [*range(1, 32), 127, 0x85, 0xA0, 0xAD, 0x200B, 0x200D, 0x202E, 0x2028, 0xFEFF, 0xFFFD]
]


def emoji(chance: random.Random) -> str:
    return "".join(chance.choice(EMOJI) + chance.choice(["", " "]) for _ in range(chance.randint(1, 8)))


def cjk(chance: random.Random) -> str:
    return "".join(chance.choice(CJK) for _ in range(chance.randint(1, 40))) + chance.choice(["。", "！", "？", ""])


def script(chance: random.Random) -> str:
    return "a" + "".join(chance.choice(SCRIPTS) for _ in range(chance.randint(3, 30)))


def with_controls(chance: random.Random) -> str:
    text = list(sentence(chance))
    for _ in range(chance.randint(1, 6)):
        text.insert(chance.randrange(len(text)), chance.choice(CONTROLS))
    return "".join(text)


def with_emoji(chance: random.Random) -> str:
    return f"{sentence(chance)} {emoji(chance)}"


def mixed(chance: random.Random) -> str:
    return f"{cjk(chance)} {sentence(chance)} {chance.choice(FOREIGN)}"


def paragraph(chance: random.Random) -> str:
    return " ".join(sentence(chance) for _ in range(chance.randint(2, 6)))


def odd_sentence(chance: random.Random) -> str:
    return spelt_oddly(sentence(chance), chance)


def numbers(chance: random.Random) -> str:
    figure = chance.choice(
        [chance.randint(0, 10**6), round(chance.uniform(-100, 100), 3), f"{chance.randint(1, 28)}/2/2030"]
    )
    return f"{figure} {sentence(chance)}"


def long_text(chance: random.Random) -> str:
    words: list[str] = []
    while len(words) < LONG_WORDS:
        words += sentence(chance).split(" ")
    return " ".join(words[:LONG_WORDS])


KINDS = [sentence, odd_sentence, paragraph, emoji, with_emoji, cjk, script, with_controls, mixed, numbers]


def varied_texts(seed: int) -> list[str]:
    chance = random.Random(seed)
    texts = dict.fromkeys(ODD + FOREIGN + [long_text(chance) for _ in range(LONG_TEXTS)])
    while len(texts) < COUNT:
        text = chance.choice(KINDS)(chance)
        if text.strip():
            texts.setdefault(text)
    return list(texts)
