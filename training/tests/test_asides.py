"""Opinions among facts: what is put together is said by one person, and no fact takes a side."""

import collections
import unittest

from valence_training import asides, data, written

COUNT = 2_000


class Asides(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.found = asides.texts(set(), seed=1, count=COUNT)

    def test_all_differ_and_both_sides_are_as_frequent(self):
        self.assertEqual(len({example.text for example in self.found}), COUNT)
        counts = collections.Counter(example.label for example in self.found)
        self.assertEqual(set(counts), set(written.LABELS.values()))
        self.assertLess(abs(counts[written.LABELS["positive"]] - counts[written.LABELS["negative"]]), 0.1 * COUNT)

    # After praise it came to mean that the praise was not meant.
    def test_a_fact_stands_beside_praise_as_often_as_beside_complaints(self):
        facts = [text for subject in asides.by_subject("facts").values() for text in subject]
        beside = collections.Counter(
            example.label for example in self.found if any(fact.rstrip(".") in example.text for fact in facts)
        )
        self.assertLess(abs(beside[written.LABELS["positive"]] - beside[written.LABELS["negative"]]), 0.1 * COUNT)

    def test_facts_are_of_the_opinions_subject_or_of_any(self):
        facts, opinions = asides.by_subject("facts"), asides.by_subject("opinions")
        self.assertEqual(set(facts), {*opinions, asides.ANY, asides.START, asides.END})
        others = {text for subject in facts if subject not in ("meal", asides.ANY, asides.START, asides.END)
                  for text in facts[subject]} - set(facts["meal"]) - set(facts[asides.ANY])  # fmt: skip
        meals = {text for _, text in opinions["meal"]} - {
            text for subject in opinions if subject != "meal" for _, text in opinions[subject]
        }
        for example in self.found:
            if any(meal in example.text for meal in meals):
                self.assertFalse([fact for fact in others if f" {fact}" in example.text], example.text)

    def test_a_rating_says_what_the_text_says(self):
        for example in self.found:
            for label, ratings in asides.RATINGS.items():
                if any(example.text.startswith(f"{rating}. ") for rating in ratings):
                    self.assertEqual(example.label, written.LABELS[label], example.text)

    def test_measured_texts_are_left_out(self):
        measured = data.normalised(self.found[0].text)
        self.assertNotIn(measured, {data.normalised(example.text) for example in asides.texts({measured}, 1, COUNT)})
