//! Feedback: whether users agree with an answer, one JSON row for each opinion in a file.
//!
//! A row has the text, the answer and the opinion, and nothing of who sent it. It is kept only
//! where the server was started with a file for it.

use super::{analysis, failure};
use crate::{
    engine::{Engine, reading::Wanted},
    error::AnalyzeError,
    sentiment::Analysis,
    text::Text,
    wire::Opinion,
};
use serde::Serialize;
use std::{
    fs::{self, File, Metadata, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::{self, Arc, Mutex, MutexGuard},
    thread::sleep,
    time::{Duration, Instant, SystemTime},
};
use thiserror::Error;
use tokio::task::spawn_blocking;

/// The most bytes of a file: millions of opinions on usual texts. Anybody may send them, and the disk is
/// not the feedback's alone.
const MAX_BYTES: u64 = 1_000_000_000;

/// How long other writers are waited for. One that is slower, as a backup may be, must not use up the
/// threads that texts are read on too.
const PATIENCE: Duration = Duration::from_secs(5);

/// How often it is tried meanwhile.
const PAUSE: Duration = Duration::from_millis(5);

/// The file of opinions, open for appending; opened anew where it is no longer at its path, as after
/// a rotation.
#[derive(Clone, Debug)]
pub struct Feedback {
    path: Arc<Path>,
    file: Arc<Mutex<File>>,
    most: u64,
}

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
        Self::bounded(file, MAX_BYTES)
    }

    /// The same of a file that takes at most so many bytes.
    ///
    /// # Errors
    ///
    /// As [`Feedback::open`].
    pub fn bounded(file: &Path, most: u64) -> Result<Self, FeedbackError> {
        let open = || {
            let opened = Self { path: file.into(), file: Arc::new(Mutex::new(for_appending(file)?)), most };
            opened.alone(end_last_row)?;
            Ok(opened)
        };
        open().map_err(|source| FeedbackError::Open { file: file.into(), source })
    }

    /// Keeps an opinion of the answer to a text, which is asked for here.
    ///
    /// # Errors
    ///
    /// Why the text has no answer, or [`AnalyzeError::Failed`] when the file or the disk takes no more.
    pub async fn keep(self, engine: &Engine, text: String, choice: Opinion) -> Result<(), AnalyzeError> {
        let analysis = analysis::analyze(engine, Text::new(text.as_str())?, Wanted::default()).await?;
        match spawn_blocking(move || self.append(&text, &analysis, choice)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(failure::failed(&error)),
            Err(error) => Err(failure::failed(&error)),
        }
    }

    /// Appends one row; blocks for as long as the disk does, and a while for other writers.
    ///
    /// The row goes out in one write, which the system appends whole, also beside the writes of
    /// other processes.
    ///
    /// # Errors
    ///
    /// A [`FeedbackError`] when the file or the disk takes no more.
    pub fn append(&self, text: &str, analysis: &Analysis, choice: Opinion) -> Result<(), FeedbackError> {
        let Some(best) = analysis.scores.first() else { return Ok(()) };
        let time = humantime::format_rfc3339_millis(SystemTime::now()).to_string();
        let row = Row { time, text, model: &analysis.model, label: &best.label, score: best.score, choice };
        let mut line = serde_json::to_vec(&row).expect("a row has strings and a number alone");
        line.push(b'\n');
        self.alone(|file| {
            end_last_row(file)?;
            let before = file.metadata()?.len();
            if before + line.len() as u64 > self.most {
                let full = format!("it takes no more than {} bytes; move it away", self.most);
                return Err(io::Error::new(io::ErrorKind::FileTooLarge, full));
            }
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

    /// Does something while no other writer does, also of another process: one that opens the file must
    /// not take half of a row for the whole of it.
    fn alone(&self, act: impl FnOnce(&mut File) -> io::Result<()>) -> io::Result<()> {
        let mut file = self.lock()?;
        let done = act(&mut file);
        let _ = file.unlock();
        done
    }

    fn lock(&self) -> io::Result<MutexGuard<'_, File>> {
        let start = Instant::now();
        loop {
            match self.try_lock()? {
                Some(file) => return Ok(file),
                None if start.elapsed() < PATIENCE => sleep(PAUSE),
                None => return Err(io::Error::new(io::ErrorKind::TimedOut, "another program has locked it")),
            }
        }
    }

    /// The file, where nobody else has it now. Not every file system has locks between processes.
    fn try_lock(&self) -> io::Result<Option<MutexGuard<'_, File>>> {
        let mut file = match self.file.try_lock() {
            Ok(file) => file,
            Err(sync::TryLockError::Poisoned(error)) => error.into_inner(),
            Err(sync::TryLockError::WouldBlock) => return Ok(None),
        };
        if !is_at(&file, &self.path) {
            *file = for_appending(&self.path)?;
        }
        match file.try_lock() {
            Err(fs::TryLockError::WouldBlock) => Ok(None),
            Err(fs::TryLockError::Error(error)) if error.kind() != io::ErrorKind::Unsupported => Err(error),
            _ => Ok(Some(file)),
        }
    }
}

/// Opens a file, or makes one that only this user can read.
fn for_appending(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).append(true).create(true).mode(0o600).open(path)
}

/// Whether an open file is the one at the path, which may have been moved, removed or replaced.
fn is_at(file: &File, path: &Path) -> bool {
    let identity = |metadata: Metadata| (metadata.dev(), metadata.ino());
    let there = fs::metadata(path).map(identity);
    there.is_ok_and(|there| file.metadata().map(identity).is_ok_and(|here| here == there))
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
