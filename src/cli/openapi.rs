//! `valence openapi`: the description of the HTTP interface, for generators of clients.

use crate::server::openapi;
use std::io::{self, Write};

/// Prints it.
///
/// # Errors
///
/// Where standard output takes nothing.
pub fn run() -> anyhow::Result<()> {
    Ok(writeln!(io::stdout(), "{}", openapi::document().to_pretty_json()?)?)
}
