//! Headers that keep a page from doing what it should not.
//!
//! The page's policy allows its own files and the scripts that carry this answer's nonce, nothing
//! of another host. Only in a Hugging Face Space may others frame it: Spaces show an app that way.

use super::origin::Origin;
use axum::{extract::Request, middleware::Next, response::Response};
use http::{
    HeaderName, HeaderValue,
    header::{REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS},
};
use leptos::nonce::Nonce;
use std::sync::LazyLock;

/// Who may frame the pages: not Hugging Face's pages unless this is one of its Spaces. A frame can
/// lead a visitor's click astray, and anybody can publish a Space.
static FRAMED_BY: LazyLock<&str> = LazyLock::new(|| {
    Origin::of_space().map_or("'self'", |_| "'self' https://huggingface.co https://*.hf.space")
});

/// The Content-Security-Policy of a page whose scripts carry `nonce`.
///
/// `'wasm-unsafe-eval'` lets the browser compile wasm and nothing else. Under `cargo leptos watch`
/// the page may also listen at `reload_port` for rebuilds.
#[must_use]
pub fn content_security_policy(nonce: Option<&Nonce>, reload_port: Option<u32>) -> String {
    let script = nonce.map_or_else(
        || "'none'".into(),
        |nonce| format!("'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'"),
    );
    let reload = reload_port.map_or_else(String::new, |port| format!(" ws://127.0.0.1:{port}"));
    format!(
        "default-src 'none'; script-src {script}; style-src 'self'; img-src 'self'; connect-src 'self'{reload}; \
         base-uri 'none'; form-action 'self'; frame-ancestors {}",
        *FRAMED_BY
    )
}

/// The policy of the part that other sites may show in a frame of theirs: a style sheet, no script.
pub const EMBED_POLICY: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors *";

/// The header that names what a page may ask of its browser.
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

/// No page here needs what hears, sees, locates or pays.
const PERMISSIONS: HeaderValue = HeaderValue::from_static(
    "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
);

/// Sets the headers that every answer carries.
///
/// The address of a page holds the user's text, so it is not sent to other sites.
pub async fn set_headers(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(PERMISSIONS_POLICY, PERMISSIONS);
    response
}
