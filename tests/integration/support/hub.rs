//! A Hub in the test's own process: the routes that clients ask, as the real one answers them, and
//! faults on demand. The answers follow `huggingface_hub`'s `file_download.py` and `hf_api.py`.

mod files;

use axum::{
    Json, Router,
    body::{Body, Bytes},
    extract::{Path, Request, State},
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Redirect},
    routing::get,
};
use files::{etag, file, files, is_large};
use futures_util::{StreamExt, stream};
use serde_json::json;
use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

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
    /// The configuration, which is small, has other bytes than announced.
    WrongConfig,
    /// The graph never comes.
    Silent,
    /// The answers are not JSON.
    NotAHub,
    /// Every request is sent to another server.
    Elsewhere(SocketAddr),
}

/// A Hub that runs for as long as the test does.
pub struct TestHub {
    /// Its address.
    pub endpoint: String,
    /// The same without its scheme.
    pub address: SocketAddr,
    /// All requests.
    pub requests: Arc<AtomicUsize>,
    /// Those with a token.
    pub tokens: Arc<AtomicUsize>,
    /// Requests for files, not for the list of them.
    pub files: Arc<AtomicUsize>,
    /// Requests for the rest of a file.
    pub resumed: Arc<AtomicUsize>,
    fault: Arc<Mutex<Fault>>,
}

#[derive(Clone)]
struct Shared {
    requests: Arc<AtomicUsize>,
    tokens: Arc<AtomicUsize>,
    files: Arc<AtomicUsize>,
    resumed: Arc<AtomicUsize>,
    fault: Arc<Mutex<Fault>>,
}

impl TestHub {
    pub fn start(fault: Fault) -> Self {
        Self::start_at("127.0.0.1", fault)
    }

    /// The same at an address of this machine's that may be another host's.
    pub fn start_at(host: &str, fault: Fault) -> Self {
        let shared = Shared {
            requests: Arc::default(),
            tokens: Arc::default(),
            files: Arc::default(),
            resumed: Arc::default(),
            fault: Arc::new(Mutex::new(fault)),
        };
        let listener = std::net::TcpListener::bind((host, 0)).unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let endpoint = format!("http://{address}");
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
        let Shared { requests, tokens, files, resumed, fault } = shared;
        Self { endpoint, address, requests, tokens, files, resumed, fault }
    }

    /// From now on this goes wrong.
    pub fn fail(&self, fault: Fault) {
        *self.fault.lock().unwrap() = fault;
    }
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
    if request.headers().contains_key(header::AUTHORIZATION) {
        shared.tokens.fetch_add(1, Ordering::SeqCst);
    }
    let fault = *shared.fault.lock().unwrap();
    match fault {
        Fault::Elsewhere(address) => {
            return Redirect::temporary(&format!("http://{address}{}", request.uri())).into_response();
        }
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
    // As of a model that was renamed.
    let address = request.uri().to_string();
    if address.contains("tests/old/") {
        return Redirect::temporary(&address.replace("tests/old/", "tests/tiny/")).into_response();
    }
    next.run(request).await
}

async fn info(Path((_, name, revision)): Path<(String, String, String)>) -> Response<Body> {
    let Some(files) = files(&name) else { return error(401, Some("RepoNotFound")) };
    if ![COMMIT, &COMMIT[..7], "main", "v1"].contains(&&*revision) {
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
        let is_wrong = path == "config.json" && *shared.fault.lock().unwrap() == Fault::WrongConfig;
        let bytes = if is_wrong { vec![b' '; bytes.len()].into() } else { bytes };
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
    match fault {
        Fault::Silent => {
            tokio::time::sleep(Duration::from_secs(5)).await;
            StatusCode::REQUEST_TIMEOUT.into_response()
        }
        Fault::WrongSize => part(&shared, bytes.slice(..bytes.len() / 2), &headers),
        Fault::WrongContent => part(&shared, vec![0; bytes.len()].into(), &headers),
        Fault::Cut { times } if times > 0 => {
            *shared.fault.lock().unwrap() = Fault::Cut { times: times - 1 };
            cut(part(&shared, bytes, &headers)).await
        }
        Fault::CutData if path.ends_with("_data") => cut(part(&shared, bytes, &headers)).await,
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

/// The bytes that `Range` asks for, `bytes=N-`, or all; with their number, as they may be cut.
fn part(shared: &Shared, bytes: Bytes, headers: &HeaderMap) -> Response<Body> {
    let Some(range) = headers.get(header::RANGE).and_then(|range| range.to_str().ok()) else {
        return ([(header::CONTENT_LENGTH, bytes.len().to_string())], bytes).into_response();
    };
    let start = range.strip_prefix("bytes=").unwrap().strip_suffix('-').unwrap();
    let start: usize = start.parse().unwrap();
    if start >= bytes.len() {
        return StatusCode::RANGE_NOT_SATISFIABLE.into_response();
    }
    shared.resumed.fetch_add(1, Ordering::SeqCst);
    let content_range = format!("bytes {start}-{}/{}", bytes.len() - 1, bytes.len());
    let length = (bytes.len() - start).to_string();
    let headers = [(header::CONTENT_RANGE, content_range), (header::CONTENT_LENGTH, length)];
    (StatusCode::PARTIAL_CONTENT, headers, bytes.slice(start..)).into_response()
}
