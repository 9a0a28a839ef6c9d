//! The router in process: pages, errors, headers, files.

use crate::support::{
    Gated, engine_around,
    router::{self as client, ONE, body, get, header, send},
    state, tiny_engine,
};
use axum::{
    Router,
    body::Body,
    http::{Request, Response, StatusCode, header},
};
use std::{sync::mpsc, time::Duration};
use tokio::{task::JoinSet, time::timeout};
use valence::{
    engine::{
        Engine,
        batch::Batch,
        cache::CacheLimits,
        queue::QueueLimits,
        reading::Wanted,
        session::{Model, SessionError},
    },
    error::AnalyzeError,
    sentiment::{Analysis, Outcome},
    server::{router, state::AppState},
    text::Text,
};

/// What the page sends while one types.
async fn post_json(router: &Router, json: &str) -> Response<Body> {
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
    let outcome = Outcome::of(&expected.scores, 0.0);
    let percent = outcome.percent().expect("nothing is mixed").to_string();
    let percent = html_escape::encode_text(&percent);
    assert!(html.contains(&format!("<strong>{}</strong> <span>{percent}</span>", outcome.name())));
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
    let json = format!(r#"{{"texts": ["good", "{}"]}}"#, "a".repeat(2_200_000));
    let request = Request::post("/page/texts").header(header::CONTENT_TYPE, "application/json");
    let response = send(&page, request.body(Body::from(json)).unwrap()).await;
    assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let error: AnalyzeError = serde_json::from_str(&body(response).await).unwrap();
    assert_eq!(error, AnalyzeError::TooMuch);
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
    for path in ["/", "/health", "/favicon.svg", "/pkg/one.01.js", "/nowhere"] {
        let response = get(&page, path).await;
        assert_eq!(header(&response, "x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header(&response, "referrer-policy"), "same-origin", "{path}");
        assert!(header(&response, "permissions-policy").contains("microphone=()"), "{path}");
    }
    assert_eq!(header(&get(&page, "/").await, "cache-control"), "private, no-cache");
}

#[tokio::test]
async fn each_page_links_its_own_files_by_names_that_may_be_kept_for_ever() {
    let page = router(state(tiny_engine()));
    for (path, title, files) in [
        ("/", "Valence, a sentiment analyzer", ["one.01.js", "one.02.wasm", "valence.05.css"]),
        ("/?tab=many", "Many texts · Valence", ["many.03.js", "many.04.wasm", "valence.05.css"]),
    ] {
        let html = body(get(&page, path).await).await;
        assert!(html.contains(&format!("<title>{title}</title>")), "{title} is not in {html}");
        for file in files {
            assert!(html.contains(&format!("/pkg/{file}")), "{file} is not in {html}");
            let response = get(&page, &format!("/pkg/{file}")).await;
            assert_eq!(response.status(), StatusCode::OK, "{file}");
            assert_eq!(header(&response, "cache-control"), "public, max-age=31536000, immutable", "{file}");
            assert_eq!(body(response).await, file);
        }
    }
}

#[tokio::test]
async fn hashed_files_are_kept_for_ever_and_sent_compressed() {
    let page = router(state(tiny_engine()));
    let request = Request::get("/pkg/one.01.js").header(header::ACCEPT_ENCODING, "gzip, br");
    let response = send(&page, request.body(Body::empty()).unwrap()).await;
    assert_eq!(header(&response, "cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(header(&response, "content-encoding"), "br");
    assert_eq!(header(&response, "content-type"), "text/javascript");
    assert_eq!(body(response).await, "the script, compressed");

    let missing = get(&page, "/pkg/one.00.js").await;
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
    assert!(info["tokenization_workers"].as_u64() >= Some(1), "{info}");
    for name in ["sha", "docker_label"] {
        assert_eq!(info.get(name), Some(&serde_json::Value::Null), "{name}");
    }
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

/// Answers every batch alike, after a moment.
struct Slow;

impl Model for Slow {
    fn logits(&mut self, batch: &Batch) -> Result<Vec<Vec<f32>>, SessionError> {
        std::thread::sleep(Duration::from_millis(2));
        Ok(vec![vec![0.0, 1.0]; batch.rows])
    }
}

#[tokio::test]
async fn who_sends_one_text_finds_room_beside_those_who_send_many() {
    let limits = QueueLimits { waiting: 8, rows: 1, tokens: 1024 };
    let engine = engine_around(Slow, limits, CacheLimits::OFF);
    let router = router(state(engine.clone()));
    let mut many = JoinSet::new();
    for client in 0..5 {
        let router = router.clone();
        let texts: Vec<String> = (0..200).map(|text| format!("{client} good {text}")).collect();
        // The page's own endpoint, and one for programs.
        let path = if client % 2 == 0 { "/page/texts" } else { "/api/v1/analyze" };
        let sent = serde_json::json!({ "texts": texts }).to_string();
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
        many.spawn(async move {
            let response = send(&router, request.body(Body::from(sent)).unwrap()).await;
            assert_eq!(response.status(), StatusCode::OK);
            body(response).await.matches("POSITIVE").count()
        });
    }
    let fill = async {
        while engine.waiting() < limits.half() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    timeout(Duration::from_secs(20), fill).await.expect("those who send many fill their half");
    for text in 0..20 {
        let response = post_json(&router, &format!(r#"{{"text": "one {text}"}}"#)).await;
        assert_eq!(response.status(), StatusCode::OK, "text {text}");
    }
    assert!(many.try_join_next().is_none(), "those who send many are still at it");
    assert_eq!(many.join_all().await, [200; 5]);
}
