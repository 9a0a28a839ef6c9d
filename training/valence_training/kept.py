"""What is kept of the teachers in the repository, so that a student can be trained without training one: the
teacher's weights beside the base's, its grades and the specialist's, and the facts for the card. The texts
themselves are not; they are made anew, and known by their digests."""

import filecmp
import json
import shutil
from pathlib import Path

import numpy as np

from . import chunks, label, specialist
from .teacher import WEIGHTS

FOLDER = Path(__file__).parent.parent / "teacher"
GRADES = "grades.npz"
FACTS = "teach.json"
SETTINGS = "adapter_config.json"
BASE = "sentence-transformers/all-mpnet-base-v2"


def lay_out(work: Path, kept: Path = FOLDER, again_from: str | None = None) -> None:
    """Put the teacher where its training leaves it, unless there is one or one is being trained, and its grades and
    those of the specialist, unless that is to be trained."""
    if (work / "teach.pt").exists():
        return
    teacher = work / "teacher"
    if not (work / FACTS).exists():
        teacher.mkdir(exist_ok=True)
        for name in (WEIGHTS, SETTINGS):
            shutil.copy(kept / name, teacher)
        shutil.copy(kept / FACTS, work)
    if filecmp.cmp(kept / WEIGHTS, teacher / WEIGHTS, shallow=False):
        folder = chunks.folder(work, label.FOLDER)
        folder.mkdir(parents=True, exist_ok=True)
        with np.load(kept / GRADES) as grades:
            for digest, values in grades.items():
                file = folder / f"{digest}.npy"
                if not file.exists():
                    np.save(file, values.astype(np.float32))
        is_begun = any(work.glob(f"{specialist.STAGE}*"))
        if again_from != specialist.STAGE and not is_begun:
            (work / specialist.FOLDER).mkdir(exist_ok=True)
            for name in (specialist.FACTS, specialist.GRADES):
                shutil.copy(kept / name, work / specialist.FOLDER)
            shutil.copy(kept / specialist.FACTS, work)


def keep(kept: Path, work: Path, files: list[Path]) -> None:
    """Write it. Half precision keeps three digits of a grade."""
    kept.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(work / "teacher" / WEIGHTS, kept / WEIGHTS)
    settings = json.loads((work / "teacher" / SETTINGS).read_text())
    # Training writes the path of this machine.
    settings["base_model_name_or_path"] = BASE
    (kept / SETTINGS).write_text(json.dumps(settings, indent=2) + "\n")
    np.savez_compressed(kept / GRADES, **{file.stem: np.load(file).astype(np.float16) for file in files})
    shutil.copy(work / FACTS, kept)


def keep_specialist(work: Path, facts: dict) -> None:
    """Put its facts beside its grades."""
    (work / specialist.FOLDER / specialist.FACTS).write_text(json.dumps(facts, indent=2) + "\n")
