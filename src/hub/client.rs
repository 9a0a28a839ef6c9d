//! The client: requests to the Hub, which sends whoever asks for a large file to another host.
//!
//! Each redirect is looked at before it is followed: the token is for the Hub alone, and nothing leads
//! out of HTTPS or into a private network.

use super::{Hub, error::HubError};
use http::{
    HeaderValue, Response, Uri,
    header::{AUTHORIZATION, LOCATION, RANGE},
    uri::Scheme,
};
use std::{
    net::{IpAddr, ToSocketAddrs},
    time::Duration,
};
use ureq::{Agent, Body};

/// Requests for one thing, the first one included.
const MAX_REQUESTS: usize = 10;

impl Hub {
    /// Asks an address of the Hub for what comes after `from` bytes, within `limit` where there is one;
    /// a status that tells of an error is an answer too. `failed` says what a broken request means.
    pub(super) fn get(
        &self,
        address: &str,
        from: u64,
        limit: Option<Duration>,
        failed: impl Fn(ureq::Error) -> HubError,
    ) -> Result<Response<Body>, HubError> {
        let not_a_hub = |reason| HubError::NotAHub { endpoint: self.endpoint.clone(), reason };
        let agent = self.agent(limit);
        let hub = address.parse::<Uri>().ok().filter(is_of_the_web);
        let hub = hub.ok_or_else(|| HubError::NoAddress { endpoint: self.endpoint.clone() })?;
        let token = self.token.as_ref().map(|token| HeaderValue::from_str(&format!("Bearer {token}")));
        let token = token.transpose().map_err(|_| HubError::UnfitToken)?;
        let mut at = hub.clone();
        for _ in 0..MAX_REQUESTS {
            let mut request = agent.get(at.clone());
            if let Some(token) = token.as_ref().filter(|_| is_same_server(&hub, &at)) {
                request = request.header(AUTHORIZATION, token);
            }
            if from > 0 {
                request = request.header(RANGE, format!("bytes={from}-"));
            }
            let response = request.call().map_err(&failed)?;
            match response.headers().get(LOCATION).filter(|_| response.status().is_redirection()) {
                Some(location) => at = follow(&hub, &at, location).map_err(not_a_hub)?,
                None => return Ok(response),
            }
        }
        Err(not_a_hub("its redirects do not end".into()))
    }

    fn agent(&self, limit: Option<Duration>) -> Agent {
        let silence = Some(self.timeout);
        let config = Agent::config_builder()
            .user_agent(concat!("valence/", env!("CARGO_PKG_VERSION")))
            // The rest of a file is counted in its own bytes.
            .accept_encoding("identity")
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_global(limit)
            .timeout_resolve(silence)
            .timeout_connect(silence)
            .timeout_recv_response(silence)
            .timeout_per_read(silence)
            .timeout_per_write(silence);
        config.build().into()
    }
}

/// Whether an address is whole and one of HTTP.
fn is_of_the_web(uri: &Uri) -> bool {
    matches!(uri.scheme_str(), Some("https" | "http"))
}

/// Where a redirect from `at` leads, or why it is not followed.
fn follow(hub: &Uri, at: &Uri, location: &HeaderValue) -> Result<Uri, String> {
    let unreadable = || "it redirects to what is no address".to_owned();
    let mut parts = Uri::try_from(location.as_bytes()).map_err(|_| unreadable())?.into_parts();
    if parts.authority.is_none() {
        // A path on the same server, as of a model that was renamed.
        parts.authority = at.authority().cloned();
        parts.scheme = at.scheme().cloned();
    } else if parts.scheme.is_none() {
        return Err(unreadable());
    }
    let to = Uri::from_parts(parts).map_err(|_| unreadable())?;
    match objection(hub, &to) {
        // Without its query, which may be a signature.
        Some(reason) => Err(format!("it redirects to {}, {reason}", to.host().unwrap_or_default())),
        None => Ok(to),
    }
}

/// What there is to say against an address that the Hub leads to.
fn objection(hub: &Uri, to: &Uri) -> Option<&'static str> {
    let is_secure = |uri: &Uri| uri.scheme() == Some(&Scheme::HTTPS);
    // A Hub in one's own network has other servers on its host.
    let is_own_host = host(hub).eq_ignore_ascii_case(host(to));
    if !is_secure(to) && (is_secure(hub) || !is_own_host) {
        return Some("not by HTTPS");
    }
    // The request itself says what is wrong with a name without an address, and a proxy may know one.
    let addresses = || (host(to), port(to)).to_socket_addrs().into_iter().flatten();
    let is_inside = !is_own_host && addresses().any(|address| is_private(address.ip()));
    is_inside.then_some("in a private network")
}

/// Whether the token for the Hub may be sent there.
fn is_same_server(hub: &Uri, to: &Uri) -> bool {
    hub.scheme() == to.scheme() && host(hub).eq_ignore_ascii_case(host(to)) && port(hub) == port(to)
}

/// The host, of an IPv6 address without its brackets.
fn host(uri: &Uri) -> &str {
    uri.host().unwrap_or_default().trim_matches(['[', ']'])
}

fn port(uri: &Uri) -> u16 {
    uri.port_u16().unwrap_or(if uri.scheme() == Some(&Scheme::HTTPS) { 443 } else { 80 })
}

/// Whether an address is this machine's or one of a network that the world does not reach.
fn is_private(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => {
            let is_shared = matches!(address.octets(), [100, 64..=127, ..]);
            address.is_loopback()
                || address.is_private()
                || address.is_link_local()
                || address.is_unspecified()
                || is_shared
        }
        IpAddr::V6(address) => {
            address.is_loopback()
                || address.is_unique_local()
                || address.is_unicast_link_local()
                || address.is_unspecified()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HUB: &str = "https://hub.example/a/b/resolve/main/config.json";

    fn uri(address: &str) -> Uri {
        address.parse().expect("an address")
    }

    fn followed(hub: &str, location: &str) -> Result<String, String> {
        let hub = uri(hub);
        let location = HeaderValue::from_str(location).expect("a header's value");
        follow(&hub, &hub, &location).map(|to| to.to_string())
    }

    #[test]
    fn the_hub_may_lead_to_itself_and_to_public_servers_by_https() {
        // An address for documentation, which is nobody's and needs no name to be looked up.
        let signed = "https://203.0.113.7/cdn/0f?Expires=1&Signature=a~b-_&Key-Pair-Id=K";
        assert_eq!(followed(HUB, signed).as_deref(), Ok(signed));
        assert_eq!(followed(HUB, "/c/d/x").as_deref(), Ok("https://hub.example/c/d/x"));
        // A path, though it looks like a host.
        assert_eq!(followed(HUB, "//other.example/x").as_deref(), Ok("https://hub.example//other.example/x"));
        for own in ["http://127.0.0.1:9000/x", "http://127.0.0.1/x"] {
            assert_eq!(followed("http://127.0.0.1:8080/", own).as_deref(), Ok(own));
        }
    }

    #[test]
    fn the_hub_may_not_lead_into_a_private_network_or_out_of_https() {
        for (hub, location, words) in [
            (HUB, "http://203.0.113.7/x", "not by HTTPS"),
            (HUB, "http://hub.example/x", "not by HTTPS"),
            ("http://127.0.0.1:8080/", "http://127.0.0.2:8080/x", "not by HTTPS"),
            (HUB, "https://127.0.0.1/x", "private"),
            (HUB, "https://localhost/x", "private"),
            (HUB, "https://[::1]/x", "private"),
            (HUB, "https://[::ffff:10.0.0.1]/x", "private"),
            (HUB, "https://[fd00::1]/x", "private"),
            (HUB, "https://[fe80::1]/x", "private"),
            (HUB, "https://169.254.169.254/latest/meta-data", "private"),
            (HUB, "https://192.168.0.1/x", "private"),
            (HUB, "https://100.100.100.200/x", "private"),
            (HUB, "https://0.0.0.0/x", "private"),
            (HUB, "ftp://hub.example/x", "not by HTTPS"),
            (HUB, "hub.example", "no address"),
            (HUB, "", "no address"),
        ] {
            let reason = followed(hub, location).expect_err(location);
            assert!(reason.contains(words), "{location}: {reason}");
        }
        let reason = followed(HUB, "https://10.0.0.1/x?Signature=secret").expect_err("a private address");
        assert!(!reason.contains("secret"), "{reason}");
    }

    #[test]
    fn the_token_is_for_the_server_that_was_named() {
        let is_told = |to: &str| is_same_server(&uri(HUB), &uri(to));
        assert!(is_told("https://HUB.example/x") && is_told("https://hub.example:443/x"));
        for other in [
            "https://cdn.hub.example/",
            "https://hub.example:8443/",
            "http://hub.example/",
            "http://hub.example:443/",
        ] {
            assert!(!is_told(other), "{other}");
        }
    }
}
