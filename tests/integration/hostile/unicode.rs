//! Offsets, windows and word pieces on arbitrary Unicode.

use crate::support::{tiny_engine, tiny_folder};
use proptest::prelude::*;
use std::sync::LazyLock;
use tokio::runtime::Runtime;
use valence::{
    engine::{
        Engine, EngineError,
        reading::Wanted,
        tokenizer::{Cut, Tokenizer},
    },
    sentiment::Method,
    text::Text,
};

static ENGINE: LazyLock<(Runtime, Engine)> = LazyLock::new(|| (Runtime::new().unwrap(), tiny_engine()));

static TOKENIZER: LazyLock<Tokenizer> =
    LazyLock::new(|| Tokenizer::open(&tiny_folder().join("tokenizer.json"), 16, 100_000).unwrap());

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn offsets_are_characters_in_order_and_windows_have_every_token(text in "(?s).{1,400}") {
        let tokens = TOKENIZER.encode_with_offsets(&text).unwrap();
        let offsets = tokens.offsets();
        for &(start, end) in offsets {
            prop_assert!(text.get(start..end).is_some(), "{start}..{end} of {text:?}");
        }
        prop_assert!(offsets.is_sorted_by_key(|&(_, end)| end));
        let mut end = 0;
        for window in tokens.windows() {
            prop_assert!(window.start <= end);
            prop_assert!(tokens.encoding(window).len() <= 16);
            end = window.end;
        }
        prop_assert_eq!(end, offsets.len());
        // Without offsets the numbers are the same.
        let fast = TOKENIZER.encode(&text).unwrap();
        prop_assert_eq!(fast.count(), tokens.count());
        for cut in [Cut::End, Cut::Start] {
            let cut = TOKENIZER.encode_cut(&text, cut).unwrap();
            prop_assert!(cut.count() <= 16);
        }
    }

    #[test]
    fn word_pieces_come_together_in_parts_of_whole_characters(text in "(?s).{1,60}") {
        let Ok(accepted) = Text::new(&text) else { return Ok(()) };
        let (runtime, engine) = &*ENGINE;
        let wanted = Wanted { sentences: true, explanation: Some(Method::LeaveOneOut), ..Wanted::default() };
        let analysis = match runtime.block_on(engine.analyze(accepted, wanted)) {
            Err(EngineError::Empty) => return Ok(()),
            analysis => analysis.unwrap(),
        };
        let sum: f32 = analysis.scores.iter().map(|score| score.score).sum();
        prop_assert!((sum - 1.0).abs() < 1e-4);
        let utf16: Vec<u16> = text.encode_utf16().collect();
        let mut end = 0;
        for part in analysis.explanation.unwrap().parts {
            let [from, to] = part.bytes.map(|byte| byte as usize);
            prop_assert!(end <= from && from < to, "parts overlap in {text:?}");
            let units = part.utf16.map(|unit| unit as usize);
            let in_utf16 = String::from_utf16(&utf16[units[0]..units[1]]).ok();
            prop_assert_eq!(text.get(from..to), in_utf16.as_deref());
            end = to;
        }
    }
}
