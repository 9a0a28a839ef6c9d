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

/// Says "ready" where the server is, and "full" where it listens and takes no further connection: only one
/// whose model is loaded listens, and a restart would not help it. Whether its model still answers is not
/// known then.
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
    let state = match agent.get(&url).call() {
        Ok(answer) if answer.status().is_success() => "ready",
        Ok(answer) => return Err(CliError::NotReady { url, status: answer.status().as_u16() }),
        Err(Error::Io(source)) if is_closed(&source) => {
            "full: it has as many connections as --connections allows"
        }
        Err(source) => return Err(CliError::NoServer { url, source }),
    };
    writeln!(io::stdout(), "{state}").map_err(CliError::Output)
}

/// Whether what failed was open before.
fn is_closed(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
    matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof)
}
