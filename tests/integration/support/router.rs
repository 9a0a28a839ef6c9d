//! Requests to the server's router in this process, and what comes back.

use axum::{
    Router,
    body::Body,
    http::{Request, Response, StatusCode, header},
};
use http_body_util::BodyExt;
use serde_json::Value;
use tower::ServiceExt;
use valence::engine::queue::QueueLimits;

/// One text runs, one waits.
pub const ONE: QueueLimits = QueueLimits { waiting: 1, rows: 1, tokens: 1024 };

pub async fn send(router: &Router, request: Request<Body>) -> Response<Body> {
    router.clone().oneshot(request).await.unwrap()
}

pub async fn get(router: &Router, path: &str) -> Response<Body> {
    send(router, Request::get(path).body(Body::empty()).unwrap()).await
}

/// Posts a body of this media type.
pub async fn post(router: &Router, path: &str, kind: &str, body: impl Into<Body>) -> Response<Body> {
    let request = Request::post(path).header(header::CONTENT_TYPE, kind);
    send(router, request.body(body.into()).unwrap()).await
}

/// Posts a JSON value, or what stands for one.
pub async fn post_json(router: &Router, path: &str, json: impl ToString) -> Response<Body> {
    post(router, path, "application/json", json.to_string()).await
}

/// Posts a JSON value, for its answer's status and JSON.
pub async fn exchange(router: &Router, path: &str, json: impl ToString) -> (StatusCode, Value) {
    let response = post_json(router, path, json).await;
    (response.status(), read(response).await)
}

pub async fn bytes(response: Response<Body>) -> Vec<u8> {
    response.into_body().collect().await.unwrap().to_bytes().to_vec()
}

pub async fn body(response: Response<Body>) -> String {
    String::from_utf8(bytes(response).await).unwrap()
}

/// The JSON of a response.
pub async fn read(response: Response<Body>) -> Value {
    serde_json::from_slice(&bytes(response).await).unwrap()
}

/// A header of a response, empty where it has none of this name.
pub fn header<'a>(response: &'a Response<Body>, name: &str) -> &'a str {
    response.headers().get(name).map_or("", |value| value.to_str().unwrap())
}
