//! The limits that keep slow, idle and numerous clients from harming others.

use std::time::Duration;

/// Connections at once, where no other number is asked for.
pub const CONNECTIONS: u32 = 4096;
/// Seconds within which an answer begins, likewise.
pub const TIMEOUT: u32 = 120;
/// Seconds that requests under way have at the end, likewise.
pub const GRACE: u32 = 25;

/// Bytes of a request's head that are always taken, for an address of 64 KB, the most that any may have, and
/// all headers. Of one that comes at once, a fifth more may be.
pub const MAX_HEAD: usize = 96 * 1024;

/// Bytes of a body that is read whole; those of batches are not.
pub const MAX_BODY: usize = 2_000_000;

/// What a connection and a request may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Connections at once; one more is closed.
    pub connections: usize,
    /// From a connection's opening to the end of its first request's head.
    pub first_head: Duration,
    /// From one answer to the end of the next request's head. Longer than the minute for which
    /// proxies commonly keep a connection, so that it is they who close it.
    pub idle: Duration,
    /// How long a body may keep its reader waiting in one go.
    pub body: Duration,
    /// Bytes that earn a body one second more.
    pub body_rate: u32,
    /// Bytes of bodies and answers in memory at once, over all requests.
    pub room: usize,
    /// How long an answer may wait for its reader in one go.
    pub write: Duration,
    /// From a request's head to the head of its answer.
    pub answer: Duration,
    /// From the order to stop to the end of what is still under way.
    pub grace: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: CONNECTIONS as usize,
            first_head: Duration::from_secs(15),
            idle: Duration::from_secs(75),
            body: Duration::from_secs(20),
            body_rate: 500,
            // Some sixty of the largest that are read whole, each of which may be there twice, as it came and
            // as its texts.
            room: 128_000_000,
            // As nginx's `send_timeout`.
            write: Duration::from_secs(60),
            answer: Duration::from_secs(TIMEOUT.into()),
            grace: Duration::from_secs(GRACE.into()),
        }
    }
}
