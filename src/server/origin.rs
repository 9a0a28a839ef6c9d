//! The public origin: scheme and host under which this server is reached, for links that leave it.
//!
//! It is a setting, or what a Hugging Face Space says, or what the request says. The last is the
//! sender's word: it goes only into that sender's own answer, and only if it looks like a host.

use http::{HeaderMap, header::HOST};
use std::{env, fmt, str::FromStr};
use thiserror::Error;

/// A scheme and a host, maybe with a port: `https://example.org`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(String);

/// A public URL that is not an origin.
#[derive(Debug, PartialEq, Eq, Error)]
#[error(
    "a public URL is http:// or https:// and a host, with nothing after it; Valence needs a host of its own"
)]
pub struct UnfitOrigin;

impl Origin {
    /// Where a Hugging Face Space is reached, in such a Space.
    #[must_use]
    pub fn of_space() -> Option<Self> {
        Self::new("https", &env::var("SPACE_HOST").ok()?)
    }

    /// What a request says: a proxy's `X-Forwarded-Proto` and `X-Forwarded-Host`, else `Host`.
    #[must_use]
    pub fn of_request(headers: &HeaderMap) -> Option<Self> {
        let first = |name: &str| headers.get(name)?.to_str().ok()?.split(',').next().map(str::trim);
        let host = first("x-forwarded-host").or_else(|| first(HOST.as_str()))?;
        Self::new(first("x-forwarded-proto").unwrap_or("http"), host)
    }

    /// The host, with its port where it has one.
    #[must_use]
    pub fn authority(&self) -> &str {
        self.0.split_once("://").map_or("", |(_, authority)| authority)
    }

    fn new(scheme: &str, authority: &str) -> Option<Self> {
        let is_origin = matches!(scheme, "http" | "https") && is_authority(authority);
        is_origin.then(|| Self(format!("{scheme}://{authority}")))
    }
}

impl FromStr for Origin {
    type Err = UnfitOrigin;

    /// As browsers write it, with which it is compared: in small letters, and without the port that the
    /// scheme implies.
    fn from_str(url: &str) -> Result<Self, UnfitOrigin> {
        let url = url.to_ascii_lowercase();
        let (scheme, rest) = url.split_once("://").ok_or(UnfitOrigin)?;
        let Self(origin) = Self::new(scheme, rest.strip_suffix('/').unwrap_or(rest)).ok_or(UnfitOrigin)?;
        let implied = if scheme == "https" { ":443" } else { ":80" };
        Ok(Self(origin.strip_suffix(implied).unwrap_or(&origin).to_owned()))
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether `text` is a host name or address with an optional port, and nothing else: it goes into
/// markup.
fn is_authority(text: &str) -> bool {
    let (host, port) = match text.rsplit_once(':') {
        // The colons of an IPv6 address stand in brackets.
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (text, None),
    };
    let is_host = match host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(address) => address.parse::<std::net::Ipv6Addr>().is_ok(),
        None => {
            let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
            (1..=253).contains(&host.len()) && host.chars().all(is_part)
        }
    };
    is_host && port.is_none_or(|port| port.parse::<u16>().is_ok_and(|number| number.to_string() == port))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderName, HeaderValue};

    fn of(headers: &[(&'static str, &str)]) -> Option<String> {
        let pairs = headers.iter().map(|(name, value)| {
            (HeaderName::from_static(name), HeaderValue::from_str(value).expect("a header's value"))
        });
        Origin::of_request(&pairs.collect()).map(|origin| origin.to_string())
    }

    #[test]
    fn a_proxy_is_heard_before_the_host() {
        assert_eq!(of(&[("host", "127.0.0.1:7860")]).as_deref(), Some("http://127.0.0.1:7860"));
        let proxied =
            [("host", "inner"), ("x-forwarded-host", "a.example, b"), ("x-forwarded-proto", "https,http")];
        assert_eq!(of(&proxied).as_deref(), Some("https://a.example"));
        assert_eq!(of(&[("host", "[::1]:80")]).as_deref(), Some("http://[::1]:80"));
        assert_eq!(of(&[]), None);
    }

    #[test]
    fn what_is_no_host_is_not_taken() {
        let long = "a".repeat(254);
        for host in [
            "",
            "a b",
            "a\"><script>",
            "user@host",
            "host/path",
            "host:",
            "host:x",
            "host:65536",
            "[::1",
            "[x]",
            "é.org",
            &long,
        ] {
            assert_eq!(of(&[("host", host)]), None, "{host}");
        }
        assert_eq!(of(&[("host", "a"), ("x-forwarded-proto", "javascript")]), None);
    }

    #[test]
    fn a_setting_is_an_origin_and_no_more() {
        let parsed = |url: &str| url.parse().map(|origin: Origin| origin.to_string());
        assert_eq!(parsed("https://example.org/").as_deref(), Ok("https://example.org"));
        for url in [
            "example.org",
            "ftp://example.org",
            "https://",
            "https://:443",
            "https://a:443:443",
            "https://example.org/path",
            "https://a?b",
        ] {
            assert_eq!(parsed(url), Err(UnfitOrigin), "{url}");
        }
    }

    #[test]
    fn a_setting_is_written_as_browsers_do() {
        let shown = |url: &str| url.parse::<Origin>().expect("an origin").to_string();
        assert_eq!(shown("HTTPS://App.Example:443/"), "https://app.example");
        assert_eq!(shown("http://app.example:80"), "http://app.example");
        assert_eq!(shown("http://[::1]:80"), "http://[::1]");
        for other in ["https://app.example:80", "http://app.example:443", "http://app.example:8080"] {
            assert_eq!(shown(other), other);
        }
    }
}
