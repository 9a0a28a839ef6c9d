"""Unpacks a release's archive into an empty folder, and runs it there with no more than a path's name.

What it needs of a machine is read from the files themselves: the newest version of the C library that
any of them asks for, and the libraries beside it.
"""

import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

from server import ask, read, serving

# Debian 12's, Ubuntu 23.04's, Fedora 37's and everything after them.
GLIBC = (2, 36)
EVERYWHERE = {
    "libc.so.6",
    "libm.so.6",
    "libgcc_s.so.1",
    "libstdc++.so.6",
    "libdl.so.2",
    "librt.so.1",
    "libpthread.so.0",
}


def needs(file: Path) -> tuple[tuple[int, ...], set[str]]:
    """The newest C library that a file asks for, and the libraries that it loads."""
    listing = subprocess.run(["objdump", "-p", file], capture_output=True, text=True, check=True).stdout
    versions = re.findall(r"\bGLIBC_([0-9.]+)", listing)
    libraries = set(re.findall(r"NEEDED\s+(\S+)", listing))
    return max(tuple(map(int, version.split("."))) for version in versions), libraries


def runs(folder: Path) -> None:
    with serving(str(folder / "valence"), {}) as base:
        verdict = json.loads(read(f"{base}/predict", b'{"inputs": "What a lovely walk, thank you!"}'))
        assert verdict[0]["label"] == "POSITIVE", verdict
        files = set(re.findall(r"/pkg/[\w.]+", read(f"{base}/")))
        assert {Path(file).suffix for file in files} == {".css", ".js", ".wasm"}, files
        assert all(ask(base + file).status == 200 for file in files)


def bill_is_whole(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    bill = json.loads(text)
    names = {component["name"] for component in bill["components"]}
    assert names >= {"leptos", "axum", "ort", "wasm-bindgen", "onnxruntime", "valence-mini"}, sorted(names)
    known = {component["bom-ref"] for component in [*bill["components"], bill["metadata"]["component"]]}
    unknown = {ref for entry in bill["dependencies"] for ref in [entry["ref"], *entry.get("dependsOn", [])]} - known
    assert not unknown, unknown
    assert "file://" not in text, "the bill tells where it was made"


def runs_for_anybody(files: tarfile.TarFile) -> None:
    """Root may unpack it for a user of the service, whatever the umask of the one who packed it."""
    for member in files:
        usual = {0o755} if member.isdir() else {0o644, 0o755}
        assert member.mode & 0o777 in usual, f"{member.name} has the mode {member.mode:o}"


def main(archive: Path) -> None:
    with tempfile.TemporaryDirectory() as place, tarfile.open(archive) as files:
        runs_for_anybody(files)
        files.extractall(place, filter="data")
        (folder,) = Path(place).iterdir()
        for terms in ("LICENSE", "THIRD-PARTY.txt", "onnxruntime/LICENSE", "onnxruntime/ThirdPartyNotices.txt"):
            assert (folder / terms).stat().st_size > 1000, terms
        for file in [folder / "valence", *folder.glob("onnxruntime/*.so*")]:
            glibc, libraries = needs(file)
            assert glibc <= GLIBC, f"{file.name} needs glibc {glibc}"
            assert {name for name in libraries if not name.startswith("ld-linux")} <= EVERYWHERE, libraries
        runs(folder)
    bill_is_whole(archive.with_name(archive.name.removesuffix(".tar.gz") + ".cdx.json"))
    print(f"{archive.name}: {archive.stat().st_size / 1e6:.1f} MB, unpacked, ran")


main(Path(sys.argv[1]))
