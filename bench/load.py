"""Closed-loop load: so many clients, each asks again as soon as it has its answer."""

import asyncio
import itertools
import json
import statistics
import subprocess
import tempfile
import time
from dataclasses import dataclass

import aiohttp


@dataclass(frozen=True)
class Load:
    clients: int
    texts_per_second: float
    p50_ms: float
    p99_ms: float
    errors: int


def http(url: str, texts: list[str], clients: int, seconds: int) -> Load:
    """Ask a JSON endpoint with `oha`, which hardly takes time from the server."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as bodies:
        bodies.writelines(json.dumps({"text": text}) + "\n" for text in texts)
        bodies.flush()
        command = ["oha", "--no-tui", "--output-format", "json", "-w", "-c", str(clients), "-z", f"{seconds}s"]
        command += ["-m", "POST", "-T", "application/json", "-Z", bodies.name, url]
        report = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    counts = report["statusCodeDistribution"]
    answered = counts.get("200", 0)
    # Those that were under way when the time was up have failed nobody.
    broken = sum(count for error, count in report["errorDistribution"].items() if "deadline" not in error)
    latency = report["latencyPercentiles"]
    return Load(
        clients=clients,
        texts_per_second=answered / report["summary"]["total"],
        p50_ms=latency["p50"] * 1000,
        p99_ms=latency["p99"] * 1000,
        errors=sum(counts.values()) - answered + broken,
    )


def gradio(url: str, texts: list[str], clients: int, seconds: int) -> Load:
    """Ask a Gradio app as its clients do: a request for a ticket, then the ticket's events."""
    return asyncio.run(gradio_clients(url, texts, clients, seconds))


async def gradio_clients(url: str, texts: list[str], clients: int, seconds: int) -> Load:
    times: list[float] = []
    errors = 0
    source = itertools.cycle(texts)
    start = time.monotonic()

    async def client(session: aiohttp.ClientSession) -> None:
        nonlocal errors
        while time.monotonic() - start < seconds:
            before = time.monotonic()
            async with session.post(f"{url}/gradio_api/call/predict", json={"data": [next(source)]}) as ticket:
                event = (await ticket.json())["event_id"]
            async with session.get(f"{url}/gradio_api/call/predict/{event}") as events:
                answer = await events.text()
            times.append(time.monotonic() - before)
            errors += "event: complete" not in answer

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        await asyncio.gather(*(client(session) for _ in range(clients)))
    cuts = statistics.quantiles(times, n=100)
    return Load(
        clients=clients,
        texts_per_second=(len(times) - errors) / (time.monotonic() - start),
        p50_ms=cuts[49] * 1000,
        p99_ms=cuts[98] * 1000,
        errors=errors,
    )
