//! The page's streams: lines of JSON that come one by one, and survive what is between server and page.

use crate::support::{
    copy_of_tiny, options,
    router::{body, post_json},
    state,
};
use axum::http::StatusCode;
use serde_json::{Value, json};
use std::fs;
use valence::{engine::Engine, server::router};

// Pieces of 1,460 bytes ended within letters, and the page said that the server cannot be reached.
#[tokio::test]
async fn labels_in_other_letters_are_sent_in_ascii() {
    let folder = copy_of_tiny();
    let config = fs::read_to_string(folder.join("config.json")).unwrap();
    let config = config.replace("POSITIVE", "положительный").replace("NEGATIVE", "отрицательный");
    fs::write(folder.join("config.json"), config).unwrap();
    let page = router(state(Engine::load(&options(folder)).unwrap()));
    for (path, asked) in [
        ("/page/texts", json!({"texts": ["good film"]})),
        ("/page/explain", json!({"text": "good film", "method": "leave_one_out"})),
    ] {
        let response = post_json(&page, path, asked).await;
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        let lines = body(response).await;
        assert!(lines.is_ascii(), "{path}: {lines}");
        let last: Value = serde_json::from_str(lines.lines().last().unwrap()).unwrap();
        assert!(last.to_string().contains("тельный"), "{path}: {last}");
    }
}
