//! The page in process: its form, the answers that it shows and fetches, and what it refuses.

use crate::support::{
    Gated, engine_around,
    router::{self as client, ONE, body, get, header, send},
    state, tiny_engine,
};
use axum::{
    Router,
    body::Body,
    http::{Request, Response, StatusCode},
};
use std::sync::mpsc;
use valence::{
    engine::{Engine, cache::CacheLimits, reading::Wanted},
    error::AnalyzeError,
    sentiment::{Analysis, Outcome},
    server::{limits::MAX_BODY, router, state::AppState},
    text::Text,
};

/// What the page sends while one types.
pub async fn post_json(router: &Router, json: &str) -> Response<Body> {
    client::post_json(router, "/page/analyze", json).await
}

/// What the engine says of a text, without a server in between.
async fn direct(engine: &Engine, text: &str) -> Analysis {
    engine.analyze(Text::new(text).unwrap(), Wanted::default()).await.unwrap()
}

#[tokio::test]
async fn the_page_has_a_form_and_no_answer_yet() {
    let response = get(&router(state(tiny_engine())), "/").await;
    assert_eq!(response.status(), StatusCode::OK);
    let html = body(response).await;
    assert!(html.contains(r#"<form method="get" action="/""#));
    assert!(!html.contains("verdict__best"));
}

#[tokio::test]
async fn the_page_for_many_says_what_the_scores_of_long_texts_are() {
    let page = router(state(tiny_engine()));
    for (path, is_said) in [("/?tab=many", true), ("/", false)] {
        let html = body(get(&page, path).await).await;
        assert_eq!(html.contains("its scores are the mean of theirs"), is_said, "{html}");
    }
}

#[tokio::test]
async fn examples_ask_the_model_that_was_chosen() {
    let page = router(state(tiny_engine()));
    let kept = r#"<input type="hidden" name="model" value="tiny">"#;
    assert!(body(get(&page, "/?model=tiny").await).await.contains(kept));
    assert!(!body(get(&page, "/").await).await.contains(r#"name="model""#));
}

#[tokio::test]
async fn the_address_is_answered_in_the_page() {
    let engine = tiny_engine();
    let expected = direct(&engine, "I love this film.").await;
    let page = router(AppState { mixed_below: 0.0, ..state(engine) });
    let response = get(&page, "/?text=I+love+this+film.").await;
    assert_eq!(response.status(), StatusCode::OK);
    // Between views stand marks for the script that takes over.
    let html = body(response).await.replace("<!>", "");
    let outcome = Outcome::of(&expected.scores, Some(0.0));
    let score = outcome.score().expect("nothing is mixed").to_string();
    let score = html_escape::encode_text(&score);
    assert!(html.contains(&format!("<strong>{}</strong> <span>{score}</span>", outcome.name())));
    assert!(html.contains(&format!("{} tokens", expected.tokens)));
    assert_eq!(html.matches("<meter").count(), expected.scores.len());
}

#[tokio::test]
async fn the_browser_gets_the_same_answer() {
    let engine = tiny_engine();
    let expected = direct(&engine, "not bad, not great").await;
    let response = post_json(&router(state(engine)), r#"{"text": "not bad, not great"}"#).await;
    assert_eq!(response.status(), StatusCode::OK);
    let answer: Analysis = serde_json::from_str(&body(response).await).unwrap();
    assert_eq!((answer.scores, answer.tokens), (expected.scores, expected.tokens));
}

#[tokio::test]
async fn a_text_never_becomes_markup() {
    let page = router(state(tiny_engine()));
    for payload in ["</textarea><script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "<!--<script>"]
    {
        let query: String = payload.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let html = body(get(&page, &format!("/?text={query}")).await).await;
        // The page's own picture is the QR code of its link.
        let html = html.replace("<img src=\"/qr.svg", "");
        assert!(!html.contains(payload), "{payload} stands in the page as it is");
        assert!(!html.contains("<script>") && !html.contains("<img"), "{payload} became an element");
    }
}

#[tokio::test]
async fn an_empty_form_is_told_so() {
    let response = get(&router(state(tiny_engine())), "/?text=").await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    assert!(body(response).await.contains("There is no text yet."));
}

#[tokio::test]
async fn line_breaks_of_a_form_become_those_of_its_box() {
    let html = body(get(&router(state(tiny_engine())), "/?text=good%0D%0Afilm").await).await;
    assert!(html.contains("good\nfilm</textarea>"));
}

#[tokio::test]
async fn an_address_that_is_no_text_is_read_as_far_as_it_is() {
    let page = router(state(tiny_engine()));
    for path in ["/?text=good%ff", "/?text=%", "/?text=good&text=bad", "/?text=good%00", "/?other=good&&="] {
        assert_eq!(get(&page, path).await.status(), StatusCode::OK, "{path}");
    }
    for path in ["/?text=%00", "/?text=%ff%fe"] {
        assert_eq!(get(&page, path).await.status(), StatusCode::BAD_REQUEST, "{path}");
    }
}

#[tokio::test]
async fn a_text_with_too_many_tokens_is_refused_with_both_numbers() {
    let page = router(state(tiny_engine()));
    let of = |tokens: usize| format!("/?text={}", "good+".repeat(tokens - 2));
    let response = get(&page, &of(601)).await;
    assert_eq!(response.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(body(response).await.contains("601 tokens; the limit is 600"));
    assert_eq!(get(&page, &of(600)).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn a_text_longer_than_the_model_reads_is_read_in_windows() {
    let page = router(state(tiny_engine()));
    let of = |tokens: usize| format!("/?text={}", "good+".repeat(tokens - 2));
    assert!(body(get(&page, &of(128)).await).await.contains("128 tokens ·"));
    assert!(body(get(&page, &of(129)).await).await.contains("129 tokens in 2 overlapping windows ·"));
}

#[tokio::test]
async fn a_text_with_too_many_bytes_is_refused_before_it_is_tokenized() {
    let json = format!(r#"{{"text": "{}"}}"#, "a".repeat(Text::MAX_BYTES + 1));
    let response = post_json(&router(state(tiny_engine())), &json).await;
    assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_request_with_too_many_bytes_is_told_so() {
    let page = router(state(tiny_engine()));
    let ask = async |bytes: usize| {
        let json = r#"{"texts": ["good"]}"#;
        client::post_json(&page, "/page/texts", json.to_owned() + &" ".repeat(bytes - json.len())).await
    };
    assert_eq!(ask(MAX_BODY).await.status(), StatusCode::OK);
    let response = ask(MAX_BODY + 1).await;
    assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let error: AnalyzeError = serde_json::from_str(&body(response).await).unwrap();
    assert_eq!(error, AnalyzeError::TooMuch);
    assert!(error.to_string().contains(&format!(" {} MB ", MAX_BODY / 1_000_000)), "{error}");
}

#[tokio::test]
async fn a_failure_is_named_but_not_explained_to_the_user() {
    let (open, gate) = mpsc::channel();
    drop(open);
    let response =
        post_json(&router(state(engine_around(Gated(gate), ONE, CacheLimits::OFF))), r#"{"text": "good"}"#)
            .await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let json = body(response).await;
    assert!(json.contains("reference"));
    assert!(!json.contains("secret"));
}

#[tokio::test]
async fn malformed_requests_are_refused() {
    let page = router(state(tiny_engine()));
    for json in ["", "{", "[]", r#"{"text": 1}"#, r#"{"text": "\ud800"}"#] {
        let status = post_json(&page, json).await.status();
        assert!(status.is_client_error(), "{json} got {status}");
    }
    assert_eq!(post_json(&page, r#"{"text": ""}"#).await.status(), StatusCode::BAD_REQUEST);
    assert!(send(&page, Request::delete("/").body(Body::empty()).unwrap()).await.status().is_client_error());
}

#[tokio::test]
async fn unknown_addresses_lead_to_a_page_with_a_way_back() {
    let page = router(state(tiny_engine()));
    for path in ["/nowhere", "/..%2f..%2fCargo.toml", "/%2e%2e/hash.txt", "/nul%00"] {
        let response = get(&page, path).await;
        assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
        assert!(header(&response, "content-security-policy").contains("script-src 'none'"));
        assert!(body(response).await.contains(r#"<a href="/">Analyze a text</a>"#), "{path}");
    }
}
