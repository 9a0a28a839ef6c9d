"""The release build as a server, for as long as it is measured."""

import os
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

VALENCE = Path(__file__).resolve().parent.parent / "target" / "release" / "valence"
START_SECONDS = 120


@contextmanager
def serving(*flags: str) -> Iterator[tuple[str, subprocess.Popen]]:
    """Its address, once it can answer, and its process."""
    command = [str(VALENCE), "serve", "--host", "127.0.0.1", "--port", "0", *flags]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=os.environ | {"RUST_LOG": "error"}
    ) as process:
        try:
            url = "http" + process.stdout.readline().strip().rsplit("http", 1)[1]
            wait_for(f"{url}/health")
            yield url, process
        finally:
            process.terminate()


def wait_for(url: str) -> None:
    """Until it answers well."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            urllib.request.urlopen(url, timeout=5)
            return
        except OSError as error:
            if time.monotonic() > deadline:
                raise SystemExit(f"{url} does not answer: {error}") from error
            time.sleep(0.1)
