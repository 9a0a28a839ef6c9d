//! Ids: what the sender of a text calls it, in JSON that is kept as it is written.
//!
//! Answers are joined to their rows by them, and a number may have more digits than any type of ours.

use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};

/// The id of a text.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct Id(Box<RawValue>);

impl Id {
    /// The most bytes of one, as JSON.
    pub const MAX_BYTES: usize = 1000;

    /// Its bytes, as JSON.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.0.get().len()
    }

    /// Whether it has more bytes than it may.
    #[must_use]
    pub fn is_too_large(&self) -> bool {
        self.bytes() > Self::MAX_BYTES
    }
}

impl From<&RawValue> for Id {
    fn from(json: &RawValue) -> Self {
        Self(json.to_owned())
    }
}

impl From<&str> for Id {
    /// The id of a text in a table, which is a string whatever it looks like.
    fn from(field: &str) -> Self {
        Self(to_raw_value(field).expect("a string is JSON"))
    }
}

impl PartialEq for Id {
    fn eq(&self, other: &Self) -> bool {
        self.0.get() == other.0.get()
    }
}
