//! The page, rendered: the home page with its answer, the part of it that other sites embed, the
//! pages for unknown addresses and for answers that were given up, and how a page without a program is
//! sent.

use super::{
    assets::Assets,
    document::{self, Choice, Preview},
    failure, functions,
    link::Link,
    security::{EMBED_POLICY, content_security_policy},
    state::AppState,
};
use crate::{
    engine::{Engine, reading::Wanted},
    error::AnalyzeError,
    ui::{
        address,
        opening::{Lens, Opening, Server, View},
    },
};
use axum::{
    body::{Body, to_bytes},
    extract::{RawQuery, Request, State},
    middleware::Next,
    response::{Html, IntoResponse, Response},
};
use http::{
    HeaderValue, Method, StatusCode,
    header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY},
};
use leptos::{nonce::use_nonce, prelude::*};
use leptos_axum::{ResponseOptions, render_app_async_with_context};
use std::sync::Arc;

/// Show the page for people.
///
/// A link's text, `?text=`, is answered before the page is sent, so it needs no script.
#[utoipa::path(
    get,
    path = "/",
    tag = "Server",
    responses(
        (status = 200, content_type = "text/html", body = String, description = "The page."),
        (status = "4XX", content_type = "text/html", body = String, description = "The page, which says why the text is refused."),
        (status = "5XX", content_type = "text/html", body = String, description = "The page, which says that the model failed."),
    )
)]
pub async fn home(State(state): State<AppState>, RawQuery(query): RawQuery, request: Request) -> Response {
    let pairs: Vec<_> = form_urlencoded::parse(query.as_deref().unwrap_or_default().as_bytes()).collect();
    let view = View::of(pairs.iter().map(|(name, value)| (&**name, &**value)));
    // An explanation costs many runs: only those who ask for it get it with the page.
    let explanation = (view.lens == Some(Lens::Words)).then(|| view.method());
    let wanted = Wanted { sentences: true, explanation, ..Wanted::default() };
    let link = query.as_deref().and_then(Link::read);
    let answer = match &link {
        Some(link) => Some(link.answer(&state.models, wanted).await),
        None => None,
    };
    let (status, headers) = match &answer {
        Some(Err(error)) => failure::response_parts(error),
        _ => Default::default(),
    };
    let origin = state.reached_at(request.headers());
    // What the page asks next is for a model that is loaded, also where this address names another one.
    let named = query.as_deref().and_then(Link::model);
    let engine = named.and_then(|name| state.models.get(Some(&name)).ok());
    let model = engine.map(|engine| engine.model().to_owned());
    // What else stood in the address, maybe a token of who opened it, is not to be shared.
    let pair = link.as_ref().map(Link::pair).unwrap_or_default();
    let address = address::path(pair, model.as_deref(), view);
    let choice = Choice::new(&state.models.all(), &state.abouts, model.clone());
    let mixed_below = state.mixed_below_of(model.as_deref());
    let server = Server {
        origin: origin.as_ref().map(ToString::to_string).unwrap_or_default(),
        model,
        mixed_below: state.mixed_below,
        rating: rating(&state.models.all()),
        takes_feedback: state.feedback.is_some(),
    };
    let preview =
        Preview::new(origin.as_ref(), &address, view.tab, link.as_ref(), answer.as_ref(), mixed_below);
    // A damaged link leaves the box empty, as if an empty text had been asked.
    let text = link.map(|link| link.text.unwrap_or_default());
    let opening = Opening { text, answer, view, link: Some(address), server };
    let reload_port = state.watch.as_ref().map(|options| options.reload_port);
    let context = move || {
        set_headers(reload_port);
        provide_context(opening.server.clone());
        provide_context(opening.clone());
    };
    let (assets, watch, abouts) = (state.assets, state.watch, state.abouts);
    let page = render_app_async_with_context(context, move || {
        let (watch, abouts) = (watch.clone(), Arc::clone(&abouts));
        document::home(&assets, view.tab, choice.clone(), watch, preview.clone(), abouts)
    });
    let (parts, html) = page(request).await.into_parts();
    // It is there as a whole; its length says how much memory it takes while it is sent.
    let html = to_bytes(html, usize::MAX).await.unwrap_or_default();
    (status, headers, Response::from_parts(parts, Body::from(html))).into_response()
}

/// The names of the models that rate texts; the default, the first of all, has an empty one beside its own.
fn rating(engines: &[Engine]) -> Vec<String> {
    let rates = |engine: &&Engine| !engine.gives_probabilities();
    let default = engines.first().filter(rates).map(|_| String::new());
    let named = engines.iter().filter(rates).map(|engine| engine.model().to_owned());
    default.into_iter().chain(named).collect()
}

/// The verdict of a link's text alone, for a frame on another site.
///
/// It follows the visitor's theme; `theme=light` or `theme=dark` fits it to its surroundings.
pub async fn embed(State(state): State<AppState>, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let link = Link::read(&query);
    let answer = match &link {
        Some(link) => link.answer(&state.models, Wanted::default()).await,
        None => Err(AnalyzeError::Empty),
    };
    let (status, headers) = answer.as_ref().err().map(failure::response_parts).unwrap_or_default();
    let theme = query.split('&').find_map(|pair| match pair {
        "theme=light" => Some("light"),
        "theme=dark" => Some("dark"),
        _ => None,
    });
    let mixed_below = state.mixed_below_of(answer.as_ref().ok().map(|analysis| &*analysis.model));
    let page = html("private, no-cache", EMBED_POLICY.into(), || {
        document::embed(&state.assets, theme, link.as_ref(), answer, mixed_below)
    });
    (status, headers, page).into_response()
}

/// The page for an address that leads nowhere.
pub fn not_found(assets: &Assets) -> Response {
    let page = html("no-store", content_security_policy(None, None), || document::not_found(assets));
    (StatusCode::NOT_FOUND, page).into_response()
}

/// Answers people for a handler that has no answer: the page in the form in which its own requests are
/// refused, a reader of a document with another one.
pub async fn tell(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let path = request.uri().path().to_owned();
    let mut response = next.run(request).await;
    let Some(error) = response.extensions_mut().remove::<AnalyzeError>() else { return response };
    let (status, headers) = failure::response_parts(&error);
    let page = match &*path {
        "/" if is_read => html("no-store", content_security_policy(None, None), || {
            document::no_answer(&state.assets, error)
        }),
        "/embed" if is_read => html("no-store", EMBED_POLICY.into(), || {
            document::embed(&state.assets, None, None, Err(error), None)
        }),
        path if path.starts_with("/page/") => return functions::refusal(error),
        _ => return response,
    };
    (status, headers, page).into_response()
}

/// A document that no program takes over, with what its `Cache-Control` and its
/// Content-Security-Policy say.
pub fn html<V: IntoView>(cache: &'static str, policy: String, document: impl FnOnce() -> V) -> Response {
    let html = Owner::new().with(|| document().to_html());
    ([(CONTENT_SECURITY_POLICY, policy), (CACHE_CONTROL, cache.into())], Html(html)).into_response()
}

/// A page holds a nonce and maybe a user's text: no cache may share it.
fn set_headers(reload_port: Option<u32>) {
    let response = expect_context::<ResponseOptions>();
    if let Ok(policy) = HeaderValue::from_str(&content_security_policy(use_nonce().as_ref(), reload_port)) {
        response.insert_header(CONTENT_SECURITY_POLICY, policy);
    }
    response.insert_header(CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
}
