//! The engine with real models: batches, windows, sentences, explanations, the cache.

use crate::support::{distance, engine_around, options, root, tiny_engine, tiny_folder};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::task::JoinSet;
use valence::{
    engine::{
        Engine, EngineError,
        batch::Batch,
        cache::CacheLimits,
        dtype::Dtype,
        load::EngineOptions,
        queue::QueueLimits,
        reading::Wanted,
        session::{Model, SessionError},
    },
    sentiment::{Analysis, Method, Unit},
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
        let engine = Engine::load(&EngineOptions { queue: 1000, ..options }).unwrap();
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

#[tokio::test]
async fn a_low_limit_of_tokens_keeps_no_engine_from_being_ready() {
    let engine = Engine::load(&EngineOptions { max_tokens: 3, ..options(tiny_folder()) }).unwrap();
    engine.warm_up().await.unwrap();
    assert!(engine.is_ready());
    assert_eq!(ask(&engine, "good", Wanted::default()).await.tokens, 3);
    let long = engine.analyze(Text::new("a good film").unwrap(), Wanted::default()).await;
    assert!(matches!(long, Err(EngineError::TooLong { limit: 3, .. })), "{long:?}");
}

#[tokio::test]
async fn a_model_in_fp16_is_loaded_when_asked_for() {
    let half = Engine::load(&EngineOptions { dtype: Some(Dtype::Fp16), ..options(tiny_folder()) }).unwrap();
    let full = Engine::load(&EngineOptions { dtype: Some(Dtype::Fp32), ..options(tiny_folder()) }).unwrap();
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

#[tokio::test]
async fn leaving_out_the_decisive_word_costs_most() {
    let engine = Engine::load(&bundled()).unwrap();
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
    let engine = Engine::load(&bundled()).unwrap();
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

/// Counts the tokens that it runs.
struct Meter(Arc<AtomicUsize>);

impl Model for Meter {
    fn logits(&mut self, batch: &Batch) -> Result<Vec<Vec<f32>>, SessionError> {
        self.0.fetch_add(batch.input_ids.len(), Ordering::SeqCst);
        Ok(vec![vec![0.0, 1.0]; batch.rows])
    }
}

#[tokio::test]
async fn an_explanation_costs_no_more_than_its_budget() {
    let tokens = Arc::new(AtomicUsize::new(0));
    let limits = QueueLimits { waiting: 16, rows: 1, tokens: 1024 };
    let engine = engine_around(Meter(Arc::clone(&tokens)), limits, CacheLimits::OFF);
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

/// Answers every text alike, slowly, and counts.
struct Slow(Arc<AtomicUsize>);

impl Model for Slow {
    fn logits(&mut self, batch: &Batch) -> Result<Vec<Vec<f32>>, SessionError> {
        self.0.fetch_add(batch.rows, Ordering::SeqCst);
        std::thread::sleep(Duration::from_millis(50));
        Ok(vec![vec![0.0, 1.0]; batch.rows])
    }
}

fn counted(cache: CacheLimits) -> (Engine, Arc<AtomicUsize>) {
    let runs = Arc::new(AtomicUsize::new(0));
    let limits = QueueLimits { waiting: 16, rows: 1, tokens: 1024 };
    (engine_around(Slow(Arc::clone(&runs)), limits, cache), runs)
}

const KEEP: CacheLimits = CacheLimits { bytes: 100_000, lifetime: Duration::from_secs(60) };

#[tokio::test]
async fn a_text_that_comes_again_is_not_run_again() {
    let (engine, runs) = counted(KEEP);
    let first = ask(&engine, "good", Wanted::default()).await;
    let again = ask(&engine, "good", Wanted::default()).await;
    assert_eq!((first.cached, again.cached), (false, true));
    assert_eq!(first.scores, again.scores);
    assert_eq!(runs.load(Ordering::SeqCst), 1);

    ask(&engine, "Good", Wanted::default()).await;
    ask(&engine, "good", explained(Method::LeaveOneOut)).await;
    assert!(runs.load(Ordering::SeqCst) > 2, "another text and another wish are other questions");
}

#[tokio::test]
async fn a_long_text_takes_no_more_of_the_cache_than_a_short_one() {
    let (engine, _) = counted(KEEP);
    // One word each, so that each is one row; all of them are larger than the cache.
    let texts: Vec<String> = (0..20).map(|number| format!("{number}{}", "x".repeat(8000))).collect();
    for text in &texts {
        ask(&engine, text, Wanted::default()).await;
    }
    for text in &texts {
        assert!(ask(&engine, text, Wanted::default()).await.cached);
    }
}

#[tokio::test]
async fn two_who_ask_the_same_at_once_share_one_run() {
    let (engine, runs) = counted(KEEP);
    let ask = || ask(&engine, "good", Wanted::default());
    tokio::join!(ask(), ask(), ask());
    assert_eq!(runs.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn one_who_goes_away_does_not_take_the_answer_along() {
    let (engine, _) = counted(KEEP);
    let gone = tokio::spawn({
        let engine = engine.clone();
        async move { ask(&engine, "good", Wanted::default()).await }
    });
    tokio::time::sleep(Duration::from_millis(10)).await;
    let stays = ask(&engine, "good", Wanted::default());
    gone.abort();
    assert_eq!(stays.await.scores[0].label, "POSITIVE");
}

#[tokio::test]
async fn without_a_cache_every_text_is_run() {
    let (engine, runs) = counted(CacheLimits::OFF);
    for _ in 0..2 {
        assert!(!ask(&engine, "good", Wanted::default()).await.cached);
    }
    assert_eq!(runs.load(Ordering::SeqCst), 2);
}
