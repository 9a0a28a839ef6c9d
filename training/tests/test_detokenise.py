"""Treebank text in the tokenizer: the same tokens as of what a person would have typed."""

import unittest

from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer

from valence_training.detokenise import detokenise, in_tokenizer

TREEBANK = "i did n't mind -lrb- it is `` cosy '' -rrb- and ca n't leave ."


class InTokenizer(unittest.TestCase):
    def setUp(self):
        letters = dict.fromkeys("abcdefghijklmnopqrstuvwxyz'\"().`-")
        pieces = ["[UNK]", *letters, *(f"##{letter}" for letter in letters)]
        plain = Tokenizer(WordPiece({piece: number for number, piece in enumerate(pieces)}, unk_token="[UNK]"))
        plain.normalizer = BertNormalizer(lowercase=True)
        plain.pre_tokenizer = BertPreTokenizer()
        self.plain = plain
        self.tokenizer = Tokenizer.from_str(in_tokenizer(plain.to_str()))

    def test_treebank_text_has_the_tokens_of_typed_text(self):
        typed = detokenise(TREEBANK)
        self.assertNotEqual(self.plain.encode(TREEBANK).tokens, self.plain.encode(typed).tokens)
        self.assertEqual(self.tokenizer.encode(TREEBANK).tokens, self.plain.encode(typed).tokens)

    def test_typed_text_is_left_as_it_is(self):
        typed = "I can't say 'no': it's (so) \"cosy\"."
        self.assertEqual(self.tokenizer.encode(typed).tokens, self.plain.encode(typed).tokens)

    # Phones type them, and the student, which had hardly seen any, took other words for negated.
    def test_typographic_marks_have_the_tokens_of_plain_ones(self):
        curly, plain = "It isn’t ‘nice’, it´s “cosy”", "It isn't 'nice', it's \"cosy\""
        self.assertEqual(self.tokenizer.encode(curly).tokens, self.plain.encode(plain).tokens)
        self.assertEqual(self.tokenizer.encode("does n’t").tokens, self.plain.encode("doesn't").tokens)

    def test_tokens_of_a_contraction_know_where_they_stand(self):
        found = self.tokenizer.encode("it does N'T")
        self.assertEqual([found.offsets[0], found.offsets[2], found.offsets[-1]], [(0, 1), (3, 4), (10, 11)])
