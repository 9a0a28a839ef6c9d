//! The head tags that search engines and link previews read (Open Graph, Twitter cards).

use crate::{
    sentiment::in_words,
    server::{card::layout, link::Link, origin::Origin, words},
    ui::opening::Tab,
    wire::Analyzed,
};
use leptos::{html::meta, prelude::*};

/// Characters of the text in a title, which previews show in one or two lines.
const TITLE: usize = 60;
/// Characters of the text in a description.
const DESCRIPTION: usize = 200;

/// What a link to the page says about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    title: String,
    description: String,
    image_alt: String,
    /// Addresses of the page and of its card, where the server knows its own.
    addresses: Option<[String; 2]>,
    /// Whether the address holds a text: one that somebody shared is not for search engines.
    has_text: bool,
}

impl Preview {
    /// The tags of the page at this address, path and query, with this text and answer.
    #[must_use]
    pub fn new(
        origin: Option<&Origin>,
        address: &str,
        tab: Tab,
        link: Option<&Link>,
        answer: Option<&Analyzed>,
        mixed_below: Option<f32>,
    ) -> Self {
        let query = link.map(|link| format!("?{}", link.query)).unwrap_or_default();
        let addresses =
            origin.map(|origin| [format!("{origin}{address}"), format!("{origin}/og.png{query}")]);
        let general = Self {
            title: super::title(tab).into(),
            description: super::DESCRIPTION.into(),
            image_alt: "Valence: is a text positive, negative or mixed?".into(),
            addresses,
            has_text: link.is_some(),
        };
        match (link.map(|link| &link.text), answer) {
            (Some(Ok(text)), Some(Ok(analysis))) => {
                general.of_result(text, &in_words(&analysis.scores, mixed_below))
            }
            _ => general,
        }
    }

    fn of_result(self, text: &str, verdict: &str) -> Self {
        let quote = words::shorten(text, DESCRIPTION);
        Self {
            title: format!("{verdict}: “{}”", words::shorten(text, TITLE)),
            image_alt: format!("{verdict}, shown as bars, for the text “{quote}”"),
            description: format!("{verdict}. “{quote}”"),
            ..self
        }
    }
}

/// The tags; Twitter's own cards take what they lack from Open Graph.
#[component]
pub fn PreviewTags(
    /// What they tell.
    preview: Preview,
) -> impl IntoView {
    let Preview { title, description, image_alt, addresses, has_text } = preview;
    let mut properties = vec![
        ("og:type", "website".into()),
        ("og:site_name", "Valence".into()),
        ("og:title", title),
        ("og:description", description),
    ];
    let canonical = addresses.map(|[page, image]| {
        properties.extend([
            ("og:url", page.clone()),
            ("og:image", image),
            ("og:image:type", "image/png".into()),
            ("og:image:width", layout::WIDTH.to_string()),
            ("og:image:height", layout::HEIGHT.to_string()),
            ("og:image:alt", image_alt),
        ]);
        view! { <link rel="canonical" href=page /> }
    });
    // Written without the macro, which does not know the attribute.
    let tag =
        |(property, content): (&'static str, String)| meta().attr("property", property).content(content);
    view! {
        {has_text.then(|| view! { <meta name="robots" content="noindex" /> })}
        {canonical}
        {properties.into_iter().map(tag).collect_view()}
        <meta name="twitter:card" content="summary_large_image" />
    }
}
