//! Parts: how a file grows until it is whole.
//!
//! They are beside it, in a folder `OUT.partial` that only its user can open. Each part is written under
//! another name and then given its own, which says its rows; so whatever ends the program, the parts
//! that are there are whole, in every format alike, and the next run goes on after them. `job.json` in
//! that folder says what the parts were made of, and is locked while a run adds to them.

#[cfg(test)]
mod tests;

use super::{Identity, OutputError};
use crate::dataset::{Dataset, encoder::Encoder, error::DatasetError, format::Format, rows::Rows};
use std::{
    fs::{self, DirBuilder, File, OpenOptions, TryLockError},
    io::{self, BufWriter, Write},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

/// Rows of a part, about: those that a killed run loses at most.
const PART_ROWS: u64 = 2048;

/// A file that grows in parts.
pub struct PartFile {
    file: PathBuf,
    folder: PathBuf,
    format: Format,
    columns: Vec<String>,
    part: Option<Part>,
    rows: u64,
    failed: u64,
    /// Of `job.json`, until all is done.
    _lock: File,
}

struct Part {
    encoder: Box<dyn Encoder>,
    rows: u64,
    failed: u64,
}

impl PartFile {
    /// Goes on after the parts of an earlier run of the same, or starts.
    ///
    /// # Errors
    ///
    /// [`OutputError::Different`] for parts of something else, [`OutputError::InUse`] for those of a
    /// run that has not ended, [`OutputError::NotParts`] for a folder that was there before.
    pub fn open(
        file: &Path,
        columns: Vec<String>,
        identity: &Identity,
        is_restart: bool,
    ) -> Result<Self, OutputError> {
        let mut name = file.file_name().unwrap_or_default().to_owned();
        name.push(".partial");
        let folder = file.with_file_name(name);
        let failed = |source| OutputError::Unwritable { output: folder.clone(), source };
        let job = folder.join("job.json");
        let different = || OutputError::Different { folder: folder.clone() };
        // `job.json` is the first that is made in it, and the last that is removed.
        if folder.exists() && !is_new(&folder).map_err(failed)? && !job.exists() {
            return Err(OutputError::NotParts { folder: folder.clone() });
        }
        if is_restart && folder.exists() {
            let _lock = job.exists().then(|| hold(&job, &folder)).transpose()?;
            remove(&folder).map_err(failed)?;
        }
        if !folder.exists() {
            // The file whose place they will take may be private.
            DirBuilder::new().mode(0o700).create(&folder).map_err(failed)?;
        }
        let is_new = is_new(&folder).map_err(failed)?;
        let mut lock = hold(&job, &folder)?;
        let known = fs::read(&job).ok().and_then(|json| serde_json::from_slice::<Identity>(&json).ok());
        match known {
            Some(known) if known == *identity => {}
            // Of a run that ended, or found no room, before it had said what it does.
            None if is_new => {
                let json = serde_json::to_vec(identity).map_err(|error| failed(error.into()))?;
                lock.set_len(0).and_then(|()| lock.write_all(&json)).map_err(failed)?;
            }
            _ => return Err(different()),
        }
        let parts = parts(&folder).map_err(failed)?;
        let format = identity.format;
        let (rows, failed) = parts.iter().fold((0, 0), |sum, part| (sum.0 + part.rows, sum.1 + part.failed));
        Ok(Self { file: file.into(), folder, format, columns, part: None, rows, failed, _lock: lock })
    }

    /// Rows that are done, and those of them that failed.
    #[must_use]
    pub const fn done(&self) -> (u64, u64) {
        (self.rows, self.failed)
    }

    pub(super) fn write(&mut self, rows: Rows, failed: u64) -> Result<(), DatasetError> {
        let count = rows.len() as u64;
        // It is put back once it has these rows. After an error nobody knows what it has, and it is lost.
        let mut part = match self.part.take() {
            Some(part) => part,
            None => {
                let out = Box::new(BufWriter::new(File::create(self.folder.join("unfinished"))?));
                let encoder = self.format.encoder(out, &self.columns, self.rows == 0);
                Part { encoder, rows: 0, failed: 0 }
            }
        };
        part.encoder.write(rows)?;
        part.rows += count;
        part.failed += failed;
        let is_full = part.rows >= PART_ROWS;
        self.part = Some(part);
        if is_full { self.close_part() } else { Ok(()) }
    }

    fn close_part(&mut self) -> Result<(), DatasetError> {
        let Some(part) = self.part.take() else { return Ok(()) };
        part.encoder.finish()?;
        let name = format!("{:012}-{}-{}", self.rows, part.rows, part.failed);
        fs::rename(self.folder.join("unfinished"), self.folder.join(name))?;
        self.rows += part.rows;
        self.failed += part.failed;
        Ok(())
    }

    /// Leaves what was written to the next run.
    pub(super) fn keep(mut self) -> Result<(), DatasetError> {
        // Of no rows it would have the place of the first one, and a header of its own.
        self.part.take_if(|part| part.rows == 0);
        self.close_part()
    }

    /// Puts the parts together and gives the whole its name, with the permissions of the file that has it.
    pub(super) fn merge(mut self) -> Result<(), DatasetError> {
        self.close_part()?;
        let whole = self.folder.join("whole");
        let mut out = BufWriter::new(File::create(&whole)?);
        let parts = parts(&self.folder)?;
        if self.format == Format::Parquet {
            let mut encoder = self.format.encoder(Box::new(out), &self.columns, false);
            for part in parts {
                for chunk in Dataset::open(&part.file, self.format)?.chunks {
                    encoder.write(chunk?.sound()?)?;
                }
            }
            encoder.finish()?;
        } else {
            for part in parts {
                io::copy(&mut File::open(part.file)?, &mut out)?;
            }
            out.flush()?;
        }
        let made = File::open(&whole)?;
        // Where a file system cannot set permissions, those of all files are the same.
        if let Ok(replaced) = fs::metadata(&self.file)
            && replaced.permissions() != made.metadata()?.permissions()
        {
            made.set_permissions(replaced.permissions())?;
        }
        made.sync_all()?;
        fs::rename(&whole, &self.file)?;
        Ok(remove(&self.folder)?)
    }
}

/// Whether there is nothing in a folder but `job.json`, which may be cut short.
fn is_new(folder: &Path) -> io::Result<bool> {
    let names = fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name()));
    Ok(names.collect::<io::Result<Vec<_>>>()?.iter().all(|name| name == "job.json"))
}

/// Removes a folder of parts.
fn remove(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let file = entry?.path();
        if !file.ends_with("job.json") {
            // What cannot be removed so is left to the removal of the whole.
            let _ = fs::remove_file(file);
        }
    }
    fs::remove_dir_all(folder)
}

/// Takes the parts for this run alone, by a `job.json` that is made where there is none. Not every file
/// system has such locks.
fn hold(job: &Path, folder: &Path) -> Result<File, OutputError> {
    let failed = |source| OutputError::Unwritable { output: folder.into(), source };
    // Open for writing, without which a lock is refused on NFS.
    let file = OpenOptions::new().create(true).append(true).open(job).map_err(failed)?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Err(OutputError::InUse { folder: folder.into() }),
        Err(TryLockError::Error(error)) if error.kind() != io::ErrorKind::Unsupported => Err(failed(error)),
        _ => Ok(file),
    }
}

struct FinishedPart {
    file: PathBuf,
    first: u64,
    rows: u64,
    failed: u64,
}

/// The parts that follow each other from the first row on.
fn parts(folder: &Path) -> io::Result<Vec<FinishedPart>> {
    let mut parts: Vec<FinishedPart> = fs::read_dir(folder)?
        .filter_map(|entry| {
            let file = entry.ok()?.path();
            let numbers: Option<Vec<u64>> =
                file.file_name()?.to_str()?.split('-').map(|number| number.parse().ok()).collect();
            let [first, rows, failed] = numbers?[..] else { return None };
            Some(FinishedPart { file, first, rows, failed })
        })
        .collect();
    parts.sort_by_key(|part| part.first);
    let mut next = 0;
    parts.retain(|part| {
        let follows = part.first == next;
        next += if follows { part.rows } else { 0 };
        follows
    });
    Ok(parts)
}
