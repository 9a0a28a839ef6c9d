//! The flags that say where the server is: for the one that listens and for those that ask it.

use crate::server::{PORT, listen};
use clap::Args;
use std::{
    env,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

/// A host and a port.
#[derive(Clone, Copy, Debug, Args)]
pub struct AddressArgs {
    /// Address to listen on [default: 127.0.0.1, in a container 0.0.0.0]
    #[arg(long, env = "HOST")]
    pub host: Option<IpAddr>,
    /// Port to listen on; 0 takes a free one
    #[arg(long, env = "PORT", default_value_t = PORT)]
    pub port: u16,
}

impl AddressArgs {
    /// The address to listen on: every interface in a container, whose network is its own.
    #[must_use]
    pub fn host(&self) -> IpAddr {
        self.host.unwrap_or(if in_container() { [0, 0, 0, 0].into() } else { [127, 0, 0, 1].into() })
    }

    /// Where this machine reaches what listens there.
    #[must_use]
    pub fn reached_at(&self) -> SocketAddr {
        listen::reached_at(SocketAddr::new(self.host(), self.port))
    }
}

/// Whether this process runs in a container, by the marks that Docker, Podman, Kubernetes and
/// Hugging Face Spaces leave.
fn in_container() -> bool {
    ["/.dockerenv", "/run/.containerenv"].iter().any(|file| PathBuf::from(file).exists())
        || ["KUBERNETES_SERVICE_HOST", "SPACE_ID"].iter().any(|name| env::var_os(name).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_interface_is_asked_through_the_loopback_one() {
        let reached = |host: &str| {
            let host = Some(host.parse().expect("an address"));
            AddressArgs { host, port: 80 }.reached_at().to_string()
        };
        assert_eq!(reached("0.0.0.0"), "127.0.0.1:80");
        assert_eq!(reached("::"), "[::1]:80");
        assert_eq!(reached("10.0.0.1"), "10.0.0.1:80");
    }
}
