"""The texts written for training, and the phase that they are mixed into."""

import collections
import unittest

from valence_training import data, written
from valence_training.data import Example


class Written(unittest.TestCase):
    def test_every_line_is_a_label_and_a_text_of_its_own(self):
        rows = [row for file in written.FOLDER.glob("*.tsv") for row in data.tab_separated(file)]
        self.assertEqual([row for row in rows if len(row) != 2 or row[0] not in written.LABELS], [])
        counts = collections.Counter(data.normalised(text) for _, text in rows)
        self.assertEqual([name for name, count in counts.items() if count > 1 or not name], [])

    def test_what_is_measured_is_not_taught(self):
        taught = {data.normalised(example.text) for example in written.texts(set(), seed=1)}
        for name in written.UNSEEN:
            measured = [data.normalised(example.text) for example in written.unseen(name)]
            self.assertEqual(len(measured), len(set(measured)))
            self.assertTrue(taught.isdisjoint(measured))

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
