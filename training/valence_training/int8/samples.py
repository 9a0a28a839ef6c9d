"""Token rows to calibrate on: ordinary texts, long ones made of them, and tokens at random.

The random rows stand for what no data set has and people still type: signs,
foreign scripts, nonsense. Without them the ranges would be too narrow for it.
"""

import random

LONG_ROWS = 16
LONG_TOKENS = 300
RANDOM_ROWS = 96
RANDOM_LENGTHS = (3, 40)


def with_unusual(rows: list[list[int]], vocabulary: int, seed: int) -> list[list[int]]:
    """`rows` with special tokens at both ends; ids up to `vocabulary` are known to the model."""
    chance = random.Random(seed)
    first, last = rows[0][0], rows[0][-1]
    longer, unusual = [], []
    for _ in range(LONG_ROWS):
        tokens: list[int] = []
        while len(tokens) < LONG_TOKENS:
            tokens += chance.choice(rows)[1:-1]
        longer.append([first, *tokens[:LONG_TOKENS], last])
    for _ in range(RANDOM_ROWS):
        length = chance.randint(*RANDOM_LENGTHS)
        unusual.append([first, *(chance.randrange(vocabulary) for _ in range(length)), last])
    return rows + longer + unusual
