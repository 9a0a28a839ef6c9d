//! The guard of the endpoints for programs: who may come in, from which sites, and how often.
//!
//! Everything is open unless a setting closes it. The page and what it asks for itself, `/health`,
//! `/info`, `/openapi.json` and `/metrics` are never guarded.

pub mod client;
pub mod cors;
pub mod key;
pub mod rate;

use axum::{Router, middleware};
use client::{Proxies, Proxy};
use cors::CorsOrigin;
use key::ApiKey;
use rate::Rate;
use serde::Serialize;
use std::num::NonZeroU32;
use utoipa::ToSchema;

/// What restricts the endpoints.
#[derive(Clone, Debug, Default)]
pub struct Guard {
    keys: Vec<ApiKey>,
    cors: Vec<CorsOrigin>,
    rate: Option<Rate>,
    proxies: Proxies,
}

/// The guard's settings as `/info` tells them, without keys.
#[derive(Debug, Serialize, ToSchema)]
pub struct GuardInfo {
    /// Whether requests of programs need an API key.
    api_key: bool,
    /// The sites whose scripts may read answers; `*` is all of them.
    cors: Vec<String>,
    /// Requests a second that each client may send; absent where nothing limits them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<u32>, minimum = 1)]
    rate_limit: Option<NonZeroU32>,
    /// Networks of the proxies whose `X-Forwarded-For` tells clients apart.
    trusted_proxy: Vec<String>,
}

impl Guard {
    /// A guard that asks for one of `keys`, lets scripts of the sites in `cors` read answers, and
    /// gives each client, as `proxies` tell it, `rate` requests a second; what is empty or absent
    /// is not looked at.
    #[must_use]
    pub fn new(
        keys: Vec<ApiKey>,
        cors: Vec<CorsOrigin>,
        rate: Option<NonZeroU32>,
        proxies: Vec<Proxy>,
    ) -> Self {
        let proxies = Proxies::new(proxies);
        Self { keys, cors, rate: rate.map(|rate| Rate::new(rate, proxies.clone())), proxies }
    }

    /// Whether a key is needed.
    #[must_use]
    pub fn has_keys(&self) -> bool {
        !self.keys.is_empty()
    }

    /// The sites whose scripts may read answers.
    #[must_use]
    pub fn cors(&self) -> &[CorsOrigin] {
        &self.cors
    }

    /// Puts the guard before every route of `endpoints`.
    ///
    /// A site is looked at first, since a browser asks for leave without a key, and reads a refusal
    /// only where that is allowed; then the client's rate, so that keys cannot be tried at will.
    pub fn protect<S: Clone + Send + Sync + 'static>(&self, mut endpoints: Router<S>) -> Router<S> {
        if self.has_keys() {
            endpoints =
                endpoints.layer(middleware::from_fn_with_state(self.keys.clone().into(), key::require));
        }
        if let Some(rate) = &self.rate {
            endpoints = endpoints.layer(rate.layer());
        }
        self.show(endpoints)
    }

    /// Lets scripts of the named sites read the answers of `routes`, and guards nothing.
    pub fn show<S: Clone + Send + Sync + 'static>(&self, routes: Router<S>) -> Router<S> {
        if self.cors.is_empty() { routes } else { routes.layer(cors::layer(&self.cors)) }
    }

    /// Forgets clients that have not come for a while, again and again.
    pub async fn forget_clients(self) {
        if let Some(rate) = self.rate {
            rate.forget_clients().await;
        }
    }

    /// What `/info` tells.
    #[must_use]
    pub fn info(&self) -> GuardInfo {
        GuardInfo {
            api_key: self.has_keys(),
            cors: self.cors.iter().map(ToString::to_string).collect(),
            rate_limit: self.rate.as_ref().map(Rate::per_second),
            trusted_proxy: self.proxies.networks().map(|network| network.to_string()).collect(),
        }
    }
}
