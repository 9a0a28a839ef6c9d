//! Room: how many bytes of requests' bodies are in memory at once.
//!
//! They are counted as they come, until the answer begins, or ends where it comes bit by bit. The first of
//! each body are free, so that a short text finds room beside whatever fills it; what no endpoint keeps of
//! one body does not count.

use super::{
    analysis::IN_FLIGHT,
    api::{batch::rows::MAX_ROW, error::ApiError},
    limits::Limits,
};
use crate::text::Text;
use axum::{
    body::Body,
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::StreamExt;
use http_body::Body as _;
use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicUsize, Ordering},
};
use thiserror::Error;
use tokio::sync::Semaphore;

/// Bytes of each body that need no room: a text of some pages. The connections bound them.
const FREE: usize = 16_000;

/// The most that is kept of a body: of an upload the texts that are under way, and a row to come.
const KEPT: usize = IN_FLIGHT * Text::MAX_BYTES + MAX_ROW;

/// The bodies of other requests fill the room.
#[derive(Debug, Error)]
#[error("the bodies of other requests fill the room")]
pub struct NoRoom;

/// Room for the bodies of all requests; clones share it.
#[derive(Clone, Debug)]
pub struct Room(Arc<Semaphore>);

impl Room {
    /// As much as the limits say.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self(Arc::new(Semaphore::new(limits.bodies)))
    }
}

/// Refuses a request whose body finds no room, or does not come to its end.
pub async fn enforce(State(room): State<Room>, request: Request, next: Next) -> Response {
    let share = Arc::new(Share::of(room));
    let held = Arc::clone(&share);
    let request = request.map(|body| counted(body, held));
    let response = next.run(request).await;
    // To the protocol's library behind `/mcp`, a body that breaks off is its own failure.
    if let Some(error) = share.broken.get().filter(|_| response.status().is_server_error()) {
        return error.clone().into_response();
    }
    if share.bytes.load(Ordering::Relaxed) == 0 || response.body().size_hint().exact().is_some() {
        return response;
    }
    // Until the last line is read, the texts of those to come are kept.
    response.map(|body| {
        Body::from_stream(body.into_data_stream().inspect(move |_| {
            let _held = &share;
        }))
    })
}

/// What a request has of the room, until its body has ended and its answer begins, or ends where it is a stream.
struct Share {
    room: Room,
    bytes: AtomicUsize,
    /// Why the body has not come to its end, where it found no room, came too slowly or broke off.
    broken: OnceLock<ApiError>,
}

impl Share {
    fn of(room: Room) -> Self {
        Self { room, bytes: AtomicUsize::new(0), broken: OnceLock::new() }
    }

    fn take(&self, bytes: usize) -> Result<(), NoRoom> {
        let wanted = u32::try_from(bytes).map_err(|_| NoRoom)?;
        self.room.0.try_acquire_many(wanted).map_err(|_| NoRoom)?.forget();
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        Ok(())
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.room.0.add_permits(*self.bytes.get_mut());
    }
}

/// The body, counted as it comes; it fails where there is no room for more.
fn counted(body: Body, share: Arc<Share>) -> Body {
    let counts = |seen: usize| seen.clamp(FREE, KEPT);
    let mut seen = 0;
    Body::from_stream(body.into_data_stream().map(move |part| {
        let part = part.and_then(|part| {
            let before = counts(seen);
            seen += part.len();
            share.take(counts(seen) - before).map_err(axum::Error::new)?;
            Ok(part)
        });
        part.inspect_err(|error| {
            share.broken.get_or_init(|| ApiError::broken(error));
        })
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::AnalyzeError;
    use axum::body::to_bytes;
    use futures_util::stream;
    use std::convert::Infallible;

    fn room(bodies: usize) -> Room {
        Room::new(Limits { bodies, ..Limits::default() })
    }

    fn share(room: &Room) -> Arc<Share> {
        Arc::new(Share::of(room.clone()))
    }

    /// Reads a body of so many bytes, as a request's with this share.
    async fn read(share: &Arc<Share>, bytes: usize) -> Result<usize, ApiError> {
        // In parts, as a connection gives them.
        let parts =
            vec![b'a'; bytes].chunks(FREE).map(|part| Ok::<_, Infallible>(part.to_vec())).collect::<Vec<_>>();
        let body = counted(Body::from_stream(stream::iter(parts)), Arc::clone(share));
        let read = to_bytes(body, usize::MAX).await;
        read.map(|bytes| bytes.len()).map_err(|error| ApiError::broken(&error))
    }

    #[tokio::test]
    async fn what_a_request_took_is_given_back() {
        let room = room(1_000_000);
        let first = share(&room);
        assert_eq!(read(&first, 900_000).await, Ok(900_000));
        assert_eq!(read(&share(&room), 200_000).await, Err(AnalyzeError::Busy.into()));
        assert_eq!(read(&share(&room), FREE).await, Ok(FREE));
        drop(first);
        assert_eq!(room.0.available_permits(), 1_000_000);
        assert_eq!(read(&share(&room), 200_000).await, Ok(200_000));
    }

    #[tokio::test]
    async fn no_more_counts_than_is_kept_of_a_body() {
        let room = room(KEPT);
        let upload = share(&room);
        assert_eq!(read(&upload, 3 * KEPT).await, Ok(3 * KEPT));
        assert_eq!(room.0.available_permits(), FREE);
    }
}
