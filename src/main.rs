//! The program: switches the library's telemetry off, parses the command line, does what it says, turns an
//! error into one line.

use rust_embed::Embed;
use std::process::ExitCode;
use valence::{
    cli::{self, Cli, exit::Exit, library_telemetry},
    server::site::Site,
};

/// The page's files, which `cargo xtask site` has written before this is compiled.
#[derive(Embed)]
#[folder = "target/site"]
#[cfg_attr(any(debug_assertions, clippy), allow_missing = true)]
struct Files;

fn main() -> ExitCode {
    library_telemetry::switch_off();
    match run() {
        Ok(exit) => exit.into(),
        Err(error) if Exit::is_closed_pipe(&error) => Exit::ClosedPipe.into(),
        Err(error) => {
            cli::say(format_args!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}

fn run() -> anyhow::Result<Exit> {
    Cli::read()?.map_or(Ok(Exit::Done), |cli| cli.run(Site::Embedded(Files::get)))
}
