//! The embedded verdict, and the code that embeds it.

use crate::{
    parity,
    support::{
        options,
        router::{body, get, header},
        state, tiny_engine,
    },
};
use axum::http::StatusCode;
use valence::{loading, server::router};

#[tokio::test]
async fn an_embedded_verdict_needs_no_script_and_may_be_framed() {
    let page = router(state(tiny_engine()));
    let response = get(&page, "/embed?theme=dark&text=a+%3Cb%3E+good+film").await;
    assert_eq!(response.status(), StatusCode::OK);
    let policy = header(&response, "content-security-policy").to_owned();
    assert!(policy.starts_with("default-src 'none'; style-src 'self'"));
    assert!(policy.ends_with("frame-ancestors *") && !policy.contains("script-src"));
    let html = body(response).await.replace("<!>", "");
    assert!(!html.contains("<script") && !html.contains("wasm") && !html.contains("style=\""));
    assert!(html.contains(r#"<html lang="en" data-theme="dark">"#));
    assert!(html.contains(r#"<blockquote dir="auto">a &lt;b&gt; good film</blockquote>"#));
    assert_eq!(html.matches("<meter").count(), 2);
    let link = r#"<a href="/?text=a+%3Cb%3E+good+film" target="_blank" rel="noopener">"#;
    assert!(html.contains(link), "{html}");

    let html = body(get(&page, "/embed?text=good&theme=%22%3E").await).await;
    assert!(html.contains(r#"<html lang="en">"#));
    let empty = get(&page, "/embed").await;
    assert_eq!(empty.status(), StatusCode::BAD_REQUEST);
    assert!(body(empty).await.contains("There is no text yet."));
    let home = get(&page, "/?text=good").await;
    assert!(!header(&home, "content-security-policy").contains("frame-ancestors *"));
}

// A rating between 0 and 1 was shown in percent.
#[tokio::test]
async fn what_a_model_rates_is_shown_as_it_is() {
    let page = router(state(loading::load(&options(parity::folder("regression", "bytelevel"))).unwrap()));
    for path in ["/", "/embed"] {
        let html = body(get(&page, &format!("{path}?text=I")).await).await.replace("<!>", "");
        for rating in
            ["<strong>quality</strong> <span>0.31</span>", r#"<span class="bar__score">0.31</span>"#]
        {
            assert!(html.contains(rating), "{rating} is not in {html}");
        }
    }
}

// A reader without a script saw, and copied, other code than one with it.
#[tokio::test]
async fn the_code_to_embed_is_text_in_its_box() {
    let page = router(state(tiny_engine()));
    let html = body(get(&page, "/?text=so'&model=tiny").await).await;
    assert!(html.contains("/embed?text=so'&amp;amp;model=tiny\" title="), "{html}");
}
