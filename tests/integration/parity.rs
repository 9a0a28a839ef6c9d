//! Valence over an exported graph against transformers' text-classification pipeline over the
//! weights, as `training/parity.py` recorded it: 1,000 texts, five heads, three architectures, two
//! kinds of tokenizer.
//!
//! Of a text with more tokens than the model reads, the pipeline cuts all but the first ones, and
//! Valence reads windows. There the first window is compared, which holds the very same tokens.

use crate::support::{in_order, largest_difference, options, root, temporary_folder};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::{fs, path::PathBuf};
use tokio::task::JoinSet;
use valence::{
    digest::hex,
    engine::{
        artifact::Artifact,
        batch::Batch,
        device::Device,
        dtype::Dtype,
        reading::Wanted,
        runtime::Runtime,
        scores::{Head, Window},
        session::{Model, OnnxSession, SessionOptions},
        tokenizer::{Encoding, Tokenizer},
    },
    loading::{self, EngineOptions, locate},
    sentiment::{Method, Score},
    text::Text,
};

/// The largest difference between a score here and there.
const TOLERANCE: f32 = 1e-5;

/// Models with their tokenizers.
const MODELS: [(&str, &str); 5] = [
    ("two", "wordpiece"),
    ("one", "wordpiece"),
    ("multi", "wordpiece"),
    ("regression", "bytelevel"),
    ("five", "bytelevel"),
];

#[derive(Deserialize)]
struct Recorded {
    text: String,
    /// Checksums of the whole text's tokens: the bundled tokenizer's, then those of the models.
    tokens: [String; 3],
    /// Scores of each of [`MODELS`], in the order of its labels.
    scores: [Vec<f32>; 5],
}

fn recorded() -> Vec<Recorded> {
    let lines = fs::read_to_string(root().join("tests/golden/parity/texts.jsonl")).unwrap();
    let records: Vec<Recorded> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(records.len(), 1000);
    records
}

/// A model's folder with the tokenizer that it shares with others, and nothing else.
pub fn folder(model: &str, tokenizer: &str) -> PathBuf {
    let (parity, folder) = (root().join("tests/golden/parity"), temporary_folder());
    fs::create_dir(folder.join("onnx")).unwrap();
    fs::copy(parity.join(format!("{tokenizer}.json")), folder.join("tokenizer.json")).unwrap();
    fs::copy(parity.join(model).join("config.json"), folder.join("config.json")).unwrap();
    for file in fs::read_dir(parity.join(model).join("onnx")).unwrap() {
        let file = file.unwrap();
        fs::copy(file.path(), folder.join("onnx").join(file.file_name())).unwrap();
    }
    folder
}

fn checksum(ids: &[i64]) -> String {
    let ids = ids.iter().map(i64::to_string).collect::<Vec<_>>().join(" ");
    hex(&Sha256::digest(ids))[..16].to_owned()
}

#[test]
fn tokens_are_those_of_the_pipeline() {
    let parity = root().join("tests/golden/parity");
    let files = [
        root().join("models/valence-mini/tokenizer.json"),
        parity.join("wordpiece.json"),
        parity.join("bytelevel.json"),
    ];
    for (place, file) in files.iter().enumerate() {
        let tokenizer = Tokenizer::open(file, usize::MAX, usize::MAX).unwrap();
        for Recorded { text, tokens, .. } in recorded() {
            let encoded = tokenizer.encode(&text).unwrap();
            let encoding = encoded.encoding(&encoded.windows()[0]);
            assert_eq!(checksum(encoding.ids()), tokens[place], "{}: {text:?}", file.display());
        }
    }
}

#[test]
fn tokens_that_hide_and_fill_up_are_known_by_their_usual_names() {
    for (name, mask, pad) in [("wordpiece", 4, 0), ("bytelevel", 4, 1)] {
        let file = root().join(format!("tests/golden/parity/{name}.json"));
        let tokenizer = Tokenizer::open(&file, usize::MAX, usize::MAX).unwrap();
        assert_eq!((tokenizer.mask(), tokenizer.pad()), (mask, pad), "{name}");
    }
}

#[tokio::test]
async fn a_roberta_reads_windows_and_explains_as_any_other() {
    let engine = loading::load(&options(folder("five", "bytelevel"))).unwrap();
    let wanted = Wanted { explanation: Some(Method::LeaveOneOut), sentences: true, ..Wanted::default() };
    let analysis = engine.analyze(Text::new("Naïve 🎉 words. ".repeat(20)).unwrap(), wanted).await.unwrap();
    assert_eq!((analysis.scores.len(), analysis.sentences.len()), (5, 20));
    assert!(analysis.windows > 1, "{analysis:?}");
    assert!(analysis.explanation.unwrap().parts.iter().any(|part| part.weight != 0.0));
}

#[tokio::test]
async fn scores_are_those_of_the_pipeline() {
    let records = recorded();
    for (place, (model, tokenizer)) in MODELS.into_iter().enumerate() {
        let folder = folder(model, tokenizer);
        let options = EngineOptions { queue: 2000, max_tokens: 100_000, ..options(folder.clone()) };
        let engine = loading::load(&options).unwrap();
        // All at once, so that they share batches with each other.
        let mut asked = JoinSet::new();
        for (number, record) in records.iter().enumerate() {
            let (engine, text) = (engine.clone(), Text::new(record.text.clone()).unwrap());
            asked.spawn(async move { (number, engine.analyze(text, Wanted::default()).await.unwrap()) });
        }
        let (mut largest, mut long) = (0.0_f32, 0);
        let mut first_window = FirstWindow::open(&folder);
        for (number, analysis) in asked.join_all().await {
            let Recorded { text, scores: expected, .. } = &records[number];
            let scores = if analysis.windows == 1 {
                analysis.scores
            } else {
                long += 1;
                first_window.scores(text)
            };
            let difference = largest_difference(&in_order(engine.labels(), &scores), &expected[place]);
            assert!(difference <= TOLERANCE, "{model} differs by {difference} in {text:?}");
            largest = largest.max(difference);
        }
        assert!((12..500).contains(&long), "{model}: {long} long texts");
        println!("{model}: at most {largest:e} apart, {long} texts by their first window");
    }
}

#[derive(Deserialize)]
struct RecordedPair {
    texts: [String; 2],
    scores: Vec<f32>,
}

// A BERT was told that all tokens are of the first text.
#[tokio::test]
async fn scores_of_pairs_are_those_of_a_bert() {
    let lines = fs::read_to_string(root().join("tests/golden/parity/pairs.jsonl")).unwrap();
    let engine = loading::load(&options(folder("multi", "wordpiece"))).unwrap();
    for line in lines.lines() {
        let RecordedPair { texts: [first, second], scores } = serde_json::from_str(line).unwrap();
        let wanted = Wanted { second: Some(first.len()), ..Wanted::default() };
        let analysis = engine.analyze(Text::new(first + &second).unwrap(), wanted).await.unwrap();
        let difference = largest_difference(&in_order(engine.labels(), &analysis.scores), &scores);
        assert!(difference <= TOLERANCE, "{difference} in {line}");
    }
}

/// A model that reads the first window of a text and leaves the rest.
struct FirstWindow {
    tokenizer: Tokenizer,
    session: OnnxSession,
    head: Head,
}

impl FirstWindow {
    fn open(folder: &std::path::Path) -> Self {
        let artifact = Artifact::open(folder).unwrap();
        let (_, file) = artifact.graph(Some(Dtype::Fp32), Dtype::ON_CPU).unwrap();
        let runtime = Runtime::load(&locate::runtime()).unwrap();
        let labels = artifact.config.labels().len();
        let options = SessionOptions::new(Device::Cpu, labels, 1);
        let session = OnnxSession::open(&runtime, &artifact.read(&file).unwrap(), options).unwrap();
        let tokenizer = Tokenizer::open(&artifact.tokenizer, artifact.max_tokens, usize::MAX).unwrap();
        Self { tokenizer, session, head: Head::new(&artifact.config) }
    }

    fn scores(&mut self, text: &str) -> Vec<Score> {
        let tokens = self.tokenizer.encode(text).unwrap();
        let encoding: Encoding = tokens.encoding(&tokens.windows()[0]);
        let logits = self.session.logits(&Batch::new(&[&encoding], 0)).unwrap();
        self.head.scores(&[Window { tokens: encoding.len(), logits: &logits[0] }])
    }
}
