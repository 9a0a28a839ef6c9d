//! Who may come in at the endpoints for programs: keys, origins, rates.

use crate::support::{
    Gated, engine_around,
    router::{ONE, body, get, header, read, send},
    state, tiny_engine,
};
use axum::{
    Router,
    body::Body,
    extract::ConnectInfo,
    http::{Request, Response, StatusCode, header as name, request::Builder},
};
use serde_json::{Value, json};
use std::{net::SocketAddr, num::NonZeroU32, sync::mpsc, time::Duration};
use valence::{
    engine::cache::CacheLimits,
    server::{guard::Guard, limits::Limits, router, state::AppState},
};

/// A router behind a guard with these keys, origins and rate, and with one trusted proxy.
fn guarded(keys: &[&str], cors: &[&str], rate: Option<u32>) -> Router {
    let guard = Guard::new(
        keys.iter().map(|key| key.parse().unwrap()).collect(),
        cors.iter().map(|origin| origin.parse().unwrap()).collect(),
        rate.map(|rate| NonZeroU32::new(rate).unwrap()),
        vec!["10.0.0.1".parse().unwrap()],
    );
    router(AppState { guard, mcp: true, ..state(tiny_engine()) })
}

/// A program's question.
fn question() -> Builder {
    Request::post("/api/v1/analyze").header(name::CONTENT_TYPE, "application/json")
}

async fn ask(api: &Router, request: Builder) -> Response<Body> {
    send(api, request.body(Body::from(r#"{"text": "a good film"}"#)).unwrap()).await
}

/// Every address for programs, and how it is asked.
const ENDPOINTS: [(&str, &str); 14] = [
    ("POST", "/"),
    ("POST", "/models/tiny"),
    ("POST", "/predict"),
    ("POST", "/api/v1/analyze"),
    ("POST", "/api/v1/batch"),
    ("GET", "/api/none"),
    ("GET", "/api/"),
    ("GET", "/config"),
    ("GET", "/gradio_api/info"),
    ("POST", "/gradio_api/call/predict"),
    ("POST", "/gradio_api/queue/join"),
    ("GET", "/gradio_api/queue/data?session_hash=a"),
    ("GET", "/gradio_api/heartbeat/a"),
    ("POST", "/mcp"),
];

// Of a wrong key it was told that there was none.
#[tokio::test]
async fn every_endpoint_asks_for_a_key() {
    let api = guarded(&["first", "second"], &[], None);
    let none = ("Bearer", "needs an API key");
    let wrong = ("Bearer error=\"invalid_token\"", "not one of the server's");
    for (method, path) in ENDPOINTS {
        for (key, (challenge, words)) in
            [(None, none), (Some("Bearer third"), wrong), (Some("Bearer"), none), (Some("Basic first"), none)]
        {
            let mut request = Request::builder().method(method).uri(path);
            if let Some(key) = key {
                request = request.header(name::AUTHORIZATION, key);
            }
            let response = send(&api, request.body(Body::empty()).unwrap()).await;
            assert_eq!(response.status(), StatusCode::UNAUTHORIZED, "{method} {path} {key:?}");
            assert_eq!(header(&response, "www-authenticate"), challenge, "{method} {path} {key:?}");
            let answer = read(response).await;
            assert_eq!(answer["error_type"], "Unauthorized");
            assert!(answer["error"].as_str().unwrap().contains(words), "{method} {path} {key:?} {answer}");
        }
    }
    for key in ["Bearer first", "bearer second"] {
        let response = ask(&api, question().header(name::AUTHORIZATION, key)).await;
        assert_eq!(response.status(), StatusCode::OK, "{key}");
    }
}

/// Whether the client comes too soon in so many requests, however slow the machine is.
async fn is_refused_in(tries: usize, api: &Router, request: impl Fn() -> Builder) -> bool {
    for _ in 0..tries {
        if ask(api, request()).await.status() == StatusCode::TOO_MANY_REQUESTS {
            return true;
        }
    }
    false
}

#[tokio::test]
async fn keys_cannot_be_tried_at_will() {
    let api = guarded(&["key"], &[], Some(1));
    let guess = || question().header(name::AUTHORIZATION, "Bearer other");
    assert_eq!(ask(&api, guess()).await.status(), StatusCode::UNAUTHORIZED);
    assert!(is_refused_in(20, &api, guess).await);
}

#[tokio::test]
async fn the_page_and_what_it_asks_for_need_no_key() {
    let page = guarded(&["key"], &[], Some(1));
    for path in
        ["/", "/?text=good", "/embed?text=good", "/code", "/status", "/info", "/metrics", "/favicon.svg"]
    {
        assert_eq!(get(&page, path).await.status(), StatusCode::OK, "{path}");
    }
    assert_ne!(get(&page, "/health").await.status(), StatusCode::UNAUTHORIZED);
    for _ in 0..3 {
        let request = Request::post("/page/analyze").header(name::CONTENT_TYPE, "application/json");
        assert_eq!(ask(&page, request).await.status(), StatusCode::OK);
    }
}

#[tokio::test]
async fn the_setting_is_told_without_keys() {
    let info = body(get(&guarded(&["plume"], &["https://a.example"], Some(7)), "/info").await).await;
    assert!(!info.contains("plume"), "{info}");
    let info: Value = serde_json::from_str(&info).unwrap();
    let expected = json!({
        "api_key": true, "cors": ["https://a.example"], "rate_limit": 7, "trusted_proxy": ["10.0.0.1/32"],
    });
    assert_eq!(info["guard"], expected);
    let open = read(get(&router(state(tiny_engine())), "/info").await).await;
    let expected = json!({"api_key": false, "cors": [], "trusted_proxy": []});
    assert_eq!((&open["guard"], &open["mcp"]), (&expected, &json!(false)));
}

#[tokio::test]
async fn only_named_sites_may_read_the_answers_to_programs() {
    let api = guarded(&["key"], &["https://a.example", "http://localhost:3000"], None);
    for (origin, allowed) in
        [("https://a.example", true), ("http://localhost:3000", true), ("https://b.example", false)]
    {
        // A browser asks first, without the key.
        for path in ["/", "/api/v1/analyze", "/info"] {
            let preflight = Request::options(path)
                .header(name::ORIGIN, origin)
                .header(name::ACCESS_CONTROL_REQUEST_METHOD, "POST")
                .header(name::ACCESS_CONTROL_REQUEST_HEADERS, "authorization,content-type");
            let response = send(&api, preflight.body(Body::empty()).unwrap()).await;
            assert_eq!(response.status(), StatusCode::OK);
            let expected = if allowed { origin } else { "" };
            assert_eq!(header(&response, "access-control-allow-origin"), expected, "{path}");
            assert_eq!(header(&response, "access-control-allow-headers"), "authorization,content-type");
        }
        for (key, status) in [("Bearer key", StatusCode::OK), ("Bearer other", StatusCode::UNAUTHORIZED)] {
            let request = question().header(name::ORIGIN, origin).header(name::AUTHORIZATION, key);
            let response = ask(&api, request).await;
            assert_eq!(response.status(), status);
            assert_eq!(header(&response, "access-control-allow-origin"), if allowed { origin } else { "" });
        }
    }
    for (path, allowed) in [
        ("/info", "https://a.example"),
        ("/health", "https://a.example"),
        ("/openapi.json", "https://a.example"),
        ("/metrics", ""),
        ("/status", ""),
        ("/?text=good", ""),
    ] {
        let asked = Request::get(path).header(name::ORIGIN, "https://a.example");
        let response = send(&api, asked.body(Body::empty()).unwrap()).await;
        assert_eq!(header(&response, "access-control-allow-origin"), allowed, "{path}");
    }
}

// In a browser it looked as if there were no server.
#[tokio::test]
async fn a_site_may_read_that_an_answer_took_too_long() {
    let (open, gate) = mpsc::channel();
    let engine = engine_around(Gated(gate), ONE, CacheLimits::OFF);
    let guard = Guard::new(Vec::new(), vec!["https://a.example".parse().unwrap()], None, Vec::new());
    let limits = Limits { answer: Duration::from_millis(200), ..Limits::default() };
    let api = router(AppState { guard, limits, ..state(engine) });
    let response = ask(&api, question().header(name::ORIGIN, "https://a.example")).await;
    assert_eq!(response.status(), StatusCode::GATEWAY_TIMEOUT);
    assert_eq!(header(&response, "access-control-allow-origin"), "https://a.example");
    // The engine's end waits for the run's.
    open.send(()).unwrap();
}

#[tokio::test]
async fn every_site_may_read_answers_where_that_is_said() {
    for (cors, expected) in [(&["*"][..], "*"), (&[], "")] {
        let response =
            ask(&guarded(&[], cors, None), question().header(name::ORIGIN, "https://a.example")).await;
        assert_eq!(header(&response, "access-control-allow-origin"), expected);
    }
}

#[tokio::test]
async fn a_client_that_comes_too_often_is_told_when_to_come_again() {
    // The next one is earned after a second, which is long for questions that no model answers.
    let api = guarded(&[], &["*"], Some(1));
    let from = |peer: [u8; 4], forwarded: &str| {
        let request = Request::get("/config").extension(ConnectInfo(SocketAddr::from((peer, 4000))));
        request.header("x-forwarded-for", forwarded)
    };
    let (proxy, client) = ([10, 0, 0, 1], [192, 0, 2, 1]);
    assert_eq!(ask(&api, from(client, "")).await.status(), StatusCode::OK);
    // It cannot make itself another by its own word.
    let response = ask(&api, from(client, "198.51.100.7")).await;
    assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(header(&response, "retry-after"), "1");
    assert_eq!(header(&response, "access-control-allow-origin"), "*");
    assert_eq!(read(response).await["error_type"], "TooManyRequests");
    // Behind the trusted proxy, each client has its own rate.
    assert_eq!(ask(&api, from(proxy, "198.51.100.1")).await.status(), StatusCode::OK);
    assert_eq!(ask(&api, from(proxy, "198.51.100.2")).await.status(), StatusCode::OK);
    assert_eq!(ask(&api, from(proxy, "198.51.100.1")).await.status(), StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(ask(&api, from(proxy, "192.0.2.1")).await.status(), StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_client_may_spend_a_whole_second_at_once() {
    let api = guarded(&[], &[], Some(3));
    let config = || Request::get("/config");
    for _ in 0..3 {
        assert_eq!(ask(&api, config()).await.status(), StatusCode::OK);
    }
    assert!(is_refused_in(50, &api, config).await);
    // A third of a second earns the next one.
    tokio::time::sleep(Duration::from_millis(400)).await;
    assert_eq!(ask(&api, config()).await.status(), StatusCode::OK);
}
