"""What is kept of a teacher in the repository, so that a student can be trained without training one: its
weights beside the base's, its grades and the facts for the card. The texts themselves are not; they are made
anew, and known by their digests."""

import json
import shutil
from pathlib import Path

import numpy as np

GRADES = "grades.npz"
FACTS = "teach.json"
WEIGHTS = "adapter_model.safetensors"
SETTINGS = "adapter_config.json"
BASE = "sentence-transformers/all-mpnet-base-v2"


def lay_out(kept: Path, work: Path) -> None:
    """Put it where the stages leave it, unless a teacher is at work there."""
    if not (kept / GRADES).exists() or (work / FACTS).exists() or (work / "teach.pt").exists():
        return
    (work / "teacher").mkdir(exist_ok=True)
    for name in (WEIGHTS, SETTINGS):
        shutil.copy(kept / name, work / "teacher")
    (work / "grades").mkdir(exist_ok=True)
    with np.load(kept / GRADES) as chunks:
        for digest, grades in chunks.items():
            np.save(work / "grades" / f"{digest}.npy", grades.astype(np.float32))
    shutil.copy(kept / FACTS, work)


def keep(kept: Path, work: Path, chunks: list[Path]) -> None:
    """Renew it. Half precision keeps three digits of a grade."""
    kept.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(work / "teacher" / WEIGHTS, kept / WEIGHTS)
    settings = json.loads((work / "teacher" / SETTINGS).read_text())
    # Training writes the path of this machine.
    settings["base_model_name_or_path"] = BASE
    (kept / SETTINGS).write_text(json.dumps(settings, indent=2) + "\n")
    np.savez_compressed(kept / GRADES, **{chunk.stem: np.load(chunk).astype(np.float16) for chunk in chunks})
    shutil.copy(work / FACTS, kept)
