"""Hold the server under load and see that it keeps its memory: `python3 bench/soak.py [--requests N]`.

New texts are made for each portion, of 1 to so many words, short ones more often than long ones
(the logarithm of the length is drawn evenly). After each portion it prints requests, answers by
status, resident memory and open files. Fails where memory ends more than a tenth above what it was
after the first 50,000 requests, or files have grown, or more than one answer in a hundred was not 200, or one neither 200 nor 429.
"""

import argparse
import json
import math
import os
import random
import subprocess
import sys
import tempfile
from pathlib import Path

from memory import resident
from server import serving

PROJECT = Path(__file__).resolve().parent.parent
# The bundled model would take half a day; what may grow is the server's.
MODEL = PROJECT / "tests" / "golden" / "tiny"
# One token each, for the tiny model of the tests too.
WORDS = "the room was quite nice and my food never late but we hated that slow train to work".split()
CLIENTS = 32
PORTIONS = 40
# Until then every buffer and every length has been met.
WARM = 50_000
GROWTH = 1.1
# A server that refuses everything would keep its memory.
ANSWERED = 0.99
# Connections of a portion that is over may take a moment to close.
SPARE_FILES = 8


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=1_000_000)
    parser.add_argument("--words", type=int, default=4000, help="the longest text")
    parser.add_argument("--model", default=MODEL, help="a model's folder; the tests' tiny one otherwise")
    options = parser.parse_args()
    with serving("--model", str(options.model)) as (url, server):
        sys.exit(soak(f"{url}/api/v1/analyze", server.pid, options))


def soak(url: str, process: int, options: argparse.Namespace) -> str | None:
    """Why it failed, or nothing."""
    chance = random.Random(7)
    portion = options.requests // PORTIONS
    statuses: dict[str, int] = {}
    early = None
    for number in range(1, PORTIONS + 1):
        for status, count in ask(url, portion, options.words, chance).items():
            statuses[status] = statuses.get(status, 0) + count
        megabytes, files = resident(process), len(os.listdir(f"/proc/{process}/fd"))
        print(f"{number * portion:>9} requests  {statuses}  {megabytes:.1f} MB  {files} files", flush=True)
        if early is None and number * portion >= min(WARM, options.requests // 4):
            early = (megabytes, files)
    if set(statuses) - {"200", "429"}:
        return f"answers other than 200 and 429: {statuses}"
    if statuses.get("200", 0) < ANSWERED * sum(statuses.values()):
        return f"too many were refused: {statuses}"
    if megabytes > early[0] * GROWTH or files > early[1] + SPARE_FILES:
        return f"grew from {early[0]:.1f} MB and {early[1]} files to {megabytes:.1f} MB and {files} files"
    print(f"flat: {early[0]:.1f} MB early, {megabytes:.1f} MB at the end")
    return None


def ask(url: str, requests: int, words: int, chance: random.Random) -> dict[str, int]:
    """So many requests, each of another text; the answers by status."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as bodies:
        for _ in range(requests):
            length = round(math.exp(chance.uniform(0, math.log(words))))
            bodies.write(json.dumps({"text": " ".join(chance.choices(WORDS, k=length))}) + "\n")
        bodies.flush()
        command = ["oha", "--no-tui", "--output-format", "json", "-c", str(CLIENTS), "-n", str(requests), "-m", "POST"]
        command += ["-T", "application/json", "-Z", bodies.name, url]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
    report = json.loads(done.stdout)
    return {**report["statusCodeDistribution"], **report["errorDistribution"]}


if __name__ == "__main__":
    main()
