//! A public link to a server on one's own machine, through an installed tunnel program.
//!
//! The program runs as long as the server does, and its link stands on cards and in QR codes.

pub mod client;
mod program;
mod watcher;

use super::{qr, state::AppState};
use anstyle::{AnsiColor, Style};
use client::Client;
pub use program::Tunnel;
use std::{
    io::{self, Write},
    net::SocketAddr,
};
use thiserror::Error;

/// Why there is no public link.
#[derive(Debug, Error)]
pub enum ShareError {
    /// No known program is installed.
    #[error(
        "no tunnel program was found; install cloudflared or ssh, or name another one with --share-command"
    )]
    NoClient,
    /// It does not start.
    #[error("the tunnel program {name} cannot be started; name another one with --share-command")]
    Start {
        /// The program.
        name: String,
        /// What the system says.
        source: io::Error,
    },
    /// It ended before there was a link.
    #[error(
        "the tunnel program {name} ended before there was a link, and said: {said}; try it by itself, or name another one with --share-command"
    )]
    Ended {
        /// The program.
        name: String,
        /// Its last line.
        said: String,
    },
    /// It gives no link.
    #[error(
        "the tunnel program {name} gave no link in {seconds} seconds, and said: {said}; name its link with --public-url, or another program with --share-command"
    )]
    NoLink {
        /// The program.
        name: String,
        /// How long it was waited for.
        seconds: u64,
        /// Its last line.
        said: String,
    },
}

/// Opens a tunnel to the server with this `state`, where this machine reaches it, and says its link:
/// the state's origin, where that is set.
///
/// # Errors
///
/// A [`ShareError`] where there is no link: whoever asks for one does not want a server without it.
pub async fn open(client: &Client, server: SocketAddr, state: &AppState) -> Result<Tunnel, ShareError> {
    let tunnel = Tunnel::open(client, server, state.origin.clone()).await?;
    // A server whose standard output takes nothing is shared all the same.
    let _ = tell(&mut anstream::stdout(), client, &tunnel, &public(state));
    Ok(tunnel)
}

/// Shows the link, its QR code and what it makes public.
fn tell(out: &mut impl Write, client: &Client, tunnel: &Tunnel, public: &str) -> io::Result<()> {
    let link = tunnel.link();
    writeln!(out, "Shared at {link}\n")?;
    let style =
        Style::new().fg_color(Some(AnsiColor::Black.into())).bg_color(Some(AnsiColor::BrightWhite.into()));
    for line in qr::blocks(&format!("{link}/")).unwrap_or_default() {
        writeln!(out, "  {style}{line}{style:#}")?;
    }
    writeln!(
        out,
        "\n{public} What they send passes through those who run the tunnel ({}). \
         The link closes with the server.",
        client.name
    )
}

/// What the settings make public.
fn public(state: &AppState) -> String {
    let what = match (state.guard.has_keys(), state.mcp) {
        (false, false) => "its API, /status and /metrics.",
        (false, true) => "its API, /mcp, /status and /metrics.",
        (true, false) => "/status and /metrics, and with a key its API.",
        (true, true) => "/status and /metrics, and with a key its API and /mcp.",
    };
    let mut all = format!("Everybody who has this link can now use this server: its page, {what}");
    if state.feedback.is_some() {
        all += " Their opinions, with the texts, are written to this machine's disk.";
    }
    all
}
