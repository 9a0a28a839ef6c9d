//! Request ids: one for each request, in every log line about it, in its answer's `X-Request-Id`,
//! and in the sentence that reports a failure.
//!
//! A client's own id is kept where it can be nothing but an id.

use super::request::CurrentRequest;
use http::{HeaderMap, HeaderName, HeaderValue};
use std::{
    fmt,
    hash::{BuildHasher, RandomState},
    sync::{
        Arc, LazyLock,
        atomic::{AtomicU64, Ordering},
    },
};

/// The header's name.
pub const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Characters of the longest id that is kept.
const MAX_LENGTH: usize = 64;

/// A request's id: letters, digits, `-`, `_` and `.`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(Arc<str>);

impl RequestId {
    /// The sender's id, or a new one.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Self {
        let sent = headers.get(X_REQUEST_ID).and_then(|id| id.to_str().ok());
        sent.filter(|id| is_sane(id)).map_or_else(Self::new, |id| Self(id.into()))
    }

    /// An id that no other request has, and that does not tell how many there were.
    #[must_use]
    pub fn new() -> Self {
        static KEYS: LazyLock<RandomState> = LazyLock::new(RandomState::new);
        static COUNT: AtomicU64 = AtomicU64::new(0);
        Self(format!("{:016x}", KEYS.hash_one(COUNT.fetch_add(1, Ordering::Relaxed))).into())
    }

    /// The id of the request that is being answered; a new one outside of any.
    #[must_use]
    pub fn current() -> Self {
        CurrentRequest::get().id
    }

    /// The id as a header's value.
    #[must_use]
    pub fn header(&self) -> HeaderValue {
        HeaderValue::from_str(&self.0).expect("an id has only visible characters")
    }
}

impl Default for RequestId {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether it can stand in a log and in a page as it is.
fn is_sane(id: &str) -> bool {
    let is_fit = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    (1..=MAX_LENGTH).contains(&id.len()) && id.chars().all(is_fit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sane_id_is_taken_over_and_no_other() {
        let of = |id: &[u8]| {
            let value = HeaderValue::from_bytes(id).expect("a header's value");
            RequestId::of(&HeaderMap::from_iter([(X_REQUEST_ID, value)])).to_string()
        };
        assert_eq!(of(b"7f3a-1_b.c"), "7f3a-1_b.c");
        let long = [b'a'; MAX_LENGTH + 1];
        for odd in [&b""[..], b"two words", b"<b>", b"a\"b", &long, "é".as_bytes()] {
            assert_ne!(of(odd).as_bytes(), odd);
            assert!(is_sane(&of(odd)));
        }
    }

    #[test]
    fn ids_differ() {
        assert_ne!(RequestId::new(), RequestId::new());
    }
}
