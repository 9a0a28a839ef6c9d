//! A batch over a socket: its lines as they are ready, and clients that do not read or go away.

use crate::support::{answers, engine_around, state, tiny_engine};
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    time::{sleep, timeout},
};
use valence::{
    engine::{cache::CacheLimits, queue::QueueLimits, session::SessionError},
    server::{limits::Limits, listen, router, state::AppState},
};

/// Rows of one piece of the upload.
const ROWS: usize = 10_000;

/// Rows of an upload that the sockets' buffers hold.
const FEW_ROWS: usize = 2000;

/// A client whose pieces are not taken for so long is being held.
const HELD: Duration = Duration::from_secs(2);

/// Within this, whatever is waited for has happened, or never does.
const LONG: Duration = Duration::from_secs(120);

/// More than the buffers of the sockets and of the server can be together.
const MANY_BYTES: usize = 256 << 20;

/// A server on a port of its own, in this process, which ends when it is dropped.
struct Server {
    address: SocketAddr,
    _stop: oneshot::Sender<()>,
}

impl Server {
    async fn start(state: AppState, limits: Limits) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let stopped = async move {
            let _ = stopped.await;
        };
        tokio::spawn(listen::serve(listener, router(state), limits, stopped));
        Self { address, _stop: stop }
    }

    /// A connection on which an upload has begun.
    async fn upload(&self) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let head = "POST /api/v1/batch HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
                    Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n";
        stream.write_all(head.as_bytes()).await.unwrap();
        stream
    }
}

/// A piece of an upload.
fn piece(rows: &str) -> Vec<u8> {
    format!("{:x}\r\n{rows}\r\n", rows.len()).into_bytes()
}

/// One of rows without a text, so that each is answered at once.
fn empty_rows() -> Vec<u8> {
    piece(&"{}\n".repeat(ROWS))
}

#[tokio::test]
async fn a_client_that_does_not_read_is_held_and_loses_nothing() {
    let server = Server::start(state(tiny_engine()), Limits::default()).await;
    let (mut reading, mut writing) = server.upload().await.into_split();
    let piece = empty_rows();
    let mut sent = 0;
    while let Ok(written) = timeout(HELD, writing.write(&piece[sent % piece.len()..])).await {
        sent += written.unwrap();
        assert!(sent < MANY_BYTES, "the server takes in {sent} bytes whose answers nobody reads");
    }

    let answer = tokio::spawn(async move {
        let mut answer = Vec::new();
        reading.read_to_end(&mut answer).await.map(|_| answer)
    });
    writing.write_all(&piece[sent % piece.len()..]).await.unwrap();
    writing.write_all(b"0\r\n\r\n").await.unwrap();
    let pieces = sent / piece.len() + 1;
    let answer = timeout(LONG, answer).await.expect("the answer's end").unwrap().unwrap();
    let last = format!("{{\"index\":{},", pieces * ROWS - 1);
    assert!(String::from_utf8_lossy(&answer).contains(&last), "the last of {pieces} pieces is answered");
}

#[tokio::test]
async fn one_that_reads_nothing_for_as_long_as_an_answer_may_wait_is_cut_off() {
    let limits = Limits { write: Duration::from_millis(200), ..Limits::default() };
    let server = Server::start(state(tiny_engine()), limits).await;
    let (_unread, mut writing) = server.upload().await.into_split();
    let piece = empty_rows();
    let mut sent = 0;
    let cut_off = async {
        while writing.write_all(&piece).await.is_ok() {
            sent += piece.len();
            assert!(sent < MANY_BYTES, "the server takes in {sent} bytes whose answers nobody reads");
        }
    };
    timeout(LONG, cut_off).await.expect("the end of the connection");
}

#[tokio::test]
async fn a_line_leaves_when_it_is_ready_and_nothing_is_done_for_a_client_that_is_gone() {
    // Outlives the gate: an engine's end waits for a run, which would wait for the gate.
    let engine;
    let (open, gate) = mpsc::channel();
    let runs = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&runs);
    let runs = || runs.load(Ordering::Relaxed);
    // Each of its runs has to be let, and is counted.
    let model = answers(move |_| {
        gate.recv().map_err(|_| SessionError::Runtime("the end of the test".into()))?;
        counted.fetch_add(1, Ordering::Relaxed);
        Ok(())
    });
    let limits = QueueLimits { waiting: 16, rows: 1, tokens: 1024 };
    engine = engine_around(model, limits, CacheLimits::OFF);
    let server = Server::start(state(engine.clone()), Limits::default()).await;
    let mut client = server.upload().await;

    open.send(()).unwrap();
    client.write_all(&piece("\"a good film\"\n")).await.unwrap();
    let mut answer = String::new();
    while !answer.contains("\n{\"index\":0,") || !answer.contains("\"scores\":[") {
        let mut bytes = [0; 1000];
        let read = timeout(LONG, client.read(&mut bytes)).await.expect("a line of an open upload").unwrap();
        assert!(read > 0, "{answer}");
        answer.push_str(&String::from_utf8_lossy(&bytes[..read]));
    }

    let rows: String = (0..FEW_ROWS).map(|row| format!("\"film number {row}\"\n")).collect();
    timeout(LONG, client.write_all(&piece(&rows))).await.expect("room for a few rows").unwrap();
    let wait = async {
        while engine.waiting() == 0 {
            sleep(Duration::from_millis(1)).await;
        }
    };
    timeout(LONG, wait).await.expect("rows that wait");
    drop(client);
    let stop = async {
        loop {
            let before = runs();
            open.send(()).unwrap();
            let taken = async {
                while runs() == before {
                    sleep(Duration::from_millis(1)).await;
                }
            };
            if timeout(HELD, taken).await.is_err() && engine.waiting() == 0 {
                break;
            }
            assert!(runs() < FEW_ROWS / 2, "the rows of a client that is gone are analyzed");
        }
    };
    timeout(LONG, stop).await.expect("no more runs");
}
