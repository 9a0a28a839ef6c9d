//! Listening: connections in, at most so many, each with limits, until the order to stop.
//!
//! HTTP/1.1 alone: whoever stands before the server speaks HTTP/2 with browsers, and limits for
//! each request are then limits for each connection.

use super::limits::{Limits, MAX_HEAD};
use axum::{Extension, Router, middleware::AddExtension};
use axum_server::{Handle, accept::Accept};
use std::{
    future::{Ready, ready},
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    pin::Pin,
    sync::Arc,
    time::Duration,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::sleep,
};
use tokio_io_timeout::TimeoutStream;
use tokio_util::sync::CancellationToken;
use tower::Layer;

/// Files that are open beside connections: models, page files, the runtime's own.
const OTHER_FILES: u64 = 256;

/// What idle connections have at least to close.
const TO_CLOSE: Duration = Duration::from_millis(100);

/// Where this machine reaches what listens at an address: every interface is also the loopback one.
#[must_use]
pub fn reached_at(address: SocketAddr) -> SocketAddr {
    let host = match address.ip() {
        host if !host.is_unspecified() => host,
        IpAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
    };
    SocketAddr::new(host, address.port())
}

/// Answers connections with `router` until `stop`, then finishes what is under way.
///
/// Once asked to stop, nothing listens any more, idle connections are closed, and those with a
/// request under way have the time of grace.
///
/// # Errors
///
/// What the socket fails with.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    stop: impl Future<Output = ()> + Send,
) -> io::Result<()> {
    let handle = Handle::new();
    let stopping = CancellationToken::new();
    let mut server = axum_server::Server::<SocketAddr>::from_listener(listener)
        .http1_only()
        .handle(handle.clone())
        .first_request_timeout(limits.first_head)
        .accept_error_handler(|_, _| metrics::counter!("valence_connections_refused_total").increment(1))
        .acceptor(Places {
            free: Arc::new(Semaphore::new(places(limits.connections))),
            write_timeout: limits.write,
            stop: stopping.clone(),
        });
    // What is read and written at once is bounded by it too.
    server.http_builder().http1().header_read_timeout(limits.idle).max_buf_size(MAX_HEAD);
    let end = async {
        stop.await;
        handle.graceful_shutdown(None);
        stopping.cancel();
        sleep(limits.grace.max(TO_CLOSE)).await;
        // Their requests' own lines have the status of an answer that began, or say that the client has gone.
        let connections = handle.connection_count();
        if connections > 0 {
            tracing::warn!(connections, "the time of --grace is over: what is still under way is cut off");
        }
        handle.shutdown();
    };
    tokio::select! {
        biased;
        served = server.serve(router.into_make_service_with_connect_info::<SocketAddr>()) => served,
        () = end => Ok(()),
    }
}

/// So many connections, or as many as the system lets this process have after it has asked for
/// more; a common limit is 1,024 files.
fn places(connections: usize) -> usize {
    let needed = connections as u64 + OTHER_FILES;
    let files = rlimit::increase_nofile_limit(needed).unwrap_or(2 * OTHER_FILES);
    let places = connections.min(beside_others(files));
    if places < connections {
        tracing::warn!(
            connections = places,
            files,
            needed,
            "fewer connections at once than --connections, which need a higher limit of open files"
        );
    }
    places
}

/// The connections that so many files allow; where these are few, half of them.
fn beside_others(files: u64) -> usize {
    usize::try_from(files.saturating_sub(OTHER_FILES).max(files / 2)).unwrap_or(usize::MAX)
}

/// The places for connections. Each holds one as long as it lasts; one too many is closed at once.
#[derive(Clone, Debug)]
struct Places {
    free: Arc<Semaphore>,
    /// How long an answer waits for its reader, who would else hold a place and an answer for ever.
    /// Only the time counts in which bytes wait, not that in which the answer is made.
    write_timeout: Duration,
    /// Cancelled by the order to stop.
    stop: CancellationToken,
}

/// What a request knows of its connection.
#[derive(Clone, Debug)]
pub struct Connection {
    /// Cancelled when the server is told to stop: an answer without an end of its own ends then.
    pub stop: CancellationToken,
    _place: Arc<OwnedSemaphorePermit>,
}

impl<S> Accept<TcpStream, S> for Places {
    type Stream = Pin<Box<TimeoutStream<TcpStream>>>;
    type Service = AddExtension<S, Connection>;
    type Future = Ready<io::Result<(Self::Stream, Self::Service)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        let place = self.free.clone().try_acquire_owned().map_err(io::Error::other);
        ready(place.and_then(|place| {
            // Lines of a stream leave one by one.
            stream.set_nodelay(true)?;
            let mut stream = TimeoutStream::new(stream);
            stream.set_write_timeout(Some(self.write_timeout));
            let connection = Connection { stop: self.stop.clone(), _place: Arc::new(place) };
            Ok((Box::pin(stream), Extension(connection).layer(service)))
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_files_for_all_else() {
        assert_eq!([100, 512, 1024, 4352].map(beside_others), [50, 256, 768, 4096]);
        assert!(beside_others(u64::MAX) > 1_000_000, "no limit");
    }
}
