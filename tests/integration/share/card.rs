//! The card of a link: the picture that its preview shows elsewhere.

use super::{hostile, packed, plain, with_headers};
use crate::support::{
    Gated, answers, engine_around,
    router::{ONE, bytes, get, header},
    state, tiny_engine,
};
use axum::{
    Router,
    http::{StatusCode, header as names},
};
use resvg::tiny_skia::Pixmap;
use std::sync::mpsc;
use valence::{
    engine::{cache::CacheLimits, queue::QueueLimits},
    server::router,
};

/// A page that says the same of every text.
fn constant() -> Router {
    let limits = QueueLimits { waiting: 16, rows: 1, tokens: 1024 };
    router(state(engine_around(answers(|_| Ok(())), limits, CacheLimits::OFF)))
}

/// The card of a text, checked to be one.
async fn card(page: &Router, query: &str) -> Vec<u8> {
    let response = get(page, &format!("/og.png?{query}")).await;
    assert_eq!(response.status(), StatusCode::OK, "{query}");
    assert_eq!(header(&response, "content-type"), "image/png");
    let png = bytes(response).await;
    let picture = Pixmap::decode_png(&png).unwrap();
    assert_eq!((picture.width(), picture.height()), (1200, 630), "{query}");
    assert!(png.len() < 100_000, "{} bytes for {query}", png.len());
    png
}

#[tokio::test]
async fn every_text_has_a_card() {
    let page = router(state(tiny_engine()));
    for text in hostile() {
        assert_eq!(card(&page, &plain(&text)).await, card(&page, &packed(&text)).await, "{text}");
    }
}

#[tokio::test]
async fn cards_show_their_text() {
    let page = constant();
    let cards =
        [card(&page, "text=warm").await, card(&page, "text=cold").await, card(&page, "text=warm+").await];
    assert_ne!(cards[0], cards[1]);
    assert_eq!(cards[0], cards[2], "spaces at the ends are not shown");
}

#[tokio::test]
async fn what_no_font_has_is_left_out_of_a_card() {
    let page = constant();
    let without_quote = card(&page, &plain("🥰")).await;
    for text in ["这部电影太好看了", "映画、最高!", "أحب هذا", "อร่อยมาก", "\u{202e}\u{2066}\u{301}🥰"]
    {
        assert_eq!(card(&page, &plain(text)).await, without_quote, "{text}");
    }
    assert_eq!(card(&page, &plain("so good 🥰")).await, card(&page, &plain("so good")).await);
    assert_ne!(card(&page, &plain("so good 😀")).await, card(&page, &plain("so good")).await);
}

#[tokio::test]
async fn what_has_no_scores_has_the_general_card() {
    let page = router(state(tiny_engine()));
    let general = card(&page, "").await;
    let too_long = plain(&"good ".repeat(700));
    for query in
        ["text=", "text=+", "text=%E2%80%8B", "z=!", "other=text", &too_long, &packed(&"a".repeat(200_000))]
    {
        assert_eq!(card(&page, query).await, general, "{query}");
    }
    assert_ne!(card(&page, "text=good").await, general);
}

#[tokio::test]
async fn a_failed_server_has_the_general_card_and_nobody_keeps_it() {
    let (open, gate) = mpsc::channel();
    drop(open);
    let page = router(state(engine_around(Gated(gate), ONE, CacheLimits::OFF)));
    let response = get(&page, "/og.png?text=good").await;
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(header(&response, "cache-control"), "no-store");
    assert_eq!(bytes(response).await, card(&page, "").await);
}

#[tokio::test]
async fn a_card_that_the_client_has_is_not_sent_again() {
    let page = router(state(tiny_engine()));
    for path in ["/og.png", "/og.png?text=good"] {
        let first = get(&page, path).await;
        assert_eq!(header(&first, "cache-control"), "public, max-age=3600");
        let tag = header(&first, "etag").to_owned();
        let again = with_headers(&page, path, &[(names::IF_NONE_MATCH, &tag)]).await;
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{path}");
        assert_eq!(bytes(again).await, b"");
        let other = with_headers(&page, path, &[(names::IF_NONE_MATCH, "\"other\"")]).await;
        assert_eq!(other.status(), StatusCode::OK);
    }
}
