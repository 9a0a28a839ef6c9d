//! The endpoint for language models: the Model Context Protocol over streamable HTTP, at `/mcp`.
//!
//! It has one tool and keeps no session, so that any replica answers any request. Its `Host` and
//! `Origin` are looked at, since a page of another site may otherwise have a browser ask a server
//! that only this machine reaches (DNS rebinding).

pub mod refusal;
pub mod tool;

use super::{
    api::{
        error::ApiError,
        values::{self, MAX_VALUES},
    },
    forgery,
    guard::cors::CorsOrigin,
    limits::MAX_BODY,
    request::CurrentRequest,
    room::answer::hold,
    state::AppState,
};
use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State, rejection::BytesRejection},
    middleware::{self, Next},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{StatusCode, request::Parts};
use rmcp::transport::streamable_http_server::{
    StreamableHttpServerConfig, StreamableHttpService, session::never::NeverSessionManager,
};
use std::sync::Arc;
use tool::Tools;

/// The route, for the models and settings of `state`.
pub fn router(state: &AppState) -> Router<AppState> {
    let models = state.models.clone();
    let service = StreamableHttpService::new(
        // Called while the request is answered, which later tasks would not know.
        move || Ok(Tools::new(models.clone(), CurrentRequest::get())),
        Arc::new(NeverSessionManager::default()),
        config(state),
    );
    Router::new()
        .route_service("/mcp", service)
        .layer(middleware::from_fn(few_values))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .layer(middleware::from_fn_with_state(state.clone(), known_host))
        .layer(middleware::from_fn(refusal::reshape))
        .layer(middleware::from_fn(hold))
}

/// Refuses a host that is none, or not known to be this server's; [`refusal`] has the words.
async fn known_host(State(state): State<AppState>, request: Request, next: Next) -> Response {
    // A page that was led here has no key.
    if state.guard.has_keys() || forgery::is_known(request.headers(), &state) {
        next.run(request).await
    } else if forgery::host(request.headers()).is_none() {
        StatusCode::BAD_REQUEST.into_response()
    } else {
        StatusCode::FORBIDDEN.into_response()
    }
}

/// Refuses a message of too many values, of which the protocol's library would make a tree.
async fn few_values(head: Parts, body: Result<Bytes, BytesRejection>, next: Next) -> Response {
    match body.map_err(ApiError::from) {
        Ok(body) if values::are_too_many(&body) => ApiError::TooLarge(format!(
            "The message has more than {MAX_VALUES} values. Split the texts into several calls."
        ))
        .into_response(),
        Ok(body) => next.run(Request::from_parts(head, body.into())).await,
        // For this, too, [`refusal`] has the words.
        Err(ApiError::TooLarge(_)) => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        Err(error) => error.into_response(),
    }
}

fn config(state: &AppState) -> StreamableHttpServerConfig {
    let config = StreamableHttpServerConfig::default()
        .with_legacy_session_mode(false)
        .with_json_response(true)
        // It knows no host in numbers but the loopback's.
        .disable_allowed_hosts();
    if state.guard.cors().contains(&CorsOrigin::Any) {
        return config.disable_allowed_origins();
    }
    let origins = state.guard.cors().iter().map(ToString::to_string);
    let own = state.origins().map(ToString::to_string);
    config.with_allowed_origins(origins.chain(own).map(with_port)).enforce_origin_validation()
}

/// An origin with the port that its scheme implies, without which every port would be allowed.
fn with_port(origin: String) -> String {
    let has_port = origin.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    match (has_port, origin.starts_with("https:")) {
        (true, _) => origin,
        (false, true) => origin + ":443",
        (false, false) => origin + ":80",
    }
}
