//! What Gradio's clients expect, beside what `api` tests of every endpoint.

use crate::support::{
    Gated, copy_of_tiny, engine_around,
    router::{ONE, body, exchange, get, read},
    stand_in, state, tiny_engine,
};
use axum::{Router, http::StatusCode};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use std::{
    fs,
    sync::mpsc,
    time::{Duration, Instant},
};
use tokio::{task::JoinSet, time::timeout};
use valence::{
    engine::{
        batch::Batch,
        cache::CacheLimits,
        queue::QueueLimits,
        session::{Model, SessionError},
    },
    server::{
        api::gradio::{queue::MAX_LATE, session::reader::LINGER},
        limits::Limits,
        router,
        state::AppState,
    },
};

/// How long `gradio_client` waits for an id: as httpx does where nobody says otherwise.
const PATIENCE: Duration = Duration::from_secs(5);

#[tokio::test]
async fn gradio_is_told_of_a_full_queue_as_it_tells_it() {
    let (open, gate) = mpsc::channel();
    let api = router(state(engine_around(Gated(gate), ONE, CacheLimits::OFF)));
    let mut asked = JoinSet::new();
    for _ in 0..6 {
        let api = api.clone();
        asked.spawn(
            async move { exchange(&api, "/gradio_api/call/predict", &json!({"data": ["good"]})).await },
        );
    }
    // One runs, one waits; what comes back before the model may answer is a refusal.
    for _ in 0..4 {
        let refused = timeout(Duration::from_secs(10), asked.join_next()).await.expect("an answer at once");
        let (status, body) = refused.unwrap().unwrap();
        assert_eq!((status, &body["error_type"]), (StatusCode::SERVICE_UNAVAILABLE, &json!("Overloaded")));
    }
    (0..6).for_each(|_| open.send(()).unwrap());
    assert!(asked.join_all().await.iter().any(|(status, _)| *status == StatusCode::OK));
}

/// What follows a frame's `data: ` in a stream of Gradio.
fn frames(body: &str) -> Vec<Value> {
    body.lines().filter_map(|line| serde_json::from_str(line.strip_prefix("data: ")?).ok()).collect()
}

/// What a session's stream tells until its end, at which its client leaves.
async fn told_to(api: &Router, session: &str) -> Vec<Value> {
    let mut stream = get(api, &format!("/gradio_api/queue/data?session_hash={session}")).await.into_body();
    let mut told = String::new();
    while !told.contains("close_stream") {
        let frame = stream.frame().await.expect("it tells its end").unwrap();
        told += str::from_utf8(&frame.into_data().unwrap()).unwrap();
    }
    frames(&told)
}

#[tokio::test]
async fn gradios_ways_give_the_same_numbers() {
    let api = router(state(tiny_engine()));
    let call = json!({"data": ["a good film"]});
    let (_, run) = exchange(&api, "/gradio_api/run/predict", &call).await;
    let (_, own) = exchange(&api, "/api/v1/analyze", &json!({"text": "a good film"})).await;
    assert_eq!(run["data"][0]["confidences"][0]["confidence"], own["scores"][0]["score"]);
    let (_, called) = exchange(&api, "/gradio_api/call/predict", &call).await;
    let told = get(&api, &format!("/gradio_api/call/predict/{}", called["event_id"].as_str().unwrap())).await;
    assert_eq!(frames(&body(told).await), [run["data"].clone()]);
    let join = json!({"data": ["a good film"], "fn_index": 0, "session_hash": "abc"});
    assert_eq!(exchange(&api, "/gradio_api/queue/join", &join).await.0, StatusCode::OK);
    let told = told_to(&api, "abc").await;
    let completed = told.iter().find(|message| message["msg"] == "process_completed").unwrap();
    assert_eq!(completed["output"]["data"], run["data"]);
}

#[tokio::test]
async fn any_replica_tells_the_outcome_of_a_call_to_another() {
    let [one, other] = [(); 2].map(|()| router(state(tiny_engine())));
    let (_, called) = exchange(&one, "/gradio_api/call/predict", &json!({"data": ["a good film"]})).await;
    let path = format!("/gradio_api/call/predict/{}", called["event_id"].as_str().unwrap());
    let [own, told] = [body(get(&one, &path).await).await, body(get(&other, &path).await).await];
    assert_eq!(frames(&told).len(), 1, "{told}");
    assert_eq!(told, own);
}

/// A graph that scores so many labels.
struct Many(usize);

impl Model for Many {
    fn logits(&mut self, batch: &Batch) -> Result<Vec<Vec<f32>>, SessionError> {
        // Some are equal.
        Ok(vec![(0..self.0).map(|label| (label % 97) as f32 / 10.0).collect(); batch.rows])
    }
}

// It had their names, so that this server itself refused the address.
#[tokio::test]
async fn an_id_fits_into_an_address_however_many_labels_there_are() {
    let (folder, count) = (copy_of_tiny(), 1200);
    let file = folder.join("config.json");
    let mut config: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
    let labels =
        (0..count).map(|label| (label.to_string(), json!(format!("a long name of a label, {label}"))));
    config["id2label"] = Value::Object(labels.collect());
    fs::write(&file, config.to_string()).unwrap();
    let api = router(state(stand_in::engine(&folder, Many(count), ONE, CacheLimits::OFF)));
    let call = json!({"data": ["good"]});
    let (_, run) = exchange(&api, "/gradio_api/run/predict", &call).await;
    assert_eq!(run["data"][0]["confidences"].as_array().unwrap().len(), count);
    let (_, called) = exchange(&api, "/gradio_api/call/predict", &call).await;
    let id = called["event_id"].as_str().unwrap();
    // What nginx takes of an address, if nobody tells it otherwise.
    assert!(id.len() < 8000, "{}", id.len());
    let told = get(&api, &format!("/gradio_api/call/predict/{id}")).await;
    assert_eq!(frames(&body(told).await), [run["data"].clone()]);
}

// One answered with a status that the description of the endpoints does not list.
#[tokio::test]
async fn an_id_that_no_event_has_is_not_found() {
    let api = router(state(tiny_engine()));
    for path in ["predict/zz", "predict/%ff", "%ff/zz", "v2/predict/%ff", "other/zz"] {
        let told = get(&api, &format!("/gradio_api/call/{path}")).await;
        assert_eq!(told.status(), StatusCode::NOT_FOUND, "{path}");
        assert_eq!(read(told).await["error_type"], "NotFound", "{path}");
    }
}

#[tokio::test]
async fn gradios_python_client_can_read_why_a_call_is_refused() {
    let api = router(state(tiny_engine()));
    for (join, words) in [
        (json!({"data": [5], "fn_index": 0, "session_hash": "a"}), "expected a string"),
        (json!({"data": [], "fn_index": 0, "session_hash": "a"}), "must hold one text"),
        (json!({"data": ["good", "bad"], "fn_index": 0, "session_hash": "a"}), "must hold one text"),
        (json!({"data": ["good"], "fn_index": 1, "session_hash": "a"}), "must be 0"),
        (json!({"data": ["good"], "fn_index": 0, "session_hash": "a".repeat(65)}), "a shorter one"),
    ] {
        let (status, answer) = exchange(&api, "/gradio_api/queue/join", &join).await;
        assert_eq!((status, &answer["error_type"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("Validation")));
        // As `extract_validation_message` of its `utils.py` reads them.
        let detail = &answer["detail"][0];
        assert_eq!((&detail["__type__"], &detail["is_valid"]), (&json!("validate"), &json!(false)));
        assert_eq!(detail["parameter_name"], "text");
        assert!(detail["message"].as_str().unwrap().contains(words), "{answer}");
    }
}

/// Begins a call as `gradio_client` does.
async fn join(api: &Router, session: &str) -> (StatusCode, Value) {
    let join = json!({"data": ["good"], "fn_index": 0, "session_hash": session});
    let joined = exchange(api, "/gradio_api/queue/join", &join);
    timeout(PATIENCE, joined).await.expect("an answer before the client gives up")
}

// After `reset_session()` the client waits for its next call at the old stream, if that is still open.
#[tokio::test]
async fn a_new_session_is_told_of_once_the_streams_of_others_have_ended() {
    let api = router(state(tiny_engine()));
    let start = Instant::now();
    assert_eq!(join(&api, "a").await.0, StatusCode::OK);
    assert!(start.elapsed() > LINGER);
    assert_eq!(completed(&api, "a").await["success"], true);
}

/// The message that ends a session's only call.
async fn completed(api: &Router, session: &str) -> Value {
    let told = timeout(Duration::from_secs(10), told_to(api, session)).await.expect("the stream ends");
    told.into_iter().find(|message| message["msg"] == "process_completed").unwrap()
}

#[tokio::test]
async fn a_slow_call_has_its_id_at_once_and_its_outcome_later() {
    let (open, gate) = mpsc::channel();
    let api = router(state(engine_around(Gated(gate), ONE, CacheLimits::OFF)));
    // One runs, one waits.
    let (status, first) = join(&api, "a").await;
    assert_eq!(status, StatusCode::OK);
    let (status, second) = join(&api, "b").await;
    assert_eq!(status, StatusCode::OK);
    let (status, refused) = join(&api, "a").await;
    assert_eq!((status, &refused["error_type"]), (StatusCode::SERVICE_UNAVAILABLE, &json!("Overloaded")));
    let later = async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        (0..2).for_each(|_| open.send(()).unwrap());
    };
    let (a, b, ()) = tokio::join!(completed(&api, "a"), completed(&api, "b"), later);
    for (told, joined) in [(a, first), (b, second)] {
        assert_eq!((&told["event_id"], &told["success"]), (&joined["event_id"], &json!(true)), "{told}");
        assert_eq!(told["output"]["data"][0]["label"], "POSITIVE");
    }
}

#[tokio::test]
async fn a_call_that_takes_too_long_is_told_so() {
    let (open, gate) = mpsc::channel();
    let limits = Limits { answer: Duration::from_secs(2), ..Limits::default() };
    let engine = engine_around(Gated(gate), ONE, CacheLimits::OFF);
    let api = router(AppState { limits, ..state(engine) });
    assert_eq!(join(&api, "a").await.0, StatusCode::OK);
    let told = completed(&api, "a").await;
    // The engine's end waits for the run's.
    open.send(()).unwrap();
    assert_eq!(told["success"], false);
    assert!(told["output"]["error"].as_str().unwrap().contains("took more than 2 s"), "{told}");
}

#[tokio::test]
async fn only_so_many_calls_go_on_without_their_requests() {
    let (open, gate) = mpsc::channel();
    let limits = QueueLimits { waiting: 2 * MAX_LATE, rows: 64, tokens: 1024 };
    let api = router(state(engine_around(Gated(gate), limits, CacheLimits::OFF)));
    let mut joined = JoinSet::new();
    for _ in 0..=MAX_LATE {
        let api = api.clone();
        let join = json!({"data": ["good"], "fn_index": 0, "session_hash": "a"});
        joined.spawn(async move { exchange(&api, "/gradio_api/queue/join", &join).await.0 });
    }
    for _ in 0..MAX_LATE {
        let status = timeout(Duration::from_secs(60), joined.join_next()).await.expect("an id").unwrap();
        assert_eq!(status.unwrap(), StatusCode::OK);
    }
    assert!(timeout(Duration::from_secs(1), joined.join_next()).await.is_err(), "the last one is waited for");
    (0..=MAX_LATE).for_each(|_| open.send(()).unwrap());
    assert_eq!(joined.join_all().await, [StatusCode::OK]);
}
