//! Feedback: whether users agree with an answer, one JSON row for each opinion in a file.
//!
//! A row has the text, the answer and the opinion, and nothing of who sent it. It is kept only
//! where the server was started with a file for it.

use super::{analysis, failure};
use crate::{
    api::Opinion,
    engine::{Engine, reading::Wanted},
    error::AnalyzeError,
    sentiment::Analysis,
    text::Text,
};
use serde::Serialize;
use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};
use thiserror::Error;
use tokio::task::spawn_blocking;

/// The file of opinions, open for appending.
#[derive(Clone, Debug)]
pub struct Feedback(Arc<Mutex<File>>);

/// Why feedback cannot be kept.
#[derive(Debug, Error)]
pub enum FeedbackError {
    /// The file cannot be opened.
    #[error("{} cannot be opened for feedback; choose another file with --feedback", file.display())]
    Open {
        /// The file.
        file: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A row could not be written.
    #[error("the feedback file cannot be written; make room, or choose another file with --feedback")]
    Write(#[from] io::Error),
}

/// One line of the file.
#[derive(Serialize)]
struct Row<'a> {
    /// UTC, as RFC 3339 writes it.
    time: String,
    text: &'a str,
    model: &'a str,
    label: &'a str,
    score: f32,
    choice: Opinion,
}

impl Feedback {
    /// Opens `file`, or makes one that only this user can read.
    ///
    /// # Errors
    ///
    /// [`FeedbackError::Open`] when it cannot be written.
    pub fn open(file: &Path) -> Result<Self, FeedbackError> {
        let open = || {
            let mut options = OpenOptions::new();
            let mut opened = options.read(true).append(true).create(true).mode(0o600).open(file)?;
            alone(&mut opened, end_last_row)?;
            Ok(opened)
        };
        match open() {
            Ok(opened) => Ok(Self(Arc::new(Mutex::new(opened)))),
            Err(source) => Err(FeedbackError::Open { file: file.into(), source }),
        }
    }

    /// Keeps an opinion of the answer to a text, which is asked for here.
    ///
    /// # Errors
    ///
    /// Why the text has no answer, or [`AnalyzeError::Failed`] when the file takes no more.
    pub async fn keep(self, engine: &Engine, text: String, choice: Opinion) -> Result<(), AnalyzeError> {
        let analysis = analysis::analyze(engine, Text::new(text.as_str())?, Wanted::default()).await?;
        match spawn_blocking(move || self.append(&text, &analysis, choice)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(failure::failed(&error)),
            Err(error) => Err(failure::failed(&error)),
        }
    }

    /// Appends one row; blocks for as long as the disk does.
    ///
    /// The row goes out in one write, which the system appends whole, also beside the writes of
    /// other processes.
    ///
    /// # Errors
    ///
    /// A [`FeedbackError`] when the disk takes no more.
    pub fn append(&self, text: &str, analysis: &Analysis, choice: Opinion) -> Result<(), FeedbackError> {
        let Some(best) = analysis.scores.first() else { return Ok(()) };
        let time = humantime::format_rfc3339_millis(SystemTime::now()).to_string();
        let row = Row { time, text, model: &analysis.model, label: &best.label, score: best.score, choice };
        let mut line = serde_json::to_vec(&row).expect("a row has strings and a number alone");
        line.push(b'\n');
        let mut file = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        alone(&mut file, |file| {
            let before = file.metadata()?.len();
            if file.write(&line)? < line.len() {
                // The disk is full: what is there of this row would swallow the next one, and to take it
                // away needs no room.
                let _ = file.set_len(before);
                return Err(io::ErrorKind::StorageFull.into());
            }
            Ok(())
        })?;
        Ok(())
    }
}

/// Does something while no other writer does, also of another process: one that opens the file must
/// not take half of a row for the whole of it. Not every file system has such locks.
fn alone<T>(file: &mut File, act: impl FnOnce(&mut File) -> io::Result<T>) -> io::Result<T> {
    match file.lock() {
        Err(error) if error.kind() != io::ErrorKind::Unsupported => return Err(error),
        _ => {}
    }
    let done = act(file);
    let _ = file.unlock();
    done
}

/// Ends a row that a crash of the machine has cut, so that the next one begins a line.
fn end_last_row(file: &mut File) -> io::Result<()> {
    if file.seek(SeekFrom::End(0))? == 0 {
        return Ok(());
    }
    let mut last = [0];
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    if last != *b"\n" {
        file.write_all(b"\n")?;
    }
    Ok(())
}
