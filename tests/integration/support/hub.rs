//! A Hub in the test's own process: the routes that clients ask, as the real one answers them, and
//! faults on demand. The answers follow `huggingface_hub`'s `file_download.py` and `hf_api.py`.

use super::{root, tiny_folder};
use axum::{
    Json, Router,
    body::{Body, Bytes},
    extract::{Path, Request, State},
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Redirect},
    routing::get,
};
use futures_util::{StreamExt, stream};
use serde_json::json;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use std::{
    fs, io,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};
use valence::digest::hex;

/// The only commit of every model.
pub const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

/// What goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    None,
    /// Every request is refused with this status and the Hub's own code.
    Status(u16, Option<&'static str>),
    /// The files are refused to who has no token, or one that may not read them; the list is not.
    Gated,
    /// So many requests are refused with 429.
    Busy {
        times: usize,
        seconds: u64,
    },
    /// So many downloads of the graph break off in the middle.
    Cut {
        times: usize,
    },
    /// Every download of a graph's external data breaks off.
    CutData,
    /// The graph has fewer bytes than announced.
    WrongSize,
    /// The graph has other bytes than announced.
    WrongContent,
    /// The graph never comes.
    Silent,
    /// The answers are not JSON.
    NotAHub,
}

/// A Hub that runs for as long as the test does.
pub struct TestHub {
    /// Its address.
    pub endpoint: String,
    /// All requests.
    pub requests: Arc<AtomicUsize>,
    /// Requests for files, not for the list of them.
    pub files: Arc<AtomicUsize>,
    /// Requests for the rest of a file.
    pub resumed: Arc<AtomicUsize>,
    fault: Arc<Mutex<Fault>>,
}

#[derive(Clone)]
struct Shared {
    requests: Arc<AtomicUsize>,
    files: Arc<AtomicUsize>,
    resumed: Arc<AtomicUsize>,
    fault: Arc<Mutex<Fault>>,
}

impl TestHub {
    pub fn start(fault: Fault) -> Self {
        let shared = Shared {
            requests: Arc::default(),
            files: Arc::default(),
            resumed: Arc::default(),
            fault: Arc::new(Mutex::new(fault)),
        };
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let app = Router::new()
            .route("/api/models/{owner}/{name}/revision/{revision}", get(info))
            .route("/{owner}/{name}/resolve/{revision}/{*path}", get(resolve))
            .route("/cdn/{owner}/{name}/{*path}", get(cdn))
            .layer(middleware::from_fn_with_state(shared.clone(), refuse))
            .with_state(shared.clone());
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).unwrap();
                axum::serve(listener, app).await.unwrap();
            });
        });
        let Shared { requests, files, resumed, fault } = shared;
        Self { endpoint, requests, files, resumed, fault }
    }

    /// From now on this goes wrong.
    pub fn fail(&self, fault: Fault) {
        *self.fault.lock().unwrap() = fault;
    }
}

/// The files of a model, or nothing for one that does not exist.
fn files(name: &str) -> Option<Vec<(&'static str, Bytes)>> {
    let tiny = |file: &str| Bytes::from(fs::read(tiny_folder().join(file)).unwrap());
    let common = || {
        vec![
            ("README.md", Bytes::from_static(b"# Tiny")),
            ("pytorch_model.bin", Bytes::from_static(b"weights")),
        ]
    };
    let mut files = common();
    let config = ("config.json", tiny("config.json"));
    let tokenizer = ("tokenizer.json", tiny("tokenizer.json"));
    let graph = ("onnx/model_quantized.onnx", tiny("onnx/model_quantized.onnx"));
    files.extend(match name {
        "tiny" => {
            let settings = ("tokenizer_config.json", tiny("tokenizer_config.json"));
            vec![config, tokenizer, settings, graph, ("onnx/model.onnx", tiny("onnx/model.onnx"))]
        }
        "no-onnx" => vec![config, tokenizer],
        "no-tokenizer" => vec![config, graph],
        "no-config" => vec![tokenizer, graph],
        "root" => {
            let weights = ("model.onnx_data", Bytes::from_static(b"external"));
            vec![config, tokenizer, ("model.onnx", tiny("onnx/model.onnx")), weights]
        }
        "external" => {
            let one = |file: &str| {
                Bytes::from(fs::read(root().join("tests/golden/parity/one").join(file)).unwrap())
            };
            let data = ("onnx/model.onnx_data", one("onnx/model.onnx_data"));
            let settings = ("tokenizer_config.json", tiny("tokenizer_config.json"));
            vec![config, tokenizer, ("onnx/model.onnx", one("onnx/model.onnx")), data, settings]
        }
        "beside" => {
            let graph = ("onnx/model_qint8_avx512_vnni.onnx", graph.1);
            vec![config, ("onnx/tokenizer.json", tokenizer.1), graph]
        }
        _ => return None,
    });
    Some(files)
}

/// Files that the Hub keeps elsewhere, and knows by another checksum.
fn is_large(path: &str) -> bool {
    path.contains(".onnx") || path.ends_with(".bin")
}

fn etag(path: &str, bytes: &[u8]) -> String {
    if is_large(path) {
        return hex(&Sha256::digest(bytes));
    }
    let mut hash = Sha1::new();
    hash.update(format!("blob {}\0", bytes.len()));
    hash.update(bytes);
    hex(&hash.finalize())
}

fn error(status: u16, code: Option<&'static str>) -> Response<Body> {
    let mut response = StatusCode::from_u16(status).unwrap().into_response();
    if let Some(code) = code {
        response.headers_mut().insert("x-error-code", HeaderValue::from_static(code));
    }
    response
}

/// Counts every request, and refuses those that the fault is about.
async fn refuse(State(shared): State<Shared>, request: Request, next: Next) -> Response<Body> {
    shared.requests.fetch_add(1, Ordering::SeqCst);
    let fault = *shared.fault.lock().unwrap();
    match fault {
        Fault::Status(status, code) => return error(status, code),
        Fault::Gated if request.uri().path().contains("/resolve/") => {
            match request.headers().get(header::AUTHORIZATION) {
                Some(token) if token == "Bearer hf_test" => {}
                token => return error(if token.is_some() { 403 } else { 401 }, Some("GatedRepo")),
            }
        }
        Fault::Busy { times, seconds } if times > 0 => {
            *shared.fault.lock().unwrap() = Fault::Busy { times: times - 1, seconds };
            return (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, seconds.to_string())])
                .into_response();
        }
        Fault::NotAHub => return "<html>a page</html>".into_response(),
        _ => {}
    }
    next.run(request).await
}

async fn info(Path((_, name, revision)): Path<(String, String, String)>) -> Response<Body> {
    let Some(files) = files(&name) else { return error(401, Some("RepoNotFound")) };
    if revision != COMMIT && !["main", "v1"].contains(&&*revision) {
        return error(404, Some("RevisionNotFound"));
    }
    let siblings: Vec<_> = files
        .iter()
        .map(|(path, bytes)| match is_large(path) {
            true => json!({
                "rfilename": path, "size": bytes.len(), "blobId": "0".repeat(40),
                "lfs": {"sha256": etag(path, bytes), "size": bytes.len(), "pointerSize": 134},
            }),
            false => json!({"rfilename": path, "size": bytes.len(), "blobId": etag(path, bytes)}),
        })
        .collect();
    Json(json!({"id": format!("tests/{name}"), "sha": COMMIT, "private": false, "siblings": siblings}))
        .into_response()
}

/// Small files come at once, large ones from elsewhere.
async fn resolve(
    State(shared): State<Shared>,
    Path((owner, name, _, path)): Path<(String, String, String, String)>,
    headers: HeaderMap,
) -> Response<Body> {
    shared.files.fetch_add(1, Ordering::SeqCst);
    let Some(bytes) = file(&name, &path) else { return error(404, Some("EntryNotFound")) };
    let tag = HeaderValue::from_str(&format!("\"{}\"", etag(&path, &bytes))).unwrap();
    let mut response = if is_large(&path) {
        let mut response = Redirect::temporary(&format!("/cdn/{owner}/{name}/{path}")).into_response();
        *response.status_mut() = StatusCode::FOUND;
        // The real one leads to another host, which makes the address absolute.
        let location =
            format!("http://{}/cdn/{owner}/{name}/{path}", headers[header::HOST].to_str().unwrap());
        response.headers_mut().insert(header::LOCATION, location.parse().unwrap());
        response.headers_mut().insert("x-linked-etag", tag);
        response.headers_mut().insert("x-linked-size", bytes.len().into());
        response
    } else {
        let mut response = part(&shared, bytes, &headers);
        response.headers_mut().insert(header::ETAG, tag);
        response
    };
    response.headers_mut().insert("x-repo-commit", HeaderValue::from_static(COMMIT));
    response
}

async fn cdn(
    State(shared): State<Shared>,
    Path((_, name, path)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Response<Body> {
    let Some(bytes) = file(&name, &path) else { return error(404, None) };
    let fault = *shared.fault.lock().unwrap();
    let is_question = headers.get(header::RANGE).is_some_and(|range| range == "bytes=0-0");
    match fault {
        Fault::Silent if !is_question => {
            tokio::time::sleep(Duration::from_secs(5)).await;
            StatusCode::REQUEST_TIMEOUT.into_response()
        }
        Fault::WrongSize => part(&shared, bytes.slice(..bytes.len() / 2), &headers),
        Fault::WrongContent => part(&shared, vec![0; bytes.len()].into(), &headers),
        Fault::Cut { times } if times > 0 && !is_question => {
            *shared.fault.lock().unwrap() = Fault::Cut { times: times - 1 };
            cut(part(&shared, bytes, &headers)).await
        }
        Fault::CutData if path.ends_with("_data") && !is_question => {
            cut(part(&shared, bytes, &headers)).await
        }
        _ => part(&shared, bytes, &headers),
    }
}

/// The first third of an answer, and the end of its connection.
async fn cut(whole: Response<Body>) -> Response<Body> {
    let (parts, body) = whole.into_parts();
    let rest = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    // What has been written has to leave before the connection ends.
    let broken = stream::once(async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        Err(io::Error::other("the connection is cut"))
    });
    let some = stream::iter([Ok(rest.slice(..rest.len() / 3))]).chain(broken);
    Response::from_parts(parts, Body::from_stream(some))
}

fn file(name: &str, path: &str) -> Option<Bytes> {
    files(name)?.into_iter().find(|(file, _)| *file == path).map(|(_, bytes)| bytes)
}

/// The bytes that `Range` asks for: `bytes=0-0` or `bytes=N-`.
fn part(shared: &Shared, bytes: Bytes, headers: &HeaderMap) -> Response<Body> {
    let Some(range) = headers.get(header::RANGE).and_then(|range| range.to_str().ok()) else {
        return bytes.into_response();
    };
    let (start, end) = range.strip_prefix("bytes=").unwrap().split_once('-').unwrap();
    let start: usize = start.parse().unwrap();
    let end = end.parse::<usize>().map_or(bytes.len(), |end| end + 1).min(bytes.len());
    if start >= end {
        return StatusCode::RANGE_NOT_SATISFIABLE.into_response();
    }
    if start > 0 {
        shared.resumed.fetch_add(1, Ordering::SeqCst);
    }
    let content_range = format!("bytes {start}-{}/{}", end - 1, bytes.len());
    let length = (end - start).to_string();
    let headers = [(header::CONTENT_RANGE, content_range), (header::CONTENT_LENGTH, length)];
    (StatusCode::PARTIAL_CONTENT, headers, bytes.slice(start..end)).into_response()
}
