//! Sharing: a link that restores what is shown, its QR code, and code to embed it.

use super::{Inquiry, address::MAX_IN_CODE, browser, copy::Copy, form::textarea_html};
use leptos::prelude::*;

/// The ways to share the answer shown.
#[component]
pub fn Share(
    /// Whose answer.
    inquiry: Inquiry,
) -> impl IntoView {
    // Known in the browser only, and only once the page is interactive.
    let has_sheet = RwSignal::new(false);
    let link = Memo::new(move |_| inquiry.link());
    let address = move || link.get().unwrap_or_default();
    Effect::new(move || has_sheet.set(browser::can_share(&address())));
    let kept = if inquiry.server().takes_feedback {
        "The text is in the link itself; this server keeps it only if you press a thumb."
    } else {
        "The text is in the link itself; this server keeps nothing."
    };
    view! {
        // That there is no link, the form says.
        <details class="panel share" hidden=move || link.get().is_none()>
            <summary>"Share"</summary>
            <div class="share__link">
                <label for="link">"Link to this answer"</label>
                <input id="link" type="url" readonly prop:value=address value=address />
                <Copy text=Signal::derive(address) name="Copy link" />
                <Show when=move || has_sheet.get()>
                    <Copy text=Signal::derive(address) by_sheet=true name="Share…" />
                </Show>
            </div>
            <div class="share__more">
                <QrCode address=Signal::derive(address) />
                <EmbedCode address=Signal::derive(address) />
            </div>
            <p class="quiet">{kept}</p>
            <p>
                <a class="more" href=move || at_path("/code", &address())>
                    "Use it from code"
                </a>
            </p>
        </details>
    }
}

/// The link as a picture for phones, unless it is too long for one.
#[component]
fn QrCode(
    /// The link.
    address: Signal<String>,
) -> impl IntoView {
    view! {
        <Show
            when=move || address.get().len() <= MAX_IN_CODE
            fallback=|| {
                view! {
                    <p class="share__none">"This link is too long for a QR code. Copy it instead."</p>
                }
            }
        >
            <img
                class="share__code"
                src=move || at_path("/qr.svg", &address.get())
                loading="lazy"
                width="160"
                height="160"
                alt="QR code of the link"
            />
        </Show>
    }
}

/// What another page shows the answer with.
#[component]
fn EmbedCode(
    /// The link to the answer.
    address: Signal<String>,
) -> impl IntoView {
    let code = move || frame(&address.get());
    let first = frame(&address.get_untracked());
    view! {
        <div>
            <label for="embed">"Code to embed it in a page"</label>
            <textarea
                id="embed"
                readonly
                rows="4"
                spellcheck="false"
                prop:value=code
                inner_html=textarea_html(&first)
            ></textarea>
            <Copy text=Signal::derive(code) name="Copy code" />
        </div>
    }
}

/// The query of the shared link at another path of the server.
fn at_path(path: &str, link: &str) -> String {
    let query = link.split_once('?').map_or("", |(_, query)| query);
    format!("{path}?{query}")
}

/// An `<iframe>` of the compact page. The link is escaped, as its query may be what a visitor's program has
/// sent.
fn frame(link: &str) -> String {
    let (page, query) = link.split_once('?').unwrap_or((link, ""));
    let src = format!("{}/embed?{query}", page.trim_end_matches('/'));
    let src = html_escape::encode_text(&src).replace('"', "&quot;");
    // The style is for phones, which are narrower.
    format!(
        "<iframe src=\"{src}\" title=\"Sentiment by Valence\" width=\"420\" height=\"320\" style=\"max-width:100%\"></iframe>"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_to_embed_is_an_attribute_that_ends_where_it_should() {
        let code = frame("https://example.org/?text=a%22b&show=words");
        assert!(code.contains("src=\"https://example.org/embed?text=a%22b&amp;show=words\""), "{code}");
        let raw = frame("https://example.org/?text=\"><b>");
        assert!(raw.contains("src=\"https://example.org/embed?text=&quot;&gt;&lt;b&gt;\""), "{raw}");
    }

    #[test]
    fn other_paths_take_the_same_query() {
        assert_eq!(at_path("/qr.svg", "https://example.org/?z=abc"), "/qr.svg?z=abc");
    }
}
