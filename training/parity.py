"""Record what transformers' pipeline says, and the tiny model's 16-bit graph."""

import argparse
from pathlib import Path

from valence_training import fp16, parity


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--golden", type=Path, default=Path("tests/golden"), help="golden files for the Rust tests")
    parser.add_argument("--bundled", type=Path, default=Path("models/valence-mini"), help="the bundled model's folder")
    parser.add_argument("--seed", type=int, default=17)
    options = parser.parse_args()
    graphs = options.golden / "tiny" / "onnx"
    fp16.write(graphs / "model.onnx", graphs / "model_fp16.onnx")
    parity.write(options.golden / "parity", options.bundled, options.seed)


if __name__ == "__main__":
    main()
