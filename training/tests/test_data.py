"""The data folder as it is published, in one order of columns or another."""

import tempfile
import unittest
from pathlib import Path

from valence_training import data
from valence_training.data import Example


class Sst2(unittest.TestCase):
    def test_columns_go_by_their_names(self):
        for lines in ("label\tcontent\n1\ta bright room\n", "sentence\tlabel\na bright room\t1\n"):
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder) / "sst2" / "dev.tsv"
                file.parent.mkdir()
                file.write_text(lines)
                self.assertEqual(data.sst2(Path(folder), "dev"), [Example("a bright room", 1)])
