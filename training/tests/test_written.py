"""The phase that the texts written for training are mixed into; `tests/integration/written.rs` checks the texts."""

import collections
import unittest

from valence_training import data, written
from valence_training.data import Example


class Written(unittest.TestCase):
    def test_measured_texts_are_left_out(self):
        every = written.texts(set(), seed=1)
        self.assertEqual(len(written.texts({data.normalised(every[0].text)}, seed=1)), len(every) - 1)

    def test_none_comes_again_before_all_have_come(self):
        some, pool = ([Example(f"{kind} {number}", 0.5) for number in range(5)] for kind in ("new", "old"))
        labelled = {source: [Example(f"of {source}", 1.0)] for source in written.LABELLED_SHARES}
        found = written.mixture(some, labelled, pool, count=100, seed=1)
        counts = collections.Counter(example.text for example in found if example.text in {one.text for one in pool})
        self.assertEqual(len(found), 100)
        self.assertEqual(sum(counts.values()), 20)
        self.assertEqual(set(counts.values()), {4})
