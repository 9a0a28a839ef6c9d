//! What the tests share: folders, engines, scores. Its modules are the servers and stand-ins around them.

pub mod collector;
pub mod hub;
pub mod program;
pub mod router;
pub mod stand_in;

use memchr::memmem;
use std::{
    env, fs,
    path::{Path, PathBuf},
    sync::{
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
};
use valence::{
    engine::{
        Engine,
        batch::Batch,
        cache::CacheLimits,
        device::{Device, DeviceChoice},
        queue::QueueLimits,
        session::{Model, SessionError},
    },
    loading::{self, EngineOptions, locate},
    models::Models,
    sentiment::Score,
    server::state::AppState,
};

/// The repository's folder.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A small model of the real architecture with random weights, which reads 128 tokens.
pub fn tiny_folder() -> PathBuf {
    root().join("tests/golden/tiny")
}

/// Options for a model's folder: one session, and a limit that tests can reach.
pub fn options(model: PathBuf) -> EngineOptions {
    EngineOptions {
        model: model.into(),
        dtype: None,
        runtime: locate::runtime(),
        device: DeviceChoice::Only(Device::Cpu),
        sessions: 1,
        threads: 1,
        queue: 16,
        batch_tokens: 1024,
        max_tokens: stand_in::MAX_TOKENS,
        cache: CacheLimits::OFF,
    }
}

/// The tiny model, ready to answer.
pub fn tiny_engine() -> Engine {
    loading::load(&options(tiny_folder())).expect("scripts/setup.sh has installed ONNX Runtime")
}

/// An engine with the tiny model's tokenizer around a stand-in for its graph.
pub fn engine_around(model: impl Model + 'static, limits: QueueLimits, cache: CacheLimits) -> Engine {
    stand_in::engine(&tiny_folder(), model, limits, cache)
}

/// A state whose page files are stand-ins.
pub fn state(engine: Engine) -> AppState {
    state_of(Models::new(engine))
}

/// The same with these models.
pub fn state_of(models: Models) -> AppState {
    AppState::new(models, stand_in::assets(&temporary_folder()))
}

/// A folder of this test's own, below the build's folder.
pub fn temporary_folder() -> PathBuf {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let name = format!("{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// A copy of the tiny model's folder, to be damaged.
pub fn copy_of_tiny() -> PathBuf {
    let copy = temporary_folder();
    fs::create_dir_all(copy.join("onnx")).unwrap();
    for file in ["config.json", "tokenizer.json", "onnx/model_quantized.onnx"] {
        fs::copy(tiny_folder().join(file), copy.join(file)).unwrap();
    }
    copy
}

/// A copy whose tokenizer has no token for what it does not know, such as a snowman.
pub fn copy_without_unknown() -> PathBuf {
    let copy = copy_of_tiny();
    let tokenizer = copy.join("tokenizer.json");
    let (content, unknown) = (fs::read_to_string(&tokenizer).unwrap(), r#""unk_token":"[UNK]""#);
    assert!(content.contains(unknown));
    fs::write(&tokenizer, content.replace(unknown, r#""unk_token":"[NONE]""#)).unwrap();
    copy
}

/// A copy whose tokenizer has a token that its graph lacks, as models tuned without resizing have:
/// "bellwether".
pub fn copy_with_a_token_too_many() -> PathBuf {
    let copy = copy_of_tiny();
    let tokenizer = copy.join("tokenizer.json");
    let (content, tokens) = (fs::read_to_string(&tokenizer).unwrap(), r#""added_tokens":["#);
    assert!(content.contains(tokens));
    let token = r#"{"id":188,"content":"bellwether","single_word":false,"lstrip":false,"rstrip":false,"normalized":false,"special":false},"#;
    fs::write(&tokenizer, content.replace(tokens, &format!("{tokens}{token}"))).unwrap();
    copy
}

/// A graph that leaves its weights to the file of this name, which is as long as the one that it had.
pub fn graph_with_weights_in(location: &str) -> Vec<u8> {
    let mut graph = fs::read(root().join("tests/golden/parity/one/onnx/model.onnx")).unwrap();
    let places: Vec<usize> = memmem::find_iter(&graph, "model.onnx_data").collect();
    assert!(!places.is_empty());
    for place in places {
        graph[place..][.."model.onnx_data".len()].copy_from_slice(location.as_bytes());
    }
    graph
}

/// A model with this graph and its weights, and one label.
pub fn copy_with_weights_in(location: &str) -> PathBuf {
    let (parity, copy) = (root().join("tests/golden/parity"), temporary_folder());
    let weights = copy.join("onnx").join(location);
    fs::create_dir_all(weights.parent().unwrap()).unwrap();
    for (from, to) in [
        ("one/config.json", copy.join("config.json")),
        ("wordpiece.json", copy.join("tokenizer.json")),
        ("one/onnx/model.onnx_data", weights),
    ] {
        fs::copy(parity.join(from), to).unwrap();
    }
    fs::write(copy.join("onnx/model.onnx"), graph_with_weights_in(location)).unwrap();
    copy
}

/// A copy whose texts share no batch, as `config.json` says that it is an encoder-decoder.
pub fn copy_without_batches() -> PathBuf {
    let copy = copy_of_tiny();
    let config = copy.join("config.json");
    let content = fs::read_to_string(&config).unwrap();
    fs::write(&config, content.replacen('{', r#"{"is_encoder_decoder": true,"#, 1)).unwrap();
    copy
}

/// The largest difference between two scores of one label.
pub fn distance(a: &[Score], b: &[Score]) -> f32 {
    let (labels, scores): (Vec<String>, Vec<f32>) =
        a.iter().map(|score| (score.label.clone(), score.score)).unzip();
    largest_difference(&scores, &in_order(&labels, b))
}

/// The scores, in the order of the labels.
pub fn in_order(labels: &[String], scores: &[Score]) -> Vec<f32> {
    assert_eq!(labels.len(), scores.len());
    let score = |label: &String| scores.iter().find(|score| score.label == *label).unwrap().score;
    labels.iter().map(score).collect()
}

/// The largest difference between two numbers at one place; there are as many on both sides, at least one,
/// and none that is no number.
pub fn largest_difference(a: &[f32], b: &[f32]) -> f32 {
    assert!(!a.is_empty() && a.len() == b.len(), "{a:?} and {b:?}");
    let differences = a.iter().zip(b).map(|(a, b)| (a - b).abs());
    differences.inspect(|difference| assert!(!difference.is_nan(), "{a:?} and {b:?}")).fold(0.0, f32::max)
}

// They passed for equal.
#[test]
fn no_number_and_no_row_is_equal_to_any() {
    for (a, b) in
        [(&[1.0, f32::NAN][..], &[1.0, 0.0][..]), (&[f32::INFINITY], &[f32::INFINITY]), (&[], &[1.0])]
    {
        assert!(std::panic::catch_unwind(|| largest_difference(a, b)).is_err(), "{a:?} and {b:?}");
    }
    assert_eq!(largest_difference(&[1.0, 2.0], &[1.5, 1.0]), 1.0);
}

/// A model that answers every text alike, once this has been done with its batch.
pub fn answers(
    done: impl FnMut(&Batch) -> Result<(), SessionError> + Send + 'static,
) -> impl Model + 'static {
    struct Answers<F>(F);

    impl<F: FnMut(&Batch) -> Result<(), SessionError> + Send> Model for Answers<F> {
        fn logits(&mut self, batch: &Batch) -> Result<Vec<Vec<f32>>, SessionError> {
            (self.0)(batch)?;
            Ok(vec![vec![0.0, 1.0]; batch.rows])
        }
    }

    Answers(done)
}

/// A model that answers only when it is let, and fails when its gate is gone.
pub struct Gated(pub mpsc::Receiver<()>);

impl Model for Gated {
    fn logits(&mut self, batch: &Batch) -> Result<Vec<Vec<f32>>, SessionError> {
        self.0.recv().map_err(|_| SessionError::Runtime("a secret detail".into()))?;
        Ok(vec![vec![0.0, 1.0]; batch.rows])
    }
}
