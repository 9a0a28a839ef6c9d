//! The page's parts, in reading order, then what they share: the question asked, the page's first
//! state, its address and what it needs of the browser.

pub mod examples;
pub mod form;

pub mod live_regions;
pub mod notice;
pub mod outcome;
pub mod verdict;

pub mod arc;
pub mod pieces;
pub mod reading;
pub mod tint;
pub mod tinted;
pub mod words;

pub mod batch;

pub mod copy;
pub mod feedback;
pub mod history;
pub mod share;

pub mod address;
pub mod browser;
pub mod elements;
pub mod explaining;
pub mod files;
pub mod inquiry;
pub mod latest;
pub mod lines;
pub mod opening;

pub use batch::Batch;
pub use examples::Examples;
pub use feedback::Feedback;
pub use form::Form;
pub use history::History;
pub use inquiry::Inquiry;
pub use live_regions::LiveRegions;
pub use notice::Notice;
pub use opening::Opening;
pub use outcome::Outcome;
pub use reading::Reading;
pub use share::Share;
pub use verdict::Verdict;
