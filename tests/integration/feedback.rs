//! Users' opinions and the file that keeps them.

use crate::support::{
    router::{self as client, body},
    state, temporary_folder, tiny_engine,
};
use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{Request, Response, StatusCode, header},
};
use serde_json::{Value, json};
use std::{fs, net::SocketAddr, os::unix::fs::PermissionsExt, path::Path};
use tokio::task::JoinSet;
use valence::{
    engine::{Engine, reading::Wanted},
    sentiment::{Analysis, Score},
    server::{feedback::Feedback, router, state::AppState},
    text::Text,
    wire::Opinion,
};

async fn post(page: &Router, content_type: &str, json: String) -> Response<Body> {
    client::post(page, "/page/feedback", content_type, json).await
}

fn keeping(engine: Engine, file: &Path) -> Router {
    router(AppState { feedback: Some(Feedback::open(file).unwrap()), ..state(engine) })
}

fn rows(file: &Path) -> Vec<Value> {
    fs::read_to_string(file).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

async fn answer(engine: &Engine, text: &str) -> Analysis {
    engine.analyze(Text::new(text).unwrap(), Wanted::default()).await.unwrap()
}

#[tokio::test]
async fn an_opinion_becomes_a_row_with_the_servers_own_answer() {
    let (engine, file) = (tiny_engine(), temporary_folder().join("feedback.jsonl"));
    let best = answer(&engine, "good \"film\"\n").await.scores.remove(0);
    let page = keeping(engine, &file);
    let json = json!({"text": "good \"film\"\n", "choice": "down", "label": "forged", "score": 2});
    assert_eq!(post(&page, "application/json", json.to_string()).await.status(), StatusCode::OK);
    let [row] = &rows(&file)[..] else { panic!("one row") };
    assert!(row["time"].as_str().unwrap().ends_with('Z'));
    let time = row["time"].clone();
    let score: Score = serde_json::from_value(row.clone()).unwrap();
    assert_eq!(score, best);
    assert_eq!(
        *row,
        json!({"time": time, "text": "good \"film\"\n", "model": "tiny", "label": best.label,
            "score": row["score"], "choice": "down"})
    );
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
}

#[tokio::test]
async fn nothing_is_kept_unless_asked_for() {
    let page = router(state(tiny_engine()));
    let response = post(&page, "application/json", json!({"text": "good", "choice": "up"}).to_string()).await;
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
    assert_eq!(body(response).await, "\"FeedbackOff\"");
}

#[tokio::test]
async fn only_json_is_taken() {
    let file = temporary_folder().join("feedback.jsonl");
    let page = keeping(tiny_engine(), &file);
    let json = json!({"text": "good", "choice": "up"}).to_string();
    // What a page of another origin may send without asking: the "simple" types, and none.
    for simple in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "",
        "text/application/json",
    ] {
        assert_eq!(post(&page, simple, json.clone()).await.status(), StatusCode::BAD_REQUEST, "{simple}");
    }
    for bad in ["{}", r#"{"text":"good","choice":"sideways"}"#, r#"{"text":" ","choice":"up"}"#, "["] {
        assert_eq!(
            post(&page, "application/json", bad.into()).await.status(),
            StatusCode::BAD_REQUEST,
            "{bad}"
        );
    }
    let large = json!({"text": "a".repeat(100_001), "choice": "up"}).to_string();
    assert_eq!(post(&page, "application/json", large).await.status(), StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(rows(&file), [] as [Value; 0]);
    assert_eq!(post(&page, "application/json; charset=utf-8", json).await.status(), StatusCode::OK);
    assert_eq!(rows(&file).len(), 1);
}

#[tokio::test]
async fn only_the_servers_own_page_is_heard() {
    let file = temporary_folder().join("feedback.jsonl");
    let origin = Some("https://valence.example".parse().unwrap());
    let feedback = Some(Feedback::open(&file).unwrap());
    let page = router(AppState { feedback, origin, ..state(tiny_engine()) });
    let (here, elsewhere) = ([127, 0, 0, 1], [192, 0, 2, 1]);
    let mut heard = 0;
    // A proxy on this machine that puts a name of its own.
    for (origin, expected) in
        [("https://valence.example", StatusCode::OK), ("http://upstream", StatusCode::FORBIDDEN)]
    {
        let request = Request::post("/page/feedback")
            .extension(ConnectInfo(SocketAddr::from((here, 4000))))
            .header(header::HOST, "upstream")
            .header(header::ORIGIN, origin)
            .header(header::CONTENT_TYPE, "application/json");
        let body = Body::from(json!({"text": "good", "choice": "up"}).to_string());
        assert_eq!(client::send(&page, request.body(body).unwrap()).await.status(), expected);
        heard += usize::from(expected == StatusCode::OK);
    }
    for (peer, host, site, expected) in [
        (here, "localhost:7860", Some("same-origin"), StatusCode::OK),
        (here, "127.0.0.1:7860", None, StatusCode::OK),
        (here, "[::1]:7860", None, StatusCode::OK),
        (here, "valence.example", Some("same-origin"), StatusCode::OK),
        // A page whose name was made to lead here.
        (here, "rebound.example:7860", Some("same-origin"), StatusCode::FORBIDDEN),
        (here, "localhost.rebound.example", None, StatusCode::FORBIDDEN),
        // A proxy's name need not be known.
        (elsewhere, "other.example", Some("same-origin"), StatusCode::OK),
        (elsewhere, "valence.example", Some("cross-site"), StatusCode::FORBIDDEN),
        (elsewhere, "valence.example", Some("same-site"), StatusCode::FORBIDDEN),
    ] {
        let mut request = Request::post("/page/feedback")
            .extension(ConnectInfo(SocketAddr::from((peer, 4000))))
            .header(header::HOST, host)
            .header(header::CONTENT_TYPE, "application/json");
        if let Some(site) = site {
            request = request.header("sec-fetch-site", site);
        }
        let body = Body::from(json!({"text": "good", "choice": "up"}).to_string());
        let response = client::send(&page, request.body(body).unwrap()).await;
        assert_eq!(response.status(), expected, "{host} {site:?}");
        heard += usize::from(expected == StatusCode::OK);
    }
    assert_eq!(rows(&file).len(), heard);
}

/// Several openings of one file stand for several processes: each has a position of its own.
#[tokio::test]
async fn rows_of_many_writers_stay_whole() {
    let file = temporary_folder().join("feedback.jsonl");
    let analysis = answer(&tiny_engine(), "good").await;
    let mut writers = JoinSet::new();
    for writer in 0..8 {
        let (feedback, analysis) = (Feedback::open(&file).unwrap(), analysis.clone());
        writers.spawn_blocking(move || {
            for row in 0..50 {
                let text = format!("{writer}-{row} {}", "é".repeat(row * 397));
                feedback.append(&text, &analysis, Opinion::Up).unwrap();
            }
        });
    }
    writers.join_all().await;
    let mut firsts: Vec<String> = rows(&file)
        .iter()
        .map(|row| row["text"].as_str().unwrap().split_once(' ').unwrap().0.to_owned())
        .collect();
    firsts.sort();
    firsts.dedup();
    assert_eq!(firsts.len(), 8 * 50);
}

#[tokio::test]
async fn a_row_that_was_cut_does_not_swallow_the_next() {
    let file = temporary_folder().join("feedback.jsonl");
    fs::write(&file, "{\"text\":\"cut he").unwrap();
    let analysis = answer(&tiny_engine(), "good").await;
    Feedback::open(&file).unwrap().append("good", &analysis, Opinion::Up).unwrap();
    let content = fs::read_to_string(&file).unwrap();
    let (_, last) = content.trim_end().split_once('\n').unwrap();
    assert_eq!(serde_json::from_str::<Value>(last).unwrap()["text"], "good");
}

// Whoever could see the page could fill the disk.
#[tokio::test]
async fn a_file_takes_no_more_than_it_may() {
    let folder = temporary_folder();
    let [file, moved] = ["feedback.jsonl", "feedback.jsonl.1"].map(|name| folder.join(name));
    let feedback = Some(Feedback::bounded(&file, 500).unwrap());
    let page = router(AppState { feedback, ..state(tiny_engine()) });
    let json = json!({"text": "good ".repeat(50), "choice": "up"}).to_string();
    let keep = async || post(&page, "application/json", json.clone()).await.status();
    assert_eq!(keep().await, StatusCode::OK);
    assert_eq!(keep().await, StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(rows(&file).len(), 1);
    fs::rename(&file, &moved).unwrap();
    assert_eq!(keep().await, StatusCode::OK);
}

#[tokio::test]
async fn a_file_that_was_moved_or_removed_is_made_anew() {
    let folder = temporary_folder();
    let [file, moved] = ["feedback.jsonl", "feedback.jsonl.1"].map(|name| folder.join(name));
    let analysis = answer(&tiny_engine(), "good").await;
    let feedback = Feedback::open(&file).unwrap();
    let keep = |text: &str| feedback.append(text, &analysis, Opinion::Up).unwrap();
    let texts = |file: &Path| -> Vec<String> {
        rows(file).iter().map(|row| row["text"].as_str().unwrap().to_owned()).collect()
    };
    keep("first");
    fs::rename(&file, &moved).unwrap();
    keep("second");
    assert_eq!((texts(&moved), texts(&file)), (vec!["first".into()], vec!["second".into()]));
    fs::remove_file(&file).unwrap();
    keep("third");
    assert_eq!(texts(&file), ["third"]);
    assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    // As an editor does it, which may leave the last line open.
    fs::write(&moved, r#"{"text": "edited"}"#).unwrap();
    fs::rename(&moved, &file).unwrap();
    keep("fourth");
    assert_eq!(texts(&file), ["edited", "fourth"]);
}
