//! What is told of requests: log lines, figures, traces, the status page, and no text.

use crate::support::{
    Gated,
    collector::{Collector, attribute},
    engine_around,
    program::{Server, valence},
    router::{ONE, body, get, header, send},
    state, tiny_engine, tiny_folder,
};
use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use opentelemetry_proto::tonic::trace::v1::Span;
use std::sync::{Arc, mpsc};
use valence::{
    engine::cache::CacheLimits,
    server::{router, traffic::Answers},
};

/// The caller's trace and span, as W3C's Trace Context writes them.
const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const PARENT: &str = "b7ad6b7169203331";

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The request of this name, and the spans of its trace by their names.
fn trace<'a>(spans: &'a [Span], name: &str) -> (&'a Span, impl Fn(&str) -> Vec<&'a Span>) {
    let request = spans.iter().find(|span| span.name == name).unwrap();
    let of = move |name: &str| {
        spans.iter().filter(|span| span.trace_id == request.trace_id && span.name == name).collect()
    };
    (request, of)
}

#[test]
fn a_collector_gets_each_phase_as_part_of_the_callers_trace() {
    let collector = Collector::start();
    let server = Server::start_with(&["--otlp", &collector.address]);
    let traceparent = format!("traceparent: 00-{TRACE}-{PARENT}-01");
    let answer = server.post("/api/v1/analyze", &[&traceparent], r#"{"text": "a bellwether"}"#);
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    server.stop();

    let (services, spans) = collector.spans();
    assert!(services.iter().all(|service| service == "valence") && !services.is_empty());
    let (request, of) = trace(&spans, "POST /api/v1/analyze");
    assert_eq!((hex(&request.trace_id), hex(&request.parent_span_id)), (TRACE.into(), PARENT.into()));
    assert_eq!(attribute(request, "http.route"), "/api/v1/analyze");
    assert_eq!(attribute(request, "http.response.status_code"), "200");
    let mut ended = request.start_time_unix_nano;
    for phase in ["tokenize", "queue", "inference"] {
        let [span] = of(phase)[..] else { panic!("one {phase} in {spans:?}") };
        assert_eq!(span.parent_span_id, request.span_id, "{phase}");
        assert!(span.start_time_unix_nano >= ended, "{phase} begins before the phase before it ends");
        ended = span.end_time_unix_nano;
    }
    assert!(ended <= request.end_time_unix_nano);
}

#[test]
fn phases_of_a_stream_are_part_of_its_request() {
    let collector = Collector::start();
    let server = Server::start_with(&["--otlp", &collector.address]);
    let rows = "\"one text\"\n\"another text\"\n";
    server.ask("POST /api/v1/batch", &["Content-Type: application/x-ndjson"], rows);
    server.stop();
    let (_, spans) = collector.spans();
    let (request, of) = trace(&spans, "POST /api/v1/batch");
    let inferences = of("inference");
    assert_eq!(inferences.len(), 2);
    assert!(inferences.iter().all(|span| span.parent_span_id == request.span_id));
}

#[test]
fn a_trace_that_its_caller_does_not_want_is_not_sent() {
    let collector = Collector::start();
    let server = Server::start_with(&["--otlp", &collector.address]);
    server.post("/predict", &[&format!("traceparent: 00-{TRACE}-{PARENT}-00")], r#"{"inputs": "a text"}"#);
    server.get("/health");
    server.stop();
    let (_, spans) = collector.spans();
    assert!(spans.iter().any(|span| span.name == "GET /health"));
    assert!(spans.iter().all(|span| hex(&span.trace_id) != TRACE && span.name != "POST /predict"));
}

#[test]
fn no_text_is_in_logs_figures_or_traces() {
    let collector = Collector::start();
    let mut command = valence();
    command.arg(tiny_folder()).args(["--otlp", &collector.address]).env("RUST_LOG", "trace");
    let server = Server::of(&mut command);
    for path in
        ["/?text=bellwether", "/bellwether?bellwether", "/embed?text=bellwether", "/models/bellwether"]
    {
        server.get(path);
    }
    let headers = [
        "Authorization: Bearer bellwether",
        "X-Request-Id: bellwether <b>",
        "User-Agent: bellwether",
        "Cookie: bellwether",
        "Referer: http://127.0.0.1/?text=bellwether",
        "traceparent: bellwether",
    ];
    for json in [
        r#"{"text": "bellwether \u046a"}"#,
        r#"{"text": "good", "model": "bellwether"}"#,
        r#"{"bellwether": 1}"#,
        r#"{"text": bellwether"#,
    ] {
        server.post("/api/v1/analyze", &headers, json);
    }
    server.post("/page/analyze", &headers, &format!(r#"{{"text": "{}"}}"#, "bellwether ".repeat(9000)));
    server.ask("POST /api/v1/batch", &["Content-Type: text/csv"], "text\nbellwether\n");
    server.ask("BELLWETHER /?bellwether", &headers, "bellwether");
    let (figures, page) = (server.get("/metrics"), server.get("/status"));
    let (_, log) = server.stop();

    let traces = String::from_utf8_lossy(&collector.bytes()).into_owned();
    assert!(traces.contains("POST /api/v1/analyze") && log.contains("/api/v1/analyze"));
    for told in [figures, page, log, traces] {
        assert!(!told.to_lowercase().contains("bellwether"), "{told}");
        // A letter that nothing else has: the tokenizer's own lines tell one at a time.
        assert!(!told.contains(['\u{46a}', '\u{46b}']), "{told}");
    }
}

#[test]
fn each_request_is_one_line_with_its_id() {
    let server = Server::start_with(&[]);
    let answer = server.post("/predict?secret=1", &["X-Request-Id: my-id.1"], r#"{"inputs": "a text"}"#);
    assert!(answer.contains("x-request-id: my-id.1\r\n"), "{answer}");
    let (_, log) = server.stop();
    let lines: Vec<serde_json::Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let [line] = &lines.iter().filter(|line| line["message"] == "answered").collect::<Vec<_>>()[..] else {
        panic!("one line in {log}");
    };
    let span = &line["span"];
    assert_eq!(
        (&span["id"], &span["method"], &span["route"]),
        (&"my-id.1".into(), &"POST".into(), &"/predict".into())
    );
    assert_eq!(line["status"], 200);
    assert!(line["ms"].is_f64());
}

#[test]
fn a_log_is_text_where_it_is_asked_for() {
    let server = Server::start_with(&["--log-format", "text"]);
    server.get("/info");
    let (_, log) = server.stop();
    let line = log.lines().find(|line| line.contains("answered")).unwrap();
    assert!(!line.starts_with('{') && line.contains("/info") && line.contains("status"), "{line}");
}

#[test]
fn figures_count_requests_phases_and_the_cache() {
    let server = Server::start_with(&[]);
    let fresh = server.get("/metrics");
    for line in [
        "valence_connections_refused_total 0",
        "valence_session_restarts_total 0",
        r#"valence_cache_requests_total{result="hit"} 0"#,
        r#"valence_batch_tokens_total{kind="padding"} 0"#,
    ] {
        assert!(fresh.lines().any(|figure| figure == line), "{line} is not in\n{fresh}");
    }
    for _ in 0..2 {
        server.post("/api/v1/analyze", &[], r#"{"text": "a text"}"#);
    }
    server.post("/api/v1/analyze", &[], "{");
    let figures = server.get("/metrics");
    for line in [
        r#"valence_http_requests_total{method="POST",route="/api/v1/analyze",status="200"} 2"#,
        r#"valence_http_requests_total{method="POST",route="/api/v1/analyze",status="400"} 1"#,
        r#"valence_http_request_seconds_count{route="/api/v1/analyze"} 3"#,
        r#"valence_phase_seconds_count{model="tiny",phase="tokenize"} 1"#,
        r#"valence_phase_seconds_count{model="tiny",phase="queue"} 1"#,
        r#"valence_phase_seconds_count{model="tiny",phase="inference"} 1"#,
        r#"valence_phase_seconds_bucket{model="tiny",phase="total",le="+Inf"} 1"#,
        r#"valence_cache_requests_total{result="hit"} 1"#,
        r#"valence_cache_requests_total{result="miss"} 1"#,
        r#"valence_queue_size{model="tiny"} 0"#,
        r#"valence_queue_limit{model="tiny"} 256"#,
        "te_queue_size 0",
        r#"valence_batch_tokens_total{kind="padding"} 0"#,
        "# TYPE valence_batch_rows histogram",
    ] {
        assert!(figures.lines().any(|figure| figure == line), "{line} is not in\n{figures}");
    }
    for start in [
        "valence_model_info{model=\"tiny\",device=\"CPU\"",
        "valence_build_info{",
        "process_resident_memory_bytes ",
    ] {
        assert!(figures.lines().any(|figure| figure.starts_with(start)), "{start} is not in\n{figures}");
    }
}

#[tokio::test]
async fn a_failure_is_named_by_its_requests_id() {
    let (open, gate) = mpsc::channel();
    drop(open);
    let page = router(state(engine_around(Gated(gate), ONE, CacheLimits::OFF)));
    for id in [None, Some("my-id.1")] {
        let mut request = Request::post("/api/v1/analyze").header("content-type", "application/json");
        if let Some(id) = id {
            request = request.header("x-request-id", id);
        }
        let response = send(&page, request.body(Body::from(r#"{"text": "bellwether"}"#)).unwrap()).await;
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let told = header(&response, "x-request-id").to_owned();
        assert_eq!(id.unwrap_or(&told), told);
        let error = body(response).await;
        assert!(error.contains(&format!("reference {told}")) && !error.contains("bellwether"), "{error}");
    }
}

#[tokio::test]
async fn a_request_whose_client_goes_away_ends() {
    // Outlives the gate: an engine's end waits for a run, which would wait for the gate.
    let engine;
    let (_open, gate) = mpsc::channel();
    engine = engine_around(Gated(gate), ONE, CacheLimits::OFF);
    let state = state(engine.clone());
    let traffic = Arc::clone(&state.traffic);
    let page = router(state);
    let asked = tokio::spawn(async move { get(&page, "/?text=good").await });
    while traffic.under_way() == 0 {
        tokio::task::yield_now().await;
    }
    asked.abort();
    assert!(asked.await.is_err());
    assert_eq!(traffic.under_way(), 0);
    assert_eq!(traffic.last_minute(), Answers { all: 1, ..Answers::default() });
}

#[tokio::test]
async fn the_status_page_shows_the_models_and_no_text() {
    let engine = tiny_engine();
    let page = router(state(engine.clone()));
    let html = async || body(get(&page, "/status").await).await.replace("<!>", "");
    let before = html().await;
    assert!(
        before.contains(">Starting</h2>") && before.contains("No text has been analyzed yet."),
        "{before}"
    );
    engine.warm_up().await.unwrap();
    get(&page, "/?text=bellwether").await;
    let after = html().await;
    assert!(after.contains(">Ready</h2>") && after.contains("<h2>tiny</h2>"), "{after}");
    assert!(
        after.contains("Milliseconds of its last answer")
            && after.contains(r#"<th scope="row">Inference</th>"#)
    );
    assert!(!after.contains("bellwether"));
    // Without scripts, it changes when its reader says so.
    assert!(!after.contains("http-equiv=\"refresh\"") && after.contains(r#"<a href="/status">Reload</a>"#));
    assert!(after.contains("<dt>Rows in a batch, on average</dt>"), "{after}");

    let response = get(&page, "/status").await;
    assert_eq!(header(&response, "cache-control"), "no-store");
    let policy = header(&response, "content-security-policy").to_owned();
    let (nonce, _) = policy.split_once("'nonce-").unwrap().1.split_once('\'').unwrap();
    let html = body(response).await;
    assert_eq!(
        (html.matches("<script").count(), html.matches(&format!(r#"nonce="{nonce}""#)).count()),
        (1, 1)
    );
}
