//! The input: a box for lines and a place for a file, and the start.

use super::{
    Job,
    choices::{Choices, Correction},
    table::{Choice, Table},
};
use crate::ui::{browser, latest::Latest};
use leptos::{ev, html, prelude::*};

/// The largest file that is read, in bytes: a browser holds it several times over.
const MAX_BYTES: f64 = 50_000_000.0;

/// What was pasted or dropped.
#[derive(Clone, Debug, Default)]
struct Source {
    name: Option<String>,
    content: String,
}

impl Source {
    /// Whether the box holds it.
    fn is_typed(&self) -> bool {
        self.name.is_none() && !self.content.trim().is_empty()
    }
}

/// Where texts come in.
#[component]
pub fn Input(
    /// What they become.
    job: Job,
) -> impl IntoView {
    let source = RwSignal::new(Source::default());
    let correction = RwSignal::new(None::<Correction>);
    let complaint = RwSignal::new(None::<String>);
    let (lines, file) = (NodeRef::<html::Textarea>::new(), NodeRef::<html::Input>::new());
    let choice = Memo::new(move |_| match correction.get() {
        Some(correction) => correction.choice,
        None => source.with(|source| Choice::guess(source.name.as_deref(), &source.content)),
    });
    let table = Memo::new(move |_| source.with(|source| Table::read(&source.content, choice.get())));
    let column = Memo::new(move |_| {
        let wanted = correction.get().and_then(|correction| correction.column);
        table.with(|table| {
            wanted.filter(|&wanted| wanted < table.columns.len()).unwrap_or_else(|| table.text_column())
        })
    });
    let run = Latest::new(move |texts: &Vec<String>| job.run(texts.clone()));
    // Counts what came in: a file takes a while to read, in which the next one may come.
    let turn = StoredValue::new(0u32);
    let take_in = move |new: Source| {
        turn.update_value(|turn| *turn += 1);
        complaint.set(None);
        // What was put right stays while the same lines are edited.
        if new.name.is_some() || !source.with_untracked(Source::is_typed) {
            correction.set(None);
        }
        source.set(new);
    };
    // Of box and file, only the one that is analyzed is on view.
    let take_lines = move |content| {
        if let Some(file) = file.get_untracked() {
            file.set_value("");
        }
        take_in(Source { name: None, content });
    };
    let take_file = move || {
        let chosen = file.get_untracked().and_then(|file| file.files()).and_then(|files| files.get(0));
        let Some(file) = chosen else { return };
        turn.update_value(|turn| *turn += 1);
        let mine = turn.get_value();
        if file.size() > MAX_BYTES {
            complaint.set(Some("This file is larger than 50 MB. Split it, or use the command line.".into()));
            return;
        }
        let name = file.name();
        browser::read(&file, move |content| match content {
            _ if turn.get_value() != mine => {}
            Some(content) => {
                // What is not UTF-8 reads as replacement characters.
                let is_odd = content.contains('\u{fffd}');
                if let Some(lines) = lines.get_untracked() {
                    lines.set_value("");
                }
                take_in(Source { name: Some(name), content });
                complaint
                    .set(is_odd.then(|| "Some characters of this file are not UTF-8 and were lost.".into()));
            }
            None => complaint.set(Some("This file cannot be read.".into())),
        });
    };
    // What was pasted or chosen before the page was interactive, or what the browser has restored.
    Effect::new(move || {
        if let Some(content) = lines.get().map(|lines| lines.value()).filter(|content| !content.is_empty()) {
            take_in(Source { name: None, content });
        }
        file.track();
        take_file();
    });
    let start = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let (table, column) = (table.get_untracked(), column.get_untracked());
        if !table.rows.is_empty() {
            run.ask(job.begin(table, column));
        }
    };
    let stop = move |_| {
        if job.is_running.get_untracked() {
            run.drop_request();
            job.is_running.set(false);
            job.tell();
        }
    };
    let has_begun = Memo::new(move |_| job.progress().1 > 0);
    view! {
        <form class="form" on:submit=start>
            <Box lines take_lines=Callback::new(take_lines) source />
            <Drop file take_file=Callback::new(move |()| take_file()) />
            {move || complaint.get().map(|complaint| view! { <p class="notice" role="alert">{complaint}</p> })}
            <Choices table choice column correction />
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
                <button type="submit" class="form__submit" disabled=move || table.with(|table| table.rows.is_empty())>
                    {move || match table.with(|table| table.rows.len()) {
                        0 => "Analyze".to_owned(),
                        1 => "Analyze 1 text".to_owned(),
                        rows => format!("Analyze {rows} texts"),
                    }}
                </button>
            </div>
        </form>
    }
}

/// The box for lines.
#[component]
fn Box(
    /// The box itself.
    lines: NodeRef<html::Textarea>,
    /// Where they go.
    take_lines: Callback<String>,
    /// What is there: a file's name where it came from one.
    source: RwSignal<Source>,
) -> impl IntoView {
    view! {
        <label for="lines">"Your texts, one a line, or a table with a header"</label>
        <textarea
            id="lines"
            rows="6"
            dir="auto"
            spellcheck="false"
            placeholder="Paste lines, CSV, TSV or JSON Lines…"
            node_ref=lines
            on:input=move |event| take_lines.run(event_target_value(&event))
        ></textarea>
        {move || source.with(|source| source.name.clone()).map(|name| view! { <p class="quiet">{format!("From {name}")}</p> })}
    }
}

/// The place for a file.
#[component]
fn Drop(
    /// The input that holds it.
    file: NodeRef<html::Input>,
    /// Reads what the input holds.
    take_file: Callback<()>,
) -> impl IntoView {
    let is_over = RwSignal::new(false);
    let dropped = move |event: ev::DragEvent| {
        event.prevent_default();
        is_over.set(false);
        let files = event.data_transfer().and_then(|data| data.files());
        // What is dragged may be a text, too.
        if let Some(files) = files.filter(|files| files.length() > 0)
            && let Some(file) = file.get_untracked()
        {
            file.set_files(Some(&files));
            take_file.run(());
        }
    };
    // Browsers say nothing of a file that the input holds already, which may have been corrected.
    let forget = move |_| {
        if let Some(file) = file.get_untracked() {
            file.set_value("");
        }
    };
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
                node_ref=file
                on:click=forget
                on:change=move |_| take_file.run(())
            />
        </div>
    }
}
