//! Who a request's client is: the peer of its connection, or whom a trusted proxy names.
//!
//! Anybody can write `X-Forwarded-For`. It is read from its end, where the nearest proxy has added
//! its own peer, and only as far as each hop is trusted.

use axum::extract::ConnectInfo;
use http::{Extensions, HeaderMap};
use ipnet::{IpNet, Ipv4Net};
use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    str::FromStr,
    sync::Arc,
};
use thiserror::Error;

/// The header to which each proxy appends its peer.
const X_FORWARDED_FOR: &str = "x-forwarded-for";

/// Bits of an IPv6 address that name a network; the rest is for its owner to choose.
const IPV6_NETWORK: u32 = 64;

/// Bits before an IPv4 address that is written as IPv6.
const MAPPED: u8 = 96;

/// A proxy's address, or the network of several.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proxy(IpNet);

/// What is neither an address nor a network.
#[derive(Debug, Error)]
#[error("a proxy is an address or a network, like 10.0.0.1 or 10.0.0.0/8")]
pub struct UnfitProxy;

impl FromStr for Proxy {
    type Err = UnfitProxy;

    /// Several stand in one variable with commas, after which people write a space.
    fn from_str(text: &str) -> Result<Self, UnfitProxy> {
        let text = text.trim();
        let address = || text.parse::<IpAddr>().map(IpNet::from);
        text.parse().or_else(|_| address()).map(|network| Self(unmapped(network))).map_err(|_| UnfitProxy)
    }
}

/// A network of IPv4 addresses that is written as IPv6, as what it is, like the addresses it is compared with.
fn unmapped(network: IpNet) -> IpNet {
    let IpNet::V6(mapped) = network else { return network };
    let parts = mapped.addr().to_ipv4_mapped().zip(mapped.prefix_len().checked_sub(MAPPED));
    parts.and_then(|(address, length)| Ipv4Net::new(address, length).ok()).map_or(network, IpNet::V4)
}

/// The proxies whose word counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proxies(Arc<[Proxy]>);

impl Proxies {
    /// These, and nobody else.
    #[must_use]
    pub fn new(proxies: Vec<Proxy>) -> Self {
        Self(proxies.into())
    }

    /// Their networks; an address is one of a single host.
    pub fn networks(&self) -> impl Iterator<Item = IpNet> {
        self.0.iter().map(|Proxy(network)| *network)
    }

    /// The client's address, or its network where that is IPv6. Requests of no connection, as in
    /// tests, share the unspecified address.
    #[must_use]
    pub fn client(&self, extensions: &Extensions, headers: &HeaderMap) -> IpAddr {
        let peer = extensions.get::<ConnectInfo<SocketAddr>>();
        let mut client = peer.map_or(Ipv4Addr::UNSPECIFIED.into(), |ConnectInfo(peer)| canonical(peer.ip()));
        let values = headers.get_all(X_FORWARDED_FOR).iter().rev();
        let mut hops = values.flat_map(|value| value.as_bytes().rsplit(|&byte| byte == b','));
        while self.trust(client) {
            match hops.next().and_then(address) {
                Some(hop) => client = hop,
                None => break,
            }
        }
        network(client)
    }

    fn trust(&self, address: IpAddr) -> bool {
        self.0.iter().any(|Proxy(network)| network.contains(&address))
    }
}

/// An address with or without a port, as proxies write it. What a client has written before it may be any
/// bytes.
fn address(hop: &[u8]) -> Option<IpAddr> {
    let hop = str::from_utf8(hop).ok()?.trim();
    let ip = hop.parse().or_else(|_| hop.parse().map(|address: SocketAddr| address.ip()));
    ip.ok().map(canonical)
}

/// An IPv4 address that a socket for both kinds shows as IPv6, as what it is.
fn canonical(address: IpAddr) -> IpAddr {
    address.to_canonical()
}

/// Whoever has one IPv6 address has a whole network of them.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << (128 - IPV6_NETWORK))).into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderName, HeaderValue};

    fn client(trusted: &[&str], peer: &str, forwarded: &[&str]) -> String {
        let proxies = trusted.iter().map(|proxy| proxy.parse().expect("a proxy")).collect();
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo(SocketAddr::new(peer.parse().expect("an address"), 4000)));
        let headers = forwarded.iter().map(|value| {
            let value = HeaderValue::from_bytes(value.as_bytes()).expect("a header");
            (HeaderName::from_static(X_FORWARDED_FOR), value)
        });
        Proxies::new(proxies).client(&extensions, &headers.collect()).to_string()
    }

    #[test]
    fn nobody_is_trusted_unasked() {
        assert_eq!(client(&[], "192.0.2.1", &["198.51.100.1"]), "192.0.2.1");
        assert_eq!(client(&["10.0.0.0/8"], "192.0.2.1", &["198.51.100.1"]), "192.0.2.1");
    }

    #[test]
    fn a_trusted_proxy_names_its_peer() {
        let trusted = &["10.0.0.0/8", "::1"];
        assert_eq!(client(trusted, "10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(client(trusted, "::1", &["198.51.100.1:9000"]), "198.51.100.1");
        assert_eq!(client(trusted, "::ffff:10.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        for mapped in ["::ffff:10.0.0.1", "::ffff:10.0.0.0/104"] {
            assert_eq!(client(&[mapped], "10.0.0.1", &["198.51.100.1"]), "198.51.100.1", "{mapped}");
        }
        assert_eq!(client(trusted, "10.0.0.1", &["192.0.2.9, 198.51.100.1, 10.0.0.2"]), "198.51.100.1");
        assert_eq!(client(trusted, "10.0.0.1", &["192.0.2.9", "198.51.100.1", "10.0.0.2"]), "198.51.100.1");
    }

    #[test]
    fn what_cannot_be_read_ends_the_search() {
        let trusted = &["10.0.0.0/8"];
        assert_eq!(client(trusted, "10.0.0.1", &[]), "10.0.0.1");
        assert_eq!(client(trusted, "10.0.0.1", &["198.51.100.1, unknown"]), "10.0.0.1");
        assert_eq!(client(trusted, "10.0.0.1", &["10.0.0.3"]), "10.0.0.3");
    }

    // Its client had the proxy's own budget.
    #[test]
    fn what_a_client_has_written_before_its_address_does_not_count() {
        assert_eq!(client(&["10.0.0.0/8"], "10.0.0.1", &["\u{e9}, 198.51.100.1"]), "198.51.100.1");
    }

    #[test]
    fn an_ipv6_client_is_its_network() {
        assert_eq!(client(&[], "2001:db8:1:2:3:4:5:6", &[]), "2001:db8:1:2::");
        assert_eq!(client(&["10.0.0.1"], "10.0.0.1", &["[2001:db8::7]:443"]), "2001:db8::");
    }

    #[test]
    fn a_proxy_is_an_address_or_a_network() {
        for fit in ["10.0.0.1", "fd00::/8", " 192.168.0.0/16"] {
            assert!(fit.parse::<Proxy>().is_ok(), "{fit}");
        }
        for other in ["", "proxy.example", "10.0.0.0/33", "*"] {
            assert!(other.parse::<Proxy>().is_err(), "{other}");
        }
    }
}
