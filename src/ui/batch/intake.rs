//! The intake: what was pasted or dropped, how it is read, and what is wrong with it.

use super::{
    source::{Source, is_foreign},
    table::{Choice, Format, Table},
};
use crate::ui::{elements, files};
use leptos::prelude::*;
use std::sync::Arc;
use web_sys::FileList;

/// The largest file that is read, in bytes: a browser holds it several times over.
const MAX_BYTES: f64 = 50_000_000.0;

/// What is said of a content that is no text, or one JSON document.
const FOREIGN: &str = "This looks like a workbook, another binary file, UTF-16 or one JSON document. Save its texts as CSV \
    in UTF-8 or JSON Lines and choose that file.";

/// What is there to be analyzed.
#[derive(Clone, Copy)]
pub struct Intake {
    /// What is read.
    pub source: RwSignal<Source>,
    /// How it is read.
    pub choice: RwSignal<Choice>,
    /// The table as it is read.
    pub table: Memo<Arc<Table>>,
    /// Which column holds the texts.
    pub column: RwSignal<usize>,
    /// What is wrong with it, or with a file that was not taken.
    pub complaint: RwSignal<Option<&'static str>>,
    /// Whether somebody has put right how it is read.
    is_chosen: RwSignal<bool>,
    /// Whether somebody has put right which column holds the texts.
    is_picked: RwSignal<bool>,
    /// Counts what came in: a file takes a while to read, in which the next one may come.
    turn: StoredValue<u32>,
}

impl Intake {
    /// Nothing is there yet.
    #[must_use]
    pub fn empty() -> Self {
        let source = RwSignal::new(Source::default());
        let choice = RwSignal::new(Choice { format: Format::Lines, has_header: false });
        let table =
            Memo::new(move |_| source.with(|source| Arc::new(Table::read(&source.content, choice.get()))));
        Self {
            source,
            choice,
            table,
            column: RwSignal::new(0),
            complaint: RwSignal::new(None),
            is_chosen: RwSignal::new(false),
            is_picked: RwSignal::new(false),
            turn: StoredValue::new(0),
        }
    }

    /// Takes in what was pasted, or a file's content, in place of what is there.
    pub fn take_in(self, mut new: Source) {
        self.turn.update_value(|turn| *turn += 1);
        // A file's content has been looked at.
        let is_refused = new.name.is_none() && is_foreign("", &new.content);
        self.complaint.set(is_refused.then_some(FOREIGN));
        if is_refused {
            new.content.clear();
        }
        // What was put right stays while the same lines are edited.
        if !self.source.with_untracked(|source| source.becomes(&new)) {
            self.is_chosen.set(false);
            self.is_picked.set(false);
        }
        if !self.is_chosen.get_untracked() {
            self.choice.set(Choice::guess(new.name.as_deref(), &new.content));
        }
        self.source.set(new);
        self.find_column();
    }

    /// Reads it otherwise, with the texts in a column if one was picked.
    pub fn choose(self, new: Choice, picked: Option<usize>) {
        self.is_chosen.set(picked.is_none() || self.is_chosen.get_untracked());
        // The columns of another format are others.
        let is_same = new.format == self.choice.get_untracked().format;
        self.is_picked.set(picked.is_some() || (is_same && self.is_picked.get_untracked()));
        self.choice.set(new);
        if let Some(picked) = picked {
            self.column.set(picked);
        }
        self.find_column();
    }

    /// Reads a file and takes it in; several are refused, and one that is too large.
    pub fn read(self, chosen: &FileList) {
        let Some(file) = chosen.get(0) else { return };
        self.turn.update_value(|turn| *turn += 1);
        let mine = self.turn.get_value();
        if chosen.length() > 1 {
            self.refuse("This is more than one file. Choose one at a time, or join them.");
            return;
        }
        if file.size() > MAX_BYTES {
            self.refuse("This file is larger than 50 MB. Split it, or use the command line.");
            return;
        }
        let name = file.name();
        files::read(&file, move |read| match read {
            _ if self.turn.get_value() != mine => {}
            Some((content, _)) if is_foreign(&name, &content) => self.refuse(FOREIGN),
            Some((content, is_western)) => self.take_file(Source { name: Some(name), content, is_western }),
            None => self.refuse("This file cannot be read. Choose it again, or another one."),
        });
    }

    fn take_file(self, file: Source) {
        // What is damaged in UTF-8 reads as replacement characters.
        let is_odd = file.content.contains('\u{fffd}');
        // Of box and file, only the one that is analyzed is on view.
        elements::empty("lines");
        self.take_in(file);
        self.complaint.set(if self.table.get_untracked().rows.is_empty() {
            Some("No texts were found in this file.")
        } else {
            is_odd.then_some("Some characters of this file are not UTF-8 and were lost.")
        });
    }

    /// What is there stays, and the field names no file that is not.
    fn refuse(self, why: &'static str) {
        elements::empty("file");
        self.complaint.set(Some(why));
    }

    fn find_column(self) {
        let (columns, likely) = self.table.with_untracked(|table| (table.columns.len(), table.text_column()));
        if !self.is_picked.get_untracked() || self.column.get_untracked() >= columns {
            self.column.set(likely);
        }
    }
}
