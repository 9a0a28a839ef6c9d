"""A stopped recipe goes on where it was, and nothing stale is left when a stage is done again."""

import contextlib
import io
import tempfile
import unittest
from pathlib import Path

from valence_training import progress
from valence_training.run import Run
from valence_training.stages import STAGES, Stage


class Stopped(Exception):
    pass


class Progress(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        (self.folder / "work").mkdir()
        self.run_ = self.to("out")
        self.done: list[str] = []
        self.recipe()
        self.assertEqual(self.done, list(STAGES))

    def to(self, out: str) -> Run:
        place = self.folder / out
        return Run(self.folder / "data", self.folder / "work", place / "out", place / "golden", place / "kept", seed=1)

    def recipe(self, first: str | None = None, last: str = "golden", stopped_in: str | None = None) -> list[str]:
        """The stages that a command does, in the recipe's order but without their work."""
        self.done = []

        def stage(name: str) -> Stage:
            def do(run: Run) -> dict:
                if name == stopped_in:
                    raise Stopped
                self.done.append(name)
                if given := run.given(name):
                    given[0].mkdir(exist_ok=True)
                    (given[0] / "file").write_text(name)
                return {}

            return Stage(do, STAGES[name].reads)

        stages = {name: stage(name) for name in STAGES}
        with contextlib.suppress(Stopped), contextlib.redirect_stdout(io.StringIO()):
            if first is not None:
                progress.begin_again(self.run_.work, stages, first)
            progress.go_on(self.run_, stages, last)
        return self.done

    def test_what_is_done_is_skipped_but_copied_to_other_folders(self):
        self.run_ = self.to("elsewhere")
        self.assertEqual(self.recipe(), [])
        for place, stage in (("out", "card"), ("golden", "golden"), ("kept", "specialise")):
            self.assertEqual((self.folder / "elsewhere" / place / "file").read_text(), stage)

    def test_a_model_that_is_not_ready_is_not_copied(self):
        self.run_ = self.to("elsewhere")
        self.recipe(first="calibrate", last="evaluate")
        self.assertFalse((self.folder / "elsewhere" / "out").exists())

    def test_all_that_depends_on_a_stage_is_done_again_after_a_stop_too(self):
        self.assertEqual(self.recipe(first="calibrate", stopped_in="export"), ["calibrate"])
        self.assertEqual(self.recipe(), ["export", "quantise", "evaluate", "card", "golden"])

    def test_what_a_command_left_out_is_not_taken_for_done(self):
        self.assertEqual(self.recipe(first="teach", last="label"), ["teach", "label"])
        self.assertEqual(self.recipe()[:2], ["features", "student"])

    def test_the_same_command_goes_on_and_then_begins_again(self):
        self.assertEqual(self.recipe(first="teach", stopped_in="label"), ["teach"])
        self.assertEqual(self.recipe(first="teach")[0], "label")
        self.assertEqual(self.recipe(first="teach")[0], "teach")

    def test_a_stage_that_is_done_again_begins_without_its_checkpoint(self):
        for name in ("teach", "specialise-1", "student"):
            (self.run_.work / f"{name}.pt").touch()
        self.recipe(first="label", stopped_in="label")
        self.assertTrue((self.run_.work / "teach.pt").exists())
        self.assertTrue((self.run_.work / "specialise-1.pt").exists())
        self.assertFalse((self.run_.work / "student.pt").exists())
        self.recipe(first="teach", stopped_in="teach")
        self.assertFalse((self.run_.work / "specialise-1.pt").exists())

    def test_a_training_that_was_stopped_keeps_its_checkpoint(self):
        self.recipe(first="student", stopped_in="student")
        (self.run_.work / "student.pt").touch()
        self.recipe(first="student", stopped_in="student")
        self.recipe(stopped_in="student")
        self.assertTrue((self.run_.work / "student.pt").exists())
