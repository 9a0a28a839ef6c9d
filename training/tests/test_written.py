"""The texts that were written for training; `tests/integration/written.rs` checks what they are."""

import unittest

from valence_training import data, written


class Written(unittest.TestCase):
    def test_measured_texts_are_left_out(self):
        every = written.texts(set(), seed=1)
        self.assertEqual(len(written.texts({data.normalised(every[0].text)}, seed=1)), len(every) - 1)
