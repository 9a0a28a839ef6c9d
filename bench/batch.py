"""Measure `valence batch` against the bare engine: `python3 bench/batch.py [--rows N] [--model FOLDER]`.

Both score the same generated texts with the same settings: the engine from memory (`valence bench`),
before and after the batch, so that a machine which slows down slows both; the batch from a file to a
file. Memory is the most that was resident, for a tenth of the rows and for all of them.
"""

import argparse
import json
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

VALENCE = Path(__file__).resolve().parent.parent / "target" / "release" / "valence"
WORDS = "the room was bright and breakfast came late but staff stayed kind a battery that fails".split()
MEASURE = """
import resource, subprocess, sys
done = subprocess.run(sys.argv[1:], check=True)
print("resident", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def texts(rows: int, file: Path) -> Path:
    random.seed(3)
    with file.open("w") as table:
        table.write("id,text\n")
        for row in range(rows):
            table.write(f"{row},{' '.join(random.choices(WORDS, k=random.randint(4, 40)))}\n")
    return file


def batch(file: Path, model: list[str]) -> tuple[float, float]:
    """Texts per second, and megabytes."""
    command = [str(VALENCE), "batch", str(file), "-o", str(file.with_suffix(".jsonl")), *model]
    done = subprocess.run([sys.executable, "-c", MEASURE, *command], check=True, capture_output=True, text=True)
    speed = float(re.search(r"([\d.]+) texts/s", done.stderr)[1])
    return speed, int(re.search(r"resident (\d+)", done.stdout)[1]) / 1024


def engine(file: Path, model: list[str]) -> float:
    """Texts per second."""
    return json.loads(subprocess.check_output([str(VALENCE), "bench", str(file), "--json", *model]))["texts_per_second"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--model", help="folder of a model; the bundled one where it is absent")
    options = parser.parse_args()
    rows, model = options.rows, ["--model", options.model] if options.model else []
    with tempfile.TemporaryDirectory() as folder:
        whole = texts(rows, Path(folder, "whole.csv"))
        tenth = texts(rows // 10, Path(folder, "tenth.csv"))
        before = engine(whole, model)
        speed, memory = batch(whole, model)
        after = engine(whole, model)
        _, memory_of_tenth = batch(tenth, model)
    bare = (before + after) / 2
    print(f"engine  {bare:.1f} texts/s over {rows} texts ({before:.1f} before, {after:.1f} after)")
    print(f"batch   {speed:.1f} texts/s, {speed / bare:.3f} of the engine")
    print(f"memory  {memory_of_tenth:.0f} MB for {rows // 10} rows, {memory:.0f} MB for {rows}")


if __name__ == "__main__":
    main()
