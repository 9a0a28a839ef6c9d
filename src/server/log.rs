//! What is reported of each request: one log line, its metrics, and its span where traces are wanted.
//!
//! Nothing that its sender wrote is in any of them but a fit request id: a path or a query may be
//! a user's text, so the line names the route. A request ends with the last byte of its answer, or
//! where its client goes away; until then its id stands in every log line, also while a stream is
//! being written.

use super::{
    request::CurrentRequest,
    request_id::{RequestId, X_REQUEST_ID},
    state::AppState,
    traffic::Traffic,
};
use crate::engine::timing::TRACE;
use axum::{
    body::{Body, HttpBody},
    extract::{MatchedPath, Request, State},
    middleware::Next,
    response::Response,
};
use bytes::Bytes;
use http::{HeaderMap, Method};
use http_body::{Frame, SizeHint};
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use std::{
    collections::HashMap,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    thread,
    time::Instant,
};
use tracing::{Span, debug_span, error_span, field::Empty};
use tracing_opentelemetry::OpenTelemetrySpanExt;

/// The header that names the trace of a request.
const TRACEPARENT: &str = "traceparent";

/// What stands for the status where the client has gone before the answer, as in nginx's logs; also where
/// the server has cut it off at its own end.
const CLIENT_GONE: u16 = 499;

/// Follows a request from its arrival to its end.
pub async fn request(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let mut follower = Follower::new(&request, state.traffic);
    let mut response = follower.request.clone().scope(next.run(request)).await;
    follower.status = Some(response.status().as_u16());
    response.headers_mut().insert(X_REQUEST_ID, follower.request.id.header());
    response.map(|body| Body::new(Followed { body, follower }))
}

/// Reports its request when it is dropped.
struct Follower {
    start: Instant,
    method: &'static str,
    route: String,
    /// Of the answer, once there is one.
    status: Option<u16>,
    traffic: Arc<Traffic>,
    request: CurrentRequest,
}

impl Follower {
    fn new(request: &Request, traffic: Arc<Traffic>) -> Self {
        traffic.begin();
        let id = RequestId::of(request.headers());
        let method = method(request.method());
        let route = request.extensions().get().map_or("other", MatchedPath::as_str).to_owned();
        // At the level of errors, so that they have the id whatever level is logged.
        let span = error_span!("request", %id, method, route);
        let trace = debug_span!(
            target: TRACE,
            "request",
            otel.name = format!("{method} {route}"),
            otel.kind = "server",
            otel.status_code = Empty,
            http.request.method = method,
            http.route = route,
            http.response.status_code = Empty,
            request.id = %id,
        );
        if !trace.is_disabled() {
            follow(&trace, request.headers());
        }
        let request = CurrentRequest { id, span, trace };
        Self { start: Instant::now(), method, route, status: None, traffic, request }
    }
}

/// Makes the span a part of the trace that the request belongs to (W3C Trace Context).
///
/// Its `tracestate` is not read: that may be a user's text, and would be sent on.
fn follow(trace: &Span, headers: &HeaderMap) {
    let named = headers.get(TRACEPARENT).and_then(|value| value.to_str().ok());
    let named: HashMap<_, _> =
        named.map(|named| (TRACEPARENT.to_owned(), named.to_owned())).into_iter().collect();
    let parent = TraceContextPropagator::new().extract(&named);
    // It can only fail for a span that has begun or that nobody collects.
    let _ = trace.set_parent(parent);
}

impl Drop for Follower {
    fn drop(&mut self) {
        let aborted = if thread::panicking() { 500 } else { CLIENT_GONE };
        let status = self.status.unwrap_or(aborted);
        let time = self.start.elapsed();
        self.traffic.end(status);
        let route = self.route.clone();
        metrics::histogram!("valence_http_request_seconds", "route" => route.clone())
            .record(time.as_secs_f64());
        metrics::counter!(
            "valence_http_requests_total",
            "method" => self.method, "route" => route, "status" => status.to_string()
        )
        .increment(1);
        let CurrentRequest { span, trace, .. } = &self.request;
        trace.record("http.response.status_code", i64::from(status));
        if status >= 500 {
            trace.record("otel.status_code", "ERROR");
        }
        let ms = time.as_micros() as f64 / 1000.0;
        span.in_scope(|| tracing::info!(status, ms, "answered"));
    }
}

/// A body whose end is its request's.
struct Followed {
    body: Body,
    follower: Follower,
}

impl HttpBody for Followed {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let Self { body, follower } = &mut *self;
        follower.request.sync_scope(|| Pin::new(body).poll_frame(context))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A method by its name; a made-up one does not become a metric's label.
fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
