//! `valence health`: asks the server on this machine whether it can answer, for containers that
//! have no other program to ask with.

use super::address::AddressArgs;
use anyhow::{Context, ensure};
use clap::Args;
use std::{
    io::{self, Write},
    time::Duration,
};
use ureq::Agent;

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
/// One sentence where it is not, or where nothing answers.
pub fn run(args: &HealthArgs) -> anyhow::Result<()> {
    ensure!(
        args.address.port != 0,
        "port 0 means any free port; name the one that the server listens on with --port"
    );
    let url = format!("http://{}/health", args.address.reached_at());
    // No proxy: the server is on this machine.
    let agent: Agent = Agent::config_builder()
        .timeout_global(Some(TIMEOUT))
        .http_status_as_error(false)
        .proxy(None)
        .build()
        .into();
    let status = agent.get(&url).call().with_context(|| format!("nothing answers at {url}"))?.status();
    ensure!(status.is_success(), "not ready: {url} answers with status {}", status.as_u16());
    writeln!(io::stdout(), "ready").context("standard output cannot be written")
}
