//! `valence completions`: a script for a shell.

use super::{Cli, error::CliError};
use clap::{Args, CommandFactory};
use clap_complete::Shell;
use std::io::{self, Write};

/// For which shell.
#[derive(Clone, Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    pub shell: Shell,
}

/// Prints the script.
///
/// # Errors
///
/// [`CliError::Output`].
pub fn run(args: &CompletionsArgs) -> Result<(), CliError> {
    // Into memory first: the generator panics where it cannot write.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "valence", &mut script);
    io::stdout().write_all(&script).map_err(CliError::Output)
}
