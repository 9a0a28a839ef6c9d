//! Sessions: events that wait until their client opens its stream.
//!
//! `gradio_client` tells the stream's request only its own name for the session, so that both of
//! its requests must reach the same process. Behind several replicas a sticky cookie does it,
//! which the client keeps from `/config` on.

use super::event::Event;
use futures_util::{Stream, stream};
use moka::{future::Cache, policy::EvictionPolicy};
use serde_json::json;
use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{sync::Notify, time::timeout};

/// The most bytes of sessions that are kept, about, and how long after a session's last use. Where
/// there are more, those go first that were used the longest ago.
const KEPT: (u64, Duration) = (32_000_000, Duration::from_secs(60));

/// Bytes of a session in memory beside its events, with its name and place, at most.
const BARE: usize = 1_000;

/// The most bytes of a session's name; the clients' have some forty.
pub const MAX_NAME: usize = 64;

/// The bytes of events that may wait for a session's stream; an event has some hundred.
const MAX_WAITING: usize = 64_000;

/// How long a stream waits for another call before it ends: `gradio_client` opens no other one for a call
/// that it begins while the end is on its way, and gives that call up.
const LINGER: Duration = Duration::from_millis(100);

/// The sessions of this process.
#[derive(Clone)]
pub struct Sessions(Cache<String, Arc<Session>>);

/// One client's events.
#[derive(Debug, Default)]
pub struct Session {
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    running: usize,
    frames: String,
}

/// A call under way in a session; dropped without an event, it was given up.
pub struct Running {
    session: Arc<Session>,
    name: String,
    sessions: Sessions,
}

impl Default for Sessions {
    fn default() -> Self {
        let (bytes, lifetime) = KEPT;
        let sessions = Cache::builder()
            .max_capacity(bytes)
            .eviction_policy(EvictionPolicy::lru())
            .weigher(|_, session: &Arc<Session>| u32::try_from(session.weight()).unwrap_or(u32::MAX))
            .time_to_idle(lifetime);
        Self(sessions.build())
    }
}

impl Sessions {
    /// Begins a call in the session of this name; not where nobody reads its events.
    pub async fn enter(&self, name: String) -> Option<Running> {
        let session = self.0.get_with(name.clone(), async { Arc::default() }).await;
        let is_read = session.change(|state| {
            let is_read = state.frames.len() < MAX_WAITING;
            state.running += usize::from(is_read);
            is_read
        });
        is_read.then(|| Running { session, name, sessions: self.clone() })
    }

    /// The session of this name, if a call was begun in it lately.
    pub async fn get(&self, name: &str) -> Option<Arc<Session>> {
        self.0.get(name).await
    }

    /// Takes the bytes into account by which a session has grown: a value is weighed as it is put in.
    async fn weigh(&self, name: &str, session: &Arc<Session>) {
        if self.0.get(name).await.is_some_and(|kept| Arc::ptr_eq(&kept, session)) {
            self.0.insert(name.to_owned(), Arc::clone(session)).await;
        }
    }
}

impl Running {
    /// Keeps the event for the session's stream; gives its id, which none has had before.
    pub async fn leave(self, event: &Event) -> String {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let id = format!("{:016x}", COUNT.fetch_add(1, Ordering::Relaxed));
        self.session.change(|state| state.frames.push_str(&event.messages(&id)));
        self.sessions.weigh(&self.name, &self.session).await;
        id
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.session.change(|state| state.running -= 1);
        self.session.changed.notify_waiters();
    }
}

impl Session {
    /// Every event that waits, and each one under way as soon as it is there; then the stream's end.
    pub fn messages(self: Arc<Self>) -> impl Stream<Item = String> + Send {
        stream::unfold(Some(self), async |session| {
            let session = session?;
            Some(match session.next().await {
                Some(frames) => (frames, Some(session)),
                None => (frame(&json!({"msg": "close_stream", "event_id": null})), None),
            })
        })
    }

    /// What is there to be sent, or nothing once no call was under way for a while.
    async fn next(&self) -> Option<String> {
        loop {
            // Before the look at the state, so that no change after it is missed.
            let changed = self.changed.notified();
            let (frames, running) = self.change(|state| (std::mem::take(&mut state.frames), state.running));
            if !frames.is_empty() {
                return Some(frames);
            }
            if running > 0 {
                changed.await;
            } else if timeout(LINGER, changed).await.is_err() && self.is_idle() {
                return None;
            }
        }
    }

    /// Bytes in memory, about.
    fn weight(&self) -> usize {
        BARE + self.change(|state| state.frames.capacity())
    }

    fn is_idle(&self) -> bool {
        self.change(|state| state.running == 0 && state.frames.is_empty())
    }

    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
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

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::StreamExt;

    async fn call(sessions: &Sessions) -> String {
        let running = sessions.enter("a".to_owned()).await.expect("its events are read");
        running.leave(&Event::Error("no".into())).await
    }

    #[tokio::test]
    async fn a_call_begun_after_all_others_are_told_is_told_by_the_same_stream() {
        let sessions = Sessions::default();
        let first = call(&sessions).await;
        let session = sessions.get("a").await.expect("a call was begun in it");
        let mut told = std::pin::pin!(session.messages());
        assert!(told.next().await.is_some_and(|frames| frames.contains(&first)));
        let later = async {
            tokio::time::sleep(LINGER / 5).await;
            call(&sessions).await
        };
        let (frames, second) = tokio::join!(told.next(), later);
        assert!(frames.is_some_and(|frames| frames.contains(&second)));
        assert!(told.next().await.is_some_and(|frames| frames.contains("close_stream")));
        assert_eq!(told.next().await, None);
    }

    #[tokio::test]
    async fn a_session_whose_events_nobody_reads_takes_no_more_calls() {
        let sessions = Sessions::default();
        let long = Event::Error("no".repeat(MAX_WAITING / 20));
        let mut calls = 0;
        while let Some(running) = sessions.enter("a".to_owned()).await {
            running.leave(&long).await;
            calls += 1;
            assert!(calls < 20, "each event is a tenth of what may wait");
        }
        let session = sessions.get("a").await.expect("calls were begun in it");
        let mut told = std::pin::pin!(session.messages());
        assert!(told.next().await.is_some());
        assert!(sessions.enter("a".to_owned()).await.is_some());
    }

    #[tokio::test]
    async fn sessions_that_nobody_reads_do_not_fill_the_memory() {
        let sessions = Sessions::default();
        let long = Event::Error("no".repeat(MAX_WAITING / 4));
        // Twice of what is kept.
        let count = 2 * usize::try_from(KEPT.0).expect("it is in memory") / (MAX_WAITING / 2);
        for number in 0..count {
            let running = sessions.enter(number.to_string()).await.expect("its events are read");
            running.leave(&long).await;
        }
        sessions.0.run_pending_tasks().await;
        assert!(sessions.0.weighted_size() <= KEPT.0, "{} bytes", sessions.0.weighted_size());
        assert!(sessions.get("0").await.is_none(), "the oldest one has gone");
        let last = sessions.get(&(count - 1).to_string()).await.expect("the last one is kept");
        let mut told = std::pin::pin!(last.messages());
        assert!(told.next().await.is_some_and(|frames| frames.contains("process_completed")));
    }
}
