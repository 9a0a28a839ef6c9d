"""Unpacks a release's archive into an empty folder, and runs it there with no more than a path's name.

What it needs of a machine is read from the files themselves: the newest version of the C library that
any of them asks for, and the libraries beside it.
"""

import json
import re
import signal
import subprocess
import sys
import tarfile
import tempfile
import urllib.request
from pathlib import Path

# Debian 12's, Ubuntu 23.04's, Fedora 37's and everything after them.
GLIBC = (2, 36)
EVERYWHERE = {"libc.so.6", "libm.so.6", "libgcc_s.so.1", "libstdc++.so.6", "libdl.so.2", "librt.so.1", "libpthread.so.0"}


def needs(file: Path) -> tuple[tuple[int, ...], set[str]]:
    """The newest C library that a file asks for, and the libraries that it loads."""
    listing = subprocess.run(["objdump", "-p", file], capture_output=True, text=True, check=True).stdout
    versions = re.findall(r"\bGLIBC_([0-9.]+)", listing)
    libraries = set(re.findall(r"NEEDED\s+(\S+)", listing))
    return max(tuple(map(int, version.split("."))) for version in versions), libraries


def ask(base: str, path: str, body: dict | None = None) -> str:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(base + path, data, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        return answer.read().decode()


def runs(folder: Path) -> None:
    command = [folder / "valence", "serve", "--port", "0"]
    server = subprocess.Popen(command, cwd="/", env={}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        base = server.stdout.readline().split()[-1]
        verdict = json.loads(ask(base, "/predict", {"inputs": "A lovely walk, and the rain held off."}))
        assert verdict[0]["label"] == "POSITIVE", verdict
        page = ask(base, "/")
        assert all(ask(base, path) for path in set(re.findall(r"/pkg/[\w.]+", page)))
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(30) == 0, server.stderr.read()


def main(archive: Path) -> None:
    with tempfile.TemporaryDirectory() as place, tarfile.open(archive) as files:
        files.extractall(place, filter="data")
        (folder,) = Path(place).iterdir()
        for terms in ("LICENSE", "THIRD-PARTY.txt", "onnxruntime/LICENSE", "onnxruntime/ThirdPartyNotices.txt"):
            assert (folder / terms).stat().st_size > 1000, terms
        for file in [folder / "valence", *folder.glob("onnxruntime/*.so*")]:
            glibc, libraries = needs(file)
            assert glibc <= GLIBC, f"{file.name} needs glibc {glibc}"
            assert {name for name in libraries if not name.startswith("ld-linux")} <= EVERYWHERE, libraries
        runs(folder)
    print(f"{archive.name}: {archive.stat().st_size / 1e6:.1f} MB, unpacked, ran")


main(Path(sys.argv[1]))
