"""Texts that differ only in whom they name are taught alike."""

import unittest

import numpy as np

from valence_training import pool, student
from valence_training.pool import Entry


class Twins(unittest.TestCase):
    def test_a_labelled_text_is_taught_like_its_twins(self):
        made = [Entry("Anna is kind", truth=1.0), Entry("Anna is kind", twins=0), Entry("Omar is kind", twins=0)]
        entries = pool.distinct([*made, Entry("It rained")], measured=set())
        self.assertEqual([entry.text for entry in entries], ["Anna is kind", "Omar is kind", "It rained"])
        found, _ = student.examples(entries, np.array([0.9, 0.7, 0.5]), seed=1)
        labels = {example.text: example.label for example in found[:3]}
        self.assertAlmostEqual(labels["Anna is kind"], 0.5 * 1.0 + 0.5 * 0.8)
        self.assertEqual(labels["Omar is kind"], labels["Anna is kind"])
        self.assertEqual(labels["It rained"], 0.5)

    def test_of_equal_texts_the_first_stays_and_measured_ones_go(self):
        entries = [Entry("Good!", truth=1.0), Entry("Bad."), Entry("Good!"), Entry("...")]
        self.assertEqual(pool.distinct(entries, measured={"bad"}), [Entry("Good!", truth=1.0)])
