//! Where the time of one text goes: each stage of the engine by itself, with the bundled model.
//!
//! `cargo bench --features ssr --bench stages`

use divan::{Bencher, black_box};
use std::{path::Path, sync::LazyLock};
use valence::{
    engine::{
        artifact::Artifact,
        batch::Batch,
        device::Device,
        dtype::Dtype,
        reading::{Reading, Wanted},
        runtime::Runtime,
        scores::{Head, Window},
        session::{Model, OnnxSession, SessionOptions},
        tokenizer::{Encoding, Tokenizer},
    },
    loading::locate,
    sentiment::Method,
};

const WORDS: &str =
    "the soup came late and cold but nobody at our table minded since music played all evening ";

static ARTIFACT: LazyLock<Artifact> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/valence-mini");
    Artifact::open(&folder).expect("the bundled model")
});

static TOKENIZER: LazyLock<Tokenizer> =
    LazyLock::new(|| Tokenizer::open(&ARTIFACT.tokenizer, 512, 8192).expect("a tokenizer"));

fn main() {
    divan::main();
}

/// A text of about so many tokens.
fn text(tokens: usize) -> String {
    WORDS.split_inclusive(' ').cycle().take(tokens.saturating_sub(2)).collect()
}

fn session() -> OnnxSession {
    let runtime = Runtime::load(&locate::runtime()).expect("scripts/setup.sh has installed ONNX Runtime");
    let (_, file) = ARTIFACT.graph(None, Dtype::ON_CPU).expect("a graph");
    let graph = ARTIFACT.read(&file).expect("a readable graph");
    let options = SessionOptions::new(Device::Cpu, 2, 1);
    OnnxSession::open(&runtime, &graph, options).expect("a session")
}

#[divan::bench(args = [25, 128, 512])]
fn tokenize(bencher: Bencher, tokens: usize) {
    let text = text(tokens);
    bencher.bench(|| TOKENIZER.encode(black_box(&text)));
}

#[divan::bench(args = [25, 128])]
fn read_with_explanation(bencher: Bencher, tokens: usize) {
    let text = text(tokens);
    let wanted = Wanted { sentences: true, explanation: Some(Method::LeaveOneOut), ..Wanted::default() };
    bencher.bench(|| Reading::of(black_box(&text), wanted, &TOKENIZER));
}

#[divan::bench(args = [1, 8, 32])]
fn lay_out_a_batch(bencher: Bencher, rows: usize) {
    let encoding = Encoding::new(vec![7; 25]);
    let encodings = vec![&encoding; rows];
    bencher.bench(|| Batch::new(black_box(&encodings), 0));
}

#[divan::bench(args = [(1, 25), (8, 25), (32, 25), (1, 128), (8, 128), (1, 512)])]
fn run(bencher: Bencher, (rows, tokens): (usize, usize)) {
    let mut session = session();
    let encoding = Encoding::new(vec![2023; tokens]);
    let batch = Batch::new(&vec![&encoding; rows], 0);
    let counter = divan::counter::ItemsCount::new(rows);
    bencher.counter(counter).bench_local(|| session.logits(black_box(&batch)));
}

#[divan::bench]
fn score(bencher: Bencher) {
    let head = Head::new(&ARTIFACT.config);
    bencher.bench(|| head.scores(&[Window { tokens: 25, logits: black_box(&[-1.0, 2.0]) }]));
}
