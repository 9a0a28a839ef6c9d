//! Forgery: what would change something is taken from this server's own page alone.
//!
//! Browsers name the site that asks in `Sec-Fetch-Site`. A foreign page whose name has been made to
//! lead to this machine (DNS rebinding) is of the same site, but `Host` then holds that name. So it is
//! looked at where the connection comes from this machine; elsewhere any name may be a proxy's. What has
//! no page of its own, as `/mcp`, looks at it wherever the connection comes from.

use super::{functions, state::AppState};
use crate::error::AnalyzeError;
use axum::{
    extract::{ConnectInfo, Request, State},
    middleware::Next,
    response::Response,
};
use http::{
    HeaderMap,
    header::{HOST, ORIGIN},
    uri::Authority,
};
use std::net::{IpAddr, SocketAddr};

/// Refuses the requests of foreign pages.
pub async fn refuse(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let peer: Option<&ConnectInfo<SocketAddr>> = request.extensions().get();
    let is_local = peer.is_some_and(|peer| peer.ip().to_canonical().is_loopback());
    let headers = request.headers();
    let is_own = || is_known(headers, &state) || is_from_own_page(headers, &state);
    if is_of_another_site(headers) || (is_local && !is_own()) {
        return functions::refusal(AnalyzeError::UnknownAddress);
    }
    next.run(request).await
}

fn is_of_another_site(headers: &HeaderMap) -> bool {
    headers.get("sec-fetch-site").is_some_and(|site| site != "same-origin")
}

/// Whether the page that asks is at an address of this server's: no page can say so that is not. A proxy
/// passes it on, though it may put another `Host`.
fn is_from_own_page(headers: &HeaderMap, state: &AppState) -> bool {
    let asked = headers.get(ORIGIN).map(|origin| origin.as_bytes());
    state.origins().any(|own| asked == Some(own.to_string().as_bytes()))
}

/// The host that a request names, with its port.
#[must_use]
pub fn host(headers: &HeaderMap) -> Option<Authority> {
    Authority::try_from(headers.get(HOST)?.as_bytes()).ok()
}

/// Whether the host is known to be this server's. An address in numbers always is, as no name leads to it.
#[must_use]
pub fn is_known(headers: &HeaderMap, state: &AppState) -> bool {
    let Some(asked) = host(headers) else { return false };
    let host = asked.host();
    let is_address = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().is_ok();
    let mut own = state.origins().filter_map(|origin| origin.authority().parse::<Authority>().ok());
    let is = |name: &str| host.eq_ignore_ascii_case(name);
    is_address || is("localhost") || own.any(|own| is(own.host()))
}
