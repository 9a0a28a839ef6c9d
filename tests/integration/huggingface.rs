//! What clients of Hugging Face expect, beside what `api` tests of every endpoint: what is heeded, and what is
//! refused there or at Text Embeddings Inference's addresses.

use crate::support::{
    router::{post_json, read},
    state, tiny_engine,
};
use axum::http::StatusCode;
use serde_json::{Value, json};
use valence::server::router;

/// A request with one more member.
fn with(member: &str, value: &Value) -> Value {
    json!({"inputs": "a good film", member: value})
}

// A zero-shot classification got a sentiment, and raw scores of a cut text were probabilities of the whole.
#[tokio::test]
async fn what_an_address_does_not_serve_is_refused() {
    let api = router(state(tiny_engine()));
    let zero_shot = json!({"candidate_labels": ["kind", "unkind"]});
    let known = "parameters: unknown field, expected one of `function_to_apply`, `top_k`";
    for (path, member, value, words) in [
        ("/", "parameters", &zero_shot, known),
        ("/models/tiny", "parameters", &zero_shot, known),
        ("/", "raw_scores", &json!(true), "raw_scores: only /predict takes it"),
        ("/", "truncate", &json!(true), "truncate: only /predict takes it"),
        ("/", "truncation_direction", &json!("Left"), "truncation_direction: only /predict takes it"),
        ("/", "top_k", &json!(1), "top_k: only the \"parameters\" of POST / take it"),
        ("/models/tiny", "function_to_apply", &json!("none"), "function_to_apply: only the \"parameters\""),
        ("/predict", "top_k", &json!(1), "top_k: only the \"parameters\" of POST / take it"),
        ("/predict", "function_to_apply", &json!("none"), "function_to_apply: only the \"parameters\""),
        ("/predict", "parameters", &json!({"top_k": 1}), "parameters: only POST / takes them"),
        ("/invocations", "parameters", &json!({"top_k": 1}), "parameters: only POST / takes them"),
    ] {
        let refused = post_json(&api, path, with(member, value)).await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY, "{path} {member}");
        let answer = read(refused).await;
        assert_eq!(answer["error_type"], "Validation");
        assert!(answer["error"].as_str().unwrap().contains(words), "{answer}");
    }
}

// It was told to choose one that is loaded, and that it is.
#[tokio::test]
async fn a_models_address_may_end_with_a_slash() {
    let api = router(state(tiny_engine()));
    let text = json!({"inputs": "a good film"});
    let plain = read(post_json(&api, "/models/tiny", &text).await).await;
    assert_eq!(read(post_json(&api, "/models/tiny/", &text).await).await, plain);
    assert_eq!(post_json(&api, "/models/tiny//", &text).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_clients_send_beside_it_changes_nothing() {
    let api = router(state(tiny_engine()));
    for path in ["/", "/predict"] {
        let plain = read(post_json(&api, path, json!({"inputs": "a good film"})).await).await;
        let cut = json!({"truncation": true, "padding": "longest", "max_length": 4});
        for (member, value) in [
            ("parameters", json!({})),
            ("parameters", Value::Null),
            ("raw_scores", Value::Null),
            ("raw_scores", json!(false)),
            ("truncate", Value::Null),
            ("truncate", json!(false)),
            ("truncation_direction", Value::Null),
            ("top_k", Value::Null),
            ("function_to_apply", Value::Null),
            ("options", json!({"wait_for_model": true})),
            ("model", json!("another")),
            ("model", Value::Null),
            ("parameters", if path == "/" { cut } else { json!({}) }),
        ] {
            let answer = read(post_json(&api, path, with(member, &value)).await).await;
            assert_eq!(answer, plain, "{path} {member} {value}");
        }
    }
}
