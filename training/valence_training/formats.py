"""The model in 32, 16 and 8 bits side by side: size, accuracy, scores and speed."""

import time
from pathlib import Path

import numpy as np

from .onnx_model import OnnxModel


def compare(files: dict[str, Path], sets: dict[str, tuple[list[list[int]], np.ndarray]]) -> list[dict]:
    """For each format its facts; distances of scores and times are from and of the first one's.

    `sets` has token rows and labels; all rows run one at a time on one thread.
    """
    found, first, first_seconds = [], None, None
    for name, path in files.items():
        model = OnnxModel(path)
        start = time.perf_counter()
        scores = {of: model.scores(rows) for of, (rows, _) in sets.items()}
        seconds = time.perf_counter() - start
        everything = np.concatenate(list(scores.values()))
        first = everything if first is None else first
        first_seconds = first_seconds or seconds
        apart = np.abs(everything - first)
        found.append(
            {
                "name": name,
                "bytes": path.stat().st_size,
                "accuracies": {of: float(np.mean((scores[of] > 0.5) == labels)) for of, (_, labels) in sets.items()},
                "mean": float(apart.mean()),
                "worst": float(apart.max()),
                "time": seconds / first_seconds,
            }
        )
    return found
