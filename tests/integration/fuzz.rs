//! Every parser that takes bytes from outside, under inputs that mutation makes of good ones.
//!
//! A few hundred for each in every run, and as many as `VALENCE_FUZZ_SECONDS` allow where that is
//! set: `make fuzz`. What a target must never do is panic, hang, or answer with a status of the
//! server's fault. An input that makes it do so is printed and belongs in the target's seeds.

use crate::support::{copy_of_tiny, state, tiny_engine, tiny_folder};
use axum::{
    Router,
    body::{Body, Bytes},
    http::{Request, header::CONTENT_TYPE},
};
use http_body_util::BodyExt;
use rand::{RngExt, SeedableRng, rngs::StdRng};
use std::{
    env, fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    time::{Duration, Instant},
};
use tower::ServiceExt;
use valence::{
    dataset::{Dataset, format::Format},
    engine::{
        artifact::{Artifact, ModelConfig, TokenizerConfig},
        tokenizer::Tokenizer,
    },
    server::{link::Link, router, state::AppState},
};

/// Inputs of one target where no time is set.
const INPUTS: usize = 300;

/// Longer than any input may keep its target busy on a machine with other things to do.
const LONG: Duration = Duration::from_secs(60);

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

/// Inputs made of `seeds` by a few changes each, the same in every run of as many.
struct Mutations {
    chance: StdRng,
    seeds: Vec<Vec<u8>>,
    left: usize,
    end: Option<Instant>,
}

impl Mutations {
    fn of(seeds: &[&[u8]]) -> Self {
        let seconds = env::var("VALENCE_FUZZ_SECONDS").ok().and_then(|seconds| seconds.parse().ok());
        let end = seconds.map(|seconds| Instant::now() + Duration::from_secs(seconds));
        let seeds = seeds.iter().map(|seed| seed.to_vec()).collect();
        Self { chance: StdRng::seed_from_u64(7), seeds, left: INPUTS, end }
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
        match self.end {
            Some(end) if Instant::now() > end => return None,
            None if self.left == 0 => return None,
            _ => self.left = self.left.saturating_sub(1),
        }
        let mut input = self.seeds[self.chance.random_range(0..self.seeds.len())].clone();
        for _ in 0..self.chance.random_range(0..5) {
            self.change(&mut input);
        }
        input.truncate(200_000);
        Some(input)
    }
}

fn app() -> Router {
    router(AppState { mcp: true, ..state(tiny_engine()) })
}

/// Sends a request and reads the answer to its end.
async fn survives(router: &Router, request: Request<Body>, input: &[u8]) {
    let answer = async {
        let response = router.clone().oneshot(request).await.unwrap();
        (response.status(), response.into_body().collect().await.map(|body| body.to_bytes()))
    };
    let shown = || input.escape_ascii().to_string();
    let answered = tokio::time::timeout(LONG, answer).await;
    let (status, body) = answered.unwrap_or_else(|_| panic!("no answer to {}", shown()));
    assert!(!status.is_server_error(), "{status} to {}", shown());
    assert!(body.is_ok(), "an answer broke off: {}", shown());
}

/// The same body at each of `doors`.
async fn bodies(doors: &[(&str, &str)], seeds: &[&[u8]]) {
    let router = app();
    for input in Mutations::of(seeds) {
        for (path, kind) in doors {
            let request = Request::post(*path)
                .header(CONTENT_TYPE, *kind)
                .header("accept", "application/json, text/event-stream")
                .header("host", "localhost");
            survives(&router, request.body(Body::from(input.clone())).unwrap(), &input).await;
        }
    }
}

#[tokio::test]
async fn json_bodies() {
    let doors = [("/api/v1/analyze", "application/json"), ("/page/analyze", "application/json")];
    bodies(
        &doors,
        &[br#"{"text": "a good film", "sentences": true, "top_k": 1}"#, br#"{"texts": ["a", "b"]}"#],
    )
    .await;
}

#[tokio::test]
async fn hugging_face_bodies() {
    let doors =
        [("/", "application/json"), ("/models/tiny", "application/json"), ("/predict", "application/json")];
    let seeds: [&[u8]; 3] = [
        br#"{"inputs": ["a good film", "bad"], "parameters": {"top_k": 2, "function_to_apply": "sigmoid"}}"#,
        br#"{"inputs": [["a"], ["b"]], "raw_scores": true, "truncate": true, "truncation_direction": "Left"}"#,
        br#"{"inputs": {"text": "good"}}"#,
    ];
    bodies(&doors, &seeds).await;
}

#[tokio::test]
async fn gradio_bodies() {
    let doors = ["run/analyze", "run/predict", "call/predict", "call/v2/predict", "queue/join"];
    let doors = doors.map(|door| format!("/gradio_api/{door}"));
    let doors: Vec<_> = doors.iter().map(|door| (door.as_str(), "application/json")).collect();
    let seeds: [&[u8]; 2] = [
        br#"{"data": ["a good film"], "fn_index": 0, "session_hash": "abc", "event_data": null, "trigger_id": 1}"#,
        br#"{"text": "good"}"#,
    ];
    bodies(&doors, &seeds).await;
}

#[tokio::test]
async fn messages_of_language_models() {
    let seeds: [&[u8]; 2] = [
        br#"{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "analyze_sentiment", "arguments": {"text": "good"}}}"#,
        br#"{"jsonrpc": "2.0", "id": "x", "method": "initialize", "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "n", "version": "1"}}}"#,
    ];
    bodies(&[("/mcp", "application/json")], &seeds).await;
}

#[tokio::test]
async fn csv_and_jsonl_uploads() {
    let seeds: [&[u8]; 3] = [
        b"id,text\n1,\"a \"\"good\"\" film\nand more\"\n2,bad\n",
        b"{\"text\": \"good\", \"n\": 1}\n{\"text\": \"bad\"}\n",
        b"\xef\xbb\xbftext\tother\r\ngood\t1\r\n",
    ];
    bodies(&[("/api/v1/batch", "text/csv"), ("/api/v1/batch", "application/x-ndjson")], &seeds).await;
}

#[test]
fn datasets_of_the_command_line() {
    let seeds: [&[u8]; 2] =
        [b"id,text\n1,\"a \"\"good\"\" film\"\n2,bad\n", b"{\"text\": \"good\"}\n{\"text\": null}\n"];
    let file = copy_of_tiny().join("rows");
    for input in Mutations::of(&seeds) {
        fs::write(&file, &input).unwrap();
        for format in [Format::Csv, Format::Tsv, Format::Jsonl] {
            holds(&input, || {
                if let Ok(dataset) = Dataset::open(&file, format) {
                    dataset.chunks.for_each(drop);
                }
            });
        }
    }
}

#[tokio::test]
async fn query_strings_and_links() {
    let router = app();
    let seeds: [&[u8]; 3] = [
        b"text=a+good%20film&model=tiny&tab=many",
        b"z=81TIyS9LVSjJyCwGAA&model=x",
        b"top_k=1&explain=shapley&column=text",
    ];
    for input in Mutations::of(&seeds) {
        let query = String::from_utf8_lossy(&input).into_owned();
        holds(&input, || drop(Link::read(&query)));
        for path in [
            "/",
            "/embed",
            "/og.png",
            "/qr.svg",
            "/code",
            "/model",
            "/gradio_api/queue/data",
            "/gradio_api/call/predict/x",
        ] {
            // What is no address does not get past the HTTP parser.
            let Ok(request) =
                Request::get(format!("{path}?{query}")).header("host", "localhost").body(Body::empty())
            else {
                continue;
            };
            survives(&router, request, &input).await;
        }
    }
}

#[test]
fn links_of_any_bytes() {
    use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
    let seeds: [&[u8]; 1] = [b"\xf3\x54\xc8\xc9\x2f\x4b\x55\x28\xc9\xc8\x2c\x06\x00"];
    for input in Mutations::of(&seeds) {
        let link = format!("z={}", BASE64_URL_SAFE_NO_PAD.encode(&input));
        holds(&input, || drop(Link::read(&link)));
    }
}

/// A foreign model's files: refused with a reason, or good for any text.
#[test]
fn files_of_foreign_models() {
    let read = |file: &str| fs::read(tiny_folder().join(file)).unwrap();
    let (config, settings) = (read("config.json"), read("tokenizer_config.json"));
    for input in Mutations::of(&[&config, &settings]) {
        holds(&input, || {
            let _ = ModelConfig::parse(&input);
            let _ = TokenizerConfig::parse(&input);
        });
    }
    let tokenizer = small_tokenizer();
    let folder = copy_of_tiny();
    let file: PathBuf = folder.join("tokenizer.json");
    for input in Mutations::of(&[&tokenizer]) {
        fs::write(&file, &input).unwrap();
        holds(&input, || {
            let _ = Artifact::open(&folder);
            if let Ok(tokenizer) = Tokenizer::open(&file, 16, 600) {
                let _ = tokenizer.encode("Not a good film, \u{202e}is it? 🎉");
                let _ = tokenizer.encode_with_offsets("Not a good film, \u{202e}is it? 🎉");
                let _ = (tokenizer.mask(), tokenizer.pad());
            }
        });
    }
}

/// The parts of the tiny model's tokenizer with the first words of its vocabulary alone, so that
/// changes meet its structure.
fn small_tokenizer() -> Bytes {
    let whole = fs::read(tiny_folder().join("tokenizer.json")).unwrap();
    let mut whole: serde_json::Value = serde_json::from_slice(&whole).unwrap();
    let vocabulary = whole["model"]["vocab"].as_object_mut().unwrap();
    vocabulary.retain(|_, number| number.as_u64().unwrap() < 60);
    serde_json::to_vec(&whole).unwrap().into()
}

fn holds(input: &[u8], parse: impl FnOnce()) {
    let outcome = catch_unwind(AssertUnwindSafe(parse));
    assert!(outcome.is_ok(), "a panic at {}", input.escape_ascii());
}
