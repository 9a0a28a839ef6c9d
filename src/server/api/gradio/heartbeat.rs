//! Heartbeats: `GET /gradio_api/heartbeat/{session_hash}`, a stream that tells a client that the
//! server is alive for as long as it listens.
//!
//! `gradio_client` up to 2.6 asks for it again, at once and for ever, whatever the status was and
//! whenever the stream has ended. Only a broken connection makes it give up.

use super::stream;
use crate::server::listen::Connection;
use axum::{Extension, body::Body, response::Response};
use futures_util::{Stream, StreamExt, stream as streams};
use std::{convert::Infallible, sync::Arc, time::Duration};
use thiserror::Error;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{interval, sleep},
};

/// The most streams at a time, as each holds a connection.
const MAX_OPEN: usize = 1000;

/// From one beat to the next, as in Gradio.
pub const PERIOD: Duration = Duration::from_secs(15);

/// How long a stream too many lasts: its beginning has then left, and no proxy asks another server.
const REFUSED_AFTER: Duration = Duration::from_secs(1);

const BEAT: &str = "data: ALIVE\n\n";

/// The places for streams in this process.
#[derive(Clone, Debug)]
pub struct Heartbeats(Arc<Semaphore>);

/// Breaks the connection of a stream too many.
#[derive(Debug, Error)]
#[error("more heartbeats than the server keeps")]
struct TooMany;

impl Default for Heartbeats {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(MAX_OPEN)))
    }
}

/// Beats until the client goes or the server is told to stop; one stream too many is broken off.
pub async fn heartbeat(
    Extension(Heartbeats(free)): Extension<Heartbeats>,
    connection: Option<Extension<Connection>>,
) -> Response {
    let Ok(place) = free.try_acquire_owned() else {
        let end = async {
            sleep(REFUSED_AFTER).await;
            Err(TooMany)
        };
        return stream(Body::from_stream(streams::once(async { Ok(BEAT) }).chain(streams::once(end))));
    };
    let beats = beats(PERIOD, place).map(Ok::<_, Infallible>);
    stream(match connection {
        Some(Extension(connection)) => Body::from_stream(beats.take_until(connection.stop.cancelled_owned())),
        None => Body::from_stream(beats),
    })
}

/// A beat at once and after each period; `place` is held as long.
fn beats(period: Duration, place: OwnedSemaphorePermit) -> impl Stream<Item = &'static str> + Send {
    streams::unfold((interval(period), place), async |(mut interval, place)| {
        interval.tick().await;
        Some((BEAT, (interval, place)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn beats_again_and_again_and_gives_its_place_back() {
        let free = Arc::new(Semaphore::new(1));
        let place = Arc::clone(&free).try_acquire_owned().expect("a place");
        let beats = beats(Duration::from_millis(1), place).take(3).collect::<Vec<_>>();
        assert_eq!(beats.await, [BEAT; 3]);
        assert_eq!(free.available_permits(), 1);
    }

    #[tokio::test]
    async fn one_stream_too_many_is_broken_off() {
        let heartbeats = Heartbeats::default();
        let open = || heartbeat(Extension(heartbeats.clone()), None);
        let mut kept = Vec::new();
        for _ in 0..MAX_OPEN {
            kept.push(open().await);
        }
        let mut refused = open().await.into_body().into_data_stream();
        assert!(refused.next().await.expect("a beat").is_ok());
        assert!(refused.next().await.expect("an end").is_err());
        kept.pop();
        let mut taken = open().await.into_body().into_data_stream();
        assert!(taken.next().await.expect("a beat").is_ok());
        assert!(tokio::time::timeout(REFUSED_AFTER * 2, taken.next()).await.is_err(), "it goes on");
    }
}
