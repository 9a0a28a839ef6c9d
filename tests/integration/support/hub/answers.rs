//! What the Hub of the tests answers: lists of files, small files, and large ones, which are elsewhere.

use super::{
    COMMIT, Fault, Shared, error,
    files::{etag, file, files, is_large},
};
use axum::{
    Json,
    body::{Body, Bytes},
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, Response, StatusCode, header},
    response::{IntoResponse, Redirect},
};
use futures_util::{StreamExt, stream};
use serde_json::json;
use std::{io, sync::atomic::Ordering, time::Duration};

pub(super) async fn info(Path((_, name, revision)): Path<(String, String, String)>) -> Response<Body> {
    let Some(files) = files(&name) else { return error(401, Some("RepoNotFound")) };
    if ![COMMIT, &COMMIT[..7], "main", "v1"].contains(&&*revision) {
        return error(404, Some("RevisionNotFound"));
    }
    let siblings: Vec<_> = files
        .iter()
        .map(|(path, bytes)| match is_large(path) {
            true => json!({
                "rfilename": path, "size": bytes.len(), "blobId": "0".repeat(40),
                "lfs": {"sha256": etag(path, bytes), "size": bytes.len(), "pointerSize": 134},
            }),
            false => json!({"rfilename": path, "size": bytes.len(), "blobId": etag(path, bytes)}),
        })
        .collect();
    Json(json!({"id": format!("tests/{name}"), "sha": COMMIT, "private": false, "siblings": siblings}))
        .into_response()
}

/// Small files come at once, large ones from elsewhere.
pub(super) async fn resolve(
    State(shared): State<Shared>,
    Path((owner, name, _, path)): Path<(String, String, String, String)>,
    headers: HeaderMap,
) -> Response<Body> {
    shared.files.fetch_add(1, Ordering::SeqCst);
    let Some(bytes) = file(&name, &path) else { return error(404, Some("EntryNotFound")) };
    let tag = HeaderValue::from_str(&format!("\"{}\"", etag(&path, &bytes))).unwrap();
    let mut response = if is_large(&path) {
        let mut response = Redirect::temporary(&format!("/cdn/{owner}/{name}/{path}")).into_response();
        *response.status_mut() = StatusCode::FOUND;
        // The real one leads to another host, which makes the address absolute.
        let location =
            format!("http://{}/cdn/{owner}/{name}/{path}", headers[header::HOST].to_str().unwrap());
        response.headers_mut().insert(header::LOCATION, location.parse().unwrap());
        response.headers_mut().insert("x-linked-etag", tag);
        response.headers_mut().insert("x-linked-size", bytes.len().into());
        response
    } else {
        let is_wrong = path == "config.json" && *shared.fault.lock().unwrap() == Fault::WrongConfig;
        let bytes = if is_wrong { vec![b' '; bytes.len()].into() } else { bytes };
        let mut response = part(&shared, bytes, &headers);
        response.headers_mut().insert(header::ETAG, tag);
        response
    };
    response.headers_mut().insert("x-repo-commit", HeaderValue::from_static(COMMIT));
    response
}

pub(super) async fn cdn(
    State(shared): State<Shared>,
    Path((_, name, path)): Path<(String, String, String)>,
    headers: HeaderMap,
) -> Response<Body> {
    let Some(bytes) = file(&name, &path) else { return error(404, None) };
    let fault = *shared.fault.lock().unwrap();
    match fault {
        Fault::Silent => {
            tokio::time::sleep(Duration::from_secs(5)).await;
            StatusCode::REQUEST_TIMEOUT.into_response()
        }
        Fault::WrongSize => part(&shared, bytes.slice(..bytes.len() / 2), &headers),
        Fault::WrongContent => part(&shared, vec![0; bytes.len()].into(), &headers),
        Fault::Cut { times } if times > 0 => {
            *shared.fault.lock().unwrap() = Fault::Cut { times: times - 1 };
            cut(part(&shared, bytes, &headers)).await
        }
        Fault::Slow => slow(part(&shared, bytes, &headers)).await,
        Fault::CutData if path.ends_with("_data") => cut(part(&shared, bytes, &headers)).await,
        _ => part(&shared, bytes, &headers),
    }
}

/// The first third of an answer, and the end of its connection.
async fn cut(whole: Response<Body>) -> Response<Body> {
    let (parts, body) = whole.into_parts();
    let rest = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    // What has been written has to leave before the connection ends.
    let broken = stream::once(async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        Err(io::Error::other("the connection is cut"))
    });
    let some = stream::iter([Ok(rest.slice(..rest.len() / 3))]).chain(broken);
    Response::from_parts(parts, Body::from_stream(some))
}

/// An answer in eight pieces, a second from one to the next.
async fn slow(whole: Response<Body>) -> Response<Body> {
    let (parts, body) = whole.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let pieces: Vec<_> = bytes.chunks(bytes.len().div_ceil(8)).map(Bytes::copy_from_slice).collect();
    let pieces = stream::iter(pieces.into_iter().enumerate()).then(|(number, piece)| async move {
        tokio::time::sleep(Duration::from_secs(u64::from(number > 0))).await;
        Ok::<_, io::Error>(piece)
    });
    Response::from_parts(parts, Body::from_stream(pieces))
}

/// The bytes that `Range` asks for, `bytes=N-`, or all; with their number, as they may be cut.
fn part(shared: &Shared, bytes: Bytes, headers: &HeaderMap) -> Response<Body> {
    let Some(range) = headers.get(header::RANGE).and_then(|range| range.to_str().ok()) else {
        return ([(header::CONTENT_LENGTH, bytes.len().to_string())], bytes).into_response();
    };
    let start = range.strip_prefix("bytes=").unwrap().strip_suffix('-').unwrap();
    let start: usize = start.parse().unwrap();
    if start >= bytes.len() {
        return StatusCode::RANGE_NOT_SATISFIABLE.into_response();
    }
    shared.resumed.fetch_add(1, Ordering::SeqCst);
    let content_range = format!("bytes {start}-{}/{}", bytes.len() - 1, bytes.len());
    let length = (bytes.len() - start).to_string();
    let headers = [(header::CONTENT_RANGE, content_range), (header::CONTENT_LENGTH, length)];
    (StatusCode::PARTIAL_CONTENT, headers, bytes.slice(start..)).into_response()
}
