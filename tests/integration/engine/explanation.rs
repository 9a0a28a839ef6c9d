//! Explanations: their parts, what each weighs, and what they cost.

use super::{ask, bundled, explained};
use crate::support::{answers, engine_around, tiny_engine};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use valence::{
    engine::{cache::CacheLimits, queue::QueueLimits, reading::Wanted},
    loading,
    sentiment::{Method, Unit},
};

#[tokio::test]
async fn leaving_out_the_decisive_word_costs_most() {
    let engine = loading::load(&bundled()).unwrap();
    let text = "The room by the station was terrible.";
    let analysis = ask(&engine, text, explained(Method::LeaveOneOut)).await;
    let explanation = analysis.explanation.unwrap();
    assert_eq!((explanation.label.as_str(), explanation.unit), ("NEGATIVE", Unit::Word));
    let heaviest = explanation.parts.iter().max_by(|a, b| a.weight.total_cmp(&b.weight)).unwrap();
    assert_eq!(&text[heaviest.bytes[0] as usize..heaviest.bytes[1] as usize], "terrible");
    assert_eq!(explanation.evaluations as usize, explanation.parts.len());
}

#[tokio::test]
async fn word_pieces_are_one_part() {
    let engine = loading::load(&bundled()).unwrap();
    let text = "Unputdownable, isn't it? 🎉";
    let explanation = ask(&engine, text, explained(Method::LeaveOneOut)).await.explanation.unwrap();
    let parts: Vec<_> =
        explanation.parts.iter().map(|part| &text[part.bytes[0] as usize..part.bytes[1] as usize]).collect();
    assert_eq!(parts, ["Unputdownable", ",", "isn't", "it", "?", "🎉"]);
    assert_eq!(explanation.parts[5].utf16, [25, 27]);
}

#[tokio::test]
async fn shapley_values_add_up_and_are_the_same_each_time() {
    let engine = tiny_engine();
    let text = "never a good film but we loved the songs";
    let first = ask(&engine, text, explained(Method::Shapley)).await.explanation.unwrap();
    let sum: f32 = first.parts.iter().map(|part| part.weight).sum();
    assert!((sum - (first.evidence - first.baseline.unwrap())).abs() < 1e-3);
    let again = ask(&engine, text, explained(Method::Shapley)).await.explanation.unwrap();
    assert_eq!(first.parts.len(), again.parts.len());
    for (a, b) in first.parts.iter().zip(&again.parts) {
        assert!((a.weight - b.weight).abs() < 1e-3, "only the order of batches may differ");
    }
}

#[tokio::test]
async fn a_long_text_is_explained_by_its_sentences() {
    let engine = tiny_engine();
    let text = "It was good. ".repeat(60);
    let explanation = ask(&engine, &text, explained(Method::LeaveOneOut)).await.explanation.unwrap();
    assert_eq!(explanation.unit, Unit::Sentence);
    assert_eq!(explanation.parts.len(), 60);
}

#[tokio::test]
async fn an_explanation_costs_no_more_than_its_budget() {
    let tokens = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&tokens);
    let model = answers(move |batch| {
        counted.fetch_add(batch.input_ids.len(), Ordering::SeqCst);
        Ok(())
    });
    let limits = QueueLimits { waiting: 16, rows: 1, tokens: 1024 };
    let engine = engine_around(model, limits, CacheLimits::OFF);
    for (method, budget) in [(Method::LeaveOneOut, 16_384), (Method::Shapley, 65_536)] {
        for text in ["Good. ".repeat(190), "It was good. ".repeat(140), "good ".repeat(590), "Good.".into()] {
            tokens.store(0, Ordering::SeqCst);
            ask(&engine, &text, Wanted::default()).await;
            let whole = tokens.swap(0, Ordering::SeqCst);
            ask(&engine, &text, explained(method)).await;
            // The text itself is read once more.
            let run = tokens.load(Ordering::SeqCst) - whole;
            assert!(run <= budget, "{method:?} ran {run} tokens");
        }
    }
}
