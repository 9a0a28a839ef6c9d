//! `valence health`: asks the server on this machine whether it can answer, for containers that
//! have no other program to ask with.

use super::{address::AddressArgs, error::CliError};
use clap::Args;
use std::{
    io::{self, Write},
    time::Duration,
};
use ureq::{Agent, Error};

/// How long the server may take; it answers from memory.
const TIMEOUT: Duration = Duration::from_secs(3);

/// Which server to ask: the one that these flags would start.
#[derive(Clone, Copy, Debug, Args)]
pub struct HealthArgs {
    /// Its address.
    #[command(flatten)]
    pub address: AddressArgs,
}

/// Says "ready" where the server is.
///
/// # Errors
///
/// A [`CliError`] where it is not, or where nothing answers.
pub fn run(args: &HealthArgs) -> Result<(), CliError> {
    if args.address.port == 0 {
        return Err(CliError::AnyPort);
    }
    let url = format!("http://{}/health", args.address.reached_at());
    // No proxy: the server is on this machine.
    let agent: Agent = Agent::config_builder()
        .timeout_global(Some(TIMEOUT))
        .http_status_as_error(false)
        .proxy(None)
        .build()
        .into();
    let status = match agent.get(&url).call() {
        Ok(answer) => answer.status(),
        Err(Error::Io(source)) if is_closed(&source) => return Err(CliError::Closed { url }),
        Err(source) => return Err(CliError::NoServer { url, source }),
    };
    if !status.is_success() {
        return Err(CliError::NotReady { url, status: status.as_u16() });
    }
    writeln!(io::stdout(), "ready").map_err(CliError::Output)
}

/// Whether what failed was open before.
fn is_closed(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof)
}
