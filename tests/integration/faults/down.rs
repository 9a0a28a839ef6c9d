//! A model of which no session runs: what is asked of it is refused at once, until one is back.

use crate::support::{
    engine_around,
    router::{body, get, header, post, post_json, read},
    state,
};
use axum::http::StatusCode;
use serde_json::json;
use std::{sync::mpsc, time::Duration};
use tokio::time::{sleep, timeout};
use valence::{
    engine::{
        batch::Batch,
        cache::CacheLimits,
        queue::QueueLimits,
        session::{Model, SessionError},
    },
    error::AnalyzeError,
    server::router,
};

/// Until it hangs for certain.
const LONG: Duration = Duration::from_secs(60);

const LIMITS: QueueLimits = QueueLimits { waiting: 16, rows: 1, tokens: 1024 };

const SENTENCE: &str = "A model has failed and is restarting. Try again in a moment.";

/// Fails until it is let restart.
struct Down {
    permits: mpsc::Receiver<()>,
    is_back: bool,
}

impl Model for Down {
    fn logits(&mut self, batch: &Batch) -> Result<Vec<Vec<f32>>, SessionError> {
        if self.is_back { Ok(vec![vec![0.0, 1.0]; batch.rows]) } else { Err(SessionError::Down) }
    }

    fn restart(&mut self) -> Result<(), SessionError> {
        self.permits.try_recv().map_err(|_| SessionError::Down)?;
        self.is_back = true;
        Ok(())
    }
}

// A single text had 504 after two minutes and was asked for less, and a stream never ended.
#[tokio::test]
async fn a_model_of_which_no_session_runs_refuses_at_once() {
    let (let_it, permits) = mpsc::channel();
    let engine = engine_around(Down { permits, is_back: false }, LIMITS, CacheLimits::OFF);
    let router = router(state(engine.clone()));
    for (path, asked, status) in [
        ("/api/v1/analyze", json!({"text": "good"}), StatusCode::SERVICE_UNAVAILABLE),
        ("/predict", json!({"inputs": "good"}), StatusCode::SERVICE_UNAVAILABLE),
        // On 503, `@huggingface/inference` asks again at once, and for ever.
        ("/", json!({"inputs": "good"}), StatusCode::INTERNAL_SERVER_ERROR),
        ("/models/tiny", json!({"inputs": ["good"]}), StatusCode::INTERNAL_SERVER_ERROR),
    ] {
        let response = timeout(LONG, post_json(&router, path, asked)).await.expect("an answer");
        assert_eq!((response.status(), header(&response, "retry-after")), (status, "1"), "{path}");
        let answer = read(response).await;
        assert_eq!(answer["error_type"], "Unhealthy", "{path}");
        assert!(answer["error"].as_str().unwrap().contains(SENTENCE), "{path}: {answer}");
    }
    let page = timeout(LONG, get(&router, "/?text=good")).await.expect("an answer");
    assert_eq!(page.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert!(body(page).await.contains(SENTENCE));
    let asked = json!({"text": "good", "model": null});
    let page = timeout(LONG, post_json(&router, "/page/analyze", asked)).await.expect("an answer");
    assert_eq!(page.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(serde_json::from_value::<AnalyzeError>(read(page).await).unwrap(), AnalyzeError::Restarting);

    for (path, kind, sent) in [
        ("/page/texts", "application/json", r#"{"texts": ["good", "bad", "so so"]}"#),
        ("/api/v1/batch", "application/x-ndjson", "\"good\"\n\"bad\"\n\"so so\"\n"),
        ("/api/v1/batch", "text/csv", "text\ngood\nbad\nso so\n"),
    ] {
        let read = async { body(post(&router, path, kind, sent).await).await };
        let lines = timeout(LONG, read).await.expect("its end").to_lowercase();
        assert_eq!(lines.lines().count(), 3, "{path}, {kind}: {lines}");
        assert!(lines.lines().all(|line| line.contains("restarting")), "{path}, {kind}: {lines}");
    }

    let_it.send(()).unwrap();
    let back = async {
        while engine.is_restarting() {
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(LONG, back).await.expect("it is back");
    let answered = post_json(&router, "/api/v1/analyze", json!({"text": "good"})).await;
    assert_eq!(answered.status(), StatusCode::OK);
}
