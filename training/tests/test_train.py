"""A training goes on only from a checkpoint of the same texts and grades."""

import tempfile
import unittest
from pathlib import Path

from transformers import PreTrainedTokenizerFast

from valence_training import tiny
from valence_training.data import Example
from valence_training.train import Settings, Trainer

TEXTS = [Example("good", 1.0), Example("bad food", 0.0)]
DEV = {name: [("good", 1.0), ("bad", 0.0)] for name in ("SST-2", "comments")}
SETTINGS = Settings(seed=1, epochs=2, learning_rate=1e-3, batch_size=1)


class Checkpoints(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.checkpoint = Path(folder.name) / "student.pt"
        self.trainer(TEXTS).save()

    def trainer(self, texts: list[Example]) -> Trainer:
        tokenizer = PreTrainedTokenizerFast(tokenizer_object=tiny.tokenizer(), pad_token="[PAD]", unk_token="[UNK]")
        return Trainer(tiny.random_model(1), tokenizer, texts, DEV, SETTINGS, self.checkpoint)

    def test_the_same_texts_and_grades_go_on(self):
        self.trainer(TEXTS).resume()

    def test_another_grade_is_refused(self):
        with self.assertRaisesRegex(SystemExit, "texts or grades"):
            self.trainer([TEXTS[0], Example("bad food", 0.3)]).resume()

    def test_another_text_is_refused(self):
        with self.assertRaisesRegex(SystemExit, "texts or grades"):
            self.trainer([TEXTS[0], Example("bad room", 0.0)]).resume()
