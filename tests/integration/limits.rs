//! Slow, idle and numerous connections, and the end of the server.

mod end;

use crate::support::{Gated, engine_around, router::ONE, state, tiny_engine};
use axum::http::StatusCode;
use std::{net::SocketAddr, sync::mpsc, time::Duration};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::{JoinHandle, JoinSet},
    time::{sleep, timeout},
};
use valence::{
    engine::cache::CacheLimits,
    server::{
        limits::{Limits, MAX_BODY},
        listen, router,
        state::AppState,
    },
};

/// Within this, whatever is waited for has happened, or never does.
const LONG: Duration = Duration::from_secs(60);

/// A server on a port of its own, in this process.
struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    ended: JoinHandle<std::io::Result<()>>,
}

impl Server {
    async fn start(limits: Limits) -> Self {
        Self::of(AppState { limits, ..state(tiny_engine()) }).await
    }

    async fn of(state: AppState) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let limits = state.limits;
        let stop_signal = async move {
            let _ = stopped.await;
        };
        let ended = tokio::spawn(listen::serve(listener, router(state), limits, stop_signal));
        Self { address, stop, ended }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Asks a question on a connection of its own; the status, if there is an answer.
    async fn ask(&self) -> Option<StatusCode> {
        let mut stream = TcpStream::connect(self.address).await.ok()?;
        stream.write_all(question("close").as_bytes()).await.ok()?;
        status(&mut stream).await
    }

    /// Asks for the figures on a connection of its own; the whole answer, if there is one.
    async fn figures(&self) -> String {
        let mut stream = self.connect().await;
        // One that is refused may be closed by now.
        let _ =
            stream.write_all(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await;
        rest(&mut stream).await
    }
}

fn question(connection: &str) -> String {
    let json = r#"{"text": "a good film"}"#;
    format!(
        "POST /api/v1/analyze HTTP/1.1\r\nHost: localhost\r\nConnection: {connection}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{json}",
        json.len()
    )
}

/// The status of an answer that ends with its connection.
async fn status(stream: &mut TcpStream) -> Option<StatusCode> {
    let answer = rest(stream).await;
    let code = answer.strip_prefix("HTTP/1.1 ")?.get(..3)?;
    StatusCode::from_bytes(code.as_bytes()).ok()
}

/// What comes until the server closes the connection.
async fn rest(stream: &mut TcpStream) -> String {
    let mut answer = Vec::new();
    // A closed connection may also look like a broken one.
    let _ = timeout(LONG, stream.read_to_end(&mut answer)).await.expect("the server closes the connection");
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn idle_and_slow_connections_do_not_hurt_others() {
    // Both ends of each are files of this process.
    assert!(rlimit::increase_nofile_limit(4096).unwrap() >= 4096, "the test needs 4,096 open files");
    let server = Server::start(Limits::default()).await;
    let mut idle = Vec::new();
    for _ in 0..1000 {
        idle.push(server.connect().await);
    }
    let mut slow = JoinSet::new();
    for n in 0..200 {
        let mut stream = server.connect().await;
        let is_head = n % 2 == 0;
        slow.spawn(async move {
            let whole = question("close");
            let sent = if is_head { 0 } else { whole.len() - 20 };
            stream.write_all(&whole.as_bytes()[..sent]).await.unwrap();
            for byte in whole.as_bytes()[sent..].iter().cycle() {
                stream.write_all(&[*byte]).await.unwrap();
                sleep(Duration::from_secs(1)).await;
            }
        });
    }
    for _ in 0..100 {
        assert_eq!(timeout(LONG, server.ask()).await.expect("an answer"), Some(StatusCode::OK));
    }
    assert!(slow.try_join_next().is_none(), "the slow ones were still at it");
    drop(idle);
}

#[tokio::test]
async fn one_connection_too_many_is_closed_at_once() {
    let server = Server::start(Limits { connections: 2, ..Limits::default() }).await;
    let [mut first, _second] = [server.connect().await, server.connect().await];
    assert_eq!(rest(&mut server.connect().await).await, "");
    // Its end makes room.
    first.write_all(question("close").as_bytes()).await.unwrap();
    assert_eq!(status(&mut first).await, Some(StatusCode::OK));
    let answered = async {
        loop {
            let figures = server.figures().await;
            if figures.starts_with("HTTP/1.1 200 ") {
                break figures;
            }
            sleep(Duration::from_millis(10)).await;
        }
    };
    let figures = timeout(LONG, answered).await.expect("room for another connection");
    let refused = figures.lines().find_map(|line| line.strip_prefix("valence_connections_refused_total "));
    assert!(refused.is_some_and(|count| count != "0"), "{figures}");
}

#[tokio::test]
async fn a_connection_that_brings_no_request_is_closed() {
    let short = Duration::from_millis(200);
    let server = Server::start(Limits { first_head: short, idle: short, ..Limits::default() }).await;
    assert_eq!(rest(&mut server.connect().await).await, "");
    let mut halfway = server.connect().await;
    halfway.write_all(b"GET / HTTP/1.1\r\nHost: ").await.unwrap();
    assert!(!rest(&mut halfway).await.contains("200 OK"));
    // The same after an answer.
    let mut idle = server.connect().await;
    idle.write_all(question("keep-alive").as_bytes()).await.unwrap();
    assert_eq!(rest(&mut idle).await.matches("HTTP/1.1 200 OK").count(), 1);
}

#[tokio::test]
async fn a_body_that_trickles_is_answered_with_408() {
    let body = Duration::from_millis(200);
    a_slow_body_is_told(&Server::start(Limits { body, ..Limits::default() }).await).await;
}

// It was a 504, as if the server had been slow.
#[tokio::test]
async fn a_body_that_comes_for_longer_than_an_answer_may_take_is_answered_with_408() {
    let answer = Duration::from_millis(200);
    a_slow_body_is_told(&Server::start(Limits { answer, ..Limits::default() }).await).await;
}

/// Sends bodies of which only the first byte comes, to programs' endpoints and to the page's, which tells it in
/// its own way.
async fn a_slow_body_is_told(server: &Server) {
    for (path, kind, status, words) in [
        ("/api/v1/analyze", "application/json", 408, r#""error_type":"RequestTimeout""#),
        ("/api/v1/batch", "text/csv", 408, r#""error_type":"RequestTimeout""#),
        ("/page/analyze", "application/json", 400, r#""Malformed""#),
    ] {
        let mut stream = server.connect().await;
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind}\r\nContent-Length: 9\r\n\r\n"
        );
        stream.write_all((head + "{").as_bytes()).await.unwrap();
        let answer = rest(&mut stream).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
        assert!(answer.contains(words), "{answer}");
    }
}

// It was told to go on, and refused once it had sent most of it.
#[tokio::test]
async fn a_client_that_asks_before_it_sends_too_much_is_not_told_to_go_on() {
    let server = Server::start(Limits::default()).await;
    let mut stream = server.connect().await;
    let head = format!(
        "POST /predict HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nExpect: 100-continue\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        MAX_BODY + 1
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let answer = rest(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains(r#""error_type":"PayloadTooLarge""#), "{answer}");
}

/// More bytes than the sockets' buffers hold.
const MANY: usize = 400;

#[tokio::test]
async fn a_client_that_does_not_read_is_given_up_and_one_that_reads_slowly_is_not() {
    let write = Duration::from_millis(500);
    let server = Server::start(Limits { write, ..Limits::default() }).await;
    for pause in [write / 10, write * 4] {
        let mut stream = server.connect().await;
        let asked = "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n".repeat(MANY - 1)
            + "GET /openapi.json HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        stream.write_all(asked.as_bytes()).await.unwrap();
        for _ in 0..3 {
            sleep(pause).await;
            let _ = stream.read_exact(&mut [0; 1000]).await;
        }
        let answers = rest(&mut stream).await.matches("HTTP/1.1 200 OK").count();
        // The first of them is among the bytes above.
        assert_eq!(answers == MANY - 1, pause < write, "{answers} answers with a pause of {pause:?}");
    }
}

#[tokio::test]
async fn an_answer_that_takes_too_long_is_given_up() {
    let (gate, gated) = mpsc::channel();
    let engine = engine_around(Gated(gated), ONE, CacheLimits::OFF);
    let limits = Limits { answer: Duration::from_millis(200), ..Limits::default() };
    let server = Server::of(AppState { limits, ..state(engine) }).await;
    assert_eq!(server.ask().await, Some(StatusCode::GATEWAY_TIMEOUT));
    drop(gate);
}

#[tokio::test]
async fn a_head_that_is_too_much_is_refused_by_its_status_alone() {
    let server = Server::start(Limits::default()).await;
    for (line, headers, status) in [
        (format!("GET /{} HTTP/1.1", "a".repeat(70_000)), 1, "414"),
        ("GET / HTTP/1.1".into(), 101, "431"),
        (format!("GET / HTTP/1.1\r\nCookie: {}", "a".repeat(150_000)), 1, "431"),
        ("bellwether".into(), 1, "400"),
    ] {
        let mut stream = server.connect().await;
        let head = format!("{line}\r\n{}\r\n", "Host: a\r\n".repeat(headers));
        stream.write_all(head.as_bytes()).await.unwrap();
        let answer = rest(&mut stream).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
        assert!(answer.ends_with("\r\n\r\n") && !answer.contains("x-request-id"), "{answer}");
    }
}
