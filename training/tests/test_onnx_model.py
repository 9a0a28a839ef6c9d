"""The 8-bit graph answers alike on every processor, with VNNI and without."""

import json
import unittest
from itertools import islice
from pathlib import Path

import numpy as np

from valence_training.onnx_model import OnnxModel

ROOT = Path(__file__).parent.parent.parent
TEXTS = 60
# Sums in another order may round one number to its neighbour; sums that overflow cost a tenth and more.
TOLERANCE = 0.01


class Exact(unittest.TestCase):
    def test_the_bundled_model_gives_the_recorded_logits(self):
        model = OnnxModel(ROOT / "models/valence-mini/onnx/model_quantized.onnx")
        with (ROOT / "tests/golden/texts.jsonl").open(encoding="utf-8") as lines:
            records = [json.loads(line) for line in islice(lines, TEXTS)]
        for record in records:
            found = model.logits([record["input_ids"]])[0]
            np.testing.assert_allclose(found, record["logits_int8"], rtol=0, atol=TOLERANCE, err_msg=record["text"])
