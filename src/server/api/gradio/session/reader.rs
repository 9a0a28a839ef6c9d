//! The stream of a session: what it tells its client, until it ends.

use super::{Session, UNREAD};
use futures_util::{Stream, stream};
use serde_json::json;
use std::{sync::Arc, time::Duration};
use tokio::time::{Instant, sleep, timeout};

/// How long a stream waits for another call before it ends: `gradio_client` opens no other one for a call
/// that it begins while the end is on its way, and gives that call up.
pub const LINGER: Duration = Duration::from_millis(100);

/// A session's stream by its number; dropped, its client has left it.
struct Reader {
    session: Arc<Session>,
    number: u64,
}

impl Session {
    /// Every event that waits, and each one under way as soon as it is there; then the stream's end, at which
    /// its client leaves.
    ///
    /// While nothing comes there is a sign of life after each `beat`, lest a proxy give up on the stream.
    pub fn messages(self: Arc<Self>, beat: Duration) -> impl Stream<Item = String> + Send {
        stream::unfold((Reader::new(self), false), move |(reader, has_ended): (Reader, bool)| async move {
            if has_ended {
                sleep(UNREAD).await;
                return None;
            }
            Some(match reader.next(beat).await {
                Some(frames) => (frames, (reader, false)),
                None => (frame(&json!({"msg": "close_stream", "event_id": null})), (reader, true)),
            })
        })
    }
}

impl Reader {
    /// One more stream of a session, whose client has read what others told.
    fn new(session: Arc<Session>) -> Self {
        let number = session.change(|state| {
            state.ended = None;
            state.streams += 1;
            state.streams
        });
        session.changed.notify_waiters();
        Self { session, number }
    }

    /// What is there to be sent, or nothing once no call was under way for a while.
    async fn next(&self, beat: Duration) -> Option<String> {
        loop {
            // Before the look at the state, so that no change after it is missed.
            let changed = self.session.changed.notified();
            let (frames, running) =
                self.session.change(|state| (std::mem::take(&mut state.frames), state.running));
            if !frames.is_empty() {
                return Some(frames);
            }
            if running > 0 {
                if timeout(beat, changed).await.is_err() {
                    return Some(frame(&json!({"msg": "heartbeat"})));
                }
            } else if timeout(LINGER, changed).await.is_err() && self.end_if_idle() {
                return None;
            }
        }
    }

    /// Whether the stream has ended, which it does where no call is under way and nothing is to be told.
    fn end_if_idle(&self) -> bool {
        self.session.change(|state| {
            let is_idle = state.running == 0 && state.frames.is_empty();
            if is_idle {
                state.ended = Some((self.number, Instant::now()));
            }
            is_idle
        })
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.session.change(|state| state.ended = state.ended.filter(|(number, _)| *number != self.number));
        self.session.changed.notify_waiters();
    }
}

/// The stream of a session that is not there.
#[must_use]
pub fn not_found() -> String {
    let message =
        "This session is not known here. Behind several replicas, its requests must reach the same one.";
    frame(
        &json!({"msg": "unexpected_error", "event_id": null, "message": message, "session_not_found": true, "success": false}),
    ) + &frame(&json!({"msg": "close_stream", "event_id": null}))
}

fn frame(message: &serde_json::Value) -> String {
    format!("data: {message}\n\n")
}
