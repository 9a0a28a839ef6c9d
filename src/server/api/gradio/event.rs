//! An event: the outcome of one call, and an id that holds it.
//!
//! The id carries the answer itself, so that any replica can tell it, no process keeps it, and no
//! address holds the text. Of an answer it has the scores alone, in the order of the labels, which every
//! replica knows: with their names it would be longer than an address may be. Whoever makes up an id reads
//! only what they wrote.

use super::wire::Label;
use crate::{
    error::AnalyzeError,
    server::api::{error::ApiError, json::value},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The first byte of an id that has the mark of the labels and their scores, each a little-endian `f32`.
const SCORES: u8 = 0;

/// The first byte of an id that has a sentence.
const SENTENCE: u8 = 1;

/// The outcome of a call.
#[derive(Clone, Debug, PartialEq)]
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

    /// The id, in Base64 for addresses; `labels` are the model's.
    #[must_use]
    pub fn id(&self, labels: &[String]) -> String {
        let mut bytes = Vec::new();
        match self {
            Self::Complete(label) => {
                bytes.push(SCORES);
                bytes.extend(mark(labels));
                bytes.extend(label.scores(labels).into_iter().flat_map(f32::to_le_bytes));
            }
            Self::Error(error) => {
                bytes.push(SENTENCE);
                bytes.extend(error.bytes());
            }
        }
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The event of an id, if it is one of a model with these `labels`.
    #[must_use]
    pub fn from_id(id: &str, labels: &[String]) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(id).ok()?;
        match bytes.split_first()? {
            (&SCORES, rest) => {
                let (marked, scores) = rest.split_first_chunk()?;
                if *marked != mark(labels) {
                    return None;
                }
                let (scores, []) = scores.as_chunks() else { return None };
                let scores: Vec<f32> = scores.iter().map(|&bytes| f32::from_le_bytes(bytes)).collect();
                let is_sound = scores.len() == labels.len() && scores.iter().all(|score| score.is_finite());
                is_sound.then(|| Self::Complete(Label::new(labels, scores)))
            }
            (&SENTENCE, error) => Some(Self::Error(str::from_utf8(error).ok()?.to_owned())),
            _ => None,
        }
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

/// Bytes that other labels do not have: under their names the scores would be another answer.
fn mark(labels: &[String]) -> [u8; 4] {
    let mut digest = Sha256::new();
    for label in labels {
        digest.update(label);
        digest.update([0]);
    }
    let digest: [u8; 32] = digest.finalize().into();
    [digest[0], digest[1], digest[2], digest[3]]
}

/// What the function returns.
fn output(label: &Label) -> Value {
    value(label).expect("a label has only string keys")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_holds_its_event_for_a_model_of_as_many_labels() {
        let labels = ["BAD", "GOOD", "MIXED"].map(String::from);
        let complete = Event::Complete(Label::new(&labels, vec![0.25, 0.5, 0.25]));
        for event in [complete.clone(), Event::Error("no\n\ntext".into())] {
            assert_eq!(Event::from_id(&event.id(&labels), &labels), Some(event));
        }
        assert_eq!(Event::from_id(&complete.id(&labels), &labels[..2]), None);
        let mut turned = labels.clone();
        turned.reverse();
        assert_eq!(Event::from_id(&complete.id(&labels), &turned), None);
    }

    #[test]
    fn what_is_no_id_has_no_event() {
        let labels = ["BAD", "GOOD"].map(String::from);
        let event = |bytes: &[u8]| Event::from_id(&URL_SAFE_NO_PAD.encode(bytes), &labels);
        let scores =
            |score: f32| [&[SCORES][..], &mark(&labels), &score.to_le_bytes(), &1_f32.to_le_bytes()].concat();
        assert!(event(&scores(0.5)).is_some());
        for bytes in [&scores(f32::NAN)[..], &scores(0.5)[..12], &[SCORES], &[SENTENCE, 0xff], b"{}", &[]] {
            assert_eq!(event(bytes), None, "{bytes:?}");
        }
        assert_eq!(Event::from_id("%", &labels), None);
    }

    #[test]
    fn a_frame_is_one_event_whatever_the_sentence() {
        let frame = Event::Error("a\n\ndata: b".into()).frame();
        assert_eq!(frame.matches("\n\n").count(), 1);
    }
}
