//! The wire: what the page and the server say to each other beside an analysis, the same on both sides.

use crate::{
    error::AnalyzeError,
    sentiment::{Analysis, Explanation, Score},
};
use serde::{Deserialize, Serialize};

/// Texts that are sent at once; the page sends more than these one portion after the other.
pub const MAX_PAGE_TEXTS: usize = 500;

/// What the model says of a text, or why it says nothing.
pub type Analyzed = Result<Analysis, AnalyzeError>;

/// The scores of one text, or why there are none.
pub type Scored = Result<Vec<Score>, AnalyzeError>;

/// A line of an explanation on its way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// So many texts of so many have been read.
    Read(u32, u32),
    /// The explanation; the last line.
    Explained(Explanation),
    /// Why there is none; the last line.
    Failed(AnalyzeError),
}

/// Whether a user agrees with an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Opinion {
    /// It is right.
    Up,
    /// It is wrong.
    Down,
}
