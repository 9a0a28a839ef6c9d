//! Room: how many bytes of requests' bodies and of their answers are in memory at once.
//!
//! Those of a body are counted as they come, until the answer begins, or ends where it comes bit by bit; of
//! an upload only those count that are still there, and each row until its line is sent. What counts of
//! answers, [`answer`] says. The first bytes of each are free, so that a short text finds room beside
//! whatever fills it.

pub mod answer;
pub mod claim;

use super::limits::Limits;
use axum::{
    body::Body,
    extract::{Request, State},
    middleware::Next,
    response::Response,
};
use claim::Claim;
use futures_util::StreamExt;
use http_body::Body as _;
use std::sync::Arc;
use thiserror::Error;
use tokio::sync::Semaphore;

/// Bytes of each body that need no room: a text of some pages. The connections bound them.
const FREE: usize = 16_000;

/// The bodies and answers of other requests fill the room.
#[derive(Debug, Error)]
#[error("the bodies and answers of other requests fill the room")]
pub struct NoRoom;

/// Room for the bodies and answers of all requests; clones share it.
#[derive(Clone, Debug)]
pub struct Room(Arc<Semaphore>);

impl Room {
    /// As much as the limits say.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self(Arc::new(Semaphore::new(limits.room)))
    }
}

/// Counts a request's body, which fails where it finds no room.
pub async fn enforce(State(room): State<Room>, mut request: Request, next: Next) -> Response {
    let claim = Arc::new(Claim::of(room, FREE));
    request.extensions_mut().insert(Arc::clone(&claim));
    let held = Arc::clone(&claim);
    let response = next.run(request.map(|body| counted(body, held))).await;
    if claim.bytes() == 0 || response.body().size_hint().exact().is_some() {
        return response;
    }
    // Until the last line is read, the texts of those to come are kept.
    response.map(|body| {
        Body::from_stream(body.into_data_stream().inspect(move |_| {
            let _held = &claim;
        }))
    })
}

/// The body, counted as it comes; it fails where there is no room for more.
fn counted(body: Body, claim: Arc<Claim>) -> Body {
    Body::from_stream(body.into_data_stream().map(move |part| {
        part.and_then(|part| claim.exchange(0, part.len()).map(|()| part).map_err(axum::Error::new))
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{error::AnalyzeError, server::api::error::ApiError};
    use axum::body::to_bytes;
    use futures_util::stream;
    use std::convert::Infallible;

    fn room(bytes: usize) -> Room {
        Room::new(Limits { room: bytes, ..Limits::default() })
    }

    fn claim(room: &Room) -> Arc<Claim> {
        Arc::new(Claim::of(room.clone(), FREE))
    }

    /// Reads a body of so many bytes, as a request's with this claim.
    async fn read(claim: &Arc<Claim>, bytes: usize) -> Result<usize, ApiError> {
        // In parts, as a connection gives them.
        let parts =
            vec![b'a'; bytes].chunks(FREE).map(|part| Ok::<_, Infallible>(part.to_vec())).collect::<Vec<_>>();
        let body = counted(Body::from_stream(stream::iter(parts)), Arc::clone(claim));
        let read = to_bytes(body, usize::MAX).await;
        read.map(|bytes| bytes.len()).map_err(|error| ApiError::broken(&error))
    }

    #[tokio::test]
    async fn what_a_request_took_is_given_back() {
        let room = room(1_000_000);
        let first = claim(&room);
        assert_eq!(read(&first, 900_000).await, Ok(900_000));
        assert_eq!(read(&claim(&room), 200_000).await, Err(AnalyzeError::Busy.into()));
        assert_eq!(read(&claim(&room), FREE).await, Ok(FREE));
        drop(first);
        assert_eq!(room.0.available_permits(), 1_000_000);
        assert_eq!(read(&claim(&room), 200_000).await, Ok(200_000));
    }
}
