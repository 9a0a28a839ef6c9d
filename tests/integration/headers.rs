//! Headers: what may run on a page, what a browser tells of it elsewhere, how long a file may be kept.

use crate::support::{
    router::{body, get, header, send},
    state, tiny_engine,
};
use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use valence::server::router;

#[tokio::test]
async fn the_policy_allows_only_scripts_with_this_answers_nonce() {
    let page = router(state(tiny_engine()));
    let (first, second) = (get(&page, "/").await, get(&page, "/").await);
    let policy = header(&first, "content-security-policy").to_owned();
    assert_ne!(policy, header(&second, "content-security-policy"));
    let (_, rest) = policy.split_once("'nonce-").expect("a nonce");
    let (nonce, _) = rest.split_once('\'').unwrap();
    let html = body(first).await;
    assert_eq!(html.matches("<script").count(), html.matches(&format!(r#"nonce="{nonce}">"#)).count() - 1);
    assert!(!html.contains("style=\""), "the policy forbids inline styles");
}

#[tokio::test]
async fn every_answer_carries_the_protecting_headers() {
    let page = router(state(tiny_engine()));
    for path in ["/", "/health", "/favicon.svg", "/pkg/one.01.js", "/nowhere"] {
        let response = get(&page, path).await;
        assert_eq!(header(&response, "x-content-type-options"), "nosniff", "{path}");
        assert_eq!(header(&response, "referrer-policy"), "same-origin", "{path}");
        assert!(header(&response, "permissions-policy").contains("microphone=()"), "{path}");
    }
    assert_eq!(header(&get(&page, "/").await, "cache-control"), "private, no-cache");
}

#[tokio::test]
async fn each_page_links_its_own_files_by_names_that_may_be_kept_for_ever() {
    let page = router(state(tiny_engine()));
    for (path, title, files) in [
        ("/", "Valence, a sentiment analyzer", ["one.01.js", "one.02.wasm", "valence.05.css"]),
        ("/?tab=many", "Many texts · Valence", ["many.03.js", "many.04.wasm", "valence.05.css"]),
    ] {
        let html = body(get(&page, path).await).await;
        assert!(html.contains(&format!("<title>{title}</title>")), "{title} is not in {html}");
        for file in files {
            assert!(html.contains(&format!("/pkg/{file}")), "{file} is not in {html}");
            let response = get(&page, &format!("/pkg/{file}")).await;
            assert_eq!(response.status(), StatusCode::OK, "{file}");
            assert_eq!(header(&response, "cache-control"), "public, max-age=31536000, immutable", "{file}");
            assert_eq!(body(response).await, file);
        }
    }
}

#[tokio::test]
async fn hashed_files_are_kept_for_ever_and_sent_compressed() {
    let page = router(state(tiny_engine()));
    let request = Request::get("/pkg/one.01.js").header(header::ACCEPT_ENCODING, "gzip, br");
    let response = send(&page, request.body(Body::empty()).unwrap()).await;
    assert_eq!(header(&response, "cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(header(&response, "content-encoding"), "br");
    assert_eq!(header(&response, "content-type"), "text/javascript");
    assert_eq!(body(response).await, "the script, compressed");

    let missing = get(&page, "/pkg/one.00.js").await;
    assert_eq!(missing.status(), StatusCode::NOT_FOUND);
    assert_eq!(header(&missing, "cache-control"), "no-store");
}
