//! The start: the tags that load a page's program, and what is said where it does not start.

use crate::server::assets::Program;
use leptos::{nonce::use_nonce, prelude::*};

/// Starts a program, or marks the document, whose style sheet then shows [`Unstarted`]. The script may be
/// what does not come, so it is imported within the `try`.
fn start(Program { js, wasm }: &Program) -> String {
    include_str!("start.mjs").replace("{js}", js).replace("{wasm}", wasm)
}

/// The head tags that load a program.
///
/// They are written here in place of `HydrationScripts`, which puts the nonce into `crossorigin`: a
/// browser then fetches the module twice or not at all.
#[component]
pub fn Start(
    /// What makes the page interactive.
    program: Program,
) -> impl IntoView {
    let start = start(&program);
    view! {
        <link rel="modulepreload" href=program.js nonce=use_nonce() />
        <link
            rel="preload"
            href=program.wasm
            r#as="fetch"
            r#type="application/wasm"
            crossorigin="anonymous"
        />
        <script type="module" nonce=use_nonce()>{start}</script>
    }
}

/// What is said on a page that does nothing without its program, where that does not start: scripts are
/// off, it has not come, or the browser runs no WebAssembly.
#[component]
pub fn Unstarted() -> impl IntoView {
    view! {
        <noscript>
            <p class="notice unstarted">
                "Many texts need JavaScript here. Without it, send them to this server "
                <a href="/docs">"from a program"</a> "."
            </p>
        </noscript>
        <p class="notice unstarted unstarted--failed" role="alert">
            "This page's script did not start. Reload the page, or send your texts to this server "
            <a href="/docs">"from a program"</a> "."
        </p>
    }
}
