//! A Hub in the test's own process: the routes that clients ask, as the real one answers them, and
//! faults on demand. The answers follow `huggingface_hub`'s `file_download.py` and `hf_api.py`.

mod answers;
mod files;

use answers::{cdn, info, resolve};
use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderValue, Response, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Redirect},
    routing::get,
};
use std::{
    net::SocketAddr,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
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
    /// Every request is refused with 429, as one of a window that is renewed in so many seconds.
    UsedUp {
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
    /// The graph takes seven seconds.
    Slow,
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
        Fault::UsedUp { seconds } => {
            let limits = format!("\"pages\";r=7;t=9, \"api\";r=0;t={seconds}");
            return (StatusCode::TOO_MANY_REQUESTS, [("ratelimit", limits)]).into_response();
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
