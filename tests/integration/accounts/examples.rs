//! What the accounts are made of: an error as a sentence, stand-ins for its parts, wrong requests.

use std::{error::Error, io, iter, path::PathBuf};
use valence::engine::{artifact::ArtifactError, session::SessionError};

/// Writes an example of each variant. A variant that is missing does not compile.
macro_rules! list {
    ($list:ident, $name:ident, { $($pattern:pat => $example:expr),+ $(,)? }) => {
        writeln!($list, "{}", stringify!($name)).unwrap();
        for error in [$($example),+] {
            let variant = match &error { $($pattern => stringify!($pattern)),+ };
            let variant = variant.split([' ', '(']).next().unwrap().rsplit("::").next().unwrap();
            writeln!($list, "  {variant}: {}", sentence(&error)).unwrap();
        }
    };
}
pub(super) use list;

/// As the program and the log write an error: with its causes, in one line.
pub fn sentence(error: &(dyn Error + 'static)) -> String {
    let causes = iter::successors(Some(error), |&error| error.source());
    let mut sentence: Vec<String> = causes.map(ToString::to_string).collect();
    // One that stands for its cause says the same.
    sentence.dedup();
    let sentence = sentence.join(": ");
    assert_eq!(sentence.lines().count(), 1, "{sentence:?}");
    sentence
}

/// These hold a sentence of the endpoint's own.
pub const BELOW: &str = "(see of_what_the_endpoints_refuse)";

pub fn file() -> PathBuf {
    "FILE".into()
}

pub fn io() -> io::Error {
    io::Error::other("what the system says")
}

pub fn failed() -> SessionError {
    SessionError::Runtime("what the runtime says".into())
}

pub fn missing() -> ArtifactError {
    ArtifactError::Missing { file: file() }
}

pub const JSON: &str = "application/json";
const LINES: &str = "application/x-ndjson";
const CSV: &str = "text/csv";

/// What is asked for wrongly: the address, the body's type, the body.
pub const WRONG: [(&str, &str, &[u8]); 37] = [
    ("/api/v1/analyze", JSON, b"{\"text\": "),
    ("/api/v1/analyze", JSON, b"{\"text\": 5}"),
    ("/api/v1/analyze", JSON, b"{}"),
    ("/api/v1/analyze", JSON, b"{\"text\": \"good\", \"texts\": [\"good\"]}"),
    ("/api/v1/analyze", JSON, b"{\"text\": \"good\", \"txet\": 1}"),
    ("/api/v1/analyze", JSON, b"[\"good\"]"),
    ("/api/v1/analyze", JSON, b"\"good\""),
    ("/api/v1/analyze", JSON, b"{\"texts\": []}"),
    ("/api/v1/analyze", JSON, b"{\"texts\": [\"good\", \" \"]}"),
    ("/api/v1/analyze", JSON, b"{\"text\": \"good\", \"top_k\": 0}"),
    ("/api/v1/analyze", JSON, b"{\"text\": \"good\", \"explain\": true}"),
    ("/api/v1/analyze", JSON, b"{\"text\": \"good\", \"model\": \"other\"}"),
    ("/api/v1/analyze", "text/plain", b"good"),
    ("/api/v1/batch", JSON, b"{}"),
    ("/api/v1/batch", CSV, b""),
    ("/api/v1/batch", CSV, b"a,b\n1,2\n"),
    ("/api/v1/batch", CSV, b"a,text\n1\n"),
    ("/api/v1/batch", CSV, b"text\n\xff\n"),
    ("/api/v1/batch", CSV, b"text\n\"good\n"),
    ("/api/v1/batch", LINES, b"{\"text\": \n"),
    ("/api/v1/batch", LINES, b"[1]\n"),
    ("/api/v1/batch", LINES, b"\xff\n"),
    ("/predict", JSON, b"{\"inputs\": [[\"a\", \"b\", \"c\"]]}"),
    ("/predict", JSON, b"{\"inputs\": 5}"),
    ("/predict", JSON, b"{\"inputs\": \"good\", \"truncation_direction\": 5}"),
    ("/predict", JSON, b"{\"inputs\": \"good\", \"truncation_direction\": \"up\"}"),
    ("/predict", JSON, b"{\"inputs\": \"good\", \"parameters\": {\"top_k\": 1}}"),
    ("/", JSON, b"{\"inputs\": \"good\", \"parameters\": {\"top_k\": -1}}"),
    ("/", JSON, b"{\"inputs\": \"good\", \"parameters\": {\"stride\": 1}}"),
    ("/", JSON, b"{\"inputs\": \"good\", \"raw_scores\": true}"),
    ("/", JSON, b"{\"inputs\": 5}"),
    ("/models/other", JSON, b"{\"inputs\": \"good\"}"),
    ("/gradio_api/call/predict", JSON, b"{\"data\": []}"),
    ("/gradio_api/call/predict", JSON, b"{\"data\": [\"good\", \"bad\"]}"),
    ("/gradio_api/call/other", JSON, b"{\"data\": [\"good\"]}"),
    ("/api/v1/nothing", JSON, b"{}"),
    ("/page/nothing", JSON, b"{}"),
];
