//! The targets: every parser that takes bytes from outside, and how an input comes to it.
//!
//! They are fed by `fuzz`, which mutates good input in every run of the tests, and by the crate in
//! `fuzz/`, whose mutations follow the code that they reach. What a target must never do is panic,
//! hang, or answer that the server is at fault, by the status or inside of a 200.

use axum::{
    Json, Router,
    body::Body,
    http::{Request, header::CONTENT_TYPE},
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use http_body_util::BodyExt;
use std::{
    env,
    fs::{self, File},
    path::Path,
    process,
    sync::LazyLock,
    thread,
    time::Duration,
};
use tower::ServiceExt;
use valence::{
    dataset::{Dataset, format::Format},
    engine::{
        artifact::{ModelConfig, TokenizerConfig},
        graph,
        tokenizer::Tokenizer,
    },
    server::{api::gradio::wire::Join, link::Link},
};

/// Longer than any input may keep its target busy on a machine with other things to do.
const LONG: Duration = Duration::from_secs(60);

const JSON: &str = "application/json";

/// Where the outcomes of a session's calls are told.
const SESSION: &str = "/gradio_api/queue/data";

/// What tokenizers of foreign models are tried with.
const TEXT: &str = "Not a good film, \u{202e}is it? 🎉";

/// A good Parquet file of a few rows.
static PARQUET: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let name = |ending| env::temp_dir().join(format!("valence-fuzz-{}.{ending}", process::id()));
    let (table, file) = (name("csv"), name("parquet"));
    fs::write(&table, "text,label\ngood,1\nbad,0\n").unwrap();
    let Dataset { columns, chunks, .. } = Dataset::open(&table, Format::Csv).unwrap();
    let out = Box::new(File::create(&file).unwrap());
    let mut encoder = Format::Parquet.encoder(out, &columns, true);
    chunks.for_each(|chunk| encoder.write(chunk.unwrap().rows).unwrap());
    encoder.finish().unwrap();
    let bytes = fs::read(&file).unwrap();
    for file in [table, file] {
        fs::remove_file(file).unwrap();
    }
    bytes
});

/// Where an input goes.
#[derive(Clone, Copy, Debug)]
pub enum Target {
    /// To each of these addresses, as a body of the type beside it.
    Bodies(&'static [(&'static str, &'static str)]),
    /// Behind the question mark of every page and picture.
    Queries,
    /// Into a link, as what it holds compressed.
    Links,
    /// To `valence batch`, as a file of each format that is text, and as changes of a good one of Parquet,
    /// which no change of a text would become.
    Datasets,
    /// To the reader of a foreign model's graph, which looks for the files that have its weights.
    Graphs,
    /// To the reader of a foreign model's two configurations.
    Configurations,
    /// To the reader of a foreign model's tokenizer, which then reads a text.
    Tokenizers,
}

/// The targets by their names, which are also those of their folders of seeds.
pub const TARGETS: [(&str, Target); 11] = [
    (
        "json_bodies",
        Target::Bodies(&[
            ("/api/v1/analyze", JSON),
            ("/page/analyze", JSON),
            ("/page/texts", JSON),
            ("/page/explain", JSON),
            ("/page/feedback", JSON),
        ]),
    ),
    (
        "hugging_face_bodies",
        Target::Bodies(&[("/", JSON), ("/models/tiny", JSON), ("/predict", JSON), ("/invocations", JSON)]),
    ),
    (
        "gradio_bodies",
        Target::Bodies(&[
            ("/gradio_api/run/analyze", JSON),
            ("/gradio_api/run/predict", JSON),
            ("/gradio_api/call/predict", JSON),
            ("/gradio_api/call/v2/predict", JSON),
            ("/gradio_api/queue/join", JSON),
        ]),
    ),
    ("messages_of_language_models", Target::Bodies(&[("/mcp", JSON)])),
    ("uploads", Target::Bodies(&[("/api/v1/batch", "text/csv"), ("/api/v1/batch", "application/x-ndjson")])),
    ("datasets", Target::Datasets),
    ("queries", Target::Queries),
    ("links", Target::Links),
    ("configurations", Target::Configurations),
    ("graphs", Target::Graphs),
    ("tokenizers", Target::Tokenizers),
];

/// What a query may be behind.
const PAGES: [&str; 8] =
    ["/", "/embed", "/og.png", "/qr.svg", "/code", "/model", SESSION, "/gradio_api/call/predict/x"];

impl Target {
    /// The target of this name.
    pub fn named(name: &str) -> Self {
        TARGETS.into_iter().find(|(known, _)| *known == name).expect("one of TARGETS").1
    }

    /// Feeds one input; panics where the target does not stand it.
    pub async fn feed(self, router: &Router, input: &[u8]) {
        match self {
            Self::Bodies(endpoints) => {
                for (path, kind) in endpoints {
                    let request = Request::post(*path)
                        .header(CONTENT_TYPE, *kind)
                        .header("accept", "application/json, text/event-stream")
                        .header("host", "localhost");
                    let answer = answers(router, request.body(Body::from(input.to_vec())).unwrap()).await;
                    if let Some(path) = outcome(path, input, &answer) {
                        answers(router, Request::get(path).body(Body::empty()).unwrap()).await;
                    }
                }
            }
            Self::Queries => {
                let query = String::from_utf8_lossy(input);
                let _ = Link::read(&query);
                for path in PAGES {
                    let request = Request::get(format!("{path}?{query}")).header("host", "localhost");
                    // What is no address does not get past the HTTP parser.
                    if let Ok(request) = request.body(Body::empty()) {
                        answers(router, request).await;
                    }
                }
            }
            Self::Links => drop(Link::read(&format!("z={}", BASE64_URL_SAFE_NO_PAD.encode(input)))),
            Self::Datasets => {
                for format in [Format::Csv, Format::Tsv, Format::Jsonl] {
                    written(input, |file| read(file, format));
                }
                written(&changed(&PARQUET, input), |file| read(file, Format::Parquet));
            }
            Self::Graphs => written(input, |file| drop(graph::external_files(file))),
            Self::Configurations => {
                let _ = (ModelConfig::parse(input), TokenizerConfig::parse(input));
            }
            Self::Tokenizers => written(input, |file| {
                if let Ok(tokenizer) = Tokenizer::open(file, 16, 600) {
                    let _ = (tokenizer.encode(TEXT), tokenizer.encode_with_offsets(TEXT));
                    let _ = (tokenizer.mask(), tokenizer.pad());
                }
            }),
        }
    }
}

/// Sends a request, reads the answer to its end, and looks into it.
async fn answers(router: &Router, request: Request<Body>) -> Vec<u8> {
    // It stays open for another call; what there is to tell comes at once.
    let is_session = request.uri().path() == SESSION;
    let answer = async {
        let response = router.clone().oneshot(request).await.unwrap();
        let (parts, mut body) = response.into_parts();
        let body = if is_session {
            let first = body.frame().await.transpose();
            first.map(|frame| frame.and_then(|frame| frame.into_data().ok()).unwrap_or_default())
        } else {
            body.collect().await.map(|body| body.to_bytes())
        };
        (parts, body.map(|body| body.to_vec()))
    };
    let (parts, body) = tokio::time::timeout(LONG, answer).await.expect("an answer in time");
    assert!(!parts.status.is_server_error(), "{}", parts.status);
    let body = body.expect("an answer that does not break off");
    // A page shows the user's own words.
    let is_page =
        parts.headers.get(CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"));
    assert!(is_page || !has_own_fault(&body), "{}", String::from_utf8_lossy(&body));
    body
}

/// Whether an answer to programs says that the server is at fault. Rows, calls and tools say so inside of a
/// 200.
pub fn has_own_fault(body: &[u8]) -> bool {
    let body = String::from_utf8_lossy(body);
    [r#""error_type":"Backend""#, r#""Failed":{"reference""#, "(reference "]
        .iter()
        .any(|sign| body.contains(sign))
}

/// Where the outcome of a call is told, to which only an event's id was answered.
pub fn outcome(path: &str, call: &[u8], answer: &[u8]) -> Option<String> {
    let id = str::from_utf8(answer).ok()?.strip_prefix(r#"{"event_id":""#)?.strip_suffix(r#""}"#)?;
    if path.contains("/call/") {
        return Some(format!("{path}/{id}"));
    }
    let Json(Join { session_hash, .. }) = Json::from_bytes(call).ok()?;
    let name: String = session_hash.bytes().map(|byte| format!("%{byte:02x}")).collect();
    Some(format!("{SESSION}?session_hash={name}"))
}

/// Reads all rows of a file.
fn read(file: &Path, format: Format) {
    if let Ok(dataset) = Dataset::open(file, format) {
        dataset.chunks.for_each(drop);
    }
}

/// What is good, but for the first few changes that the input has: each two bytes for a place, one for it.
fn changed(good: &[u8], input: &[u8]) -> Vec<u8> {
    let mut bytes = good.to_vec();
    for change in input.chunks_exact(3).take(3) {
        let place = usize::from(u16::from_le_bytes([change[0], change[1]])) % good.len();
        bytes[place] = change[2];
    }
    bytes
}

/// Lets `read` have a file of this thread's own with `input` in it.
fn written(input: &[u8], read: impl FnOnce(&Path)) {
    let name = format!("valence-fuzz-{}-{:?}", process::id(), thread::current().id());
    let file = env::temp_dir().join(name);
    fs::write(&file, input).unwrap();
    read(&file);
    fs::remove_file(&file).unwrap();
}
