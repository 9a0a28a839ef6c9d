//! The progress: how far a run is, how it ended, and what went wrong.

use super::{Job, results::Results};
use crate::ui::Notice;
use leptos::prelude::*;

/// How many rows are done, and what went wrong.
#[component]
pub fn Progress(
    /// The job under way.
    job: Job,
) -> impl IntoView {
    let under_way = move || {
        let (done, of) = job.progress();
        job.is_running.get().then(|| format!("{done} of {of} texts"))
    };
    let done = move || {
        let (done, of) = job.progress();
        // What failed for a reason that may have passed is to be tried again.
        let failed = if job.is_running.get() { 0 } else { job.results.with_value(Results::failures) };
        (done - failed, of)
    };
    let ended = move || match done() {
        _ if job.is_running.get() => String::new(),
        (done, of) if done < of => {
            format!("Done: {done} of {of} texts. To try the rest, analyze the same texts again.")
        }
        (_, 1) => "The text is done".into(),
        (_, of) => format!("All {of} texts are done"),
    };
    view! {
        <p class="progress">
            // Only the end is announced: what changes five times a second would drown all else. It does not
            // name the bar: Chromium takes no name from what is announced.
            <span>
                <span>{under_way}</span>
                <span role="status">{ended}</span>
            </span>
            <progress
                aria-label="Progress"
                max=move || job.progress().1.max(1).to_string()
                value=move || done().0.to_string()
            ></progress>
        </p>
        {move || job.failure.get().map(|error| view! { <Notice error /> })}
    }
}
