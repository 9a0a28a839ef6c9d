"""The command line."""

import contextlib
import io
import unittest

import recipe


class Arguments(unittest.TestCase):
    def test_what_a_quick_run_would_ignore_is_refused(self):
        for option in ("--work=a", "--out=a", "--golden=a", "--kept=a", "--from=label", "--to=label"):
            with self.subTest(option), contextlib.redirect_stderr(io.StringIO()), self.assertRaises(SystemExit):
                recipe.arguments(["--quick", option])

    def test_a_quick_run_takes_a_seed(self):
        self.assertEqual(recipe.arguments(["--quick", "--seed=3"]).seed, 3)

    def test_a_folder_without_the_data_is_refused_before_anything_is_downloaded(self):
        told = io.StringIO()
        with contextlib.redirect_stderr(told), self.assertRaises(SystemExit):
            recipe.arguments(["--data=nowhere"])
        self.assertIn("sst2/train.tsv", told.getvalue())
