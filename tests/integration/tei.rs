//! What clients of Text Embeddings Inference expect, beside what `api` tests of every endpoint.

use crate::support::{
    Gated, engine_around,
    router::{ONE, get, post_json, read},
    state, tiny_engine,
};
use axum::{
    Router,
    body::Body,
    http::{Response, StatusCode},
};
use serde_json::{Value, json};
use std::{sync::mpsc, time::Duration};
use tokio::time::sleep;
use valence::{engine::cache::CacheLimits, server::router};

/// Tokens that the tiny model reads at once.
const ROOM: usize = 128;

async fn predict(router: &Router, body: &Value) -> Response<Body> {
    post_json(router, "/predict", body).await
}

fn number(response: &Response<Body>, name: &str) -> usize {
    response.headers()[name].to_str().unwrap().parse().unwrap()
}

async fn tokens(router: &Router, inputs: Value) -> usize {
    number(&predict(router, &json!({"inputs": inputs, "truncate": true})).await, "x-compute-tokens")
}

#[tokio::test]
async fn an_answer_says_what_it_took() {
    let router = router(state(tiny_engine()));
    let response = predict(&router, &json!({"inputs": [["an odd café"], ["a film"]]})).await;
    assert_eq!(response.headers()["x-compute-type"], "cpu");
    assert_eq!(number(&response, "x-compute-characters"), 11 + 6);
    assert_eq!(
        number(&response, "x-compute-tokens"),
        tokens(&router, json!("an odd café")).await + tokens(&router, json!("a film")).await
    );
    let total = number(&response, "x-total-time");
    let phases = ["x-tokenization-time", "x-queue-time", "x-inference-time"];
    assert!(phases.iter().map(|name| number(&response, name)).sum::<usize>() <= total);
    assert_eq!(read(response).await.as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn an_answer_says_how_long_it_took() {
    let (open, gate) = mpsc::channel();
    let router = router(state(engine_around(Gated(gate), ONE, CacheLimits::OFF)));
    let asked = json!({"inputs": "good"});
    let opened = async {
        sleep(Duration::from_millis(100)).await;
        open.send(()).unwrap();
    };
    let (response, ()) = tokio::join!(predict(&router, &asked), opened);
    for name in ["x-compute-time", "x-total-time"] {
        assert!(number(&response, name) >= 50, "{name}: {}", number(&response, name));
    }
}

#[tokio::test]
async fn two_texts_in_a_list_are_one_pair() {
    let router = router(state(tiny_engine()));
    let pair = json!(["a good film", "a bad film"]);
    // Both begin and end with a special token; the pair begins once.
    let expected =
        tokens(&router, json!("a good film")).await + tokens(&router, json!("a bad film")).await - 1;
    assert_eq!(tokens(&router, pair.clone()).await, expected);
    let one = read(predict(&router, &json!({"inputs": pair})).await).await;
    assert!(one[0]["label"].is_string(), "{one}");
    let alone = read(predict(&router, &json!({"inputs": ["a good film"]})).await).await;
    assert_eq!(alone, read(predict(&router, &json!({"inputs": "a good film"})).await).await);
    let turned = read(predict(&router, &json!({"inputs": ["a bad film", "a good film"]})).await).await;
    assert_ne!(one, turned);
    let several = read(predict(&router, &json!({"inputs": [pair, ["a good film"]]})).await).await;
    assert_eq!(several[0], one);
    assert_ne!(several[1], one);
}

#[tokio::test]
async fn a_long_text_is_cut_only_where_that_is_asked_for() {
    let router = router(state(tiny_engine()));
    let long = "good film ".repeat(200);
    let whole = predict(&router, &json!({"inputs": long})).await;
    assert!(number(&whole, "x-compute-tokens") > 400);
    assert_eq!(tokens(&router, json!(long)).await, ROOM);
    for (direction, other) in [
        (json!("Right"), format!("{long}bad bad")),
        (json!(null), format!("{long}bad bad")),
        (json!("Left"), format!("bad bad {long}")),
        (json!("left"), format!("bad bad {long}")),
    ] {
        let cut = json!({"truncate": true, "truncation_direction": direction});
        let scores = async |text: &str| {
            let mut body = cut.clone();
            body["inputs"] = json!(text);
            read(predict(&router, &body).await).await
        };
        assert_eq!(scores(&long).await, scores(&other).await, "{direction}");
    }
}

#[tokio::test]
async fn a_long_pair_is_refused_or_cut() {
    let router = router(state(tiny_engine()));
    let pair = json!(["good film ".repeat(100), "bad film ".repeat(3)]);
    let refused = predict(&router, &json!({"inputs": pair})).await;
    assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert!(read(refused).await["error"].as_str().unwrap().contains(&format!("{ROOM}")));
    assert_eq!(tokens(&router, pair).await, ROOM);
}

#[tokio::test]
async fn lists_of_no_text_or_three_are_refused_with_what_they_must_hold() {
    let router = router(state(tiny_engine()));
    let several = r#"Send several as [["…"], ["…"]]."#;
    for (inputs, words) in [
        (json!([]), "Send at least one."),
        (json!([[]]), "Send at least one."),
        (json!([["a", "b", "c"]]), several),
        // The first mistake of most, which was told what each list in this one must hold.
        (json!(["a", "b", "c"]), several),
        (json!([["a"], 5]), "a list of lists"),
    ] {
        let refused = predict(&router, &json!({"inputs": inputs})).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY, "{inputs}");
        let answer = read(refused).await;
        let error = answer["error"].as_str().unwrap();
        assert!(error.contains("\"inputs\"") && error.contains(words), "{error}");
    }
    for inputs in [json!(" "), json!(["a", ""]), json!([["a"], [" "]])] {
        let refused = predict(&router, &json!({"inputs": inputs})).await;
        assert_eq!(refused.status(), StatusCode::BAD_REQUEST, "{inputs}");
    }
}

#[tokio::test]
async fn a_model_that_fails_is_424() {
    let (open, gate) = mpsc::channel();
    drop(open);
    let router = router(state(engine_around(Gated(gate), ONE, CacheLimits::OFF)));
    let failed = predict(&router, &json!({"inputs": "good"})).await;
    assert_eq!(failed.status(), StatusCode::FAILED_DEPENDENCY);
    assert_eq!(read(failed).await["error_type"], "Backend");
}

#[tokio::test]
async fn sagemaker_finds_its_addresses() {
    let engine = tiny_engine();
    let router = router(state(engine.clone()));
    assert_eq!(get(&router, "/ping").await.status(), StatusCode::SERVICE_UNAVAILABLE);
    engine.warm_up().await.unwrap();
    assert_eq!(get(&router, "/ping").await.status(), StatusCode::OK);
    let body = json!({"inputs": "a good film"});
    let answer = post_json(&router, "/invocations", &body).await;
    assert_eq!(read(answer).await, read(predict(&router, &body).await).await);
}
