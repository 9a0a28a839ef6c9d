//! The input: a box for lines and a place for a file, and the start.

use super::{
    Job,
    choices::Choices,
    source::{Source, is_foreign},
    table::{Choice, Format, Table},
};
use crate::ui::{elements, files, latest::Latest};
use leptos::{ev, html, prelude::*};
use std::sync::Arc;

/// The largest file that is read, in bytes: a browser holds it several times over.
const MAX_BYTES: f64 = 50_000_000.0;

/// What is said of a content that is no text, or one JSON document.
const FOREIGN: &str = "This looks like a workbook, another binary file, UTF-16 or one JSON document. Save its texts as CSV \
    in UTF-8 or JSON Lines and choose that file.";

/// Where texts come in.
#[component]
pub fn Input(
    /// What they become.
    job: Job,
) -> impl IntoView {
    let source = RwSignal::new(Source::default());
    let choice = RwSignal::new(Choice { format: Format::Lines, has_header: false });
    let column = RwSignal::new(0);
    // Whether somebody has put them right.
    let (is_chosen, is_picked) = (RwSignal::new(false), RwSignal::new(false));
    let complaint = RwSignal::new(None::<&str>);
    let table =
        Memo::new(move |_| source.with(|source| Arc::new(Table::read(&source.content, choice.get()))));
    let find_column = move || {
        let (columns, likely) = table.with_untracked(|table| (table.columns.len(), table.text_column()));
        if !is_picked.get_untracked() || column.get_untracked() >= columns {
            column.set(likely);
        }
    };
    let run = Latest::new(move |&()| job.run());
    // Counts what came in: a file takes a while to read, in which the next one may come.
    let turn = StoredValue::new(0u32);
    let take_in = move |mut new: Source| {
        turn.update_value(|turn| *turn += 1);
        // A file's content has been looked at.
        let is_refused = new.name.is_none() && is_foreign("", &new.content);
        complaint.set(is_refused.then_some(FOREIGN));
        if is_refused {
            new.content.clear();
        }
        // What was put right stays while the same lines are edited.
        if !source.with_untracked(|source| source.becomes(&new)) {
            is_chosen.set(false);
            is_picked.set(false);
        }
        if !is_chosen.get_untracked() {
            choice.set(Choice::guess(new.name.as_deref(), &new.content));
        }
        source.set(new);
        find_column();
    };
    let choose = move |(new, picked): (Choice, Option<usize>)| {
        is_chosen.set(picked.is_none() || is_chosen.get_untracked());
        // The columns of another format are others.
        let is_same = new.format == choice.get_untracked().format;
        is_picked.set(picked.is_some() || (is_same && is_picked.get_untracked()));
        choice.set(new);
        if let Some(picked) = picked {
            column.set(picked);
        }
        find_column();
    };
    // What is there stays, and the field names no file that is not.
    let refuse = move |why| {
        elements::empty("file");
        complaint.set(Some(why));
    };
    let read = move |files: web_sys::FileList| {
        let Some(file) = files.get(0) else { return };
        turn.update_value(|turn| *turn += 1);
        let mine = turn.get_value();
        if files.length() > 1 {
            refuse("This is more than one file. Choose one at a time, or join them.");
            return;
        }
        if file.size() > MAX_BYTES {
            refuse("This file is larger than 50 MB. Split it, or use the command line.");
            return;
        }
        let name = file.name();
        files::read(&file, move |content| match content {
            _ if turn.get_value() != mine => {}
            Some(content) if is_foreign(&name, &content) => refuse(FOREIGN),
            Some(content) => {
                // What is not UTF-8 reads as replacement characters.
                let is_odd = content.contains('\u{fffd}');
                // Of box and file, only the one that is analyzed is on view.
                elements::empty("lines");
                take_in(Source { name: Some(name), content });
                complaint.set(if table.get_untracked().rows.is_empty() {
                    Some("No texts were found in this file.")
                } else {
                    is_odd.then_some("Some characters of this file are not UTF-8 and were lost.")
                });
            }
            None => refuse("This file cannot be read. Choose it again, or another one."),
        });
    };
    let start = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let (table, column) = (table.get_untracked(), column.get_untracked());
        if !table.rows.is_empty() {
            job.begin(table, column, elements::model());
            run.ask(());
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
            <LinesBox take_in=Callback::new(take_in) source />
            <FileDrop read=Callback::new(read) />
            {move || complaint.get().map(|complaint| view! { <p class="notice" role="alert">{complaint}</p> })}
            <Choices source table choice column choose=Callback::new(choose) />
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
fn LinesBox(
    /// Where they go.
    take_in: Callback<Source>,
    /// What is there: a file's name where it came from one.
    source: RwSignal<Source>,
) -> impl IntoView {
    let lines = NodeRef::<html::Textarea>::new();
    // Lines that were pasted before the page was interactive, or that the browser has restored.
    Effect::new(move || {
        if let Some(content) = lines.get().map(|lines| lines.value()).filter(|content| !content.is_empty()) {
            take_in.run(Source { name: None, content });
        }
    });
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
                take_in.run(Source { name: None, content: event_target_value(&event) });
            }
        ></textarea>
        {move || source.with(|source| source.name.clone()).map(|name| view! { <p class="quiet">{format!("From {name}")}</p> })}
    }
}

/// The place for a file.
#[component]
fn FileDrop(
    /// Reads it, and refuses several.
    read: Callback<web_sys::FileList>,
) -> impl IntoView {
    let is_over = RwSignal::new(false);
    let input = NodeRef::<html::Input>::new();
    let take_chosen = move || {
        if let Some(files) = input.get_untracked().and_then(|input| input.files()) {
            read.run(files);
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
