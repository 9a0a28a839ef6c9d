//! The page, rendered: the home page with its answer, and the page for unknown addresses.

use super::{assets::Assets, document, security::content_security_policy, state::AppState};
use crate::app::Query;
use axum::{
    extract::{Query as QueryString, Request, State},
    response::{Html, IntoResponse, Response},
};
use http::{
    HeaderValue, StatusCode,
    header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY},
};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_axum::{ResponseOptions, render_app_async_with_context};

/// The home page; `?text=…` is analyzed before the answer is sent, so it needs no script.
pub async fn home(
    State(state): State<AppState>,
    QueryString(pairs): QueryString<Vec<(String, String)>>,
    request: Request,
) -> Response {
    let query = Query { text: pairs.into_iter().find(|(name, _)| name == "text").map(|(_, text)| text) };
    let engine = state.engine;
    let context = move || {
        provide_context(engine.clone());
        provide_context(query.clone());
        set_headers();
    };
    let (assets, options) = (state.assets, state.leptos_options);
    render_app_async_with_context(context, move || document::home(&assets, options.clone()))(request).await
}

/// The page for an address that leads nowhere.
pub fn not_found(assets: &Assets) -> Response {
    let html = Owner::new().with(|| document::not_found(assets).to_html());
    let policy = content_security_policy(None);
    let headers = [(CONTENT_SECURITY_POLICY, policy), (CACHE_CONTROL, "no-store".into())];
    (StatusCode::NOT_FOUND, headers, Html(html)).into_response()
}

/// A page holds a nonce and maybe a user's text: no cache may share it.
fn set_headers() {
    let response = expect_context::<ResponseOptions>();
    if let Ok(policy) = HeaderValue::from_str(&content_security_policy(use_nonce().as_ref())) {
        response.insert_header(CONTENT_SECURITY_POLICY, policy);
    }
    response.insert_header(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
}
