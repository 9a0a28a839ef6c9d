//! Pace: a request's body must keep coming, and its answer must begin in time.
//!
//! A body has an allowance of waiting, which each wait uses up and each byte refills, as with
//! Apache's `RequestReadTimeout` and its `MinRate`. Only the time counts in which the server waits
//! for the client, so an upload that is read no faster than its answer is never too slow.

use super::{api::error::ApiError, failure, limits::Limits};
use crate::error::AnalyzeError;
use axum::{
    body::Body,
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http_body::{Frame, SizeHint};
use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};
use thiserror::Error;
use tokio::time::{Instant, Sleep, sleep, timeout};

/// The body kept its reader waiting for too long.
#[derive(Debug, Error)]
#[error("the body came too slowly")]
pub struct TooSlow;

/// Holds a request to its limits.
pub async fn enforce(State(limits): State<Limits>, request: Request, next: Next) -> Response {
    let is_awaited = Arc::new(AtomicBool::new(false));
    let request = request.map(|body| Body::new(Paced::new(body, limits, Arc::clone(&is_awaited))));
    match timeout(limits.answer, next.run(request)).await {
        Ok(response) => response,
        Err(_) if is_awaited.load(Ordering::Relaxed) => too_slow(),
        Err(_) => failure::given_up(AnalyzeError::TookTooLong { seconds: limits.answer.as_secs() }),
    }
}

/// Answers for a handler that has not got its whole body. The page is told what it is where the handler
/// finds the body too slow.
fn too_slow() -> Response {
    let mut response = ApiError::TooSlow.into_response();
    response.extensions_mut().insert(AnalyzeError::Malformed);
    response
}

/// A body that fails when it comes too slowly.
struct Paced {
    body: Body,
    limits: Limits,
    /// How long the reader may still wait.
    allowance: Duration,
    /// Since when it waits, and what ends that.
    wait: Option<(Instant, Pin<Box<Sleep>>)>,
    /// Whether it does.
    is_awaited: Arc<AtomicBool>,
}

impl Paced {
    fn new(body: Body, limits: Limits, is_awaited: Arc<AtomicBool>) -> Self {
        Self { body, limits, allowance: limits.body, wait: None, is_awaited }
    }

    /// Takes the time of a wait that has ended off the allowance, and adds what `bytes` earn.
    fn account(&mut self, bytes: usize) {
        if let Some((since, _)) = self.wait.take() {
            self.allowance = self.allowance.saturating_sub(since.elapsed());
        }
        let earned = Duration::from_secs_f64(bytes as f64 / f64::from(self.limits.body_rate));
        self.allowance = (self.allowance + earned).min(self.limits.body);
    }
}

impl http_body::Body for Paced {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let next = Pin::new(&mut self.body).poll_frame(context);
        self.is_awaited.store(next.is_pending(), Ordering::Relaxed);
        if let Poll::Ready(frame) = next {
            if let Some(Ok(frame)) = &frame {
                self.account(frame.data_ref().map_or(0, Bytes::len));
            }
            return Poll::Ready(frame);
        }
        let allowance = self.allowance;
        let (_, end) = self.wait.get_or_insert_with(|| (Instant::now(), Box::pin(sleep(allowance))));
        ready!(end.as_mut().poll(context));
        Poll::Ready(Some(Err(axum::Error::new(TooSlow))))
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
    use futures_util::{StreamExt, stream};
    use std::convert::Infallible;

    /// Sends `count` pieces of `bytes` bytes with a pause before each, and counts what arrives.
    async fn read(limits: Limits, count: usize, bytes: usize, pause: Duration) -> Result<usize, axum::Error> {
        let pieces = stream::iter(0..count).then(move |_| async move {
            sleep(pause).await;
            Ok::<_, Infallible>(Bytes::from(vec![b'a'; bytes]))
        });
        let body = Body::new(Paced::new(Body::from_stream(pieces), limits, Arc::default()));
        axum::body::to_bytes(body, usize::MAX).await.map(|bytes| bytes.len())
    }

    const SHORT: Limits = Limits {
        connections: 1,
        first_head: Duration::ZERO,
        idle: Duration::ZERO,
        body: Duration::from_millis(300),
        body_rate: 1000,
        room: 0,
        write: Duration::ZERO,
        answer: Duration::ZERO,
        grace: Duration::ZERO,
    };

    #[tokio::test]
    async fn a_body_that_keeps_coming_is_read_however_long_it_takes() {
        // Each pause of 20 ms costs what 20 bytes earn.
        assert_eq!(read(SHORT, 40, 200, Duration::from_millis(20)).await.expect("the body"), 8000);
    }

    #[tokio::test]
    async fn a_body_that_trickles_is_given_up() {
        let error = read(SHORT, 10_000, 1, Duration::from_millis(20)).await.expect_err("a refusal");
        assert_eq!(ApiError::broken(&error), ApiError::TooSlow);
    }

    #[tokio::test]
    async fn a_body_that_stops_is_given_up() {
        let error = read(SHORT, 1, 1, Duration::from_secs(3600)).await.expect_err("a refusal");
        assert_eq!(ApiError::broken(&error), ApiError::TooSlow);
    }
}
