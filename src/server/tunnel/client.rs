//! Tunnel programs: how each is started, and which of its lines has the link.

use super::ShareError;
use crate::server::origin::Origin;
use std::{
    env,
    net::{IpAddr, SocketAddr},
    process::Command,
    str::FromStr,
};
use thiserror::Error;

/// What stands in a command for the host that the server is reached at, and for its port.
const HOST: &str = "{host}";
const PORT: &str = "{port}";

/// A program that leads a public address to the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// The program.
    pub name: String,
    /// How it is started: the program and its arguments, with [`PORT`] in one of them and maybe
    /// [`HOST`].
    command: Vec<String>,
    /// How its links' hosts end; any where it is not known.
    domain: &'static str,
}

/// The programs that need no account, the first that is here is taken: each one's name, command and
/// domain.
const KNOWN: [(&str, &str, &str); 2] = [
    ("cloudflared", "cloudflared tunnel --no-autoupdate --url http://{host}:{port}", ".trycloudflare.com"),
    (
        "ssh",
        "ssh -T -o BatchMode=yes -o StrictHostKeyChecking=accept-new -o ServerAliveInterval=30 \
         -o ExitOnForwardFailure=yes -R 80:{host}:{port} nokey@localhost.run",
        ".lhr.life",
    ),
];

impl Client {
    /// The first known program that is installed.
    ///
    /// # Errors
    ///
    /// [`ShareError::NoClient`] where none is.
    pub fn find() -> Result<Self, ShareError> {
        let (name, command, domain) =
            KNOWN.into_iter().find(|(name, ..)| is_installed(name)).ok_or(ShareError::NoClient)?;
        let command = command.split_whitespace().map(Into::into).collect();
        Ok(Self { name: name.into(), command, domain })
    }

    /// The command for the address that the server is reached at.
    #[must_use]
    pub fn command(&self, server: SocketAddr) -> Command {
        // In brackets where it has colons, as before a port in an address.
        let host = match server.ip() {
            IpAddr::V4(host) => host.to_string(),
            IpAddr::V6(host) => format!("[{host}]"),
        };
        let port = server.port().to_string();
        let mut words = self.command.iter().map(|word| word.replace(HOST, &host).replace(PORT, &port));
        let mut command = Command::new(words.next().unwrap_or_default());
        command.args(words);
        command
    }

    /// The link in a line of its output: an address of HTTPS with nothing after its host, which
    /// links to terms and manuals have.
    #[must_use]
    pub fn link(&self, line: &str) -> Option<Origin> {
        line.match_indices("https://").find_map(|(start, scheme)| {
            let rest = &line[start + scheme.len()..];
            let is_host = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | ':');
            let end = rest.find(|c| !is_host(c)).unwrap_or(rest.len());
            let after = rest[end..].strip_prefix('/').unwrap_or(&rest[end..]);
            let is_bare = !after.starts_with(|c: char| c.is_alphanumeric() || "-_.~%?#@&=/".contains(c));
            let host = rest[..end].trim_end_matches(['.', ':']);
            let is_its = is_bare && host.ends_with(self.domain);
            is_its.then(|| format!("https://{host}").parse().ok())?
        })
    }
}

/// A command that cannot be a tunnel's.
#[derive(Debug, PartialEq, Eq, Error)]
#[error("a command has {PORT} in it, and its quotes must be balanced")]
pub struct UnfitCommand;

impl FromStr for Client {
    type Err = UnfitCommand;

    /// Reads a command of the user's own, with quotes as a shell has them.
    fn from_str(command: &str) -> Result<Self, UnfitCommand> {
        let command = shlex::split(command).ok_or(UnfitCommand)?;
        match &command[..] {
            [name, arguments @ ..] if arguments.iter().any(|word| word.contains(PORT)) => {
                Ok(Self { name: name.clone(), command, domain: "" })
            }
            _ => Err(UnfitCommand),
        }
    }
}

fn is_installed(name: &str) -> bool {
    env::var_os("PATH").is_some_and(|path| env::split_paths(&path).any(|folder| folder.join(name).is_file()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(place: usize) -> Client {
        let (name, command, domain) = KNOWN[place];
        Client { name: name.into(), command: vec![command.into()], domain }
    }

    fn link(client: &Client, line: &str) -> Option<String> {
        client.link(line).map(|link| link.to_string())
    }

    #[test]
    fn finds_the_link_among_others() {
        let cloudflared = known(0);
        assert_eq!(link(&cloudflared, "INF terms (https://www.cloudflare.com/website-terms/), see"), None);
        assert_eq!(
            link(&cloudflared, "failed: Post \"https://api.trycloudflare.com/tunnel\": timeout"),
            None
        );
        let given = Some("https://four-plain-words-here.trycloudflare.com");
        assert_eq!(
            link(&cloudflared, "INF |  https://four-plain-words-here.trycloudflare.com  |").as_deref(),
            given
        );

        let ssh = known(1);
        assert_eq!(link(&ssh, "For your own domain go to https://admin.localhost.run/"), None);
        let line = "1a2b3c.lhr.life tunneled with tls termination, https://1a2b3c.lhr.life";
        assert_eq!(link(&ssh, line).as_deref(), Some("https://1a2b3c.lhr.life"));
    }

    #[test]
    fn every_known_program_leads_to_the_address_that_is_listened_on() {
        for place in 0..KNOWN.len() {
            let command = known(place).command("10.0.0.1:80".parse().expect("an address"));
            assert!(command.get_program().to_string_lossy().contains("10.0.0.1:80"), "{command:?}");
        }
    }

    #[test]
    fn takes_any_bare_address_from_a_command_of_ones_own() {
        let own: Client = "'a tunnel' --to={host}:{port} x".parse().expect("a command");
        for address in ["10.0.0.1:80", "[::1]:80"] {
            let command = own.command(address.parse().expect("an address"));
            assert_eq!(command.get_program(), "a tunnel");
            assert_eq!(command.get_args().collect::<Vec<_>>(), [&*format!("--to={address}"), "x"]);
        }
        for unfit in ["", "tunnel", "{port}", "tunnel ' {port}"] {
            assert_eq!(unfit.parse::<Client>(), Err(UnfitCommand), "{unfit}");
        }
        for (line, found) in [
            ("see https://a.example/docs or https://b.example:8443/", Some("https://b.example:8443")),
            ("\u{1b}[1mhttps://a.example\u{1b}[0m", Some("https://a.example")),
            ("It is https://a.example.", Some("https://a.example")),
            ("https://user@a.example https:// http://a.example", None),
            ("", None),
        ] {
            assert_eq!(link(&own, line).as_deref(), found, "{line}");
        }
    }
}
