"""A work folder's number format is chosen once."""

import tempfile
import unittest
from pathlib import Path
from unittest import mock

from valence_training import precision


class Choice(unittest.TestCase):
    def test_a_run_that_goes_on_keeps_the_format_though_the_other_is_faster_now(self):
        self.addCleanup(setattr, precision, "_chosen", precision.chosen())
        with tempfile.TemporaryDirectory() as work:
            with mock.patch.object(precision, "seconds", side_effect=[1, 2]):
                precision.choose(Path(work))
            self.assertEqual(precision.chosen(), precision.SHORT)
            with mock.patch.object(precision, "seconds", side_effect=[2, 1]):
                precision.choose(Path(work))
            self.assertEqual(precision.chosen(), precision.SHORT)
            self.assertTrue(precision.autocast()._enabled)
