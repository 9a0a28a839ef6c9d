//! The end of the server: what is under way has its time, and no more.

use super::{LONG, Server, question, rest};
use axum::http::StatusCode;
use std::time::Duration;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::timeout,
};
use valence::server::limits::Limits;

#[tokio::test]
async fn a_heartbeat_does_not_hold_up_the_end() {
    let server = Server::start(Limits { grace: LONG * 2, ..Limits::default() }).await;
    let mut listening = server.connect().await;
    let asked = b"GET /gradio_api/heartbeat/abc HTTP/1.1\r\nHost: localhost\r\n\r\n";
    listening.write_all(asked).await.unwrap();
    let mut heard = String::new();
    while !heard.contains("data: ALIVE\n\n") {
        let mut bytes = [0; 1000];
        let count = timeout(LONG, listening.read(&mut bytes)).await.expect("a beat").unwrap();
        assert!(count > 0, "{heard}");
        heard.push_str(&String::from_utf8_lossy(&bytes[..count]));
    }
    assert!(heard.contains("content-type: text/event-stream"), "{heard}");
    server.stop.send(()).unwrap();
    timeout(LONG, server.ended).await.expect("the end of the server").unwrap().unwrap();
}

#[tokio::test]
async fn grace_has_an_end() {
    let server = Server::start(Limits { grace: Duration::from_millis(200), ..Limits::default() }).await;
    // Its answer waits for a body that never comes.
    let mut unfinished = server.connect().await;
    unfinished.write_all(question("keep-alive").trim_end_matches('}').as_bytes()).await.unwrap();
    assert_eq!(server.ask().await, Some(StatusCode::OK));
    server.stop.send(()).unwrap();
    timeout(LONG, server.ended).await.expect("the end of the server").unwrap().unwrap();
    assert_eq!(rest(&mut unfinished).await, "");
}
