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
    if not (kept / FACTS).exists() or (work / FACTS).exists() or (work / "teacher.pt").exists():
        return
    (work / "teacher").mkdir(exist_ok=True)
    for name in (WEIGHTS, SETTINGS):
        shutil.copy(kept / name, work / "teacher")
    if (kept / GRADES).exists():
        (work / "grades").mkdir(exist_ok=True)
        with np.load(kept / GRADES) as chunks:
            for digest, grades in chunks.items():
                np.save(work / "grades" / f"{digest}.npy", grades.astype(np.float32))
    shutil.copy(kept / FACTS, work)


def keep_teacher(kept: Path, work: Path, facts: dict) -> None:
    """Renew it; the grades of another teacher go."""
    shutil.rmtree(kept, ignore_errors=True)
    kept.mkdir(parents=True)
    shutil.copy(work / "teacher" / WEIGHTS, kept)
    settings = json.loads((work / "teacher" / SETTINGS).read_text())
    # Training writes the path of this machine.
    settings["base_model_name_or_path"] = BASE
    (kept / SETTINGS).write_text(json.dumps(settings, indent=2) + "\n")
    (kept / FACTS).write_text(json.dumps(facts, indent=2) + "\n")


def keep_grades(kept: Path, chunks: list[Path]) -> None:
    """Half precision keeps three digits of a grade."""
    np.savez_compressed(kept / GRADES, **{chunk.stem: np.load(chunk).astype(np.float16) for chunk in chunks})
