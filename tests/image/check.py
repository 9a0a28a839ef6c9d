"""Runs an image as Docker and Kubernetes do, without either, and asks it for all that a container owes.

Takes the folder that `buildah push … dir:` wrote. Wants root in a network namespace of its own: it
gives that a route that leads nowhere, so that every attempt to reach another machine is counted.
"""

import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

LARGEST = 120_000_000
OWN_ADDRESS = "192.0.2.2"  # of a block that is reserved for documentation
NAME_SERVER = "198.51.100.53"  # of another, so that a name cannot be asked for but through the cable
TIMEOUT = 30
WATCHED = 15  # seconds; ONNX Runtime sends its telemetry after nine, where it is on


class Image:
    """An image in a folder: its settings, its layers, its root once they are unpacked."""

    def __init__(self, folder: Path) -> None:
        manifest = json.loads((folder / "manifest.json").read_text())
        self.layers = [self.blob(folder, layer["digest"]) for layer in manifest["layers"]]
        self.config = json.loads(self.blob(folder, manifest["config"]["digest"]).read_bytes())["config"]
        self.compressed = sum(layer.stat().st_size for layer in self.layers)

    @staticmethod
    def blob(folder: Path, digest: str) -> Path:
        path = folder / digest.removeprefix("sha256:")
        assert hashlib.sha256(path.read_bytes()).hexdigest() == path.name, path
        return path

    def unpack(self, root: Path) -> None:
        for layer in self.layers:
            with tarfile.open(layer) as files:
                files.extractall(root, filter="fully_trusted")

    def settings(self) -> None:
        """What an engine, Kubernetes or a Space reads."""
        config = self.config
        assert config["User"] == "1000:1000"
        assert list(config["ExposedPorts"]) == ["7860/tcp"]
        assert config["StopSignal"] == "SIGTERM"
        assert config["Healthcheck"]["Test"] == ["CMD", "/app/valence", "health"]
        assert config["Healthcheck"]["StartPeriod"] == 600 * 10**9, "a model may still be on its way from the Hub"
        assert "ORT_DISABLE_TELEMETRY=1" in config["Env"]
        labels = {name.removeprefix("org.opencontainers.image."): text for name, text in config["Labels"].items()}
        assert labels["title"] == "Valence" and labels["licenses"] == "Apache-2.0" and labels["version"]
        assert self.compressed <= LARGEST, f"{self.compressed} bytes"


class Container:
    """The image's program as uid 1000, process 1, without rights, on a root that nobody can write to."""

    def __init__(self, image: Image, root: Path) -> None:
        self.image, self.root = image, root

    def start(self, arguments: list[str], *mounts: str) -> tuple[subprocess.Popen, int]:
        """The sandbox's process, whose end is the program's, and the program's own number.

        `mounts` are folders that it may write to.
        """
        told, tell = os.pipe()
        command = ["setpriv", "--reuid=1000", "--regid=1000", "--clear-groups", "--no-new-privs"]
        command += ["bwrap", "--unshare-user", "--unshare-pid", "--unshare-ipc", "--unshare-uts"]
        command += ["--ro-bind", self.root, "/", "--proc", "/proc", "--dev", "/dev"]
        for mount in mounts:
            command += ["--tmpfs", mount]
        command += ["--as-pid-1", "--die-with-parent", "--chdir", "/", "--info-fd", str(tell), "--clearenv"]
        for variable in self.image.config["Env"]:
            command += ["--setenv", *variable.split("=", 1)]
        process = subprocess.Popen([*command, "--", *arguments], pass_fds=[tell], stderr=subprocess.PIPE)
        os.close(tell)
        with os.fdopen(told) as info:
            return process, json.load(info)["child-pid"]

    def serve(self) -> tuple[subprocess.Popen, int]:
        return self.start(self.image.config["Entrypoint"] + self.image.config["Cmd"])

    def healthy(self) -> bool:
        """Whether the check that an engine makes again and again says so."""
        process, _ = self.start(self.image.config["Healthcheck"]["Test"][1:])
        return process.wait(TIMEOUT) == 0


def network() -> None:
    """Loopback, and a route into a cable that nobody holds the other end of."""
    Path("/proc/sys/net/ipv6/conf/default/disable_ipv6").write_text("1")
    for command in (
        "link set lo up",
        "link add cable type veth peer name end",
        f"addr add {OWN_ADDRESS}/24 dev cable",
        "link set cable up",
        "link set end up",
        "route add default via 192.0.2.1",
    ):
        subprocess.run(["ip", *command.split()], check=True)


def sent() -> int:
    """Packets that went into the cable."""
    text = subprocess.run(["ip", "-json", "-stats", "link", "show", "cable"], check=True, capture_output=True).stdout
    return json.loads(text)[0]["stats64"]["tx"]["packets"]


def fetch(path: str, body: dict | None = None) -> bytes:
    request = urllib.request.Request(f"http://{OWN_ADDRESS}:7860{path}")
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("Content-Type", "application/json")
    with urllib.request.urlopen(request, timeout=TIMEOUT) as answer:
        return answer.read()


def ask(path: str, body: dict | None = None) -> str:
    return fetch(path, body).decode()


def until_ready(process: subprocess.Popen) -> float:
    """Seconds until the server says that it can answer."""
    start = time.monotonic()
    while time.monotonic() < start + TIMEOUT:
        assert process.poll() is None, process.stderr.read().decode()
        try:
            ask("/health")
            return time.monotonic() - start
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.005)
    raise AssertionError("not ready in time")


def answers() -> None:
    verdict = json.loads(ask("/predict", {"inputs": "The evening was a delight from start to end."}))
    assert verdict[0]["label"] == "POSITIVE", verdict
    page = ask("/?text=The+evening+was+dreadful")
    assert re.search(r'class="verdict__best"[^>]*>\s*<strong>Negative<', page), page
    files = set(re.findall(r"/pkg/[\w.]+", page))
    assert {Path(file).suffix for file in files} == {".css", ".js", ".wasm"}, files
    assert all(fetch(file) for file in files)


def main(folder: Path) -> None:
    image = Image(folder)
    image.settings()
    network()
    with tempfile.TemporaryDirectory() as place:
        root = Path(place)
        root.chmod(0o755)
        image.unpack(root)
        for mount in ("proc", "dev", "etc"):  # as an engine does
            (root / mount).mkdir(exist_ok=True)
        (root / "etc/resolv.conf").write_text(f"nameserver {NAME_SERVER}\n")
        assert not any((root / tool).exists() for tool in ("bin/sh", "usr/bin/apt", "app/target"))
        container = Container(image, root)
        process, program = container.serve()
        seconds = until_ready(process)
        answers()
        assert container.healthy()
        time.sleep(WATCHED)
        out = sent()
        os.kill(program, signal.SIGTERM)
        assert process.wait(TIMEOUT) == 0, process.stderr.read().decode()
        assert not container.healthy(), "a server that is gone was called healthy"
        assert out == 0, f"{out} packets tried to leave"
        try_to_leave(container)
    print(f"compressed {image.compressed / 1e6:.1f} MB, ready after {seconds:.2f} s, no packet left, exit code 0")


def try_to_leave(container: Container) -> None:
    """Shows that the count counts what the program itself sends, to a host that it has only a name of."""
    before = sent()
    process, _ = container.start(["/app/valence", "model", "pull", "owner/name"], "/cache")
    end = time.monotonic() + TIMEOUT
    while sent() == before and process.poll() is None and time.monotonic() < end:
        time.sleep(0.05)
    process.kill()
    process.wait()
    assert sent() > before, "the cable does not count"


main(Path(sys.argv[1]))
