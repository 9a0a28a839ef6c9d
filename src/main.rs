//! The program: parses the command line, does what it says, turns an error into one line.

use clap::Parser;
use std::process::ExitCode;
use valence::cli::{Cli, exit::Exit};

fn main() -> ExitCode {
    match Cli::parse().run() {
        Ok(exit) => exit.into(),
        Err(error) if Exit::is_closed_pipe(&error) => Exit::ClosedPipe.into(),
        Err(error) => {
            eprintln!("valence: {error:#}");
            ExitCode::FAILURE
        }
    }
}
