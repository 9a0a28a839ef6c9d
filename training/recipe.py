"""Make the bundled sentiment model, from base weights to model card.

Stages that are done are skipped, so a stopped run goes on where it was.
"""

import argparse
import json
from pathlib import Path

from valence_training.stages import STAGES, Run


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the public data sets")
    parser.add_argument("--work", type=Path, default=Path("target/training"), help="checkpoints and 32-bit model")
    parser.add_argument("--out", type=Path, default=Path("models/valence-mini"), help="the model folder to write")
    parser.add_argument("--golden", type=Path, default=Path("tests/golden"), help="golden files for the Rust tests")
    parser.add_argument(
        "--from",
        dest="first",
        choices=STAGES,
        help="do this stage and the following ones again; training goes on from its checkpoint",
    )
    parser.add_argument("--seed", type=int, default=17)
    return parser.parse_args()


def main() -> None:
    options = arguments()
    run = Run(options.data, options.work, options.out, options.golden, options.seed)
    options.work.mkdir(parents=True, exist_ok=True)
    again = False
    for name, stage in STAGES.items():
        result = options.work / f"{name}.json"
        # Each stage reads what the earlier ones wrote.
        again = again or name == options.first or not result.exists()
        if again:
            print(f"{name} …", flush=True)
            result.unlink(missing_ok=True)
            facts = stage(run)
            result.write_text(json.dumps(facts, indent=2) + "\n")
    print(f"The model is in {options.out}.")


if __name__ == "__main__":
    main()
