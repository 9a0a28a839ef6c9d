"""A server of the program's, for as long as a test asks it."""

import contextlib
import subprocess
import urllib.request
from collections.abc import Iterator
from http.client import HTTPResponse

TIMEOUT = 30


@contextlib.contextmanager
def serving(program: str, environment: dict[str, str]) -> Iterator[str]:
    """Its address; at the end it has to stop as it should."""
    command = [program, "serve", "--port", "0"]
    server = subprocess.Popen(
        command, cwd="/", env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        yield server.stdout.readline().split()[-1].replace("0.0.0.0", "127.0.0.1")
    finally:
        server.terminate()
        _, log = server.communicate(timeout=TIMEOUT)
        assert server.returncode == 0, log


def ask(address: str, body: bytes | None = None, method: str | None = None) -> HTTPResponse:
    """The answer to a question, which is JSON where it has a body."""
    request = urllib.request.Request(address, body, {"Content-Type": "application/json"}, method=method)
    return urllib.request.urlopen(request, timeout=TIMEOUT)


def read(address: str, body: bytes | None = None) -> str:
    with ask(address, body) as answer:
        return answer.read().decode()
