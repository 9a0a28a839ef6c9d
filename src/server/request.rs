//! The request that a task answers: its id and its spans, also where another task works for it.
//!
//! A task that is begun within a span knows that span alone. Where there is a collector of traces, that is the
//! trace's, of which the log's lines have nothing.

use super::request_id::RequestId;
use tracing::{Instrument, Span};

/// A request that is being answered.
#[derive(Clone, Debug)]
pub struct CurrentRequest {
    /// Its id.
    pub id: RequestId,
    /// For the log: the request's id, method and route.
    pub span: Span,
    /// For a collector of traces; disabled where there is none.
    pub trace: Span,
}

tokio::task_local! {
    /// The request that this task answers.
    static CURRENT: CurrentRequest;
}

impl CurrentRequest {
    /// The request that is being answered; outside of any, one that has nothing but a new id.
    #[must_use]
    pub fn get() -> Self {
        CURRENT.try_with(Self::clone).unwrap_or_else(|_| Self::new(RequestId::new()))
    }

    /// A request without spans.
    #[must_use]
    pub fn new(id: RequestId) -> Self {
        Self { id, span: Span::none(), trace: Span::none() }
    }

    /// Work for it, in whatever task.
    pub fn scope<T>(self, work: impl Future<Output = T>) -> impl Future<Output = T> {
        let Self { span, trace, .. } = self.clone();
        // The trace's is the inner one: phases are part of the span that is entered last.
        CURRENT.scope(self, work).instrument(trace).instrument(span)
    }

    /// The same for work that does not wait.
    pub fn sync_scope<T>(&self, work: impl FnOnce() -> T) -> T {
        let _span = self.span.enter();
        let _trace = self.trace.enter();
        CURRENT.sync_scope(self.clone(), work)
    }
}
