//! The input: a box for lines and a place for a file, and the start.

use super::{Job, choices::Choices, intake::Intake, source::Source};
use crate::ui::{elements, latest::Latest};
use leptos::{ev, html, prelude::*};

/// What is said of a file that is not UTF-8.
const WESTERN: &str = ", read as Windows-1252. If letters look wrong, save it as UTF-8 and choose it again.";

/// Where texts come in.
#[component]
pub fn Input(
    /// What they become.
    job: Job,
) -> impl IntoView {
    let intake = Intake::empty();
    let run = Latest::new(move |&()| job.run());
    let start = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let (table, column) = (intake.table.get_untracked(), intake.column.get_untracked());
        if !table.rows.is_empty() {
            job.begin(table, column, elements::model());
            run.ask(());
        }
    };
    view! {
        <form class="form" on:submit=start>
            <LinesBox intake />
            <FileDrop intake />
            {move || intake.complaint.get().map(|complaint| view! { <p class="notice" role="alert">{complaint}</p> })}
            <Choices intake />
            <Buttons job run intake />
        </form>
    }
}

/// The buttons that stop a run and start one.
#[component]
fn Buttons(
    /// What is run.
    job: Job,
    /// The run under way.
    run: Latest<()>,
    /// What is there for one.
    intake: Intake,
) -> impl IntoView {
    let stop = move |_| {
        if job.is_running.get_untracked() {
            run.drop_request();
            job.is_running.set(false);
            job.tell();
        }
    };
    let has_begun = Memo::new(move |_| job.progress().1 > 0);
    let rows = move || intake.table.with(|table| table.rows.len());
    view! {
        <div class="form__buttons">
            // It stays when it has nothing to do: a button that goes takes the focus with it.
            <button
                type="button"
                class="button"
                on:click=stop
                hidden=move || !has_begun.get()
                aria-disabled=move || (!job.is_running.get()).to_string()
            >
                "Stop"
            </button>
            <button type="submit" class="form__submit" disabled=move || rows() == 0>
                {move || match rows() {
                    0 => "Analyze".to_owned(),
                    1 => "Analyze 1 text".to_owned(),
                    rows => format!("Analyze {rows} texts"),
                }}
            </button>
        </div>
    }
}

/// The box for lines.
#[component]
fn LinesBox(
    /// Where they go, and a file's name where there is one.
    intake: Intake,
) -> impl IntoView {
    let lines = NodeRef::<html::Textarea>::new();
    // Lines that were pasted before the page was interactive, or that the browser has restored.
    Effect::new(move || {
        if let Some(content) = lines.get().map(|lines| lines.value()).filter(|content| !content.is_empty()) {
            intake.take_in(Source { content, ..Source::default() });
        }
    });
    let origin = move || {
        intake.source.with(|source| {
            let how = if source.is_western { WESTERN } else { "" };
            source.name.as_ref().map(|name| format!("From {name}{how}"))
        })
    };
    view! {
        <label for="lines">"Your texts, one a line, or a table with a header"</label>
        <textarea
            id="lines"
            rows="6"
            dir="auto"
            spellcheck="false"
            placeholder="Paste lines, CSV, TSV or JSON Lines…"
            node_ref=lines
            on:input=move |event| {
                elements::empty("file");
                intake.take_in(Source { content: event_target_value(&event), ..Source::default() });
            }
        ></textarea>
        <p class="quiet" role="status">{move || origin().unwrap_or_default()}</p>
    }
}

/// The place for a file.
#[component]
fn FileDrop(
    /// Where it goes; several are refused.
    intake: Intake,
) -> impl IntoView {
    let is_over = RwSignal::new(false);
    let input = NodeRef::<html::Input>::new();
    let take_chosen = move || {
        if let Some(files) = input.get_untracked().and_then(|input| input.files()) {
            intake.read(&files);
        }
    };
    let dropped = move |event: ev::DragEvent| {
        event.prevent_default();
        is_over.set(false);
        let files = event.data_transfer().and_then(|data| data.files());
        // What is dragged may be a text, too.
        if let (Some(input), Some(files)) = (input.get_untracked(), files.filter(|files| files.length() > 0))
        {
            input.set_files(Some(&files));
            take_chosen();
        }
    };
    // A file that was chosen before the page was interactive, or that the browser has restored.
    Effect::new(move || {
        input.track();
        take_chosen();
    });
    view! {
        <div
            class="drop"
            class:drop--over=move || is_over.get()
            on:dragover=move |event: ev::DragEvent| {
                event.prevent_default();
                is_over.set(true);
            }
            on:dragleave=move |_| is_over.set(false)
            on:drop=dropped
        >
            <label for="file">
                "Or a file: CSV, TSV, JSON Lines or text. " <span class="drop__here">"Drop it here, or"</span>
            </label>
            <input
                id="file"
                type="file"
                accept=".csv,.tsv,.tab,.jsonl,.ndjson,.txt,text/*"
                node_ref=input
                // Browsers say nothing of a file that it holds already, which may have been corrected.
                on:click=|_| elements::empty("file")
                on:change=move |_| take_chosen()
            />
        </div>
    }
}
