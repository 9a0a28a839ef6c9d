//! The flags that guard the API.

use super::values::whole;
use crate::server::guard::{Guard, client::Proxy, cors::CorsOrigin, key::ApiKey};
use clap::Args;
use std::num::NonZeroU32;

/// Who may come in, from which sites, and how often; everybody and always where nothing is said.
#[derive(Clone, Debug, Default, Args)]
pub struct GuardArgs {
    /// Key that programs must send as "Authorization: Bearer KEY"; several with commas or by repeating the flag
    // A command line can be read by every user of the machine, a variable cannot.
    #[arg(long, env = "VALENCE_API_KEY", hide_env_values = true, value_name = "KEY", value_delimiter = ',')]
    pub api_key: Vec<ApiKey>,
    /// Origin whose scripts may read the answers to programs, like https://example.org, or * for all; several with commas or by repeating the flag
    #[arg(long, env = "VALENCE_CORS", value_name = "ORIGIN", value_delimiter = ',')]
    pub cors: Vec<CorsOrigin>,
    /// Requests per second that each client may send to the API; one more is refused
    #[arg(long, env = "VALENCE_RATE_LIMIT", value_name = "NUMBER", value_parser = whole(NonZeroU32::MIN..=NonZeroU32::MAX))]
    pub rate_limit: Option<NonZeroU32>,
    /// Address or network of a proxy whose X-Forwarded-For tells clients apart; several with commas or by repeating the flag
    #[arg(long, env = "VALENCE_TRUSTED_PROXY", value_name = "CIDR", value_delimiter = ',')]
    pub trusted_proxy: Vec<Proxy>,
}

impl GuardArgs {
    /// The guard that they describe.
    #[must_use]
    pub fn guard(&self) -> Guard {
        Guard::new(self.api_key.clone(), self.cors.clone(), self.rate_limit, self.trusted_proxy.clone())
    }
}
