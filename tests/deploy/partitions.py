"""Scores a data set of several files through Ray, and compares it with the same rows in one file."""

import csv
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROWS = 120
NAMES = ["part-0.csv", "part-1.csv", "part-2.CSV", "2026/part-3.csv"]
PARTITIONS = len(NAMES)
OPENINGS = ["I loved", "I could not stand", "Nobody expected", "We were bored by", "They praised"]
THINGS = ["the soup", "this film", "the long walk", "our guide", "the new chairs"]


def write(file: Path, rows: list[tuple[int, str]]) -> None:
    with file.open("w", newline="") as out:
        csv.writer(out).writerows([("id", "text"), *rows])


def read(file: Path) -> list[dict[str, str]]:
    with file.open(newline="") as rows:
        return list(csv.DictReader(rows))


def spread(program: str, folder: Path, *flags: str, processors: int = 1, code: int = 0) -> str:
    """What the script says before it ends with this code."""
    command = [sys.executable, ROOT / "deploy/ray/score.py", folder / "in", folder / "out"]
    command += ["--valence", program, "--processors", str(processors), *flags]
    run = subprocess.run(command, capture_output=True, text=True, timeout=150)
    assert run.returncode == code, run.stdout + run.stderr
    return run.stdout + run.stderr


def main(program: str) -> None:
    rows = [(n, f"{OPENINGS[n % 5]} {THINGS[n // 5 % 5]}, said guest {n}.") for n in range(ROWS)]
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        (folder / "in/2026").mkdir(parents=True)
        (folder / "in/notes.md").write_text("no partition")
        for part, name in enumerate(NAMES):
            write(folder / "in" / name, rows[part::PARTITIONS])
        write(folder / "whole.csv", rows)
        # It waited for ever, and the first partition's fault was the end of all. Flags that scored nothing were kept.
        unscored = ("--", "--text-colum", "text")
        assert "no machine has 9999 processors" in spread(program, folder, *unscored, processors=9999, code=2)
        killed = folder / "killed"
        killed.write_text("#!/bin/sh\nkill -KILL $$\n")
        killed.chmod(0o700)
        for each, words in [
            ("/nowhere/valence", "FileNotFoundError"),
            (str(killed), "ended by signal 9"),
            (program, "error: unexpected argument '--text-colum' found"),
        ]:
            told = spread(each, folder, *unscored, code=1)
            assert all(f"{name}: {words}" in told for name in NAMES) and "Traceback" not in told, told
        told = spread(program, folder)
        assert f"{PARTITIONS} partitions, 0 of them" in told and "notes.md: passed over" in told, told
        subprocess.run(
            [program, "batch", folder / "whole.csv", "-o", folder / "scored.csv"], check=True, capture_output=True
        )
        parts = [row for name in NAMES for row in read(folder / "out" / name)]
        assert sorted(parts, key=lambda row: int(row["id"])) == read(folder / "scored.csv")
        # Another way of scoring would have been mixed in, and a flag's value taken for a folder.
        told = spread(program, folder, "--", "--text-column", "id", code=2)
        assert "was begun with the flags []" in told, told
        assert "-- flags of `valence batch`" in spread(program, folder, "--text-column", "review", code=2)
        # What is there already stays as it is.
        (folder / "out/part-1.csv").unlink()
        times = {file: file.stat().st_mtime_ns for file in (folder / "out").rglob("*.csv")}
        assert f"{PARTITIONS - 1} of them scored before" in spread(program, folder)
        assert times == {file: file.stat().st_mtime_ns for file in times}
        assert (folder / "out/part-1.csv").exists()
    print(f"{ROWS} rows in {PARTITIONS} partitions: as in one file, and again only what was missing; faults are told")


main(str(Path(sys.argv[1]).resolve()))
