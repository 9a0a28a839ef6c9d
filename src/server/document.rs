//! The document around the app: head, styles, and the script that makes the page interactive.

mod header;
mod keep;
mod preview;
mod reference;
mod start;

use super::{
    about::{About, Summary},
    assets::Assets,
    code::Call,
    link::Link,
    words,
};
use crate::{
    app::{Many, One},
    error::AnalyzeError,
    ui::{Notice, Verdict, opening::Tab},
    wire::Analyzed,
};
pub use header::Choice;
use header::{Masthead, Tabs};
use keep::KeepBox;
use leptos::{config::LeptosOptions, nonce::Nonce, prelude::*};
pub use preview::Preview;
use preview::PreviewTags;
pub use reference::reference;
use start::{Start, Unstarted};
use std::sync::Arc;

/// What search engines and link previews show.
const DESCRIPTION: &str =
    "Type a text and see at once whether it sounds positive, negative or mixed to a small language model.";

/// What the scores of a long text are, which neither the table nor its files tell of a row.
const WINDOWS: &str = "A text that is longer than the model reads at once is read in windows, and its scores are \
                       the mean of theirs. Its own page and the API tell how many there were.";

/// The document of the page for one text or for many.
pub fn home(
    assets: &Assets,
    tab: Tab,
    choice: Choice,
    watch: Option<LeptosOptions>,
    preview: Preview,
    abouts: Arc<[About]>,
) -> impl IntoView + use<> {
    let (name, program) = match tab {
        Tab::One => ("one", assets.one.clone()),
        Tab::Many => ("many", assets.many.clone()),
    };
    view! {
        <!DOCTYPE html>
        <html lang="en" data-page=name>
            <head>
                <Head css=assets.css.clone() />
                <PreviewTags preview />
                <Start program />
                {watch.map(|options| view! { <AutoReload options /> })}
                // As a child it would bring a marker, see `plain`.
                <title inner_html=title(tab)></title>
            </head>
            <body>
                <Masthead />
                <Tabs current=tab choice />
                // The script takes over what is in here, and never looks at the rest.
                {match tab {
                    Tab::One => view! { <main class="page page--one"><One /></main> }.into_any(),
                    Tab::Many => view! {
                        <Unstarted />
                        <main class="page"><Many /></main>
                    }
                    .into_any(),
                }}
                <KeepBox />
                <footer class="about">
                    {abouts.iter().cloned().map(|about| view! { <Summary about /> }).collect_view()}
                    <Endpoints />
                    {(tab == Tab::Many).then(|| view! { <p>{WINDOWS}</p> })}
                </footer>
            </body>
        </html>
    }
}

/// What a page is called that shows no answer in particular.
const fn title(tab: Tab) -> &'static str {
    match tab {
        Tab::One => "Valence, a sentiment analyzer",
        Tab::Many => "Many texts · Valence",
    }
}

/// Characters of a text that an embedded verdict quotes.
const EMBED_QUOTE: usize = 280;

/// The document for a frame on another site; it needs no script.
pub fn embed(
    assets: &Assets,
    theme: Option<&'static str>,
    link: Option<&Link>,
    answer: Analyzed,
    mixed_below: Option<f32>,
) -> impl IntoView + use<> {
    let page = link.map_or_else(|| "/".into(), |link| format!("/?{}", link.query));
    let text = link.and_then(|link| link.text.as_deref().ok()).unwrap_or_default();
    let quote = words::shorten(text, EMBED_QUOTE);
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme>
            <head>
                <Head css=assets.css.clone() />
                <meta name="robots" content="noindex" />
                <title>"A verdict of Valence"</title>
            </head>
            <body class="embed">
                <main>
                    <h1 class="unseen">"A verdict of Valence"</h1>
                    {(!quote.is_empty()).then(|| view! { <blockquote dir="auto">{quote}</blockquote> })}
                    {match answer {
                        Ok(analysis) => view! { <Verdict text=text.to_owned() analysis mixed_below /> }.into_any(),
                        Err(error) => view! { <Notice error /> }.into_any(),
                    }}
                    <a href=page target="_blank" rel="noopener">"Open in Valence"</a>
                </main>
            </body>
        </html>
    }
}

/// Copies the code beside the button that was pressed, and says so for a while, as `ui::copy` does.
/// Over plain HTTP there is no clipboard, except from the machine itself.
const COPY: &str = include_str!("document/copy.js");

/// The document of calls to copy; its one script carries `nonce`.
pub fn code(assets: &Assets, calls: Vec<Call>, nonce: Nonce) -> impl IntoView + use<> {
    let call = |Call { name, code }: Call| {
        view! {
            <section class="call">
                <h2>{name}</h2>
                <button type="button" class="button" hidden>
                    <span aria-live="polite">"Copy"</span>
                    <span class="unseen">{format!(" the code for {name}")}</span>
                </button>
                <pre tabindex="0">
                    <code>{code}</code>
                </pre>
            </section>
        }
    };
    let head = vec![view! { <meta name="robots" content="noindex" /> }.into_any()];
    let body = vec![
        view! {
            <main class="prose">
                <h1>"Use it from code"</h1>
                <p>
                    "The same answer, from a program. These calls go to this very server, and "
                    <a href="/docs">"everything it answers"</a> " is documented too."
                </p>
                {calls.into_iter().map(call).collect_view()}
            </main>
        }
        .into_any(),
        view! { <script nonce=nonce>{COPY}</script> }.into_any(),
    ];
    plain(assets, "Use it from code", head, body)
}

/// A document of prose, as HTML that is safe; it needs no script.
pub fn prose(assets: &Assets, title: &str, html: String) -> impl IntoView + use<> {
    let main = view! { <main class="prose" inner_html=html></main> };
    plain(assets, title, Vec::new(), vec![main.into_any()])
}

/// The document for an address that leads nowhere; it needs no script.
pub fn not_found(assets: &Assets) -> impl IntoView + use<> {
    let main = view! {
        <main class="page">
            <p class="notice">"There is nothing at this address. " <a href="/">"Analyze a text"</a></p>
        </main>
    };
    plain(assets, "Not found", Vec::new(), vec![main.into_any()])
}

/// The document in place of an answer that was given up; it needs no script.
pub fn no_answer(assets: &Assets, error: AnalyzeError) -> impl IntoView + use<> {
    let main = view! {
        <main class="page">
            <Notice error />
            <p>
                <a href="/">"Analyze another text"</a>
            </p>
        </main>
    };
    plain(assets, "No answer", Vec::new(), vec![main.into_any()])
}

/// A document that no program takes over: `head` has its own tags, `body` what is between the
/// masthead and the foot.
pub fn plain(assets: &Assets, title: &str, head: Vec<AnyView>, body: Vec<AnyView>) -> impl IntoView + use<> {
    // As a child it would bring a marker for hydration, which a title shows.
    let title = html_escape::encode_text(&format!("{title} · Valence")).into_owned();
    let mut tags = vec![view! { <Head css=assets.css.clone() /> }.into_any()];
    tags.extend(head);
    tags.push(view! { <title inner_html=title></title> }.into_any());
    let mut parts = vec![view! { <Masthead /> }.into_any()];
    parts.extend(body);
    let foot = view! {
        <footer class="about">
            <Endpoints />
        </footer>
    };
    parts.push(foot.into_any());
    view! {
        <!DOCTYPE html>
        <html lang="en">
            <head>{tags}</head>
            <body>{parts}</body>
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

/// Links to the calls to copy and to the description of every address, at the foot of every page.
#[component]
fn Endpoints() -> impl IntoView {
    view! {
        <nav class="endpoints" aria-label="For programs">
            <a href="/code">"Use it from code"</a>
            <a href="/docs">"API"</a>
        </nav>
    }
}
