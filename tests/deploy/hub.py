"""Publishes to a Hub of the test's own, which answers as far as `hf` asks: create, pre-upload, LFS, commit."""

import base64
import hashlib
import json
import os
import re
import subprocess
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "hf_of_the_test"
LARGE = 10_000_000  # bytes from which the Hub wants a file apart from the commit


class Hub(ThreadingHTTPServer):
    """Repositories by kind and id, each with its settings and its files."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server_port}"
        self.repositories: dict[str, dict] = {}
        self.files: dict[str, dict[str, bytes]] = {}
        self.large: dict[str, bytes] = {}
        self.requests: list[str] = []


class Handler(BaseHTTPRequestHandler):
    """The Hub's routes, as huggingface_hub calls them."""

    server: Hub
    protocol_version = "HTTP/1.1"

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path = self.path.split("?")[0]
        self.server.requests.append(f"{self.command} {path}")
        if self.headers.get("Authorization") != f"Bearer {TOKEN}" and not path.startswith("/large/"):
            return self.reply(401, {"error": "who are you?"})
        for method, pattern, answer in ROUTES:
            if self.command == method and (match := re.fullmatch(pattern, path)):
                return self.reply(*answer(self.server, body, *match.groups()))
        return self.reply(404, {"error": f"no {self.command} {path} here"})

    do_GET = do_POST = do_PUT = handle_any

    def reply(self, status: int, value) -> None:
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_) -> None:
        pass


def create(hub: Hub, body: bytes):
    wish = json.loads(body)
    kind, id = wish.get("type", "model"), f"{wish['organization']}/{wish['name']}"
    address = {"url": f"{hub.address}/{'spaces/' if kind == 'space' else ''}{id}", "id": id}
    if f"{kind}s/{id}" in hub.repositories:
        return 409, {"error": "You already created this repo", **address}
    hub.repositories[f"{kind}s/{id}"] = wish
    hub.files[f"{kind}s/{id}"] = {"from-before.txt": b"stale"}
    return 200, address


def about(hub: Hub, _, repository: str):
    if repository not in hub.repositories:
        return 404, {"error": "Repository not found"}
    files = [{"rfilename": name} for name in hub.files[repository]]
    return 200, {"id": repository.split("/", 1)[1], "sha": "0" * 40, "siblings": files, "private": False}


def tree(hub: Hub, _, repository: str):
    listed = hub.files[repository].items()
    return 200, [{"type": "file", "path": name, "size": len(data), "oid": "0" * 40} for name, data in listed]


def preupload(_, body: bytes, _repository: str):
    modes = [
        {"path": file["path"], "uploadMode": "lfs" if file["size"] >= LARGE else "regular", "shouldIgnore": False}
        for file in json.loads(body)["files"]
    ]
    return 200, {"files": modes}


def batch(hub: Hub, body: bytes):
    objects = [
        {**one, "actions": {"upload": {"href": f"{hub.address}/large/{one['oid']}"}}}
        for one in json.loads(body)["objects"]
    ]
    return 200, {"transfer": "basic", "objects": objects}


def large(hub: Hub, body: bytes, oid: str):
    assert hashlib.sha256(body).hexdigest() == oid
    hub.large[oid] = body
    return 200, {}


def commit(hub: Hub, body: bytes, repository: str):
    files = hub.files[repository]
    for line in body.splitlines():
        operation = json.loads(line)
        value = operation["value"]
        if operation["key"] == "file":
            files[value["path"]] = base64.b64decode(value["content"])
        elif operation["key"] == "lfsFile":
            files[value["path"]] = hub.large[value["oid"]]
        elif operation["key"] == "deletedFile":
            del files[value["path"]]
    return 200, {"commitUrl": f"{hub.address}/{repository}/commit/{'1' * 40}", "commitOid": "1" * 40}


REPOSITORY = r"((?:spaces|models)/[^/]+/[^/]+)"
ROUTES = [
    ("POST", "/api/repos/create", create),
    ("POST", "/api/validate-yaml", lambda hub, body: (200, {"errors": [], "warnings": []})),
    ("GET", f"/api/{REPOSITORY}(?:/revision/main)?", about),
    ("GET", f"/api/{REPOSITORY}/tree/main", tree),
    ("POST", f"/api/{REPOSITORY}/preupload/main", preupload),
    ("POST", r"/(?:spaces/)?[^/]+/[^/]+\.git/info/lfs/objects/batch", batch),
    ("PUT", "/large/([0-9a-f]{64})", large),
    ("POST", f"/api/{REPOSITORY}/commit/main", commit),
]


def publish(hub: Hub, home: str, *arguments: str) -> str:
    environment = os.environ | {"HF_ENDPOINT": hub.address, "HF_TOKEN": TOKEN, "HF_HOME": home}
    # The test's Hub has no second store beside it, which Xet would need.
    environment |= {"HF_HUB_DISABLE_XET": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
    run = subprocess.run(
        [ROOT / "scripts/publish.sh", *arguments], env=environment, capture_output=True, text=True, timeout=120
    )
    assert run.returncode == 0, run.stderr + "\n".join(hub.requests[-5:])
    return run.stdout


def space(hub: Hub, home: str) -> None:
    plan = publish(hub, home, "space", "Some.One/valence", "--dry-run")
    assert "Dockerfile" in plan and "delete every other file" in plan and not hub.requests, hub.requests
    for _ in range(2):  # The second time there is one already.
        publish(hub, home, "space", "Some.One/valence")
        files = dict(hub.files["spaces/Some.One/valence"])
        committed = subprocess.run(["git", "-C", ROOT, "ls-files"], capture_output=True, text=True, check=True)
        assert sorted(files) == sorted(committed.stdout.split()), set(files) ^ set(committed.stdout.split())
    assert hub.repositories["spaces/Some.One/valence"]["sdk"] == "docker"
    _, head, rest = files["README.md"].decode().split("---\n", 2)
    settings = yaml.safe_load(head)
    assert rest == (ROOT / "README.md").read_text()
    assert (settings["sdk"], settings["app_port"]) == ("docker", 7860)
    assert settings["thumbnail"] == "https://some-one-valence.hf.space/og.png"
    assert len(settings["short_description"]) <= 60  # The Hub refuses longer ones.
    assert "EXPOSE 7860" in files["Dockerfile"].decode()


def model(hub: Hub, home: str) -> None:
    asked = len(hub.requests)
    plan = publish(hub, home, "model", "someone/valence-mini", "--dry-run")
    assert "onnx/model_quantized.onnx" in plan and "delete every other file" in plan and len(hub.requests) == asked
    publish(hub, home, "model", "someone/valence-mini")
    listed = ["git", "-C", ROOT, "ls-tree", "-r", "--name-only", "HEAD:models/valence-mini"]
    names = subprocess.run(listed, capture_output=True, text=True, check=True).stdout.split()
    committed = ["git", "-C", ROOT, "show"]
    here = {
        name: subprocess.run([*committed, f"HEAD:models/valence-mini/{name}"], capture_output=True, check=True).stdout
        for name in names
    }
    assert hub.files["models/someone/valence-mini"] == here
    assert any(request.startswith("PUT /large/") for request in hub.requests)


def main() -> None:
    hub = Hub()
    threading.Thread(target=hub.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as home:
        space(hub, home)
        model(hub, home)
    hub.shutdown()
    print("a Space and a model repository were created, filled, and the Space renewed")


main()
