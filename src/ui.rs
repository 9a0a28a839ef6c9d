//! The page's parts, in reading order.

pub mod address;
pub mod examples;
pub mod form;
pub mod inquiry;
pub mod masthead;
pub mod notice;
pub mod outcome;
pub mod verdict;

pub use examples::Examples;
pub use form::Form;
pub use inquiry::{Inquiry, Opening};
pub use masthead::Masthead;
pub use notice::Notice;
pub use outcome::Outcome;
pub use verdict::Verdict;
