"""Asks the release build through the released clients: their answers must be those of Valence's own API."""

import asyncio
import html
import json
import os
import re
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
from gradio_client import Client
from gradio_client.exceptions import AppError
from huggingface_hub import InferenceClient
from huggingface_hub.errors import HfHubHTTPError
from jsonschema import Draft202012Validator
from mcp import Client as McpClient

HERE = Path(__file__).resolve().parent
KEY = "key-of-this-test"
TEXT = "The soup was cold, and yet I would come back."


def own(base: str) -> list[dict]:
    """What Valence's own API says of the text."""
    body = json.dumps({"text": TEXT}).encode()
    request = urllib.request.Request(f"{base}/api/v1/analyze", body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return json.load(answer)["scores"]


def pairs(elements) -> list[tuple[str, float]]:
    return [(element["label"], element["score"]) for element in elements]


def hugging_face(base: str, expected: list[dict]) -> None:
    client = InferenceClient(base, timeout=30)
    assert pairs(client.text_classification(TEXT)) == pairs(expected)
    assert pairs(client.text_classification(TEXT, top_k=1)) == pairs(expected[:1])
    named = InferenceClient(f"{base}/models/valence-mini", timeout=30)
    raw = pairs(named.text_classification(TEXT, function_to_apply="none"))
    assert [label for label, _ in raw] == [one["label"] for one in expected]
    assert raw != pairs(expected)


def gradio(base: str, expected: list[dict]) -> None:
    client = Client(base, verbose=False)
    # Its stream is still open when the next session begins.
    for _ in range(3):
        client.reset_session()
        assert client.predict(TEXT, api_name="/predict")["label"] == expected[0]["label"]
    # So many that its threads wait for each other, and it reads the end of a stream late.
    for _ in range(2):
        jobs = [client.submit(TEXT, api_name="/predict") for _ in range(200)]
        for job in jobs:
            answer = job.result(timeout=60)
            assert answer["label"] == expected[0]["label"]
            assert [(one["label"], one["confidence"]) for one in answer["confidences"]] == pairs(expected)
    try:
        client.predict(" ", api_name="/predict")
    except AppError as error:
        assert "the text is blank" in str(error), error
    else:
        raise AssertionError("a blank text was accepted")


async def model_context_protocol(base: str, expected: list[dict]) -> None:
    # By today's protocol and by the handshake of older clients.
    for mode in ("auto", "legacy"):
        async with McpClient(f"{base}/mcp", mode=mode, read_timeout_seconds=30) as client:
            [tool] = (await client.list_tools()).tools
            assert tool.name == "analyze_sentiment", tool
            # The client itself holds an answer to the tool's schema.
            answer = await client.call_tool(tool.name, {"text": TEXT})
            [result] = answer.structured_content["results"]
            assert not answer.is_error and result["label"] == expected[0]["label"], answer
            assert pairs(result["scores"]) == pairs(expected)
            both = await client.call_tool(tool.name, {"texts": ["Bad.", TEXT]})
            assert both.structured_content["results"][1] == result, both
            refused = await client.call_tool(tool.name, {"text": " "})
            assert refused.is_error and "the text is blank" in refused.content[0].text, refused


def with_a_key(base: str) -> None:
    """Clients send a key as they send a token, and are refused without it."""
    bearer = {"Authorization": f"Bearer {KEY}"}
    InferenceClient(base, token=KEY, timeout=30).text_classification(TEXT)
    Client(base, headers=bearer, verbose=False).predict(TEXT, api_name="/predict")
    Client(base, token=KEY, verbose=False).predict(TEXT, api_name="/predict")
    try:
        InferenceClient(base, token="another", timeout=30).text_classification(TEXT)
    except HfHubHTTPError as error:
        assert error.response.status_code == 401, error
    else:
        raise AssertionError("a wrong key was accepted")


def copied(base: str) -> None:
    """The code page's Python runs as it stands, whatever the text."""
    query = urllib.parse.urlencode({"text": 'It\'s "so" good, \\n is no trap:\nété 😀'})
    with urllib.request.urlopen(f"{base}/code?{query}", timeout=30) as answer:
        page = re.sub("<!.*?>", "", answer.read().decode())
    calls = re.findall(r"<h2>Python, (\w+)</h2>.*?<code>(.*?)</code>", page, re.DOTALL)
    assert [name for name, _ in calls] == ["huggingface_hub", "gradio_client"], page
    for _, code in calls:
        run = [sys.executable, "-c", html.unescape(code)]
        printed = subprocess.run(run, check=True, stdout=subprocess.PIPE, text=True, timeout=60).stdout
        assert "POSITIVE" in printed, printed


def description(base: str) -> None:
    """Every answer is as /openapi.json tells it, whatever is asked."""
    program = Path(sys.executable).with_name("schemathesis")
    flags = ["--config-file", HERE / "schemathesis.toml", "run", f"{base}/openapi.json", "--checks", "all"]
    # It leaves a folder behind where it runs.
    place = HERE.parent.parent / "target"
    run = subprocess.run([program, *flags, "--no-color"], cwd=place, capture_output=True, text=True, timeout=300)
    assert run.returncode == 0, run.stdout


def batch_lines(base: str) -> None:
    """Each line of a batch is as /openapi.json tells it, too; schemathesis reads no NDJSON."""
    with urllib.request.urlopen(f"{base}/openapi.json", timeout=30) as answer:
        components = json.load(answer)["components"]
    line = Draft202012Validator({"$ref": "#/components/schemas/BatchLine", "components": components})
    rows = [{"text": TEXT}, {"text": " "}, {"text": "Good. Bad.", "id": 7}, {"other": 1}]
    body = "\n".join(json.dumps(row) for row in rows).encode()
    headers = {"Content-Type": "application/x-ndjson"}
    request = urllib.request.Request(f"{base}/api/v1/batch?sentences=true&explain=leave_one_out", body, headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        lines = [json.loads(each) for each in answer]
    assert len(lines) == len(rows), lines
    assert ["error" in each for each in lines] == [False, True, False, True], lines
    for each in lines:
        line.validate(each)


@contextmanager
def serving(program: str, *flags: str) -> Iterator[str]:
    """A running server's address."""
    command = [program, "serve", "--host", "127.0.0.1", "--port", "0", *flags]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        yield server.stdout.readline().split()[-1]
    finally:
        server.terminate()
        server.wait(timeout=30)


def main(program: str) -> None:
    with serving(program, "--mcp") as base:
        expected = own(base)
        hugging_face(base, expected)
        gradio(base, expected)
        copied(base)
        asyncio.run(model_context_protocol(base, expected))
        subprocess.run(["node", HERE / "clients.mjs", base, TEXT, json.dumps(expected)], check=True, timeout=60)
    with serving(program, "--api-key", KEY) as base:
        with_a_key(base)
    with serving(program, "--timeout", "1") as base:
        subprocess.run(["node", HERE / "late.mjs", base], check=True, timeout=60)
    with serving(program, "--model", str(HERE.parent / "golden" / "tiny")) as base:
        description(base)
        batch_lines(base)
    print("schemathesis: as /openapi.json says")
    print("huggingface_hub, gradio_client, mcp, @gradio/client, @huggingface/inference: as Valence's own API")


main(sys.argv[1])
