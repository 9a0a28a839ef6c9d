//! The engine with real models: batches, precisions, windows, sentences.

mod cache;
mod explanation;

use crate::support::{
    Gated, copy_without_batches, distance, engine_around, options, root, router::ONE, tiny_engine,
    tiny_folder,
};
use std::{sync::mpsc, time::Instant};
use tokio::task::JoinSet;
use valence::{
    engine::{Engine, EngineError, cache::CacheLimits, dtype::Dtype, reading::Wanted, timing},
    loading::{self, EngineOptions},
    sentiment::{Analysis, Method},
    text::Text,
};

fn bundled() -> EngineOptions {
    options(root().join("models/valence-mini"))
}

async fn ask(engine: &Engine, text: &str, wanted: Wanted) -> Analysis {
    engine.analyze(Text::new(text).unwrap(), wanted).await.unwrap()
}

fn explained(method: Method) -> Wanted {
    Wanted { explanation: Some(method), ..Wanted::default() }
}

/// Texts of many lengths, the same in every run.
fn texts(count: usize) -> Vec<String> {
    let words = ["the", "film", "was", "never", "good", "but", "we", "loved", "its", "awful", "songs", "!"];
    let word = |text: usize, place: usize| words[(text * 31 + place * place * 7 + place) % words.len()];
    (0..count)
        .map(|text| (0..1 + text * 13 % 60).map(|place| word(text, place)).collect::<Vec<_>>().join(" "))
        .collect()
}

#[tokio::test]
async fn answers_do_not_depend_on_what_else_is_asked() {
    let full = EngineOptions { dtype: Some(Dtype::Fp32), ..options(tiny_folder()) };
    for options in [bundled(), options(tiny_folder()), full] {
        let engine = loading::load(&EngineOptions { queue: 1000, ..options }).unwrap();
        let texts = texts(120);
        let mut together = JoinSet::new();
        for (number, text) in texts.iter().cloned().enumerate() {
            let engine = engine.clone();
            together.spawn(async move { (number, ask(&engine, &text, Wanted::default()).await.scores) });
        }
        for (number, scores) in together.join_all().await {
            let alone = ask(&engine, &texts[number], Wanted::default()).await.scores;
            assert!(distance(&scores, &alone) <= 1e-4, "{}: {scores:?} alone {alone:?}", texts[number]);
        }
    }
}

// One that had in it the token which ends texts changed the answers to the others.
#[test]
fn texts_of_an_encoder_decoder_share_no_batch() {
    let together = tiny_engine();
    assert!(together.setting().is_batched && together.limits().rows > 1);
    let alone = loading::load(&options(copy_without_batches())).unwrap();
    assert!(!alone.setting().is_batched);
    assert_eq!(alone.limits().rows, 1);
}

#[tokio::test]
async fn a_low_limit_of_tokens_keeps_no_engine_from_being_ready() {
    let engine = loading::load(&EngineOptions { max_tokens: 3, ..options(tiny_folder()) }).unwrap();
    engine.warm_up().await.unwrap();
    assert!(engine.is_ready());
    assert_eq!(ask(&engine, "good", Wanted::default()).await.tokens, 3);
    let long = engine.analyze(Text::new("a good film").unwrap(), Wanted::default()).await;
    assert!(matches!(long, Err(EngineError::TooLong { limit: 3, .. })), "{long:?}");
}

#[tokio::test]
async fn a_model_in_fp16_is_loaded_when_asked_for() {
    let half = loading::load(&EngineOptions { dtype: Some(Dtype::Fp16), ..options(tiny_folder()) }).unwrap();
    let full = loading::load(&EngineOptions { dtype: Some(Dtype::Fp32), ..options(tiny_folder()) }).unwrap();
    assert_eq!(half.setting().to_string(), "fp16 on CPU");
    for text in texts(20) {
        let (half, full) =
            (ask(&half, &text, Wanted::default()).await, ask(&full, &text, Wanted::default()).await);
        assert!(distance(&half.scores, &full.scores) < 0.01, "{text}: {half:?} {full:?}");
    }
}

#[tokio::test]
async fn a_long_text_is_the_mean_of_its_windows() {
    let engine = tiny_engine();
    let positive =
        |analysis: &Analysis| analysis.scores.iter().find(|score| score.label == "POSITIVE").unwrap().score;
    // A token a word and no sentence's end, so that each window shares half of the one before it.
    let words = [vec!["good"; 200], vec!["awful"; 100]].concat();
    let long = ask(&engine, &words.join(" "), Wanted::default()).await;
    assert_eq!((long.windows, long.tokens), (4, 302));
    let (mut sum, mut tokens) = (0.0, 0.0);
    for window in [0..126, 63..189, 126..252, 189..300] {
        let alone = ask(&engine, &words[window.clone()].join(" "), Wanted::default()).await;
        assert_eq!((alone.windows, alone.tokens as usize), (1, window.len() + 2));
        sum += positive(&alone) * alone.tokens as f32;
        tokens += alone.tokens as f32;
    }
    assert!((positive(&long) - sum / tokens).abs() < 1e-4, "{long:?} where the mean is {}", sum / tokens);
}

#[tokio::test]
async fn sentences_have_the_scores_that_they_have_alone() {
    let engine = tiny_engine();
    let text = "I love this. It was awful! So bad";
    let whole = ask(&engine, text, Wanted { sentences: true, ..Wanted::default() }).await;
    assert_eq!(whole.sentences.len(), 3);
    for sentence in &whole.sentences {
        let [start, end] = sentence.bytes.map(|byte| byte as usize);
        let alone = ask(&engine, &text[start..end], Wanted::default()).await;
        assert!(distance(&sentence.scores, &alone.scores) < 1e-4, "{}", &text[start..end]);
    }
}

// It was that of the last of its sentences, or of an explanation.
#[tokio::test]
async fn the_time_of_a_text_is_that_of_its_own_scores() {
    // Outlives the gate: an engine's end waits for a run, which would wait for the gate.
    let engine;
    let (open, gate) = mpsc::channel();
    engine = engine_around(Gated(gate), ONE, CacheLimits::OFF);
    let start = Instant::now();
    let mut first = None;
    open.send(()).unwrap();
    let wanted = Wanted { sentences: true, ..Wanted::default() };
    let progress = |done: usize, of: usize| {
        if first.is_none() {
            first = Some((done, start.elapsed()));
            (done..of).for_each(|_| open.send(()).unwrap());
        }
    };
    let text = Text::new("Good film. Bad film.").unwrap();
    let analysis = engine.analyze_with_progress(text, wanted, progress).await.unwrap();
    let (done, elapsed) = first.unwrap();
    assert_eq!((done, analysis.sentences.len()), (1, 2));
    assert!(analysis.micros <= timing::micros(elapsed), "{} of {elapsed:?}", analysis.micros);
}
