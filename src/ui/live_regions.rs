//! Live regions: where screen readers hear of verdicts and weighings.
//!
//! Screen readers announce what changes in a region that is there already, and pass over one that
//! comes filled. So these stand in the page from the start, empty: an answer that comes with the
//! page is read with it.

use super::{Inquiry, explaining::Why, opening::Lens};
use crate::sentiment::in_words;
use leptos::prelude::*;

/// The regions.
#[component]
pub fn LiveRegions(
    /// Whose answers.
    inquiry: Inquiry,
) -> impl IntoView {
    view! {
        <p class="unseen" role="status">{verdict(inquiry)}</p>
        <p class="unseen" role="status">{weighing(inquiry)}</p>
    }
}

/// The verdict and no more. It goes while the next answer is on its way, so that an equal one is
/// heard again.
fn verdict(inquiry: Inquiry) -> Memo<String> {
    Memo::new(move |was: Option<&String>| match (inquiry.is_pending(), inquiry.answer()) {
        (false, Some(Ok(analysis))) if was.is_some() => {
            in_words(&analysis.scores, inquiry.mixed_below(&analysis))
        }
        _ => String::new(),
    })
}

/// How far the words are weighed, where that was asked for: while one types, the verdict is enough.
fn weighing(inquiry: Inquiry) -> Memo<&'static str> {
    Memo::new(move |was: Option<&&'static str>| {
        let view = inquiry.view();
        let is_asked = view.lens == Some(Lens::Words) || (view.lens.is_none() && view.is_deep);
        match inquiry.why() {
            Some(Why::Reading(..)) if is_asked => "Weighing the words…",
            Some(Why::Explained(_)) if is_asked && was.is_some_and(|was| !was.is_empty()) => "Words weighed",
            _ => "",
        }
    })
}
