//! What a collector of traces gets.

use crate::support::{
    collector::{Collector, attribute},
    program::{Server, valence},
    tiny_folder,
};
use opentelemetry_proto::tonic::trace::v1::Span;
use std::{thread, time::Duration};

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
fn the_variables_of_opentelemetry_have_their_meaning() {
    // The name of the service, where spans come.
    for (variables, expected) in [
        (&[("OTEL_SERVICE_NAME", "a"), ("OTEL_RESOURCE_ATTRIBUTES", "service.name=b")][..], Some("a")),
        (&[("OTEL_RESOURCE_ATTRIBUTES", "service.name=b,deployment=c")], Some("b")),
        (&[("OTEL_SERVICE_NAME", ""), ("OTEL_RESOURCE_ATTRIBUTES", "")], Some("valence")),
        (&[("OTEL_EXPORTER_OTLP_HEADERS", "x-key=d")], Some("valence")),
        (&[("OTEL_TRACES_SAMPLER", "always_off")], None),
        (&[("OTEL_SDK_DISABLED", "true")], None),
    ] {
        let collector = Collector::start();
        let mut command = valence();
        command.arg(tiny_folder()).args(["--otlp", &collector.address]).envs(variables.iter().copied());
        let server = Server::of(&mut command);
        server.get("/info");
        server.stop();
        let (mut services, _) = collector.spans();
        services.dedup();
        assert_eq!(services, Vec::from_iter(expected), "{variables:?}");
        let keys = collector.header("x-key");
        assert_eq!(
            keys.contains(&"d".to_owned()),
            variables.contains(&("OTEL_EXPORTER_OTLP_HEADERS", "x-key=d"))
        );
    }
}

// Libraries told of each batch as well, and of a refusal without the address.
#[test]
fn a_collector_that_takes_nothing_is_named_once_with_the_cause() {
    let collector = Collector::start();
    let elsewhere = format!("{}/elsewhere", collector.address);
    for (address, named, cause) in [
        ("http://someone:bellwether@127.0.0.1:9", "http://127.0.0.1:9/v1/traces", "refused"),
        (&*elsewhere, "/elsewhere/v1/traces", r#""status":404"#),
    ] {
        let mut command = valence();
        command.arg(tiny_folder()).args(["--otlp", address]).env("OTEL_BSP_SCHEDULE_DELAY", "50");
        let server = Server::of(&mut command);
        server.get("/info");
        // For a second batch.
        thread::sleep(Duration::from_millis(300));
        server.get("/info");
        let (_, log) = server.stop();
        let told = log.lines().filter(|line| !line.contains(r#""level":"INFO""#)).collect::<Vec<_>>();
        let [line] = told[..] else { panic!("one line in {log}") };
        assert!(line.contains(named) && line.contains(cause), "{line}");
        assert!(!log.contains("bellwether"), "{log}");
    }
}

#[test]
fn variables_that_ask_for_what_is_not_done_are_named() {
    let collector = Collector::start();
    let asked = [("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")];
    let mut command = valence();
    command.arg(tiny_folder()).args(["--otlp", &collector.address]).envs(asked);
    let (_, log) = Server::of(&mut command).stop();
    for (name, _) in asked {
        let lines = log.lines().filter(|line| line.contains("WARN") && line.contains(name));
        assert_eq!(lines.count(), 1, "{name}: {log}");
    }
}
