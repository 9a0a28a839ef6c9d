"""What the student's last phases draw their examples from."""

import collections
import unittest

from valence_training import phases
from valence_training.data import Example

PHASE = phases.Phase(begin="", examples=200, learning_rate=0.1, shares={"new": 0.35, "old": 0.25}, fresh=("new",))


class Mixture(unittest.TestCase):
    def setUp(self):
        kinds = {kind: [Example(f"{kind} text {number}", 1.0) for number in range(7)] for kind in ("new", "old")}
        pool = [Example(f"text {number} of the pool", 0.5) for number in range(5)]
        self.found = [example.text for example in phases.mixture(PHASE, kinds, pool, share=0.5, seed=1)]

    def test_none_comes_again_before_all_have_come(self):
        counts = collections.Counter(text for text in self.found if text.endswith("of the pool"))
        self.assertEqual(len(self.found), 100)
        self.assertEqual(set(counts.values()), {8})
        self.assertEqual(len(counts), 5)

    def test_only_texts_that_are_not_of_the_pool_are_typed_by_somebody_else(self):
        old = [text for text in self.found if text.startswith("old text")]
        self.assertEqual(len(old), 25)
        self.assertLess(len(set(old)), 8)
        self.assertGreater(len(set(self.found)), 7 + 7 + 5)
