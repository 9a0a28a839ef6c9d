//! `valence openapi`: the description of the HTTP interface, for generators of clients.

use super::error::CliError;
use crate::server::openapi;
use std::io::{self, Write};

/// Prints it.
///
/// # Errors
///
/// Where standard output takes nothing.
pub fn run() -> anyhow::Result<()> {
    let document = openapi::document().to_pretty_json()?;
    Ok(writeln!(io::stdout(), "{document}").map_err(CliError::Output)?)
}
