use crate::support::{Gated, engine_around, state, tiny_engine};
use axum::{
    Router,
    body::Body,
    http::{Request, Response, StatusCode, header},
};
use http_body_util::BodyExt;
use std::{sync::mpsc, time::Duration};
use tokio::{task::JoinSet, time::timeout};
use tower::ServiceExt;
use valence::{
    engine::{Engine, cache::CacheLimits, queue::Limits, reading::Wanted},
    sentiment::{Analysis, Outcome, Percent},
    server::{router, state::MIXED_BELOW},
    text::Text,
};

pub async fn send(router: &Router, request: Request<Body>) -> Response<Body> {
    router.clone().oneshot(request).await.unwrap()
}

pub async fn get(router: &Router, path: &str) -> Response<Body> {
    send(router, Request::get(path).body(Body::empty()).unwrap()).await
}

/// What the page sends while one types.
async fn post_json(router: &Router, json: &str) -> Response<Body> {
    let request = Request::post("/page/analyze").header(header::CONTENT_TYPE, "application/json");
    send(router, request.body(Body::from(json.to_owned())).unwrap()).await
}

pub async fn body(response: Response<Body>) -> String {
    String::from_utf8(response.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
}

pub fn header<'a>(response: &'a Response<Body>, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}

/// One text runs, one waits.
pub const ONE: Limits = Limits { waiting: 1, rows: 1, tokens: 1024 };

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
async fn the_address_is_answered_in_the_page() {
    let engine = tiny_engine();
    let expected = direct(&engine, "I love this film.").await;
    let response = get(&router(state(engine)), "/?text=I+love+this+film.").await;
    assert_eq!(response.status(), StatusCode::OK);
    // Between views stand marks for the script that takes over.
    let html = body(response).await.replace("<!>", "");
    let name = Outcome::of(&expected.scores, MIXED_BELOW).name();
    let percent = Percent(expected.scores[0].score).to_string().replace('>', "&gt;").replace('<', "&lt;");
    assert!(html.contains(&format!("<strong>{name}</strong> <span>{percent}</span>")));
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
    for path in ["/?text=%ff%fe", "/?text=%", "/?text=good&text=bad", "/?text=%00", "/?other=good&&="] {
        assert_eq!(get(&page, path).await.status(), StatusCode::OK, "{path}");
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
async fn a_full_queue_is_refused_at_once_and_drains() {
    let (open, gate) = mpsc::channel();
    let page = router(state(engine_around(Gated(gate), ONE, CacheLimits::OFF)));
    let mut asked = JoinSet::new();
    for _ in 0..6 {
        let page = page.clone();
        asked.spawn(async move { get(&page, "/?text=good").await });
    }
    // One text runs and one may wait; the model has not been let to answer, so that whatever comes
    // back before is a refusal.
    for _ in 0..4 {
        let refused = timeout(Duration::from_secs(10), asked.join_next()).await.expect("an answer at once");
        let refused = refused.unwrap().unwrap();
        assert_eq!(refused.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(header(&refused, "retry-after"), "1");
        assert!(body(refused).await.contains("The server is busy."));
    }

    for _ in 0..7 {
        open.send(()).unwrap();
    }
    let others = asked.join_all().await;
    let accepted = others.iter().filter(|response| response.status() == StatusCode::OK).count();
    assert!((1..=2).contains(&accepted), "{accepted} were accepted");
    assert_eq!(get(&page, "/?text=good").await.status(), StatusCode::OK);
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
async fn health_follows_the_first_answer() {
    let engine = tiny_engine();
    let page = router(state(engine.clone()));
    assert_eq!(get(&page, "/health").await.status(), StatusCode::SERVICE_UNAVAILABLE);
    engine.warm_up().await.unwrap();
    assert_eq!(get(&page, "/health").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn the_policy_allows_only_scripts_with_this_answers_nonce() {
    let page = router(state(tiny_engine()));
    let (first, second) = (get(&page, "/").await, get(&page, "/").await);
    let policy = header(&first, "content-security-policy").to_owned();
    assert_ne!(policy, header(&second, "content-security-policy"));
    let (_, rest) = policy.split_once("'nonce-").expect("a nonce");
    let (nonce, _) = rest.split_once('\'').unwrap();
    let html = body(first).await;
    assert_eq!(html.matches("<script").count(), html.matches(&format!(r#"nonce="{nonce}">"#)).count() - 1);
    assert!(!html.contains("style=\""), "the policy forbids inline styles");
}

#[tokio::test]
async fn every_answer_carries_the_protecting_headers() {
    let page = router(state(tiny_engine()));
    for path in ["/", "/health", "/favicon.svg", "/pkg/valence.01.js", "/nowhere"] {
        let response = get(&page, path).await;
        assert_eq!(header(&response, "x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header(&response, "referrer-policy"), "same-origin", "{path}");
        assert!(header(&response, "permissions-policy").contains("microphone=()"), "{path}");
    }
    assert_eq!(header(&get(&page, "/").await, "cache-control"), "private, no-cache");
}

#[tokio::test]
async fn hashed_files_are_kept_for_ever_and_sent_compressed() {
    let page = router(state(tiny_engine()));
    let request = Request::get("/pkg/valence.01.js").header(header::ACCEPT_ENCODING, "gzip, br");
    let response = send(&page, request.body(Body::empty()).unwrap()).await;
    assert_eq!(header(&response, "cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(header(&response, "content-encoding"), "br");
    assert_eq!(header(&response, "content-type"), "text/javascript");
    assert_eq!(body(response).await, "the script, compressed");

    let missing = get(&page, "/pkg/valence.00.js").await;
    assert_eq!(missing.status(), StatusCode::NOT_FOUND);
    assert_eq!(header(&missing, "cache-control"), "no-store");
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

#[tokio::test]
async fn info_tells_what_runs_here() {
    let page = router(state(tiny_engine()));
    let info: serde_json::Value = serde_json::from_str(&body(get(&page, "/info").await).await).unwrap();
    let model = &info["models"][0];
    assert_eq!(model["name"], "tiny");
    assert_eq!(model["device"], "CPU");
    assert_eq!(model["failed_devices"], serde_json::json!([]));
    assert_eq!(model["labels"], serde_json::json!(["NEGATIVE", "POSITIVE"]));
}

#[tokio::test]
async fn metrics_count_what_is_run_and_no_text() {
    let page = router(state(tiny_engine()));
    get(&page, "/?text=bellwether").await;
    let metrics = body(get(&page, "/metrics").await).await;
    assert!(metrics.contains("valence_batch_tokens_total{kind=\"text\"}"), "{metrics}");
    assert!(metrics.contains("valence_batch_rows_count"), "{metrics}");
    assert!(!metrics.contains("bellwether"));
}
