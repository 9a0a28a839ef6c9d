//! An event: the outcome of one call, and an id that holds it.
//!
//! The id carries the answer itself, so that any replica can tell it, no process keeps it, and no
//! address holds the text. Whoever makes up an id reads only what they wrote.

use super::wire::Label;
use crate::{
    error::AnalyzeError,
    server::api::{error::ApiError, json::value},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The outcome of a call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Event {
    /// The text was scored.
    Complete(Label),
    /// It was not, and this sentence says why.
    Error(String),
}

impl Event {
    /// The event of a prediction; none where the queue was full, since nothing was begun.
    #[must_use]
    pub fn of(prediction: Result<Label, ApiError>) -> Option<Self> {
        match prediction {
            Ok(label) => Some(Self::Complete(label)),
            Err(ApiError::Analyze(AnalyzeError::Busy)) => None,
            Err(error) => Some(Self::Error(error.to_string())),
        }
    }

    /// The id: its JSON in Base64 for addresses.
    #[must_use]
    pub fn id(&self) -> String {
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    /// The event of an id, if it is one.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(id).ok()?).ok()
    }

    /// The frame of `call/{api}/{event_id}`.
    #[must_use]
    pub fn frame(&self) -> String {
        match self {
            Self::Complete(label) => format!("event: complete\ndata: {}\n\n", json!([output(label)])),
            Self::Error(error) => format!("event: error\ndata: {}\n\n", json!({"error": error})),
        }
    }

    /// The messages of `queue/data` about this event, as frames.
    #[must_use]
    pub fn messages(&self, id: &str) -> String {
        let (is_success, output) = match self {
            Self::Complete(label) => (true, json!({"data": [output(label)], "is_generating": false})),
            Self::Error(error) => (false, json!({"error": error})),
        };
        let starts = json!({"msg": "process_starts", "event_id": id, "eta": 0});
        let completed =
            json!({"msg": "process_completed", "event_id": id, "success": is_success, "output": output});
        format!("data: {starts}\n\ndata: {completed}\n\n")
    }
}

/// What the function returns.
fn output(label: &Label) -> Value {
    value(label).expect("a label has only string keys")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_holds_its_event() {
        for event in [
            Event::Complete(Label { label: "GOOD".into(), confidences: Vec::new() }),
            Event::Error("no\n\ntext".into()),
        ] {
            assert_eq!(Event::from_id(&event.id()), Some(event));
        }
        assert_eq!(Event::from_id("%"), None);
        assert_eq!(Event::from_id("e30"), None);
    }

    #[test]
    fn a_frame_is_one_event_whatever_the_sentence() {
        let frame = Event::Error("a\n\ndata: b".into()).frame();
        assert_eq!(frame.matches("\n\n").count(), 1);
    }
}
