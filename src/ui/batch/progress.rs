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
    let ended = move || {
        let (done, of) = job.progress();
        if job.is_running.get() {
            return String::new();
        }
        // What failed for a reason that may have passed is to be tried again.
        let done = done - job.results.with_value(Results::failures);
        match of {
            _ if done < of => {
                format!("{done} of {of} texts are done. To go on, analyze the same texts again.")
            }
            1 => "The text is done".into(),
            _ => format!("All {of} texts are done"),
        }
    };
    view! {
        <p class="progress">
            // Only the end is announced: what changes five times a second would drown all else.
            <label for="progress">
                <span>{under_way}</span>
                <span role="status">{ended}</span>
            </label>
            <progress
                id="progress"
                max=move || job.progress().1.max(1).to_string()
                value=move || job.progress().0.to_string()
            ></progress>
        </p>
        {move || job.failure.get().map(|error| view! { <Notice error /> })}
    }
}
