//! The status page.

use crate::support::{
    answers, engine_around,
    router::{ONE, body, get, header},
    state, tiny_engine,
};
use std::time::Duration;
use valence::{engine::cache::CacheLimits, server::router};

#[tokio::test]
async fn the_status_page_shows_the_models_and_no_text() {
    let engine = tiny_engine();
    let page = router(state(engine.clone()));
    let html = async || body(get(&page, "/status").await).await.replace("<!>", "");
    let before = html().await;
    assert!(
        before.contains(">Starting</h2>") && before.contains("No text has been analyzed yet."),
        "{before}"
    );
    engine.warm_up().await.unwrap();
    get(&page, "/?text=bellwether").await;
    let after = html().await;
    assert!(after.contains(">Ready</h2>") && after.contains("<h2>tiny</h2>"), "{after}");
    assert!(
        after.contains("Milliseconds of its last answer")
            && after.contains(r#"<th scope="row">Inference</th>"#)
    );
    assert!(!after.contains("bellwether"));
    // Without scripts, it changes when its reader says so.
    assert!(!after.contains("http-equiv=\"refresh\"") && after.contains(r#"<a href="/status">Reload</a>"#));
    // Whichever number stands above or before it in two columns, each has a name that says all.
    for name in ["Refused as too busy in the last minute", "Failed in the last minute"] {
        assert!(after.contains(&format!("<dt>{name}</dt>")), "{name}: {after}");
    }

    let response = get(&page, "/status").await;
    assert_eq!(header(&response, "cache-control"), "no-store");
    let policy = header(&response, "content-security-policy").to_owned();
    let (nonce, _) = policy.split_once("'nonce-").unwrap().1.split_once('\'').unwrap();
    let html = body(response).await;
    assert_eq!(
        (html.matches("<script").count(), html.matches(&format!(r#"nonce="{nonce}""#)).count()),
        (1, 1)
    );
}

// They were looked up among the metrics, by names that nothing held to be theirs.
#[tokio::test]
async fn the_status_page_has_the_figures_of_its_own_models() {
    let engine = || {
        let cache = CacheLimits { bytes: 100_000, lifetime: Duration::from_secs(60) };
        engine_around(answers(|_| Ok(())), ONE, cache)
    };
    let (page, other) = (router(state(engine())), router(state(engine())));
    get(&other, "/?text=other").await;
    for _ in 0..2 {
        get(&page, "/?text=good").await;
    }
    let html = body(get(&page, "/status").await).await.replace("<!>", "");
    for (name, value) in [
        ("Answers from the cache", "50.0 %"),
        ("Rows in a batch, on average", "1.0"),
        ("Padding in batches", "0.0 %"),
    ] {
        assert!(html.contains(&format!("<dt>{name}</dt><dd>{value}</dd>")), "{name}: {html}");
    }
    assert!(!html.contains("<dd>–</dd>"), "the system says all of it: {html}");
}
