"""What the teacher of comments learns, and whose grades are kept."""

import json
import shutil
import tempfile
import unittest
from pathlib import Path

import numpy as np

from valence_training import kept, specialist, teacher
from valence_training.run import Run

COMMENTS = [(f"comment {number}", label) for label in (0, 0.5, 1, None) for number in range(100)]
TEXTS = [text for text, _ in COMMENTS]


class Specialist(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def test_it_learns_clear_comments_and_a_part_of_the_neutral_ones(self):
        labels = [example.label for example in specialist.mixture(COMMENTS, seed=1)]
        self.assertEqual([labels.count(0), labels.count(1)], [100, 100])
        self.assertEqual(sorted(set(labels)), [0, 0.5, 1])
        self.assertLess(labels.count(0.5), 50)

    def test_measured_comments_are_left_out(self):
        (self.folder / "goemotions").mkdir()
        for split in ("train", "dev", "test"):
            (self.folder / "goemotions" / f"{split}.tsv").write_text("So good!\t3\ta\n")
        with (self.folder / "goemotions" / "train.tsv").open("a") as file:
            file.write("Whatever\t0\tb\n")
        for folder, name in (("sst2", "dev.tsv"), ("cr", "custrev.txt")):
            (self.folder / folder).mkdir()
            (self.folder / folder / name).write_text("label\ttext\n" if folder == "sst2" else "")
        self.assertEqual(specialist.comments(self.folder, seed=1), [("Whatever", None)])

    def test_comments_are_varied_to_new_ones_that_nothing_is_measured_on(self):
        class Exchanging:
            def replaced(self, text, chance):
                return chance.choice([text, "Measured!", f"{text} anew"])

        found = specialist.varied(COMMENTS, Exchanging(), measured={"measured"})
        self.assertTrue(found)
        self.assertEqual(len(set(found)), len(found))
        self.assertTrue(all(text.endswith(" anew") for text in found))

    def keep(self) -> Path:
        """The grades 0.25 for all comments, kept beside a teacher's."""
        work, place = self.folder / "work", self.folder / "kept"
        (work / "teacher").mkdir(parents=True)
        for name in (teacher.WEIGHTS, kept.SETTINGS):
            (work / "teacher" / name).write_text("{}")
        (work / kept.FACTS).write_text("{}")
        kept.keep(place, work, [])
        grades = np.full(len(COMMENTS), 0.25, dtype=np.float16)
        (work / specialist.FOLDER).mkdir()
        np.savez(work / specialist.FOLDER / specialist.GRADES, **{specialist.name_of(TEXTS): grades})
        kept.keep_specialist(work, {"minutes": 30})
        shutil.copytree(work / specialist.FOLDER, place, dirs_exist_ok=True)
        return place

    def laid_out(self, again_from: str | None) -> Path:
        place, work = self.keep(), self.folder / "other"
        work.mkdir()
        kept.lay_out(work, place, again_from)
        return work

    def test_kept_grades_serve_their_own_comments_only(self):
        work = self.laid_out(again_from=None)
        self.assertEqual(specialist.load(TEXTS, work), [0.25] * len(TEXTS))
        self.assertEqual(json.loads((work / specialist.FACTS).read_text()), {"minutes": 30})
        with self.assertRaisesRegex(SystemExit, "--from specialise"):
            specialist.load(TEXTS[1:], work)

    # The copy of what was not trained, since it is kept, ended the recipe.
    def test_what_is_kept_can_be_kept_again(self):
        work = self.laid_out(again_from=None)
        run = Run(self.folder, work, self.folder, self.folder, self.folder, seed=1)
        made, _ = run.given(specialist.STAGE)
        self.assertEqual({file.name for file in made.iterdir()}, {specialist.FACTS, specialist.GRADES})

    def test_one_that_is_to_be_trained_is_not_taken_for_done(self):
        self.assertFalse((self.laid_out(again_from="specialise") / specialist.FACTS).exists())
