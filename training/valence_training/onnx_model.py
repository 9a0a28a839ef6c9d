"""Run an ONNX classifier with ONNX Runtime on one thread."""

from pathlib import Path

import numpy as np
import onnxruntime as ort
from tqdm import tqdm


class OnnxModel:
    def __init__(self, path: Path):
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        # Processors without VNNI add 8-bit products in 16 bits, which overflow, unless told otherwise; so does Valence.
        options.add_session_config_entry("session.x64quantprecision", "1")
        self.session = ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])

    @staticmethod
    def inputs(rows: list[list[int]]) -> dict[str, np.ndarray]:
        """Token rows padded with 0 to the longest one."""
        width = max(len(row) for row in rows)
        input_ids = np.array([row + [0] * (width - len(row)) for row in rows], dtype=np.int64)
        attention_mask = np.array([[1] * len(row) + [0] * (width - len(row)) for row in rows], dtype=np.int64)
        return {"input_ids": input_ids, "attention_mask": attention_mask}

    def logits(self, rows: list[list[int]]) -> np.ndarray:
        return self.session.run(["logits"], self.inputs(rows))[0]

    def scores(self, rows: list[list[int]], batch_size: int = 1) -> np.ndarray:
        """Probability of the positive label for each row, in batches as given."""
        batches = [rows[start : start + batch_size] for start in range(0, len(rows), batch_size)]
        logits = np.concatenate([self.logits(batch) for batch in tqdm(batches, leave=False, unit="batch")])
        return 1 / (1 + np.exp(logits[:, 0] - logits[:, 1]))
