//! The card: the picture that a shared link shows where it is posted, `GET /og.png`.
//!
//! It is drawn here, from fonts that come with the program, and kept for the next who asks. What
//! is on it is `card/layout`'s to say.

mod draw;
mod fonts;
pub mod layout;
mod quote;

use super::{failure, link::Link, state::AppState};
use crate::{digest, engine::reading::Wanted};
use axum::{
    body::Bytes,
    extract::{RawQuery, State},
    response::{IntoResponse, Response},
};
use draw::DrawError;
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH},
};
use moka::future::Cache;
use sha2::{Digest, Sha256};
use std::sync::{Arc, LazyLock};
use thiserror::Error;
use tokio::{
    sync::{AcquireError, Semaphore},
    task::{JoinError, spawn_blocking},
};

/// Cards that are drawn at once; each takes a CPU that texts wait for too.
const DRAWN_AT_ONCE: usize = 2;
/// Cards that may wait for that; one more is refused.
const WAITING: usize = 256;
/// Bytes of cards that are kept, some hundreds of cards.
const KEPT_BYTES: u64 = 16_000_000;

/// A card is a function of its address and the model, which may be another tomorrow.
const AN_HOUR: HeaderValue = HeaderValue::from_static("public, max-age=3600");
/// What passes with the server's load must not be kept.
const NOT_KEPT: HeaderValue = HeaderValue::from_static("no-store");

/// The product's own card, for pages without a text and for texts that have no scores.
static GENERAL: LazyLock<(String, Bytes)> = LazyLock::new(|| {
    let svg = layout::general();
    let png = draw::png(&svg).expect("the general card's SVG never changes");
    (tag(&svg), png.into())
});

/// Draws cards, a few at once, and keeps them.
#[derive(Clone)]
pub struct Cards {
    kept: Cache<String, Bytes>,
    waiting: Arc<Semaphore>,
    drawing: Arc<Semaphore>,
}

/// Why there is no card.
#[derive(Debug, Error)]
pub(super) enum CardError {
    #[error("too many cards are waiting to be drawn")]
    Busy,
    #[error("the card could not be drawn")]
    Draw(#[from] DrawError),
    #[error("drawing the card was given up")]
    Stopped(#[from] JoinError),
    #[error("no more cards are drawn")]
    Closed(#[from] AcquireError),
}

impl Default for Cards {
    fn default() -> Self {
        let weigh = |tag: &String, png: &Bytes| u32::try_from(tag.len() + png.len()).unwrap_or(u32::MAX);
        Self {
            kept: Cache::builder().max_capacity(KEPT_BYTES).weigher(weigh).build(),
            waiting: Arc::new(Semaphore::new(WAITING)),
            drawing: Arc::new(Semaphore::new(DRAWN_AT_ONCE)),
        }
    }
}

impl Cards {
    /// The PNG of `svg`, kept or drawn; whoever asks for the same meanwhile waits for the same.
    async fn png(&self, tag: &str, svg: String) -> Result<Bytes, Arc<CardError>> {
        self.kept.try_get_with_by_ref(tag, self.draw(svg)).await
    }

    async fn draw(&self, svg: String) -> Result<Bytes, CardError> {
        let _place = self.waiting.try_acquire().map_err(|_| CardError::Busy)?;
        let turn = Arc::clone(&self.drawing).acquire_owned().await?;
        let png = spawn_blocking(move || {
            // Held until the drawing ends, even if its client goes away before.
            let _turn = turn;
            draw::png(&svg)
        });
        Ok(png.await??.into())
    }
}

/// The card of the text in the address, else the product's own.
///
/// A text that cannot be scored gets the general card with status 200: what fetches previews shows
/// nothing at all for another status, and the answer is as lasting as the text. Only what passes,
/// a busy server or a model that failed, keeps its own status, so that nobody keeps the wrong card.
pub async fn og_png(
    State(state): State<AppState>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let Some(link) = query.as_deref().and_then(Link::read) else { return general(&headers) };
    let scores = match (&link.text, link.answer(&state.models, Wanted::default()).await) {
        (Ok(text), Ok(analysis)) => {
            layout::result(text, &analysis.scores, state.mixed_below_of(Some(&analysis.model)))
        }
        (_, Err(error)) if error.may_pass() => return failed(failure::response_parts(&error)),
        _ => return general(&headers),
    };
    let tag = tag(&scores);
    if is_known(&tag, &headers) {
        return picture(StatusCode::NOT_MODIFIED, &tag, Bytes::new());
    }
    match state.cards.png(&tag, scores).await {
        Ok(png) => picture(StatusCode::OK, &tag, png),
        Err(error) => failed(failure::card_parts(&error)),
    }
}

fn general(headers: &HeaderMap) -> Response {
    let (tag, png) = &*GENERAL;
    if is_known(tag, headers) {
        return picture(StatusCode::NOT_MODIFIED, tag, Bytes::new());
    }
    picture(StatusCode::OK, tag, png.clone())
}

/// The general card for now.
fn failed((status, headers): (StatusCode, HeaderMap)) -> Response {
    let (tag, png) = &*GENERAL;
    let mut response = picture(status, tag, png.clone());
    response.headers_mut().extend(headers);
    response
}

fn picture(status: StatusCode, tag: &str, png: Bytes) -> Response {
    let is_lasting = matches!(status, StatusCode::OK | StatusCode::NOT_MODIFIED);
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("image/png")),
        (CACHE_CONTROL, if is_lasting { AN_HOUR } else { NOT_KEPT }),
        (ETAG, HeaderValue::from_str(tag).expect("a tag is hexadecimal in quotes")),
    ];
    (status, headers, png).into_response()
}

/// Names a card by what is drawn on it, as an entity tag.
fn tag(svg: &str) -> String {
    format!("\"{}\"", digest::hex(&Sha256::digest(svg)[..16]))
}

/// Whether the client has the card with this tag already.
fn is_known(tag: &str, headers: &HeaderMap) -> bool {
    headers.get_all(IF_NONE_MATCH).iter().any(|known| known.to_str().is_ok_and(|known| known.contains(tag)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn no_more_cards_wait_than_may() {
        let full = Cards { waiting: Arc::new(Semaphore::new(0)), ..Cards::default() };
        let refused = full.png("a", layout::general()).await.expect_err("there is no place");
        let response = failed(failure::card_parts(&refused));
        assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(response.headers()["retry-after"], "1");
        assert_eq!(response.headers()[CACHE_CONTROL], NOT_KEPT);
    }

    #[tokio::test]
    async fn a_card_is_drawn_once_and_gives_its_place_back() {
        let cards = Cards::default();
        let [first, second] = [cards.png("a", layout::general()), cards.png("a", "no SVG".into())];
        assert_eq!(first.await.expect("a card"), second.await.expect("the kept card"));
        assert_eq!(
            (cards.waiting.available_permits(), cards.drawing.available_permits()),
            (WAITING, DRAWN_AT_ONCE)
        );
        let error = cards.png("b", "no SVG".into()).await.expect_err("it is no SVG");
        assert!(matches!(*error, CardError::Draw(_)));
    }
}
