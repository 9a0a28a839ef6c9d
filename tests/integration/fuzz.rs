//! The targets under inputs that mutation makes of good ones, a few hundred for each in every run.
//!
//! `make fuzz` feeds the same targets for as long as one likes, with mutations that follow the code.
//! An input that a target does not stand is printed, and belongs into its folder of seeds.

pub mod targets;

use crate::support::{Gated, engine_around, root, router::ONE, state, temporary_folder, tiny_engine};
use axum::Router;
use futures_util::FutureExt;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use std::{fs, panic::AssertUnwindSafe, sync::mpsc};
use targets::Target;
use valence::{
    engine::{Engine, cache::CacheLimits},
    server::{feedback::Feedback, router, state::AppState},
};

/// Inputs for each target.
const INPUTS: usize = 300;

/// What parsers stumble over.
const TOKENS: [&[u8]; 24] = [
    b"\\ud800",
    b"\\u0000",
    b"\0",
    b"\xff",
    b"\xe2\x80\xae",
    b"\xe2\x80\x8b",
    b"\xcc\x81",
    b"\"",
    b"'",
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b"\r\n",
    b"\n\n",
    b"%00",
    b"%ff",
    b"&",
    b"1e999",
    b"-1",
    b"18446744073709551616",
    b"null",
];

/// Inputs made of `seeds` by a few changes each, the same in every run.
struct Mutations {
    chance: StdRng,
    seeds: Vec<Vec<u8>>,
}

impl Mutations {
    fn of(seeds: Vec<Vec<u8>>) -> Self {
        Self { chance: StdRng::seed_from_u64(7), seeds }
    }

    fn place(&mut self, length: usize) -> usize {
        self.chance.random_range(0..=length)
    }

    fn change(&mut self, input: &mut Vec<u8>) {
        let (a, b) = (self.place(input.len()), self.place(input.len()));
        let (start, end) = (a.min(b), a.max(b).min(a.min(b) + 64));
        match self.chance.random_range(0..6) {
            0 => drop(input.drain(start..end)),
            1 => {
                let piece = input[start..end].to_vec();
                input.splice(a..a, piece.repeat(self.chance.random_range(1..200)));
            }
            2 => {
                let token = TOKENS[self.chance.random_range(0..TOKENS.len())];
                input.splice(a..a, token.iter().copied());
            }
            3 if a < input.len() => input[a] ^= 1 << self.chance.random_range(0..8),
            4 => input.truncate(a),
            _ => {
                let other = &self.seeds[self.chance.random_range(0..self.seeds.len())];
                let cut = self.chance.random_range(0..=other.len());
                let rest = other[cut..].to_vec();
                input.truncate(a);
                input.extend(rest);
            }
        }
    }
}

impl Iterator for Mutations {
    type Item = Vec<u8>;

    fn next(&mut self) -> Option<Vec<u8>> {
        let mut input = self.seeds[self.chance.random_range(0..self.seeds.len())].clone();
        for _ in 0..self.chance.random_range(0..5) {
            self.change(&mut input);
        }
        input.truncate(200_000);
        Some(input)
    }
}

/// A server that has everything.
fn server(engine: Engine) -> Router {
    let feedback = Feedback::open(&temporary_folder().join("feedback.jsonl")).unwrap();
    router(AppState { mcp: true, feedback: Some(feedback), ..state(engine) })
}

/// Feeds the target of this name, and shows the input at which it fails.
async fn stands(name: &str) {
    let router = server(tiny_engine());
    let folder = root().join("fuzz/seeds").join(name);
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    files.sort();
    let seeds = files.iter().map(|file| fs::read(file).unwrap()).collect();
    for input in Mutations::of(seeds).take(INPUTS) {
        let fed = AssertUnwindSafe(Target::named(name).feed(&router, &input)).catch_unwind().await;
        assert!(fed.is_ok(), "{name} does not stand {}", input.escape_ascii());
    }
}

#[tokio::test]
async fn a_fault_of_the_server_is_seen_inside_of_a_200() {
    const TOOL: &str = r#"{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params":
        {"name": "analyze_sentiment", "arguments": {"text": "good"}}}"#;
    let (open, gate) = mpsc::channel();
    drop(open);
    let router = server(engine_around(Gated(gate), ONE, CacheLimits::OFF));
    for (target, input) in [
        (Target::Bodies(&[("/api/v1/batch", "text/csv")]), "text\ngood\n"),
        (Target::Bodies(&[("/gradio_api/call/predict", "application/json")]), r#"{"data": ["good"]}"#),
        (Target::Bodies(&[("/gradio_api/call/v2/predict", "application/json")]), r#"{"text": "good"}"#),
        (
            Target::Bodies(&[("/gradio_api/queue/join", "application/json")]),
            r#"{"data": ["good"], "fn_index": 0, "session_hash": "a b&c"}"#,
        ),
        (Target::Bodies(&[("/mcp", "application/json")]), TOOL),
        (Target::Bodies(&[("/page/texts", "application/json")]), r#"{"texts": ["good"]}"#),
        (Target::Bodies(&[("/page/feedback", "application/json")]), r#"{"text": "good", "choice": "up"}"#),
    ] {
        let fed = AssertUnwindSafe(target.feed(&router, input.as_bytes())).catch_unwind().await;
        assert!(fed.is_err(), "{target:?} does not see it");
    }
}

macro_rules! fuzz {
    ($($name:ident)*) => {
        $(#[tokio::test]
        async fn $name() {
            stands(stringify!($name)).await;
        })*

        #[test]
        fn every_target_is_fed() {
            let fed = [$(stringify!($name)),*];
            assert_eq!(targets::TARGETS.map(|(name, _)| name), fed);
        }
    };
}

fuzz! {
    json_bodies
    hugging_face_bodies
    gradio_bodies
    messages_of_language_models
    uploads
    datasets
    queries
    links
    configurations
    graphs
    tokenizers
}
