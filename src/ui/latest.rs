//! The latest: a request of which only the last one asked matters.

use leptos::{prelude::*, reactive::actions::ActionAbortHandle};

/// Sends requests one at a time; a new one drops the one under way.
///
/// A resource would not do: it sends the next request only when the last one has come back, so
/// that one slow answer holds up all that follow.
pub struct Latest<I: 'static> {
    action: Action<I, ()>,
    abort: StoredValue<Option<ActionAbortHandle>>,
}

impl<I: Send + Sync + 'static> Latest<I> {
    /// Requests made by `send`.
    pub fn new<F>(send: impl Fn(&I) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        Self { action: Action::new(send), abort: StoredValue::new(None) }
    }

    /// Asks, and drops what was asked before.
    pub fn ask(self, input: I) {
        self.drop_request();
        self.abort.set_value(Some(self.action.dispatch(input)));
    }

    /// Drops the request under way.
    pub fn drop_request(self) {
        if let Some(handle) = self.abort.try_update_value(Option::take).flatten() {
            handle.abort();
        }
    }

    /// Whether an answer is on its way.
    #[must_use]
    pub fn is_pending(self) -> bool {
        self.action.pending().get()
    }
}

impl<I: 'static> Clone for Latest<I> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<I: 'static> Copy for Latest<I> {}
