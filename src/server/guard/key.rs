//! API keys: a request names one as `Authorization: Bearer …`, or in the header that `gradio_client`
//! sends its token in.
//!
//! Only digests are kept. They are compared in constant time, every one for every request, so that
//! the time of a refusal tells nothing of any key.

use crate::server::api::error::ApiError;
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderName, header::AUTHORIZATION};
use sha2::{Digest, Sha256};
use std::{fmt, str::FromStr, sync::Arc};
use subtle::{Choice, ConstantTimeEq};
use thiserror::Error;

/// Where `gradio_client` 2 puts what is called `token` there (`gradio_client/client.py`).
const GRADIO: HeaderName = HeaderName::from_static("x-hf-authorization");

/// A key to the API; it cannot be shown.
#[derive(Clone)]
pub struct ApiKey([u8; 32]);

/// A key without a character.
#[derive(Debug, Error)]
#[error("an API key has at least one character")]
pub struct EmptyKey;

impl FromStr for ApiKey {
    type Err = EmptyKey;

    fn from_str(key: &str) -> Result<Self, EmptyKey> {
        let key = key.trim();
        if key.is_empty() { Err(EmptyKey) } else { Ok(Self(digest(key.as_bytes()))) }
    }
}

/// A digest is no secret to keep from a debugger, but it tells whether two servers share a key.
impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey")
    }
}

/// Lets requests pass that name one of the keys.
pub async fn require(State(keys): State<Arc<[ApiKey]>>, request: Request, next: Next) -> Response {
    if let Err(error) = check(&keys, request.headers()) {
        return error.into_response();
    }
    next.run(request).await
}

/// Whether these headers name one of the keys.
///
/// # Errors
///
/// [`ApiError::Unauthorized`] where they name none at all, [`ApiError::WrongKey`] where they name another.
fn check(keys: &[ApiKey], headers: &HeaderMap) -> Result<(), ApiError> {
    let mut refusal = ApiError::Unauthorized;
    for name in [AUTHORIZATION, GRADIO] {
        match bearer(headers, &name) {
            Some(token) if is_one_of(keys, token) => return Ok(()),
            Some(_) => refusal = ApiError::WrongKey,
            None => {}
        }
    }
    Err(refusal)
}

/// What follows `Bearer`, whose case does not matter (RFC 9110, section 11.1).
fn bearer<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a [u8]> {
    let value = headers.get(name)?.as_bytes();
    let (scheme, token) = value.split_at_checked("Bearer ".len())?;
    scheme.eq_ignore_ascii_case(b"Bearer ").then(|| token.trim_ascii())
}

fn is_one_of(keys: &[ApiKey], token: &[u8]) -> bool {
    let token = digest(token);
    keys.iter().fold(Choice::from(0), |any, key| any | key.0.ct_eq(&token)).into()
}

fn digest(key: &[u8]) -> [u8; 32] {
    Sha256::digest(key).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn keys(keys: &[&str]) -> Vec<ApiKey> {
        keys.iter().map(|key| key.parse().expect("a key")).collect()
    }

    #[test]
    fn only_whole_keys_open() {
        let keys = keys(&["first", " second\n"]);
        assert!(is_one_of(&keys, b"first") && is_one_of(&keys, b"second"));
        for token in ["", "firs", "first ", "firstsecond", "First"] {
            assert!(!is_one_of(&keys, token.as_bytes()), "{token:?}");
        }
    }

    #[test]
    fn a_key_is_never_shown() {
        assert_eq!(format!("{:?}", keys(&["plume"])), "[ApiKey]");
    }

    #[test]
    fn a_blank_key_is_refused() {
        assert!("".parse::<ApiKey>().is_err() && " ".parse::<ApiKey>().is_err());
    }

    #[test]
    fn a_token_follows_its_scheme() {
        let of = |value: &'static str| {
            let headers = HeaderMap::from_iter([(AUTHORIZATION, HeaderValue::from_static(value))]);
            bearer(&headers, &AUTHORIZATION).map(<[u8]>::to_vec)
        };
        assert_eq!(of("Bearer a"), Some(b"a".to_vec()));
        assert_eq!(of("bearer  a"), Some(b"a".to_vec()));
        for other in ["", "a", "Bearer", "Basic YTpi", "Bearer\ta"] {
            assert_eq!(of(other), None, "{other}");
        }
    }
}
