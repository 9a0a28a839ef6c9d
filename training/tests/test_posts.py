"""What is left of tweets and text messages before they are graded."""

import tempfile
import unittest
from pathlib import Path

from valence_training import data, posts


class Posts(unittest.TestCase):
    def test_addresses_names_and_damage_are_left_out(self):
        for typed, text in [
            ("RT @ann: so good https://example.org/a?b=1 @bob", "so good @user"),
            ("Write to me.now@example.org &amp; wait", "Write to & wait"),
            ("it\u2019s \u201cfine\u201d\u2026", 'it\'s "fine"...'),
            ("cars\ufffd_\ufffd no thank you", "cars no thank you"),
        ]:
            self.assertEqual(posts.cleaned(typed), text)

    def test_signs_and_other_languages_are_no_texts(self):
        for text in ["Best. Day. Ever.", "no way", "@user never again, thanks for nothing"]:
            self.assertTrue(posts.is_english(text), text)
        for text in ["!!! ...", "@user wow", "1 2 3 4 a b", "ich habe heute wirklich gar keine Lust mehr", "so " * 90]:
            self.assertFalse(posts.is_english(text), text)

    def test_none_comes_twice_and_none_is_measured(self):
        with tempfile.TemporaryDirectory() as folder:
            work = Path(folder)
            (work / "posts.txt").write_text("So late again\nso late, again!\nNot once\nMeasured here\n")
            found = posts.texts(work, {data.normalised("Measured here")})
        self.assertEqual(found, ["So late again", "Not once"])
