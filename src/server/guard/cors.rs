//! CORS: which sites' scripts may read the answers to programs.

use crate::server::origin::Origin;
use http::{HeaderValue, Method};
use std::{fmt, str::FromStr, time::Duration};
use thiserror::Error;
use tower_http::cors::{AllowHeaders, AllowOrigin, Any, CorsLayer};

/// For how long a browser need not ask again.
const MAX_AGE: Duration = Duration::from_secs(3600);

/// A site, or all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CorsOrigin {
    /// Every site: `*`.
    Any,
    /// The site of this origin.
    One(Origin),
}

/// What is neither an origin nor `*`.
#[derive(Debug, Error)]
#[error("an origin is http:// or https:// and a host, with nothing after it; * is every origin")]
pub struct UnfitCorsOrigin;

impl FromStr for CorsOrigin {
    type Err = UnfitCorsOrigin;

    /// Several stand in one variable with commas, after which people write a space.
    fn from_str(text: &str) -> Result<Self, UnfitCorsOrigin> {
        let text = text.trim();
        if text == "*" {
            return Ok(Self::Any);
        }
        text.parse().map(Self::One).map_err(|_| UnfitCorsOrigin)
    }
}

impl fmt::Display for CorsOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("*"),
            Self::One(origin) => origin.fmt(f),
        }
    }
}

/// Tells browsers that scripts of these sites may read answers, whatever headers they send.
///
/// Browsers send no cookies or other credentials of their own along; a key is the script's to add.
pub fn layer(origins: &[CorsOrigin]) -> CorsLayer {
    let origin = if origins.contains(&CorsOrigin::Any) {
        AllowOrigin::any()
    } else {
        // An origin has no characters that a header cannot have.
        AllowOrigin::list(origins.iter().filter_map(|origin| HeaderValue::try_from(origin.to_string()).ok()))
    };
    CorsLayer::new()
        .allow_origin(origin)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers(Any)
        .max_age(MAX_AGE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_written_as_browsers_do() {
        let shown = |text: &str| text.parse::<CorsOrigin>().map(|origin| origin.to_string()).ok();
        assert_eq!(shown("https://App.Example").as_deref(), Some("https://app.example"));
        assert_eq!(shown("https://app.example:443").as_deref(), Some("https://app.example"));
        assert_eq!(shown("http://b.example:80").as_deref(), Some("http://b.example"));
        assert_eq!(shown(" https://b.example").as_deref(), Some("https://b.example"));
        assert_eq!(shown("*").as_deref(), Some("*"));
        for other in ["", "app.example", "https://app.example/path", "null", "https://*.example"] {
            assert_eq!(shown(other), None, "{other}");
        }
    }
}
