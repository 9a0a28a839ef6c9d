"""Measure Valence beside the processor's limit and beside its peers, in one run on one machine.

Prints what it does, and writes docs/benchmarks.md with its plot.
"""

import argparse
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from transformers import AutoTokenizer

import load
import report
import shapes
import texts
from memory import resident
from server import serving, wait_for

CLIENTS = [1, 8, 64]
LONGER = [128, 512]
LONGER_COUNT = 100
# Of which the middle one counts. A load during which the machine had other work differs from both others.
ROUNDS = 3
PEERS = {"FastAPI": "fastapi_app.py", "Gradio": "gradio_app.py"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=Path, help="SST-2's dev.tsv; without it, made texts")
    parser.add_argument("--seconds", type=int, default=8, help="length of each round of a load")
    parser.add_argument("--work", type=Path, default=shapes.ROOT / "target" / "bench")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)

    tokenizer = AutoTokenizer.from_pretrained(shapes.BUNDLED)
    short = texts.short(options.texts)
    sets = {"short": short}
    for tokens in LONGER:
        sets[f"{tokens} tokens"] = texts.joined(short, tokens, LONGER_COUNT, tokenizer)

    limit = limit_program()
    results = []
    for make in (shapes.bundled, shapes.base):
        shape = make(options.work)
        for name, some in sets.items():
            print(f"\n{shape.name}, {name} texts", flush=True)
            results.append(measure(shape, name, some, limit, options))
    report.write(results, options.texts, shapes.ROOT / "docs")


def measure(shape: shapes.Shape, name: str, some: list[str], limit: Path, options: argparse.Namespace) -> dict:
    file = options.work / "texts.txt"
    file.write_text("\n".join(some) + "\n", encoding="utf-8")
    loads = {}
    combinations = bare(limit, shape, file)
    # Without its cache: the texts of a run come again and again.
    with serving("--model", str(shape.valence), "--cache-mb", "0") as (url, process):
        loads["Valence"] = under_load(load.http, f"{url}/api/v1/analyze", some, options.seconds)
        shares = processor_shares(
            process, lambda: load.http(f"{url}/api/v1/analyze", some, CLIENTS[-1], options.seconds)
        )
        memory = resident(process.pid)
        padding = padding_share(url)
    for peer, program in PEERS.items():
        with served([sys.executable, str(Path(__file__).parent / "peers" / program), str(shape.peers)]) as url:
            ask = load.gradio if peer == "Gradio" else load.http
            path = "" if peer == "Gradio" else "/analyze"
            loads[peer] = under_load(ask, url + path, some, options.seconds)
    return {
        "shape": shape.name,
        "texts": name,
        "limit": combinations,
        "loads": loads,
        "shares": shares,
        "memory": memory,
        "padding": padding,
    }


def limit_program() -> Path:
    """Compiles benches/limit.rs; what is measured later is then compiled once."""
    command = ["cargo", "bench", "--quiet", "--features", "ssr", "--bench", "limit", "--no-run"]
    command += ["--message-format", "json"]
    lines = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=shapes.ROOT).stdout.splitlines()
    programs = [
        message["executable"] for message in map(json.loads, lines) if message.get("target", {}).get("name") == "limit"
    ]
    return Path(programs[-1])


def bare(limit: Path, shape: shapes.Shape, file: Path) -> list[dict]:
    """Loops over the session without a server, in every combination."""
    command = [str(limit), str(shape.valence), str(file)]
    lines = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, cwd=shapes.ROOT).stdout.splitlines()
    combinations = [json.loads(line) for line in lines if line.startswith("{")]
    best = max(combinations, key=lambda one: one["texts_per_second"])
    print(f"  limit {best['texts_per_second']:.0f} texts/s ({best})", flush=True)
    return combinations


def under_load(ask: Callable, url: str, some: list[str], seconds: int) -> list[load.Load]:
    ask(url, some, 1, 2)
    loads = []
    for clients in CLIENTS:
        rounds = sorted((ask(url, some, clients, seconds) for _ in range(ROUNDS)), key=lambda one: one.p50_ms)
        for one in rounds:
            print(f"  {url} {one}", flush=True)
            if one.errors:
                raise SystemExit(f"{url} failed {one.errors} requests: its numbers mean nothing")
        loads.append(rounds[ROUNDS // 2])
    return loads


@contextmanager
def served(command: list[str]) -> Iterator[str]:
    """A peer on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = os.environ | {"GRADIO_ANALYTICS_ENABLED": "False", "HF_HUB_OFFLINE": "1"}
    with subprocess.Popen([*command, str(port)], stdout=subprocess.DEVNULL, env=environment) as process:
        try:
            wait_for(
                f"http://127.0.0.1:{port}/openapi.json" if "fastapi" in command[1] else f"http://127.0.0.1:{port}/"
            )
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def processor_shares(process: subprocess.Popen, ask: Callable) -> dict[str, float]:
    """Who has the processors while `ask` runs: the sessions, the server's other threads, the client."""
    before, start = thread_seconds(process), time.monotonic()
    client = os.times().children_user + os.times().children_system
    ask()
    spent = time.monotonic() - start
    total = spent * os.cpu_count()
    client = os.times().children_user + os.times().children_system - client
    after = thread_seconds(process)
    # Sessions have the threads that worked most; the runtime of the server has as many and more.
    most = sorted((after[one] - before.get(one, 0) for one in after), reverse=True)
    sessions = sum(most[: os.cpu_count()])
    return {"sessions": sessions / total, "server": (sum(most) - sessions) / total, "client": client / total}


def thread_seconds(process: subprocess.Popen) -> dict[str, float]:
    ticks = os.sysconf("SC_CLK_TCK")
    seconds = {}
    for thread in Path(f"/proc/{process.pid}/task").iterdir():
        fields = (thread / "stat").read_text().rsplit(")", 1)[1].split()
        seconds[thread.name] = (int(fields[11]) + int(fields[12])) / ticks
    return seconds


def padding_share(url: str) -> float:
    """Share of the tokens that were run which only filled rows up."""
    lines = urllib.request.urlopen(f"{url}/metrics").read().decode().splitlines()
    counts = {
        kind: float(line.split()[-1]) for line in lines for kind in ("text", "padding") if f'kind="{kind}"' in line
    }
    return counts["padding"] / sum(counts.values())


if __name__ == "__main__":
    main()
