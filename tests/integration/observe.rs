//! What is told of requests: log lines, figures, traces, the status page, and no text.

mod status;
mod traces;

use crate::support::{
    Gated,
    collector::Collector,
    engine_around,
    program::{Server, valence},
    router::{ONE, body, get, header, send},
    state, tiny_folder,
};
use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use std::sync::{Arc, mpsc};
use valence::{
    engine::cache::CacheLimits,
    server::{router, traffic::Answers},
};

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
        r#"{"text": "bellwether \ud801\udc00"}"#,
        r#"{"text": "good", "model": "bellwether"}"#,
        r#"{"bellwether": 1}"#,
        r#"{"text": bellwether"#,
    ] {
        server.post("/api/v1/analyze", &headers, json);
    }
    // What stands beside a trace is read where the trace is one.
    let traced = [
        "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "tracestate: vendor=bellwether",
    ];
    server.post("/api/v1/analyze", &traced, r#"{"text": "good"}"#);
    server.post("/page/analyze", &headers, &format!(r#"{{"text": "{}"}}"#, "bellwether ".repeat(9000)));
    server.ask("POST /api/v1/batch", &["Content-Type: text/csv"], "text\nbellwether\n");
    server.ask("BELLWETHER /?bellwether", &headers, "bellwether");
    let (figures, page) = (server.get("/metrics"), server.get("/status"));
    let (_, log) = server.stop();

    let traces = String::from_utf8_lossy(&collector.bytes()).into_owned();
    assert!(traces.contains("POST /api/v1/analyze") && log.contains("/api/v1/analyze"));
    for told in [figures, page, log, traces] {
        assert!(!told.to_lowercase().contains("bellwether"), "{told}");
        // A letter that nothing else has: the tokenizer's own lines tell one at a time. Its four bytes do not
        // come about by chance, as two did in the random ids of spans.
        assert!(!told.contains(['\u{10400}', '\u{10428}']), "{told}");
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
    assert!(!line.starts_with('{') && line.contains("/info") && line.contains(" status=200"), "{line}");
}

#[test]
fn figures_count_requests_phases_and_the_cache() {
    let server = Server::start_with(&[]);
    let fresh = server.get("/metrics");
    for line in [
        "valence_connections_refused_total 0",
        "valence_session_restarts_total 0",
        "valence_log_lines_dropped_total 0",
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
    let tokens = |figures: &str| -> u64 {
        let line =
            figures.lines().find_map(|line| line.strip_prefix(r#"valence_batch_tokens_total{kind="text"} "#));
        line.expect("a count").parse().unwrap()
    };
    assert!(tokens(&figures) > tokens(&fresh), "{figures}");
    for start in [
        "valence_model_info{model=\"tiny\",device=\"CPU\"",
        "valence_build_info{",
        "process_resident_memory_bytes ",
    ] {
        assert!(figures.lines().any(|figure| figure.starts_with(start)), "{start} is not in\n{figures}");
    }
}

// Whole seconds made a dashboard's curve one of steps.
#[test]
fn processor_time_has_fractions_of_a_second() {
    let server = Server::start_with(&[]);
    // Each may be whole by chance.
    let is_whole = |_| {
        let figures = server.get("/metrics");
        let seconds = figures.lines().find_map(|line| line.strip_prefix("process_cpu_seconds_total "));
        seconds.unwrap().parse::<f64>().unwrap().fract() == 0.0
    };
    assert!(!(0..100).all(is_whole));
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
