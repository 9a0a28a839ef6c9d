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
use crate::{error::AnalyzeError, text::Text};
use axum::{
    body::Body,
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures_util::StreamExt;
use http_body::{Body as _, Frame, SizeHint};
use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    task::{Context, Poll, ready},
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

/// Refuses a request whose body finds no room.
pub async fn enforce(State(room): State<Room>, request: Request, next: Next) -> Response {
    let share = Arc::new(Share::of(room));
    let counted = Arc::clone(&share);
    let request = request.map(|body| Body::new(Counted { body, share: counted, seen: 0 }));
    let response = next.run(request).await;
    // To the protocol's library behind `/mcp`, a body that breaks off is its own failure.
    if share.is_refused.load(Ordering::Relaxed) && response.status().is_server_error() {
        return ApiError::from(AnalyzeError::Busy).into_response();
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
    is_refused: AtomicBool,
}

impl Share {
    fn of(room: Room) -> Self {
        Self { room, bytes: AtomicUsize::new(0), is_refused: AtomicBool::new(false) }
    }

    fn take(&self, bytes: usize) -> Result<(), NoRoom> {
        let wanted = u32::try_from(bytes).map_err(|_| NoRoom);
        match wanted.and_then(|wanted| self.room.0.try_acquire_many(wanted).map_err(|_| NoRoom)) {
            Ok(taken) => taken.forget(),
            Err(error) => {
                self.is_refused.store(true, Ordering::Relaxed);
                return Err(error);
            }
        }
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        Ok(())
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        self.room.0.add_permits(*self.bytes.get_mut());
    }
}

/// A body that fails where there is no room for it.
struct Counted {
    body: Body,
    share: Arc<Share>,
    /// Bytes that have come.
    seen: usize,
}

impl Counted {
    fn count(&mut self, bytes: usize) -> Result<(), NoRoom> {
        let counts = |seen: usize| seen.clamp(FREE, KEPT);
        let before = counts(self.seen);
        self.seen += bytes;
        self.share.take(counts(self.seen) - before)
    }
}

impl http_body::Body for Counted {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        if let Some(Ok(frame)) = &frame
            && let Err(error) = self.count(frame.data_ref().map_or(0, Bytes::len))
        {
            return Poll::Ready(Some(Err(axum::Error::new(error))));
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::to_bytes;

    fn room(bodies: usize) -> Room {
        Room::new(Limits { bodies, ..Limits::default() })
    }

    fn body(room: &Room, bytes: usize) -> Counted {
        Counted { body: Body::from(vec![b'a'; bytes]), share: Arc::new(Share::of(room.clone())), seen: 0 }
    }

    async fn read(body: Counted) -> Result<usize, ApiError> {
        let read = to_bytes(Body::new(body), usize::MAX).await;
        read.map(|bytes| bytes.len()).map_err(|error| ApiError::broken(&error))
    }

    #[tokio::test]
    async fn what_a_request_took_is_given_back() {
        let room = room(1_000_000);
        let first = body(&room, 900_000);
        let held = Arc::clone(&first.share);
        assert_eq!(read(first).await, Ok(900_000));
        assert_eq!(read(body(&room, 200_000)).await, Err(AnalyzeError::Busy.into()));
        assert_eq!(read(body(&room, FREE)).await, Ok(FREE));
        drop(held);
        assert_eq!(room.0.available_permits(), 1_000_000);
        assert_eq!(read(body(&room, 200_000)).await, Ok(200_000));
    }

    #[tokio::test]
    async fn no_more_counts_than_is_kept_of_a_body() {
        let room = room(KEPT);
        let upload = body(&room, 3 * KEPT);
        let held = Arc::clone(&upload.share);
        assert_eq!(read(upload).await, Ok(3 * KEPT));
        assert_eq!(room.0.available_permits(), FREE);
        drop(held);
    }
}
