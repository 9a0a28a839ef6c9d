//! A client that sends and does not read.

use crate::support::{state, tiny_engine};
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::oneshot,
    time::timeout,
};
use valence::server::{limits::Limits, listen, router};

/// Rows of one piece of the upload. None holds a text, so that each is answered at once.
const ROWS: usize = 10_000;

/// A client whose pieces are not taken for so long is being held.
const HELD: Duration = Duration::from_secs(2);

/// More than the buffers of the sockets and of the server can be together.
const MANY_BYTES: usize = 256 << 20;

#[tokio::test]
async fn a_client_that_does_not_read_is_held_and_loses_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (_stop, stopped) = oneshot::channel::<()>();
    let stopped = async move {
        let _ = stopped.await;
    };
    tokio::spawn(listen::serve(listener, router(state(tiny_engine())), Limits::default(), stopped));

    let (mut reading, mut writing) = TcpStream::connect(address).await.unwrap().into_split();
    let head = "POST /api/v1/batch HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\
                Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n";
    writing.write_all(head.as_bytes()).await.unwrap();
    let rows = "{}\n".repeat(ROWS);
    let piece = format!("{:x}\r\n{rows}\r\n", rows.len()).into_bytes();
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
    let answer = timeout(Duration::from_secs(120), answer).await.expect("the answer's end").unwrap().unwrap();
    let last = format!("{{\"index\":{},", pieces * ROWS - 1);
    assert!(String::from_utf8_lossy(&answer).contains(&last), "the last of {pieces} pieces is answered");
}
