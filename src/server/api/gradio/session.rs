//! Sessions: events that wait until their client opens its stream, which [`reader`] has.
//!
//! `gradio_client` tells the stream's request only its own name for the session, so that both of
//! its requests must reach the same process. Behind several replicas a sticky cookie does it,
//! which the client keeps from `/config` on.

pub mod reader;
#[cfg(test)]
mod tests;

use super::event::Event;
use moka::{future::Cache, policy::EvictionPolicy};
use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{
    sync::Notify,
    time::{Instant, sleep_until, timeout_at},
};

/// The most bytes of sessions that are kept, about, and how long after a session's last call may have
/// ended. Where there are more, those go first that were used the longest ago.
const KEPT: (u64, Duration) = (32_000_000, Duration::from_secs(60));

/// Bytes of a session in memory beside its events, with its name and place, at most.
const BARE: usize = 1_000;

/// The most bytes of a session's name; the clients' have some forty.
pub const MAX_NAME: usize = 64;

/// The bytes of events that may wait for a session's stream when another call begins, so that one of any size
/// may; an event has some hundred, and some fifty for each label.
const MAX_WAITING: usize = 64_000;

/// How long no id is told of a session that is new: longer than a stream lingers. After its
/// `reset_session()`, `gradio_client` opens no stream for a call whose id it has while the old session's is
/// open, and gives that call up.
const NEW: Duration = Duration::from_millis(150);

/// How long a stream stays open after its end, and no id is told of a call in its session, unless the client
/// leaves it before or begins another. `gradio_client` gives up every call whose id it has when it reads the
/// end, and then leaves; on a busy machine that took it 0.7 s. It waits 5 s for an id.
const UNREAD: Duration = Duration::from_secs(3);

/// The sessions of this process.
#[derive(Clone)]
pub struct Sessions(Cache<String, Arc<Session>>);

/// One client's events.
#[derive(Debug)]
pub struct Session {
    begun: Instant,
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    running: usize,
    frames: String,
    /// How many streams have begun.
    streams: u64,
    /// Which of them has told its end, and when, unless its client has left it or begun another.
    ended: Option<(u64, Instant)>,
}

/// A call under way in a session; dropped without an event, it was given up.
pub struct Running {
    id: String,
    session: Arc<Session>,
    name: String,
    sessions: Sessions,
}

impl Sessions {
    /// No sessions yet; their calls may take so long.
    #[must_use]
    pub fn new(longest_call: Duration) -> Self {
        let (bytes, lifetime) = KEPT;
        let sessions = Cache::builder()
            .max_capacity(bytes)
            .eviction_policy(EvictionPolicy::lru())
            .weigher(|_, session: &Arc<Session>| u32::try_from(session.weight()).unwrap_or(u32::MAX))
            .time_to_idle(lifetime + longest_call);
        Self(sessions.build())
    }

    /// Begins a call in the session of this name; not where nobody reads its events.
    pub async fn enter(&self, name: String) -> Option<Running> {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let session = self.0.get_with(name.clone(), async { Arc::new(Session::new()) }).await;
        let is_read = session.change(|state| {
            let is_read = state.frames.len() < MAX_WAITING;
            state.running += usize::from(is_read);
            is_read
        });
        let id = format!("{:016x}", COUNT.fetch_add(1, Ordering::Relaxed));
        is_read.then(|| Running { id, session, name, sessions: self.clone() })
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
    /// The id of its event, which none has had before.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Ready once its id may be told.
    pub fn tellable(&self) -> impl Future<Output = ()> + Send + use<> {
        Arc::clone(&self.session).tellable()
    }

    /// Keeps the event for the session's stream.
    pub async fn leave(self, event: &Event) {
        self.session.change(|state| state.frames.push_str(&event.messages(&self.id)));
        self.sessions.weigh(&self.name, &self.session).await;
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.session.change(|state| state.running -= 1);
        self.session.changed.notify_waiters();
    }
}

impl Session {
    fn new() -> Self {
        Self { begun: Instant::now(), state: Mutex::default(), changed: Notify::default() }
    }

    /// Ready once a session that was new is known, and no end of a stream is on its way to its client.
    async fn tellable(self: Arc<Self>) {
        sleep_until(self.begun + NEW).await;
        loop {
            // Before the look at the state, so that no change after it is missed.
            let changed = self.changed.notified();
            let Some((_, ended)) = self.change(|state| state.ended) else { return };
            if timeout_at(ended + UNREAD, changed).await.is_err() {
                return;
            }
        }
    }

    /// Bytes in memory, about.
    fn weight(&self) -> usize {
        BARE + self.change(|state| state.frames.capacity())
    }

    fn change<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
