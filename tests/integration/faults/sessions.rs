//! A session that fails in the middle of a run, and its end or new beginning.

use super::GRAPH;
use crate::support::{
    copy_of_tiny, copy_with_weights_in, engine_around, root,
    router::{ONE, body, get, header, post_json},
    state, state_of,
};
use axum::{
    Router,
    body::Body,
    http::{Response, StatusCode},
};
use std::{
    fs::{self, File},
    sync::mpsc,
    time::{Duration, Instant},
};
use valence::{
    engine::{
        EngineError,
        artifact::Artifact,
        batch::Batch,
        cache::CacheLimits,
        device::Device,
        dtype::Dtype,
        graph::Graph,
        queue::QueueLimits,
        reading::Wanted,
        runtime::Runtime,
        session::{Model, OnnxSession, SessionError, SessionOptions},
        tokenizer::Encoding,
    },
    loading::locate,
    models::Models,
    server::{health, router},
    text::Text,
};

/// Does at each run and each start what it is told to.
struct Told(mpsc::Receiver<Fate>);

enum Fate {
    Answer,
    Fail,
    Panic,
}

impl Told {
    fn fate(&self) -> Result<(), SessionError> {
        match self.0.recv().expect("the test goes on") {
            Fate::Answer => Ok(()),
            Fate::Fail => Err(SessionError::Runtime("bellwether".into())),
            Fate::Panic => panic!("bellwether"),
        }
    }
}

impl Model for Told {
    fn logits(&mut self, batch: &Batch) -> Result<Vec<Vec<f32>>, SessionError> {
        self.fate().map(|()| vec![vec![0.0, 1.0]; batch.rows])
    }

    fn restart(&mut self) -> Result<(), SessionError> {
        self.fate()
    }
}

async fn ask(router: &Router) -> Response<Body> {
    post_json(router, "/api/v1/analyze", r#"{"text": "good"}"#).await
}

async fn until_ready(router: &Router) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while get(router, "/health").await.status() != StatusCode::OK {
        assert!(Instant::now() < deadline, "the model does not come back");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_session_that_fails_costs_its_request_and_comes_back() {
    let (tell, told) = mpsc::channel();
    tell.send(Fate::Answer).unwrap();
    let engine = engine_around(Told(told), ONE, CacheLimits::OFF);
    engine.warm_up().await.unwrap();
    let router = router(state(engine));
    until_ready(&router).await;
    for (fault, attempts) in
        [(Fate::Panic, vec![Fate::Answer]), (Fate::Fail, vec![Fate::Panic, Fate::Fail, Fate::Answer])]
    {
        tell.send(fault).unwrap();
        let response = ask(&router).await;
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let id = header(&response, "x-request-id").to_owned();
        let sentence = body(response).await;
        assert!(sentence.contains(&id) && !sentence.contains("bellwether"), "{sentence}");

        let health = get(&router, "/health").await;
        assert_eq!(health.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert!(body(health).await.contains("is restarting"));
        attempts.into_iter().for_each(|fate| tell.send(fate).unwrap());
        until_ready(&router).await;
        tell.send(Fate::Answer).unwrap();
        assert_eq!(ask(&router).await.status(), StatusCode::OK);
    }
}

// One failure at the start, such as of a device still in use, meant 503 for ever.
#[tokio::test]
async fn a_model_whose_first_text_fails_is_tried_again_until_it_is_ready() {
    let (tell, told) = mpsc::channel();
    [Fate::Fail, Fate::Answer, Fate::Answer].into_iter().for_each(|fate| tell.send(fate).unwrap());
    let models = Models::new(engine_around(Told(told), ONE, CacheLimits::OFF));
    let router = router(state_of(models.clone()));
    health::warm_up(models).await;
    assert_eq!(get(&router, "/health").await.status(), StatusCode::OK);
}

#[tokio::test]
async fn what_comes_while_a_session_restarts_waits_for_it() {
    let (tell, told) = mpsc::channel();
    let engine = engine_around(Told(told), ONE, CacheLimits::OFF);
    let router = router(state(engine.clone()));
    tell.send(Fate::Fail).unwrap();
    assert_eq!(ask(&router).await.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let waits = tokio::spawn({
        let router = router.clone();
        async move { ask(&router).await.status() }
    });
    // It has its place before the session restarts.
    while engine.waiting() == 0 {
        assert!(!waits.is_finished(), "it is refused");
        tokio::task::yield_now().await;
    }
    [Fate::Answer, Fate::Answer].into_iter().for_each(|fate| tell.send(fate).unwrap());
    assert_eq!(waits.await.unwrap(), StatusCode::OK);
}

// The log asked for a start of the program, while the session was being restarted.
#[tokio::test]
async fn rows_that_fail_together_are_told_of_the_restart() {
    let (tell, told) = mpsc::channel();
    let engine =
        engine_around(Told(told), QueueLimits { waiting: 16, rows: 8, tokens: 1024 }, CacheLimits::OFF);
    [Fate::Fail, Fate::Fail].into_iter().for_each(|fate| tell.send(fate).unwrap());
    // From now on each attempt fails.
    drop(tell);
    let windows = Text::new("good ".repeat(300)).unwrap();
    let error = engine.analyze(windows, Wanted::default()).await.unwrap_err();
    assert!(matches!(error, EngineError::Restarting), "{error}");
}

/// Several sessions share their weights, which the new one takes up again.
#[test]
fn a_real_session_answers_after_its_restart_as_before() {
    let runtime = Runtime::load(&locate::runtime()).expect("scripts/setup.sh has installed ONNX Runtime");
    let artifact = Artifact::open(&root().join("models/valence-mini")).unwrap();
    let (_, file) = artifact.graph(None, Dtype::ON_CPU).unwrap();
    let options = SessionOptions::new(Device::Cpu, 2, 1);
    for count in [1, 2] {
        let graph = artifact.read(&file).unwrap();
        let mut sessions = OnnxSession::open_several(&runtime, &graph, count, options).unwrap();
        let batch = Batch::new(&[&Encoding::new(vec![2, 5, 9, 3])], 0);
        let before = sessions[0].logits(&batch).unwrap();
        sessions[0].restart().unwrap();
        assert_eq!(sessions[0].logits(&batch).unwrap(), before);
    }
}

/// A device may have no room for an old session beside the new one.
#[test]
fn a_session_that_does_not_start_again_is_gone_until_it_does() {
    let runtime = Runtime::load(&locate::runtime()).unwrap();
    let file = copy_of_tiny().join(GRAPH);
    let (graph, time) = (fs::read(&file).unwrap(), fs::metadata(&file).unwrap().modified().unwrap());
    let options = SessionOptions::new(Device::Cpu, 2, 1);
    let mut session = OnnxSession::open(&runtime, &Graph::read(&file).unwrap(), options).unwrap();
    let batch = Batch::new(&[&Encoding::new(vec![2, 5, 9, 3])], 0);
    let before = session.logits(&batch).unwrap();
    let put = |content: &[u8]| {
        fs::write(&file, content).unwrap();
        File::options().write(true).open(&file).unwrap().set_modified(time).unwrap();
    };
    put(&vec![0; graph.len()]);
    assert!(matches!(session.restart(), Err(SessionError::Runtime(_))));
    assert!(matches!(session.logits(&batch), Err(SessionError::Down)));
    put(&graph);
    session.restart().unwrap();
    assert_eq!(session.logits(&batch).unwrap(), before);
}

#[test]
fn a_session_whose_file_has_changed_or_gone_says_so_and_runs_on() {
    let runtime = Runtime::load(&locate::runtime()).unwrap();
    let file = copy_of_tiny().join(GRAPH);
    let options = SessionOptions::new(Device::Cpu, 2, 1);
    let mut session = OnnxSession::open(&runtime, &Graph::read(&file).unwrap(), options).unwrap();
    fs::write(&file, [fs::read(&file).unwrap(), vec![0]].concat()).unwrap();
    let error = session.restart().unwrap_err().to_string();
    assert!(error.contains(GRAPH) && error.contains("has changed since the start"), "{error}");
    fs::remove_file(&file).unwrap();
    let error = session.restart().unwrap_err().to_string();
    assert!(error.contains(GRAPH) && error.contains("cannot be read again"), "{error}");
    assert_eq!(session.logits(&Batch::new(&[&Encoding::new(vec![2, 3])], 0)).unwrap().len(), 1);
}

// They were known by another name than this.
#[test]
fn weights_that_change_are_noticed_whatever_their_name() {
    let folder = copy_with_weights_in("weights/one.bin");
    let weights = folder.join("onnx/weights/one.bin");
    let artifact = Artifact::open(&folder).unwrap();
    let (_, file) = artifact.graph(None, Dtype::ON_CPU).unwrap();
    assert!(artifact.files(&file).unwrap().contains(&weights), "a batch goes on with other weights");
    let runtime = Runtime::load(&locate::runtime()).unwrap();
    let options = SessionOptions::new(Device::Cpu, 1, 1);
    let mut session = OnnxSession::open(&runtime, &artifact.read(&file).unwrap(), options).unwrap();
    fs::write(&weights, [fs::read(&weights).unwrap(), vec![0]].concat()).unwrap();
    assert!(matches!(session.restart(), Err(SessionError::Changed { .. })));
}
