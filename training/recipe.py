"""Make the bundled sentiment model, from base weights to model card.

Stages that are done are skipped, so a stopped run goes on where it was. The teacher is done
where what it learnt is kept in the repository.
"""

import argparse
import shutil
from pathlib import Path

from valence_training import data, kept, precision, progress, quick
from valence_training.run import Run
from valence_training.stages import STAGES

QUICK_WORK = Path("target/training-quick")


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--data", type=Path, help="folder of the public data sets")
    source.add_argument(
        "--quick",
        action="store_true",
        help=f"try every stage but golden in half a minute, with tiny models and texts of our own, in {QUICK_WORK}",
    )
    parser.add_argument("--work", type=Path, default=Path("target/training"), help="checkpoints and 32-bit model")
    parser.add_argument("--out", type=Path, default=Path("models/valence-mini"), help="the model folder to write")
    parser.add_argument("--golden", type=Path, default=Path("tests/golden"), help="golden files for the Rust tests")
    parser.add_argument("--kept", type=Path, default=Path("training/teacher"), help="what to keep of the teacher")
    parser.add_argument(
        "--from",
        dest="first",
        choices=STAGES,
        help="do this stage and those that depend on it again; the same command goes on with it after a stop",
    )
    parser.add_argument("--to", dest="last", choices=STAGES, default=list(STAGES)[-1], help="stop after this stage")
    parser.add_argument("--seed", type=int, default=17)
    options = parser.parse_args(given)
    of_data = ("work", "out", "golden", "kept", "first", "last")
    if options.quick and any(getattr(options, name) != parser.get_default(name) for name in of_data):
        parser.error("--quick has stages and folders of its own: no other option but --seed goes with it")
    missing = [] if options.quick else [name for name in data.FILES if not (options.data / name).is_file()]
    if missing:
        parser.error(f"{options.data} has no {', no '.join(missing)}: training/README.md says where they come from")
    return options


def run_of(options: argparse.Namespace) -> Run:
    options.work.mkdir(parents=True, exist_ok=True)
    if options.first is not None:
        progress.begin_again(options.work, STAGES, options.first)
    again_from = progress.again_from(options.work)
    if again_from != "teach":
        kept.lay_out(options.work, again_from=again_from)
    return Run(options.data, options.work, options.out, options.golden, options.kept, options.seed)


def quick_run(seed: int) -> Run:
    work, out, folder = (QUICK_WORK / name for name in ("work", "model", "data"))
    shutil.rmtree(QUICK_WORK, ignore_errors=True)
    work.mkdir(parents=True)
    base_wheel = quick.prepare(folder, work, seed)
    return Run(folder, work, out, QUICK_WORK / "golden", QUICK_WORK / "kept", seed, quick.SHARE, base_wheel)


def main() -> None:
    options = arguments()
    run = quick_run(options.seed) if options.quick else run_of(options)
    precision.choose(run.work)
    last = "card" if options.quick else options.last
    progress.go_on(run, STAGES, last)
    print(f"The stages up to {last} are done.")


if __name__ == "__main__":
    main()
