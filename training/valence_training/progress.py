"""Which stages are done: those whose result lies in the work folder, as facts in `STAGE.json`.

A stage that begins anew takes with it what depends on it, so whatever lies there fits together. A training that was
stopped goes on from its checkpoint, `STAGE.pt`, or `STAGE-SEED.pt` where a stage trains several.
"""

import json
import shutil
import time
from pathlib import Path

from .run import Run
from .stages import Stage

# Names the stage from which all is being done again, until the run has come to its end.
NOTE = "again_from"


def begin_again(work: Path, stages: dict[str, Stage], first: str) -> None:
    """Forget this stage and those that depend on it, unless a run that was to do so was stopped."""
    if again_from(work) != first:
        forget(work, [first, *depending(stages, first)])
        (work / NOTE).write_text(first)


def again_from(work: Path) -> str | None:
    note = work / NOTE
    return note.read_text() if note.exists() else None


def go_on(run: Run, stages: dict[str, Stage], last: str) -> None:
    """Do what is not done yet, up to the stage `last`, and copy what is ready to where it belongs."""
    for name, stage in stages.items():
        result = run.work / f"{name}.json"
        if not result.exists():
            forget(run.work, depending(stages, name))
            print(f"{name} …", flush=True)
            started = time.monotonic()
            facts = stage.run(run)
            print(f"{name}: {time.monotonic() - started:.0f} s", flush=True)
            result.write_text(json.dumps(facts, indent=2) + "\n")
        if given := run.given(name):
            shutil.copytree(*given, dirs_exist_ok=True)
        if name == last:
            break
    (run.work / NOTE).unlink(missing_ok=True)


def depending(stages: dict[str, Stage], name: str) -> list[str]:
    """The stages that read this one's result or what was made of it, in their order."""
    found: list[str] = []
    for other, stage in stages.items():
        if not {name, *found}.isdisjoint(stage.reads):
            found.append(other)
    return found


def forget(work: Path, names: list[str]) -> None:
    for name in names:
        (work / f"{name}.json").unlink(missing_ok=True)
        for checkpoint in [work / f"{name}.pt", *work.glob(f"{name}-*.pt")]:
            checkpoint.unlink(missing_ok=True)
