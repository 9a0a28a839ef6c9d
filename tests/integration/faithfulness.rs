//! Whether the parts that an explanation names are those that the bundled model uses.

use crate::support::{options, root};
use valence::{
    eval::{Row, faithfulness::measure},
    loading::{self, EngineOptions},
    sentiment::Method,
    text::Text,
};

/// Sentences of which a few words decide.
const SENTENCES: [&str; 24] = [
    "A charming little film with a brilliant cast.",
    "What a terrible way to spend an evening.",
    "My parcel arrived late, wet and badly damaged.",
    "The cake looked plain, yet it tasted amazing.",
    "The sound was awful from where we sat.",
    "I have never had a better haircut in this town.",
    "The soup was delicious and the bread was still warm.",
    "Our room smelled of smoke and the shower was broken.",
    "She explains the hardest chapters with wonderful patience.",
    "The second half drags, and the ending is a mess.",
    "Nobody at the desk cared that our luggage was lost.",
    "The battery died after an hour, which is useless for travel.",
    "The garden is beautiful in spring, and the owners are kind.",
    "He plays the old songs with energy and real joy.",
    "The plot is boring and the jokes are worse.",
    "Thanks to the friendly crew, the crossing was a pleasure.",
    "The new library is bright, quiet and lovely to work in.",
    "They charged us twice and were rude about it.",
    "It is a superb book for anyone who likes the sea.",
    "I regret buying this coat, as the zip broke on the first day.",
    "The children loved the puppets and laughed all afternoon.",
    "The instructions are confusing and half the screws were missing.",
    "An honest, moving portrait of a village and its people.",
    "The waiter forgot our order and the fish was cold and disgusting.",
];

/// Shapley values read each sentence some 300 times.
const FOR_SHAPLEY: usize = 6;

#[tokio::test]
async fn explanations_name_what_decides_far_better_than_chance() {
    // Whoever measures has all of a sentence's versions wait at once.
    let options = EngineOptions { queue: usize::MAX, ..options(root().join("models/valence-mini")) };
    let engine = loading::load(&options).unwrap();
    let rows: Vec<Row> = SENTENCES
        .iter()
        .zip(1..)
        .map(|(text, row)| Row { row, label: String::new(), text: Text::new(*text).unwrap() })
        .collect();
    for (method, rows) in [(Method::LeaveOneOut, &rows[..]), (Method::Shapley, &rows[..FOR_SHAPLEY])] {
        let measured = measure(&engine, rows, method).await.unwrap();
        let (explained, random) = (measured.explained, measured.random);
        assert_eq!(measured.texts, rows.len());
        assert!(explained.comprehensiveness > 2.0 * random.comprehensiveness, "{measured}");
        assert!(explained.sufficiency < random.sufficiency / 2.0, "{measured}");
    }
}
