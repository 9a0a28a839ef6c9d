//! The target of an output's name: a link stays one, standard output is known by any of its names, and the input
//! by any way to it.

use crate::{dataset, job::output::OutputError};
use std::{
    fs::{self, File, Metadata},
    io,
    os::{fd::AsFd, unix::fs::MetadataExt},
    path::{Path, PathBuf},
};

/// The folders that have what this process has open, by its number.
const OPEN: [&str; 2] = ["/dev/fd", "/proc/self/fd"];

/// The most links that follow each other, as on Linux.
const MAX_LINKS: usize = 40;

/// What is written where this name is asked for: `-` where it leads to standard output, what a link
/// leads to, even if that is not there yet, any other name itself.
///
/// # Errors
///
/// [`OutputError::IsOpen`] where it leads to a file that is open otherwise.
pub(super) fn of(output: &Path) -> Result<PathBuf, OutputError> {
    let mut name = output.to_owned();
    if dataset::is_standard(output) {
        return Ok(name);
    }
    let is_stream = dataset::is_stream(output);
    for _ in 0..MAX_LINKS {
        if is_open(&name) {
            if name.ends_with("1") {
                return Ok("-".into());
            }
            if !is_stream {
                // By its file's name it would be replaced under whoever has it open.
                return Err(OutputError::IsOpen { output: output.into() });
            }
            break;
        }
        let Ok(target) = fs::read_link(&name) else { break };
        name.pop();
        name.push(target);
    }
    // What a pipe's link holds is no name.
    Ok(if is_stream { output.to_owned() } else { name })
}

/// Whether what is written goes into the file that is read, whatever the names of the two: it would be replaced
/// under its reader, or its own answers be read without end.
pub(super) fn is_input(target: &Path, input: &Path) -> bool {
    let identity =
        |file: Option<Metadata>| file.filter(Metadata::is_file).map(|file| (file.dev(), file.ino()));
    let read = identity(metadata(input, &io::stdin()));
    read.is_some() && read == identity(metadata(target, &io::stdout()))
}

/// That of a file, or of what is open where its name means `standard`.
fn metadata(file: &Path, standard: &impl AsFd) -> Option<Metadata> {
    if !dataset::is_standard(file) {
        return fs::metadata(file).ok();
    }
    File::from(standard.as_fd().try_clone_to_owned().ok()?).metadata().ok()
}

/// Whether this is a name under which the system has what this process has open.
fn is_open(name: &Path) -> bool {
    let Some(folder) = name.parent().and_then(|folder| fs::canonicalize(folder).ok()) else { return false };
    OPEN.into_iter().any(|open| fs::canonicalize(open).is_ok_and(|open| open == folder))
}
