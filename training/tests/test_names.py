"""More names have the embedding of their kind, and no text is read otherwise for it."""

import json
import unittest

import torch
from transformers import DistilBertConfig, DistilBertForSequenceClassification, PreTrainedTokenizerFast

from valence_training import alike, names, people, tiny, vocabulary


class Names(unittest.TestCase):
    def test_no_word_is_of_two_kinds(self):
        lists = [*people.LISTS.values(), *names.MORE.values()]
        words = [word.lower() for words in lists for word in set(words)]
        twice = {word for word in words if words.count(word) > 1} - {word.lower() for word in alike.OWN}
        self.assertEqual(twice & {word.lower() for words in names.MORE.values() for word in words}, set())

    def test_new_words_take_unused_tokens_and_the_embedding_of_their_kind(self):
        known = [*tiny.SPECIAL, *(f"[unused{number}]" for number in range(400)), "anna", "good"]
        description = tiny.tokenizer({word: token for token, word in enumerate(known)}).to_str()
        changed = vocabulary.with_more(description)
        before, after = (json.loads(text)["model"]["vocab"] for text in (description, changed))
        self.assertEqual(len(after), len(before))
        self.assertEqual((after["anna"], after["good"]), (before["anna"], before["good"]))
        self.assertIn("min-jun", after)

        tokenizer = PreTrainedTokenizerFast(tokenizer_object=tiny.Tokenizer.from_str(changed), unk_token="[UNK]")
        model = DistilBertForSequenceClassification(
            DistilBertConfig(vocab_size=len(after), dim=8, n_layers=1, n_heads=1, hidden_dim=8)
        )
        weights = model.distilbert.embeddings.word_embeddings.weight
        good = weights[after["good"]].clone()
        alike.share_with_more(model, tokenizer, first_known=0)
        self.assertTrue(torch.equal(weights[after["min-jun"]], weights[after["anna"]]))
        self.assertTrue(torch.equal(weights[after["good"]], good))
