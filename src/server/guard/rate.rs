//! How often each client may come: a rate, whose whole second may be spent at once.

use super::client::Proxies;
use crate::server::api::error::ApiError;
use axum::{body::Body, response::IntoResponse};
use governor::middleware::NoOpMiddleware;
use http::Request;
use std::{fmt, net::IpAddr, num::NonZeroU32, sync::Arc, time::Duration};
use tower_governor::{
    GovernorError, GovernorLayer,
    governor::{GovernorConfig, GovernorConfigBuilder},
    key_extractor::KeyExtractor,
};

/// How long it takes until clients are forgotten who have their whole second again.
const FORGET: Duration = Duration::from_secs(60);

/// The limiter of one server.
#[derive(Clone)]
pub struct Rate {
    per_second: NonZeroU32,
    limits: Arc<GovernorConfig<Proxies, NoOpMiddleware>>,
}

impl fmt::Debug for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Rate").field(&self.per_second).finish()
    }
}

impl KeyExtractor for Proxies {
    type Key = IpAddr;

    fn extract<T>(&self, request: &Request<T>) -> Result<IpAddr, GovernorError> {
        Ok(self.client(request.extensions(), request.headers()))
    }
}

impl Rate {
    /// So many requests a second from each client.
    #[must_use]
    pub fn new(per_second: NonZeroU32, proxies: Proxies) -> Self {
        let period = (Duration::from_secs(1) / per_second.get()).max(Duration::from_nanos(1));
        let mut builder = GovernorConfigBuilder::default().key_extractor(proxies);
        let limits = builder.period(period).burst_size(per_second.get()).finish();
        Self { per_second, limits: Arc::new(limits.expect("neither the period nor the burst is none")) }
    }

    /// Requests a second.
    #[must_use]
    pub fn per_second(&self) -> NonZeroU32 {
        self.per_second
    }

    /// What refuses requests that come too soon.
    #[must_use]
    pub fn layer(&self) -> GovernorLayer<Proxies, NoOpMiddleware, Body> {
        GovernorLayer::new(self.limits.clone()).error_handler(|error| {
            let GovernorError::TooManyRequests { wait_time, .. } = error else {
                return error.into();
            };
            // It leaves out the begun second.
            ApiError::TooOften { seconds: wait_time + 1 }.into_response()
        })
    }

    /// Forgets clients who have not come for a while, again and again.
    pub async fn forget_clients(self) {
        loop {
            tokio::time::sleep(FORGET).await;
            self.limits.limiter().retain_recent();
        }
    }
}
