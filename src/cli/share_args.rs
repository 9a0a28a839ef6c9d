//! The flags that make a server reachable from elsewhere.

use super::values::switch;
use crate::server::tunnel::{ShareError, client::Client};
use clap::{ArgMatches, Args, Command, error::ErrorKind, parser::ValueSource};

/// Whether there is a public link, and whose.
#[derive(Clone, Debug, Default, Args)]
pub struct ShareArgs {
    /// Open a public link to this machine, by a tunnel program that is here: cloudflared, else ssh
    #[arg(long, env = "VALENCE_SHARE", value_parser = switch)]
    pub share: bool,
    /// Command of another tunnel program for --share, with {port} in it and maybe {host}; its output has
    /// the link
    #[arg(long, env = "VALENCE_SHARE_COMMAND", value_name = "COMMAND")]
    pub share_command: Option<Client>,
}

/// Refuses a command line that has a tunnel program and shares nothing. A variable may name one for
/// all servers, of which not each is shared.
///
/// # Errors
///
/// What the command line lacks.
pub fn check(command: &mut Command, matches: &ArgMatches) -> Result<(), clap::Error> {
    let serve = matches.subcommand_matches("serve").unwrap_or(matches);
    let is_named = serve.value_source("share_command") == Some(ValueSource::CommandLine);
    if is_named && !serve.get_flag("share") {
        return Err(command.error(ErrorKind::MissingRequiredArgument, "--share-command needs --share"));
    }
    Ok(())
}

impl ShareArgs {
    /// The tunnel program, where the server is to be shared.
    ///
    /// # Errors
    ///
    /// [`ShareError::NoClient`] where none is named or known here.
    pub fn client(&self) -> Result<Option<Client>, ShareError> {
        match &self.share_command {
            _ if !self.share => Ok(None),
            Some(client) => Ok(Some(client.clone())),
            None => Client::find().map(Some),
        }
    }
}
