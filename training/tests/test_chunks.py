"""What a teacher said is found by its texts and by the teacher."""

import tempfile
import unittest
from pathlib import Path
from unittest import mock

import numpy as np

from valence_training import chunks, kept, label, specialist, teacher

TEXTS = ["one", "two", "three"]


def lengths(_model, _tokenizer, texts: list[str]) -> np.ndarray:
    return np.array([len(text) for text in texts], dtype=np.float32)


@mock.patch.object(chunks, "CHUNK", 2)
@mock.patch.object(chunks, "tqdm", lambda items, **_: items)
@mock.patch.object(teacher, "load", return_value=(None, None))
class Chunks(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.work = Path(folder.name) / "work"
        self.teach("first")

    def teach(self, weights: str) -> None:
        (self.work / "teacher").mkdir(parents=True, exist_ok=True)
        (self.work / "teacher" / teacher.WEIGHTS).write_text(weights)

    def read(self, texts: list[str]) -> None:
        chunks.read(texts, self.work, label.FOLDER, lengths)

    def test_rows_are_in_the_order_of_their_texts(self, _):
        self.read(TEXTS)
        np.testing.assert_array_equal(label.load(TEXTS, self.work), [3, 3, 5])

    def test_as_many_other_texts_are_refused(self, _):
        self.read(TEXTS)
        with self.assertRaisesRegex(SystemExit, "--from label"):
            label.load(["one", "two", "seven"], self.work)

    def test_the_grades_of_another_teacher_are_refused_and_kept(self, loaded):
        self.read(TEXTS)
        self.teach("second")
        with self.assertRaisesRegex(SystemExit, "--from label"):
            label.load(TEXTS, self.work)
        self.read(TEXTS)
        self.teach("first")
        self.read(TEXTS)
        self.assertEqual(loaded.call_count, 2)

    def test_what_the_repository_keeps_serves_its_own_teacher_only(self, _):
        (self.work / "teacher" / kept.SETTINGS).write_text("{}")
        (self.work / kept.FACTS).write_text("{}")
        folder = self.work.with_name("kept")
        kept.keep(folder, self.work, chunks.read(TEXTS, self.work, label.FOLDER, lengths))
        for name in (specialist.FACTS, specialist.GRADES):
            (folder / name).touch()
        other = self.work.with_name("other")
        other.mkdir()
        kept.lay_out(other, folder)
        np.testing.assert_array_equal(label.load(TEXTS, other), [3, 3, 5])
        self.work = self.work.with_name("retrained")
        self.teach("second")
        (self.work / kept.FACTS).write_text("{}")
        kept.lay_out(self.work, folder)
        with self.assertRaises(SystemExit):
            label.load(TEXTS, self.work)
