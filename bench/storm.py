"""Ask more than the server can answer: `python3 bench/storm.py [--seconds N]`.

Measures capacity with clients that wait for their answers, then sends requests at fixed rates,
whether or not answers come, below and above it. Below capacity no request may fail or go without an
answer, and at half of it the 99th percentile is at most 5 medians. Above capacity, what is too much gets 429 with Retry-After at once,
answers go on at 90 % of it, memory stays, and 2 s later a single request takes as long as before.

A last wave is of texts of one word each, as large as may be, which cost the tokenizer far more than the
model: its clients are more than may wait, so some are refused, at once too.

The server has one half of the processors, the load the other: requests that are refused are cheap
to refuse, not to make.
"""

import argparse
import http.client
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

from memory import resident
from server import serving

WORDS = "the room was bright and breakfast came late but staff stayed kind a battery that fails".split()
LENGTHS = (5, 40)
TEXTS = 5000
CLOSED_CLIENTS = 64
# More than ever wait for an answer, so that no request waits for a connection.
OPEN_CONNECTIONS = 1000
# More than may wait by default.
LARGE_CLIENTS = 300
LARGE = 99_000
HALF = 0.5
# Of the requests that were due; the last ones are under way when the time is up.
ANSWERED = 0.95
RATES = (HALF, 0.9, 1.0, 2.0, 5.0)
TAIL = 5
GOODPUT = 0.9
GROWTH = 1.25
# "At once" and "as before", on a machine that the load generator shares.
AT_ONCE_MS = 250
CALM_FACTOR = 2
CALM_AFTER = 2


@dataclass(frozen=True)
class Wave:
    """What became of one rate's requests."""

    sent: float
    good: float
    refused: float
    other: dict[str, int]
    p50: float
    p99: float
    refused_p99: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=60, help="of each rate")
    options = parser.parse_args()
    processors = sorted(os.sched_getaffinity(0))
    half = len(processors) // 2
    if half == 0:
        raise SystemExit("storm needs two processors: one for the server, one for the load")
    os.sched_setaffinity(0, processors[:half])
    with serving("--cache-mb", "0") as (url, server):
        os.sched_setaffinity(0, processors[half:])
        failures = storm(url.removeprefix("http://"), server.pid, options.seconds)
    for failure in failures:
        print(f"FAILED: {failure}", file=sys.stderr)
    sys.exit(bool(failures))


def storm(address: str, process: int, seconds: int) -> list[str]:
    """Runs every rate; what was promised and not kept."""
    failures = []

    def hold(kept: bool, promise: str) -> None:
        if not kept:
            failures.append(promise)

    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as bodies:
        chance = random.Random(7)
        for _ in range(TEXTS):
            text = " ".join(chance.choices(WORDS, k=chance.randint(*LENGTHS)))
            bodies.write(json.dumps({"text": text}) + "\n")
        bodies.flush()
        ask(address, bodies.name, seconds, ["-c", str(CLOSED_CLIENTS)])
        capacity = ask(address, bodies.name, seconds, ["-c", str(CLOSED_CLIENTS)]).good
        calm, memory = single(address), resident(process)
        print(f"capacity {capacity:.0f}/s   one alone {calm:.2f} ms   {memory:.0f} MB")
        for factor in RATES:
            rate = ["-q", str(max(1, round(capacity * factor))), "-c", str(OPEN_CONNECTIONS), "--latency-correction"]
            wave = ask(address, bodies.name, seconds, rate)
            now = resident(process)
            time.sleep(CALM_AFTER)
            after = single(address)
            print(
                f"{factor:>4}×  sent {wave.sent:.0f}/s  200 {wave.good:.0f}/s  429 {wave.refused:.0f}/s  "
                f"other {wave.other or 'none'}  p50 {wave.p50:.1f} ms  p99 {wave.p99:.1f} ms  "
                f"429 p99 {wave.refused_p99:.1f} ms  {now:.0f} MB  alone afterwards {after:.2f} ms",
                flush=True,
            )
            hold(not wave.other, f"{factor}×: answers other than 200 and 429: {wave.other}")
            hold(after <= CALM_FACTOR * calm, f"{factor}×: {CALM_AFTER} s later a text took {after:.2f} ms")
            hold(now <= memory * GROWTH, f"{factor}×: memory grew from {memory:.0f} to {now:.0f} MB")
            if factor < 1:
                hold(wave.refused == 0, f"{factor}×: requests were refused")
                hold(wave.good >= ANSWERED * factor * capacity, f"{factor}×: only {wave.good:.0f}/s were answered")
            if factor == HALF:
                hold(wave.p99 <= TAIL * wave.p50, f"{factor}×: p99 is over {TAIL} medians")
            if factor > 1:
                hold(
                    wave.good >= GOODPUT * capacity,
                    f"{factor}×: only {wave.good:.0f} of {capacity:.0f}/s were answered",
                )
                hold(wave.refused > 0, f"{factor}×: nothing was refused")
                hold(wave.refused_p99 <= AT_ONCE_MS, f"{factor}×: refusals took {wave.refused_p99:.0f} ms")
        hold(says_when(address, bodies.name, capacity), "a refusal without Retry-After")
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as bodies:
        bodies.write(json.dumps({"text": "x" * LARGE}) + "\n")
        bodies.flush()
        wave = ask(address, bodies.name, seconds, ["-c", str(LARGE_CLIENTS)])
        time.sleep(CALM_AFTER)
        after = single(address)
        print(
            f"large  200 {wave.good:.0f}/s  429 {wave.refused:.0f}/s  other {wave.other or 'none'}  "
            f"p50 {wave.p50:.0f} ms  p99 {wave.p99:.0f} ms  429 p99 {wave.refused_p99:.1f} ms  "
            f"{resident(process):.0f} MB  alone afterwards {after:.2f} ms"
        )
        hold(not wave.other, f"large texts: answers other than 200 and 429: {wave.other}")
        hold(wave.good > 0 and wave.refused > 0, "large texts: none was answered, or none refused")
        hold(wave.refused_p99 <= AT_ONCE_MS, f"large texts: refusals took {wave.refused_p99:.0f} ms")
        hold(after <= CALM_FACTOR * calm, f"large texts: {CALM_AFTER} s later a text took {after:.2f} ms")
    return failures


def ask(address: str, bodies: str, seconds: int, how: list[str]) -> Wave:
    url = f"http://{address}/api/v1/analyze"
    command = ["oha", "--no-tui", "--output-format", "json", "--stats-success-breakdown", "-z", f"{seconds}s", *how]
    command += ["-m", "POST", "-T", "application/json", "-Z", bodies, url]
    report = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    total = report["summary"]["total"]
    counts = report["statusCodeDistribution"]
    # Those that were under way when the time was up have failed nobody.
    errors = {error: count for error, count in report["errorDistribution"].items() if "deadline" not in error}
    other = {status: count for status, count in counts.items() if status not in ("200", "429")} | errors

    def ms(of: str, percentile: str) -> float:
        return 1000 * ((report.get(of) or {}).get(percentile) or 0)

    return Wave(
        sent=sum(counts.values()) / total,
        good=counts.get("200", 0) / total,
        refused=counts.get("429", 0) / total,
        other=other,
        p50=ms("latencyPercentilesSuccessful", "p50"),
        p99=ms("latencyPercentilesSuccessful", "p99"),
        refused_p99=ms("latencyPercentilesNotSuccessful", "p99"),
    )


def request(address: str, method: str, path: str, body: str | None = None) -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection(address, timeout=30)
    connection.request(method, path, body, {"Content-Type": "application/json"})
    response = connection.getresponse()
    response.read()
    connection.close()
    return response


def single(address: str) -> float:
    """The median of requests one after another, in milliseconds."""
    times = []
    for number in range(50):
        before = time.perf_counter()
        request(address, "POST", "/api/v1/analyze", json.dumps({"text": f"a kind room, number {number}"}))
        times.append(1000 * (time.perf_counter() - before))
    return statistics.median(times)


def says_when(address: str, bodies: str, capacity: float) -> bool:
    """Whether a refusal in the middle of a storm names a time."""
    command = ["oha", "--no-tui", "-z", "5s", "-q", str(round(5 * capacity)), "-c", str(OPEN_CONNECTIONS), "-m", "POST"]
    command += ["-T", "application/json", "-Z", bodies, f"http://{address}/api/v1/analyze"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as load:
        while load.poll() is None:
            # Right after an answer there is room: its batch has left the queue.
            time.sleep(0.05)
            response = request(address, "POST", "/api/v1/analyze", json.dumps({"text": "one more"}))
            if response.status == 429:
                load.terminate()
                return bool(response.headers["Retry-After"])
    return False


if __name__ == "__main__":
    main()
