//! The document around the app: head, styles, and the script that makes the page interactive.

use super::assets::Assets;
use crate::{app::App, ui::Masthead};
use leptos::{config::LeptosOptions, nonce::use_nonce, prelude::*};
use leptos_meta::MetaTags;

/// What search engines and link previews show.
const DESCRIPTION: &str =
    "Type a text and see at once whether it sounds positive or negative, judged by a small language model.";

/// The home page's document.
///
/// The three head tags that load the wasm are written here in place of `HydrationScripts`, which
/// puts the nonce into `crossorigin`: a browser then fetches the module twice or not at all.
pub fn home(assets: &Assets, watch: Option<LeptosOptions>) -> impl IntoView + use<> {
    let start = format!(
        "import init,{{hydrate}} from '{}';await init({{module_or_path:'{}'}});hydrate()",
        assets.js, assets.wasm
    );
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <Head css=assets.css.clone() />
                <link rel="modulepreload" href=assets.js.clone() nonce=use_nonce() />
                <link
                    rel="preload"
                    href=assets.wasm.clone()
                    r#as="fetch"
                    r#type="application/wasm"
                    crossorigin="anonymous"
                />
                <script type="module" nonce=use_nonce()>{start}</script>
                {watch.map(|options| view! { <AutoReload options /> })}
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}

/// The document for an address that leads nowhere; it needs no script.
pub fn not_found(assets: &Assets) -> impl IntoView + use<> {
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>
                <Head css=assets.css.clone() />
                <title>"Not found · Valence"</title>
            </head>
            <body>
                <Masthead />
                <main class="page">
                    <p class="notice">"There is nothing at this address. " <a href="/">"Analyze a text"</a></p>
                </main>
            </body>
        </html>
    }
}

/// The tags that every document's head has.
#[component]
fn Head(
    /// Address of the style sheet.
    css: String,
) -> impl IntoView {
    view! {
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="description" content=DESCRIPTION />
        <link rel="icon" href="/favicon.svg" r#type="image/svg+xml" />
        <link rel="stylesheet" href=css />
    }
}
