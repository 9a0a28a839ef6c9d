"""Scores a data set that lies in many files: `valence batch` over each of them, spread by Ray.

    python score.py reviews/ scored/ --valence /opt/valence/valence -- --model owner/name

A partition is a file that valence reads (.csv, .tsv, .tab, .jsonl, .ndjson, .parquet, .pq), in the folder
or in one below it; each becomes one of the same name. All other files are named and passed over. Every
machine sees both folders and has the program at the same path. What follows `--` goes to `valence batch`,
and is kept in the output folder once a partition is scored: that is not gone on with in another way. A
partition that is there already is not scored again, and one that a machine left half done is gone on with
elsewhere, so the same command goes on after anything. Without `--address` this machine alone works, with all
its processors.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
import ray

SUFFIXES = {".csv", ".tsv", ".tab", ".jsonl", ".ndjson", ".parquet", ".pq"}
DONE, SOME_ROWS_FAILED = 0, 3  # valence's exit codes
KEPT = ".valence-batch.json"


def last_line(words: str) -> str:
    return words.strip().rsplit("\n", 1)[-1]


def last_words(code: int, errors: str) -> str:
    """What a run says of its end: its last line, or the one that names a wrong flag, which advice follows."""
    if code < 0:
        return f"ended by signal {-code}"
    refusals = [line for line in errors.splitlines() if line.startswith("error: ")]
    return refusals[0] if refusals else last_line(errors)


@ray.remote(max_retries=3)
def score(valence: str, partition: str, output: str, processors: int, flags: list[str]) -> tuple[int, str]:
    """Exit code and last words of a partition's run."""
    # One session for each processor that Ray set apart, whatever else the machine has.
    environment = os.environ | {"VALENCE_SESSIONS": str(processors)}
    command = [valence, "batch", partition, "--output", output, *flags]
    run = subprocess.run(command, env=environment, capture_output=True, text=True)
    return run.returncode, last_words(run.returncode, run.stderr)


def arguments() -> tuple[argparse.ArgumentParser, argparse.Namespace, list[str]]:
    """The parser, the flags of this program, and those of `valence batch`."""
    parser = argparse.ArgumentParser(
        usage="%(prog)s [options] input output [-- flags of `valence batch`]",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("input", type=Path, help="folder of partitions")
    parser.add_argument("output", type=Path, help="folder for the scored ones")
    parser.add_argument("--valence", default="valence", help="the program, on every machine")
    parser.add_argument("--address", help="of a Ray cluster, `auto` on one of its machines")
    parser.add_argument("--processors", type=int, default=2, help="for each partition that is under way")
    given = sys.argv[1:]
    own = given.index("--") if "--" in given else len(given)
    return parser, parser.parse_args(given[:own]), given[own + 1 :]


def plan(parser: argparse.ArgumentParser, known: argparse.Namespace, flags: list[str]) -> list[Path]:
    """The partitions that are still to be scored, by their names below the folders."""
    source, target = known.input.resolve(), known.output.resolve()
    if target == source or target in source.parents:
        parser.error("the output must not be the input, nor a folder above it")
    # What was scored before may lie below the input.
    files = sorted(file for file in source.rglob("*") if file.is_file() and target not in file.parents)
    names = [file.relative_to(source) for file in files]
    partitions = [name for name in names if name.suffix.lower() in SUFFIXES]
    if not partitions:
        parser.error(f"{known.input} has no file that ends in one of {', '.join(sorted(SUFFIXES))}")
    for name in names:
        if name.suffix.lower() not in SUFFIXES:
            print(f"{name}: passed over, as valence does not read such files", flush=True)
    kept = target / KEPT
    if kept.exists() and (begun := json.loads(kept.read_text())) != flags:
        parser.error(f"{known.output} was begun with the flags {begun}: use them, or another folder")
    missing = [name for name in partitions if not (target / name).exists()]
    for name in missing:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
    print(f"{len(partitions)} partitions, {len(partitions) - len(missing)} of them scored before")
    return missing


def look_for_room(parser: argparse.ArgumentParser, known: argparse.Namespace) -> None:
    """Tells of a machine that is large enough: Ray would wait for one without a word."""
    largest = int(max(node["Resources"].get("CPU", 0) for node in ray.nodes() if node["Alive"]))
    if known.processors > largest:
        words = f"no machine has {known.processors} processors; set --processors to {largest} or less"
        if known.address is None:
            parser.error(words)
        # A cluster may start a larger one.
        print(words, flush=True)


def wait(running: dict[ray.ObjectRef, Path], kept: Path, flags: list[str]) -> int:
    """Tells of each partition as it ends; how many of them failed."""
    failed = 0
    while running:
        (ended,), _ = ray.wait(list(running))
        name = running.pop(ended)
        try:
            code, words = ray.get(ended)
        except ray.exceptions.RayError as error:
            # The program is not there, or the machines that ran it were lost one after the other.
            code, words = None, last_line(str(error))
        if code not in (DONE, SOME_ROWS_FAILED):
            failed += 1
        elif not kept.exists():
            # Flags that score nothing can still be mended.
            kept.write_text(json.dumps(flags))
        print(f"{name}: {'scored' if code == DONE else words}", flush=True)
    return failed


def main() -> int:
    parser, known, flags = arguments()
    missing = plan(parser, known, flags)
    ray.init(address=known.address, include_dashboard=False, log_to_driver=False, configure_logging=False)
    if missing:
        look_for_room(parser, known)
    source, target = known.input.resolve(), known.output.resolve()
    task = score.options(num_cpus=known.processors)
    running = {
        task.remote(known.valence, str(source / name), str(target / name), known.processors, flags): name
        for name in missing
    }
    failed = wait(running, target / KEPT, flags)
    ray.shutdown()
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
