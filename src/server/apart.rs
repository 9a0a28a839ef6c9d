//! Work apart from the stream that tells its outcome: a task of its own.
//!
//! A streamed answer is polled only while its client reads. What holds a place for which others wait (a
//! reader's, the queue's, that of the one who fills the cache) must go on all the same, or one client that
//! does not read keeps everybody waiting.

use super::request::CurrentRequest;
use std::{future, panic::resume_unwind};
use tokio::task::JoinSet;

/// Begins `work` at once, which goes on whether or not its outcome is asked for; dropping what this
/// returns ends it. A panic in it is passed on to who waits.
pub fn apart<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> impl Future<Output = T> + Send {
    // Unlike a task's handle, a set ends its tasks where it is dropped.
    let mut tasks = JoinSet::new();
    // Boxed: a task keeps the memory of its future until its outcome is asked for.
    tasks.spawn(Box::pin(CurrentRequest::get().scope(work)));
    async move {
        match tasks.join_next().await {
            Some(Ok(outcome)) => outcome,
            Some(Err(error)) if error.is_panic() => resume_unwind(error.into_panic()),
            // Only the runtime's end stops it before, which then ends the waiting too.
            Some(Err(_)) | None => future::pending().await,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{engine::timing::TRACE, server::request_id::RequestId};
    use futures_util::FutureExt;
    use std::{panic::AssertUnwindSafe, sync::mpsc, time::Duration};
    use tokio::{sync::oneshot, time::timeout};
    use tracing::{Event, Subscriber, debug_span, error_span, subscriber::set_default};
    use tracing_subscriber::{
        Layer,
        filter::filter_fn,
        layer::{Context, Identity, SubscriberExt},
        registry::LookupSpan,
    };

    /// Until it hangs for certain.
    const LONG: Duration = Duration::from_secs(60);

    #[tokio::test]
    async fn goes_on_while_nobody_asks_for_its_outcome() {
        let (send, sent) = oneshot::channel();
        let work = apart(async move { send.send(()).is_ok() });
        timeout(LONG, sent).await.expect("it runs").expect("it sends");
        assert!(work.await);
    }

    #[tokio::test]
    async fn ends_where_it_is_dropped() {
        let (held, dropped) = oneshot::channel::<()>();
        let work = apart(async move {
            let _held = held;
            future::pending::<()>().await;
        });
        drop(work);
        assert!(timeout(LONG, dropped).await.expect("it ends").is_err());
    }

    #[tokio::test]
    async fn knows_its_request() {
        let id = RequestId::new();
        let request = CurrentRequest::new(id.clone());
        assert_eq!(request.scope(async { apart(async { RequestId::current() }).await }).await, id);
    }

    /// Tells of each line which span it stands in.
    struct Told(mpsc::Sender<Option<&'static str>>);

    impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Told {
        fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
            let _ = self.0.send(context.event_span(event).map(|span| span.name()));
        }
    }

    // Beside a collector of traces they had no id.
    #[tokio::test]
    async fn its_lines_are_its_requests() {
        let (tell, told) = mpsc::channel();
        let traces = Identity::new().with_filter(filter_fn(|one| one.target() == TRACE));
        let log = Told(tell).with_filter(filter_fn(|one| one.target() != TRACE));
        let _subscriber = set_default(tracing_subscriber::registry().with(traces).with(log));
        let (span, trace) = (error_span!("of the log"), debug_span!(target: TRACE, "of the trace"));
        let request = CurrentRequest { id: RequestId::new(), span, trace };
        request.scope(async { apart(async { tracing::error!("a line") }).await }).await;
        assert_eq!(told.try_recv(), Ok(Some("of the log")));
    }

    #[tokio::test]
    async fn passes_a_panic_on() {
        let work = apart::<()>(async { panic!("a fault of the test's own") });
        assert!(AssertUnwindSafe(work).catch_unwind().await.is_err());
    }
}
