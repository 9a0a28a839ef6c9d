//! Digests: what a file is known by, in hexadecimal digits, which other bytes are written in too.

use sha1::Sha1;
use sha2::{Digest, Sha256};
use std::{
    fs::{self, File},
    io,
    path::Path,
};

/// Bytes in hexadecimal digits, two a byte.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The SHA-256 of a file of any size, in hexadecimal digits.
///
/// # Errors
///
/// What the system says where it cannot be read.
pub fn sha256_of_file(file: &Path) -> io::Result<String> {
    let mut hash = Sha256::new();
    io::copy(&mut File::open(file)?, &mut hash)?;
    Ok(hex(&hash.finalize()))
}

/// The name that git gives a file, in hexadecimal digits: SHA-1 of its kind, its length and its
/// content.
///
/// # Errors
///
/// What the system says where it cannot be read.
pub fn git_sha1_of_file(file: &Path) -> io::Result<String> {
    let bytes = fs::read(file)?;
    let mut hash = Sha1::new();
    hash.update(format!("blob {}\0", bytes.len()));
    hash.update(&bytes);
    Ok(hex(&hash.finalize()))
}
