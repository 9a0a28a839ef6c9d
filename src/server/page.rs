//! The page, rendered: the home page with its answer, and the page for unknown addresses.

use super::{assets::Assets, document, failure, security::content_security_policy, state::AppState};
use crate::{engine::reading::Wanted, ui::Opening};
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

/// The home page; `?text=…` is answered before the page is sent, so it needs no script.
pub async fn home(
    State(state): State<AppState>,
    QueryString(pairs): QueryString<Vec<(String, String)>>,
    request: Request,
) -> Response {
    // A form sends line breaks as CR LF, where its text box holds LF.
    let text = pairs.into_iter().find(|(name, _)| name == "text").map(|(_, text)| text.replace("\r\n", "\n"));
    let answer = match text.clone() {
        Some(text) => Some(failure::answer(&state.models.first(), text, Wanted::default()).await),
        None => None,
    };
    let (status, headers) = match &answer {
        Some(Err(error)) => failure::response_parts(error),
        _ => Default::default(),
    };
    let opening = Opening { text, answer };
    let reload_port = state.watch.as_ref().map(|options| options.reload_port);
    let context = move || {
        set_headers(reload_port);
        provide_context(opening.clone());
    };
    let (assets, watch) = (state.assets, state.watch);
    let page = render_app_async_with_context(context, move || document::home(&assets, watch.clone()));
    (status, headers, page(request).await).into_response()
}

/// The page for an address that leads nowhere.
pub fn not_found(assets: &Assets) -> Response {
    let html = Owner::new().with(|| document::not_found(assets).to_html());
    let policy = content_security_policy(None, None);
    let headers = [(CONTENT_SECURITY_POLICY, policy), (CACHE_CONTROL, "no-store".into())];
    (StatusCode::NOT_FOUND, headers, Html(html)).into_response()
}

/// A page holds a nonce and maybe a user's text: no cache may share it.
fn set_headers(reload_port: Option<u32>) {
    let response = expect_context::<ResponseOptions>();
    if let Ok(policy) = HeaderValue::from_str(&content_security_policy(use_nonce().as_ref(), reload_port)) {
        response.insert_header(CONTENT_SECURITY_POLICY, policy);
    }
    response.insert_header(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
}
