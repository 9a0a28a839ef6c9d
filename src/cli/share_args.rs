//! The flags that make a server reachable from elsewhere.

use crate::server::share::{ShareError, client::Client};
use clap::{Args, builder::FalseyValueParser};

/// Whether there is a public link, and whose.
#[derive(Clone, Debug, Default, Args)]
pub struct ShareArgs {
    /// Open a public link to this machine, by a tunnel program that is here: cloudflared, else ssh
    #[arg(long, env = "VALENCE_SHARE", value_parser = FalseyValueParser::new())]
    pub share: bool,
    /// Command of another tunnel program for --share, with {port} in it; its output has the link
    #[arg(long, env = "VALENCE_SHARE_COMMAND", value_name = "COMMAND")]
    pub share_command: Option<Client>,
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
