//! The flags that say where the server is: for the one that listens and for those that ask it.

use super::values::{ip_address, whole};
use crate::server::{PORT, listen};
use clap::Args;
use std::{
    env,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    path::Path,
};

/// Files that Docker and Podman leave in a container.
const FILES: [&str; 2] = ["/.dockerenv", "/run/.containerenv"];

/// Variables that Kubernetes, Hugging Face Spaces, and Podman, LXC and systemd-nspawn set in one.
const VARIABLES: [&str; 3] = ["KUBERNETES_SERVICE_HOST", "SPACE_ID", "container"];

/// A host and a port.
#[derive(Clone, Copy, Debug, Args)]
pub struct AddressArgs {
    /// IP address that the server listens on [default: 127.0.0.1, in a container 0.0.0.0]
    #[arg(long, env = "HOST", value_parser = ip_address)]
    pub host: Option<IpAddr>,
    /// Port that the server listens on; to serve on a free one, 0
    #[arg(long, env = "PORT", default_value_t = PORT, value_parser = whole(0..=u16::MAX))]
    pub port: u16,
}

impl AddressArgs {
    /// The address to listen on: every interface in a container, whose network is as a rule its own.
    #[must_use]
    pub fn host(&self) -> IpAddr {
        let exists = |file: &str| Path::new(file).exists();
        let is_set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
        self.host.unwrap_or_else(|| default_host(exists, is_set))
    }

    /// Where this machine reaches what listens there.
    #[must_use]
    pub fn reached_at(&self) -> SocketAddr {
        listen::reached_at(SocketAddr::new(self.host(), self.port))
    }
}

/// The address where none is asked for: every interface where there is a mark of a container. A `HOST`
/// that is no address, as `localhost`, asks for no more than this machine.
fn default_host(exists: impl Fn(&str) -> bool, is_set: impl Fn(&str) -> bool) -> IpAddr {
    let is_container = FILES.into_iter().any(exists) || VARIABLES.into_iter().any(&is_set);
    if is_container && !is_set("HOST") { Ipv4Addr::UNSPECIFIED.into() } else { Ipv4Addr::LOCALHOST.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_container_opens_every_interface() {
        for (files, variables, expected) in [
            (&[][..], &[][..], "127.0.0.1"),
            (&["/etc/hosts"], &["HOME", "CONTAINER"], "127.0.0.1"),
            (&["/.dockerenv"], &[], "0.0.0.0"),
            (&["/.dockerenv"], &["HOST"], "127.0.0.1"),
            (&["/run/.containerenv"], &[], "0.0.0.0"),
            (&[], &["KUBERNETES_SERVICE_HOST"], "0.0.0.0"),
            (&[], &["SPACE_ID"], "0.0.0.0"),
            (&[], &["container"], "0.0.0.0"),
        ] {
            let host = default_host(|file| files.contains(&file), |name| variables.contains(&name));
            assert_eq!(host.to_string(), expected, "{files:?} {variables:?}");
        }
    }

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
