//! Which answers are compressed on the way out: those larger than a packet that are no stream of lines.
//!
//! The page's own files are not among them: they are compressed when they are built (`assets`).

use tower_http::compression::{
    CompressionLayer, DefaultPredicate, Predicate,
    predicate::{NotForContentType, SizeAbove},
};

/// Bytes below which an answer is sent as it is: it fits a packet either way, and to compress it
/// costs more than all else about a short answer.
const A_PACKET: u16 = 1024;

/// The layer for pages and endpoints alike. It knows gzip alone: Brotli made a page 3 % smaller, and a
/// fourth as many of them in a second, since its encoder asks the system for new tables each time.
pub fn layer() -> CompressionLayer<impl Predicate> {
    CompressionLayer::new().compress_when(worth_compressing())
}

/// Lines must not wait for each other.
fn worth_compressing() -> impl Predicate {
    DefaultPredicate::new()
        .and(SizeAbove::new(A_PACKET))
        .and(NotForContentType::const_new("text/plain"))
        .and(NotForContentType::const_new("application/x-ndjson"))
}
