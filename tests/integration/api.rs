//! The endpoints for programs, in process; `gradio` and `tei` have what those protocols ask for beside.

use crate::support::{
    options,
    router::{self as client, exchange, send},
    state, tiny_engine, tiny_folder,
};
use axum::{
    Router,
    body::Body,
    http::{Request, StatusCode, header},
};
use serde_json::{Value, json};
use std::time::Duration;
use valence::{
    engine::{cache::CacheLimits, reading::Wanted},
    loading::{self, EngineOptions},
    server::{api::batch::row::MAX_ROW, router},
    text::Text,
};

async fn post(router: &Router, path: &str, kind: &str, body: impl Into<Body>) -> (StatusCode, String) {
    let response = client::post(router, path, kind, body).await;
    (response.status(), client::body(response).await)
}

fn lines(body: &str) -> Vec<Value> {
    body.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// What the engine says of a text, without a server in between.
async fn scores(text: &str) -> Value {
    let analysis = tiny_engine().analyze(Text::new(text).unwrap(), Wanted::default()).await.unwrap();
    // By way of the wire, whose numbers have no more digits than an f32.
    serde_json::from_str(&serde_json::to_string(&analysis.scores).unwrap()).unwrap()
}

#[tokio::test]
async fn analyze_answers_one_text_and_several() {
    let api = router(state(tiny_engine()));
    let (status, one) = exchange(&api, "/api/v1/analyze", &json!({"text": "a good film"})).await;
    assert_eq!((status, &one["scores"]), (StatusCode::OK, &scores("a good film").await));
    let both = json!({"texts": ["a bad film", "a good film"], "top_k": 1});
    let (_, both) = exchange(&api, "/api/v1/analyze", &both).await;
    assert_eq!(both["results"][1]["scores"], json!([one["scores"][0]]));
}

#[tokio::test]
async fn an_answer_says_what_its_time_went_to() {
    let cache = CacheLimits { bytes: 1_000_000, lifetime: Duration::from_secs(60) };
    let engine = loading::load(&EngineOptions { cache, ..options(tiny_folder()) }).unwrap();
    let api = router(state(engine));
    let body = json!({"text": "a good film"});
    let phases = |answer: &Value| {
        let of = |name: &str| answer["timings"][name].as_u64().unwrap();
        [of("tokenize_us"), of("queue_us"), of("inference_us")]
    };
    let (_, first) = exchange(&api, "/api/v1/analyze", &body).await;
    let [tokenize, queue, inference] = phases(&first);
    assert!(inference > 0 && tokenize + queue + inference <= first["micros"].as_u64().unwrap(), "{first}");
    let (_, kept) = exchange(&api, "/api/v1/analyze", &body).await;
    assert_eq!((&kept["cached"], phases(&kept)), (&json!(true), [0; 3]));
}

/// Once they were all compressed, which took a quarter of the server's time and saved no packet.
#[tokio::test]
async fn only_answers_larger_than_a_packet_are_compressed() {
    let api = router(state(tiny_engine()));
    for (path, body, encoding) in [
        ("/api/v1/analyze", json!({"text": "a good film"}), None),
        ("/predict", json!({"inputs": "a good film"}), None),
        ("/", json!({"inputs": "a good film"}), None),
        ("/api/v1/analyze", json!({"texts": vec!["a good film"; 20]}), Some("gzip")),
        ("/predict", json!({"inputs": vec![["a good film"]; 20]}), Some("gzip")),
    ] {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT_ENCODING, "gzip, br");
        let response = send(&api, request.body(Body::from(body.to_string())).unwrap()).await;
        assert_eq!(response.status(), StatusCode::OK, "{path} {body}");
        let sent = response.headers().get(header::CONTENT_ENCODING).map(|value| value.to_str().unwrap());
        assert_eq!(sent, encoding, "{path} {body}");
    }
}

#[tokio::test]
async fn every_refusal_has_the_same_shape() {
    let api = router(state(tiny_engine()));
    let large = format!("\"{}\"", "a".repeat(2_000_001));
    for (path, kind, body, status, error_type) in [
        ("/api/v1/analyze", "application/json", "{", 400, "Malformed"),
        ("/api/v1/analyze", "application/json", r#"{"text": " "}"#, 400, "Empty"),
        ("/api/v1/analyze", "application/json", r#"{"text": 5}"#, 422, "Validation"),
        ("/api/v1/analyze", "application/json", r#"{"text": "a", "topk": 1}"#, 422, "Validation"),
        ("/api/v1/analyze", "application/json", r#"{"text": "a", "model": "b"}"#, 404, "ModelNotFound"),
        ("/api/v1/analyze", "application/json", &large, 413, "PayloadTooLarge"),
        ("/api/v1/analyze", "text/plain", r#"{"text": "a"}"#, 415, "UnsupportedMediaType"),
        ("/api/v1/batch", "text/plain", "a", 415, "UnsupportedMediaType"),
        ("/api/v1/batch", "text/csv", "id,rating\n1,good\n", 422, "Validation"),
        // These were malformed.
        ("/api/v1/batch?topk=1", "text/csv", "text\ngood\n", 422, "Validation"),
        ("/api/v1/batch?top_k=0", "text/csv", "text\ngood\n", 422, "Validation"),
        ("/api/nothing", "application/json", "{}", 404, "NotFound"),
        ("/api/", "application/json", "{}", 404, "NotFound"),
        ("/gradio_api", "application/json", "{}", 404, "NotFound"),
        ("/gradio_api/nothing", "application/json", "{}", 404, "NotFound"),
        ("/gradio_api/run/predict/", "application/json", "{}", 404, "NotFound"),
        // These were the page's.
        ("/predict/", "application/json", "{}", 404, "NotFound"),
        ("/models/", "application/json", "{}", 404, "NotFound"),
        ("/models/%ff", "application/json", "{}", 400, "Malformed"),
        ("/gradio_api/call/%ff", "application/json", "{}", 400, "Malformed"),
        ("/info", "application/json", "{}", 405, "MethodNotAllowed"),
        ("/health", "application/json", "{}", 405, "MethodNotAllowed"),
        ("/metrics", "application/json", "{}", 405, "MethodNotAllowed"),
        ("/embed", "application/json", "{}", 405, "MethodNotAllowed"),
        ("/og.png", "application/json", "{}", 405, "MethodNotAllowed"),
    ] {
        let (code, answer) = post(&api, path, kind, body.to_owned()).await;
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!((code.as_u16(), &answer["error_type"]), (status, &json!(error_type)), "{path} {answer}");
        assert!(answer["error"].is_string(), "{answer}");
    }
}

#[tokio::test]
async fn a_batch_is_answered_line_by_line_in_order() {
    let api = router(state(tiny_engine()));
    let body = "\"a good film\"\n\n{\"text\": \"a bad film\", \"id\": 18446744073709551616}\n{\n\" \"\n\"a good film\"";
    let (status, answer) = post(&api, "/api/v1/batch", "application/x-ndjson", body).await;
    assert_eq!(status, StatusCode::OK);
    let lines = lines(&answer);
    assert_eq!(lines.iter().map(|line| line["index"].as_u64().unwrap()).collect::<Vec<_>>(), [0, 1, 2, 3, 4]);
    assert_eq!(lines[0]["scores"], scores("a good film").await);
    assert_eq!(lines[1]["scores"], scores("a bad film").await);
    // Read as a number, it would lose digits here as well.
    assert!(answer.contains("{\"index\":1,\"id\":18446744073709551616,"), "{answer}");
    assert_eq!(lines[2]["error_type"], "Malformed");
    assert_eq!(lines[3]["error_type"], "Empty");
    assert_eq!(lines[4]["scores"], lines[0]["scores"]);
}

#[tokio::test]
async fn a_table_may_have_quotes_and_line_breaks_and_an_open_quote_costs_no_memory() {
    let api = router(state(tiny_engine()));
    let body = format!("id,Review\nx,\"good, \"\"very\"\"\nfilm\"\ny\nz,\"{}", "a".repeat(2 * MAX_ROW));
    let (_, answer) = post(&api, "/api/v1/batch?column=review", "text/csv", body).await;
    let lines = lines(&answer);
    assert_eq!((&lines[0]["id"], &lines[0]["scores"]), (&json!("x"), &scores("good, \"very\"\nfilm").await));
    assert_eq!((&lines[1]["id"], &lines[1]["error_type"]), (&json!("y"), &json!("Validation")));
    assert_eq!(lines[2]["error_type"], "PayloadTooLarge");
    assert_eq!(lines.len(), 3);
}

#[tokio::test]
async fn a_table_s_texts_are_found_under_any_usual_name() {
    let api = router(state(tiny_engine()));
    for table in
        ["id,Document\nx,a good film\n", "id;Document\nx;a good film\n", "verdict of the jury\na good film\n"]
    {
        let (_, answer) = post(&api, "/api/v1/batch", "text/csv", table.to_owned()).await;
        assert_eq!(lines(&answer)[0]["scores"], scores("a good film").await, "{table}");
    }
}

#[tokio::test]
async fn the_texts_of_lines_are_in_the_member_that_is_asked_for() {
    let api = router(state(tiny_engine()));
    let body = "{\"review\": \"a good film\", \"text\": \"no\"}\n";
    let (_, answer) = post(&api, "/api/v1/batch?column=review", "application/x-ndjson", body).await;
    assert_eq!(lines(&answer)[0]["scores"], scores("a good film").await, "{answer}");
}

#[tokio::test]
async fn a_tab_separated_file_has_no_quotes() {
    let api = router(state(tiny_engine()));
    let body = "id\ttext\n1\t\"I love\n2\tso good\n3\tlate\n";
    let (_, answer) = post(&api, "/api/v1/batch", "text/tab-separated-values", body).await;
    let lines = lines(&answer);
    assert_eq!(lines.iter().map(|line| &line["id"]).collect::<Vec<_>>(), ["1", "2", "3"]);
    assert_eq!(lines[0]["scores"], scores("\"I love").await);
}

#[tokio::test]
async fn a_batch_of_more_texts_than_the_queue_holds_waits_for_room() {
    let api = router(state(tiny_engine()));
    let body: String = (0..200).map(|n| format!("\"text number {n}\"\n")).collect();
    let (_, answer) = post(&api, "/api/v1/batch", "application/x-ndjson", body).await;
    let lines = lines(&answer);
    assert_eq!(lines.len(), 200);
    assert!(lines.iter().all(|line| line["scores"].is_array()));
}

#[tokio::test]
async fn null_is_as_if_it_were_absent() {
    let api = router(state(tiny_engine()));
    for (path, absent, null) in [
        ("/", json!({"inputs": "good"}), json!({"inputs": "good", "parameters": null})),
        ("/predict", json!({"inputs": "good"}), json!({"inputs": "good", "raw_scores": null})),
    ] {
        let answer = exchange(&api, path, &null).await;
        assert_eq!(answer.0, StatusCode::OK, "{null} {}", answer.1);
        assert_eq!(answer, exchange(&api, path, &absent).await);
    }
    // Its answers hold times.
    let rest = json!({"model": null, "sentences": null, "explain": null, "top_k": null});
    for (field, other, own) in [("text", "texts", json!("good")), ("texts", "text", json!(["good"]))] {
        let mut asked = rest.clone();
        (asked[field], asked[other]) = (own, Value::Null);
        let (status, answer) = exchange(&api, "/api/v1/analyze", &asked).await;
        assert_eq!(status, StatusCode::OK, "{asked} {answer}");
    }
    // The last two were not told of "texts".
    for none in [json!({"text": null}), json!({"inputs": ["good"]}), json!({"explain": "shapley"})] {
        let (status, answer) = exchange(&api, "/api/v1/analyze", &none).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
        assert!(answer["error"].as_str().unwrap().contains(r#": send "text" or "texts"."#), "{answer}");
    }
}

#[tokio::test]
async fn a_list_is_no_request() {
    let api = router(state(tiny_engine()));
    for (path, body) in [
        ("/api/v1/analyze", json!(["good"])),
        ("/", json!(["good", {}])),
        ("/", json!({"inputs": "good", "parameters": [null, 1]})),
        ("/api/v1/analyze", json!({"text": "good", "top_k": 0})),
        ("/api/v1/analyze", json!({"text": "good", "top_k": 1.5})),
    ] {
        assert_eq!(exchange(&api, path, &body).await.0, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
    }
    assert_eq!(
        exchange(&api, "/", &json!({"inputs": "good", "parameters": {"top_k": 1.0}})).await.0,
        StatusCode::OK
    );
}
