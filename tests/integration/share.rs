//! What a link leads to: the text, its card, head tags, the embedded verdict, the QR code.

mod card;
mod embed;

use crate::support::{
    router::{body, get, header, send},
    state, tiny_engine,
};
use axum::{
    Router,
    body::Body,
    http::{HeaderName, Request, Response, StatusCode, header as names},
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use flate2::{Compression, write::DeflateEncoder};
use std::io::Write;
use valence::{
    engine::{Engine, reading::Wanted},
    sentiment::Shown,
    server::{router, state::AppState},
    text::Text,
};

/// Texts that have broken others: markup, directions, floods, what no font has, much of a thing.
fn hostile() -> Vec<String> {
    vec![
        "</text><script>alert(1)</script><image href='file:///etc/passwd'/>".into(),
        "\"'><img src=x onerror=alert(1)>&amp;&lt;<![CDATA[x]]><!--".into(),
        "\u{202e}desrever\u{2066}\u{2069}\u{200f} \u{0}\u{1}\u{7}\u{1b}[31m \u{fffe}\u{feff}".into(),
        format!("Z{}algo", "\u{301}\u{489}\u{488}".repeat(3000)),
        "😀😍🎉👍🏽👨‍👩‍👧‍👦🇫🇷🥰".into(),
        "这部电影太好看了，我很喜欢".into(),
        "فيلم رائع جدا".into(),
        "\u{200b}".into(),
        "a".repeat(400),
        "!".repeat(300),
        "lovely ".repeat(80),
    ]
}

/// A query that holds `text` plainly.
pub fn plain(text: &str) -> String {
    let pair = form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    format!("text={pair}")
}

/// A query that holds `text` compressed, as a browser does it.
pub fn packed(text: &str) -> String {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    format!("z={}", BASE64_URL_SAFE_NO_PAD.encode(encoder.finish().unwrap()))
}

async fn with_headers(page: &Router, path: &str, headers: &[(HeaderName, &str)]) -> Response<Body> {
    let request =
        headers.iter().fold(Request::get(path), |request, (name, value)| request.header(name, *value));
    send(page, request.body(Body::empty()).unwrap()).await
}

async fn best(engine: &Engine, text: &str) -> (String, f32) {
    let analysis = engine.analyze(Text::new(text).unwrap(), Wanted::default()).await.unwrap();
    (analysis.scores[0].label.clone(), analysis.scores[0].score)
}

#[tokio::test]
async fn both_kinds_of_link_restore_the_text() {
    let page = router(state(tiny_engine()));
    let text = "A film for a rainy evening;\nwarm, slow, and a little too long. 雨 ☔";
    for query in [plain(text), packed(text)] {
        let response = get(&page, &format!("/?{query}")).await;
        assert_eq!(response.status(), StatusCode::OK);
        let html = body(response).await;
        assert!(html.contains(&format!("\n{text}</textarea>")), "{html}");
        assert_eq!(html.matches("<meter").count(), 2);
    }
}

#[tokio::test]
async fn a_damaged_link_is_told_so_everywhere() {
    let page = router(state(tiny_engine()));
    for path in ["/?z=%21%21", "/?z=81TIyS9LVSjJyCw", "/embed?z=AAAA", "/qr.svg?z=_-"] {
        let response = get(&page, path).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{path}");
        assert!(body(response).await.contains("This link is damaged"), "{path}");
    }
    let bomb = packed(&" ".repeat(20_000_000));
    for path in ["/", "/embed", "/qr.svg"] {
        let response = get(&page, &format!("{path}?{bomb}")).await;
        assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE, "{path}");
        assert!(body(response).await.contains("the limit is 100000 bytes"), "{path}");
    }
}

#[tokio::test]
async fn the_head_tells_verdict_and_card() {
    let engine = tiny_engine();
    let (label, score) = best(&engine, "good film").await;
    let label = label[..1].to_owned() + &label[1..].to_lowercase();
    let percent = html_escape::encode_text(&Shown::Percent(score).to_string()).into_owned();
    let html = body(
        with_headers(&router(state(engine)), "/?tab=one&text=good+film", &[(names::HOST, "a.example")]).await,
    )
    .await;
    for tag in [
        format!(r#"<meta property="og:title" content="{label}, {percent}: “good film”">"#),
        format!(r#"<meta property="og:description" content="{label}, {percent}. “good film”">"#),
        r#"<meta property="og:url" content="http://a.example/?text=good+film">"#.into(),
        r#"<meta property="og:image" content="http://a.example/og.png?text=good+film">"#.into(),
        r#"<meta property="og:image:width" content="1200">"#.into(),
        r#"<meta property="og:image:height" content="630">"#.into(),
        r#"<meta name="twitter:card" content="summary_large_image">"#.into(),
        r#"<meta name="robots" content="noindex">"#.into(),
    ] {
        assert!(html.contains(&tag), "{tag} is not in {html}");
    }
}

#[tokio::test]
async fn the_head_leads_to_what_is_shown() {
    let page = router(state(tiny_engine()));
    for (opened, address, card) in [
        (
            "/?deep=1&utm_source=x&text=good+film&show=words",
            "/?text=good+film&amp;show=words&amp;deep=1",
            "?text=good+film",
        ),
        ("/?text=good+film&model=tiny", "/?text=good+film&amp;model=tiny", "?text=good+film&amp;model=tiny"),
        // That one is not loaded.
        ("/?text=good+film&model=old", "/?text=good+film", "?text=good+film&amp;model=old"),
        ("/?tab=many", "/?tab=many", ""),
        ("/?tab=many&model=tiny", "/?model=tiny&amp;tab=many", ""),
    ] {
        let html = body(with_headers(&page, opened, &[(names::HOST, "a.example")]).await).await;
        for tag in [
            format!(r#"<link rel="canonical" href="http://a.example{address}">"#),
            format!(r#"<meta property="og:url" content="http://a.example{address}">"#),
            format!(r#"<meta property="og:image" content="http://a.example/og.png{card}">"#),
        ] {
            assert!(html.contains(&tag), "{tag} is not in {html}");
        }
    }
    let html = body(get(&page, "/?tab=many").await).await;
    assert!(html.contains(r#"<meta property="og:title" content="Many texts · Valence">"#), "{html}");
}

// The tab named the model last, and so led to the same page by another address.
#[tokio::test]
async fn a_tab_leads_to_the_address_of_its_page() {
    let page = router(state(tiny_engine()));
    for address in ["/", "/?model=tiny", "/?model=tiny&tab=many"] {
        let html = body(with_headers(&page, address, &[(names::HOST, "a.example")]).await).await;
        let shown = address.replace('&', "&amp;");
        for tag in [
            format!(r#"<link rel="canonical" href="http://a.example{shown}">"#),
            format!(r#"<a href="{shown}" aria-current="page">"#),
        ] {
            assert!(html.contains(&tag), "{tag} is not in {html}");
        }
    }
}

#[tokio::test]
async fn a_mixed_text_is_called_so_without_a_percentage() {
    // No score is as high as that.
    let page = router(AppState { mixed_below: 1.1, ..state(tiny_engine()) });
    for path in ["/", "/embed"] {
        let html = body(get(&page, &format!("{path}?text=good+film")).await).await.replace("<!>", "");
        assert!(html.contains("<strong>Mixed</strong></p>"), "{html}");
    }
    let html = body(get(&page, "/?text=good+film").await).await;
    assert!(html.contains(r#"<meta property="og:title" content="Mixed: “good film”">"#), "{html}");
}

#[tokio::test]
async fn what_is_shared_repeats_nothing_that_the_page_does_not_read() {
    let page = router(state(tiny_engine()));
    let host = [(names::HOST, "a.example")];
    let opened = "/?__sign=SECRET&text=hello+you&utm_source=x&show=words&model=tiny";
    let html = body(with_headers(&page, opened, &host).await).await;
    assert!(!html.contains("SECRET") && !html.contains("utm_source"), "{html}");
    let shared = "text=hello+you&amp;model=tiny&amp;show=words\"";
    for link in ["http://a.example/?", "/qr.svg?", "/code?"] {
        assert!(html.contains(&format!("\"{link}{shared}")), "{link} is not in {html}");
    }
    let html = body(with_headers(&page, "/?__sign=SECRET&tab=many", &host).await).await;
    assert!(!html.contains("SECRET"), "{html}");
}

#[tokio::test]
async fn a_page_without_a_text_is_for_search_engines() {
    let page = router(state(tiny_engine()));
    let html = body(with_headers(&page, "/", &[(names::HOST, "a.example")]).await).await;
    assert!(html.contains(r#"<link rel="canonical" href="http://a.example/">"#));
    assert!(html.contains(r#"content="http://a.example/og.png">"#));
    assert!(!html.contains("noindex"));
}

#[tokio::test]
async fn a_forged_host_never_gets_into_the_page() {
    let page = router(state(tiny_engine()));
    let forged = HeaderName::from_static("x-forwarded-host");
    for host in ["evil\"><script>x</script>", "evil.example/path?", "evil example"] {
        let html = body(with_headers(&page, "/", &[(forged.clone(), host)]).await).await;
        assert!(!html.contains("evil") && !html.contains("og:image"), "{host}");
    }
    let told = AppState { origin: Some("https://told.example".parse().unwrap()), ..state(tiny_engine()) };
    let html = body(with_headers(&router(told), "/", &[(forged, "evil.example")]).await).await;
    assert!(html.contains("https://told.example/og.png") && !html.contains("evil"));
}

#[tokio::test]
async fn hostile_texts_stay_texts_in_head_and_embed() {
    let page = router(state(tiny_engine()));
    for text in hostile() {
        for path in ["/", "/embed"] {
            let html = body(get(&page, &format!("{path}?{}", plain(&text))).await).await;
            // The page's own picture is the QR code of its link.
            let html = html.replace("<img src=\"/qr.svg", "");
            assert!(
                !html.contains("<img") && !html.contains("<image") && !html.contains("alert(1)</script>")
            );
            let head = html.split_once("</head>").unwrap().0;
            assert!(!head.contains(['\u{202e}', '\u{2066}', '\u{0}', '\u{1b}']), "{text}");
        }
    }
}

#[tokio::test]
async fn a_qr_code_needs_room_and_a_host() {
    let page = router(state(tiny_engine()));
    let host = [(names::HOST, "a.example")];
    let response = with_headers(&page, "/qr.svg?text=good&tab=many", &host).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(header(&response, "content-type"), "image/svg+xml");
    let svg = body(response).await;
    assert_ne!(svg, body(with_headers(&page, "/qr.svg?text=good", &host).await).await);

    let long = with_headers(&page, &format!("/qr.svg?text={}", "a".repeat(3000)), &host).await;
    assert_eq!(long.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let sentence = body(long).await;
    assert!(sentence.contains("3023 bytes; the limit is 2953"), "{sentence}");
    assert_eq!(get(&page, "/qr.svg?text=good").await.status(), StatusCode::BAD_REQUEST);
}
