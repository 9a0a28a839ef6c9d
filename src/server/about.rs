//! About the model: what its card says, as a summary on the page and whole at `/model`.
//!
//! The card is the `README.md` of the model's folder, as the Hugging Face Hub reads it: facts in
//! YAML at the top, prose in Markdown below. A folder without one has a name and no more.

use super::{document, link::Link, page, security::content_security_policy, state::AppState};
use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use leptos::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html};
use serde::Deserialize;
use std::{fs, path::Path};

/// Limits that the summary names; the card has all.
const LIMITS: usize = 6;

/// What a model's card says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// The model's name.
    pub name: String,
    facts: Facts,
    limits: Vec<String>,
    prose: String,
}

/// The facts at the top of a card; keys are the Hub's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
struct Facts {
    license: Option<String>,
    base_model: Option<OneOrMany>,
    datasets: OneOrMany,
    #[serde(rename = "model-index")]
    model_index: Vec<Index>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
struct Index {
    results: Vec<Measured>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
struct Measured {
    dataset: DataSet,
    metrics: Vec<Metric>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
struct DataSet {
    name: String,
    split: Option<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
struct Metric {
    name: Option<String>,
    r#type: String,
    value: serde_norway::Value,
}

impl Default for OneOrMany {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl OneOrMany {
    fn join(&self) -> String {
        match self {
            Self::One(name) => name.clone(),
            Self::Many(names) => names.join(", "),
        }
    }
}

impl About {
    /// Reads the card in a model's folder, if it has one of its own. A card that is missing or odd
    /// says nothing, which is no reason not to serve the model.
    #[must_use]
    pub fn read(name: &str, folder: Option<&Path>) -> Self {
        let card = folder.and_then(|folder| fs::read_to_string(folder.join("README.md")).ok());
        Self::parse(name, &card.unwrap_or_default())
    }

    fn parse(name: &str, card: &str) -> Self {
        let split = card.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---"));
        let (facts, prose) = split.unwrap_or(("", card));
        Self {
            name: name.into(),
            facts: serde_norway::from_str(facts).unwrap_or_default(),
            limits: limits(prose),
            prose: prose.into(),
        }
    }

    /// What was measured: on what, which metric, and its value.
    fn figures(&self) -> Vec<(String, String)> {
        let of = |measured: &Measured| {
            let DataSet { name, split } = &measured.dataset;
            let on = split.as_ref().map_or_else(|| name.clone(), |split| format!("{name}, {split}"));
            measured.metrics.iter().map(move |metric| (on.clone(), metric.in_words())).collect::<Vec<_>>()
        };
        self.facts.model_index.iter().flat_map(|index| &index.results).flat_map(of).collect()
    }

    /// The prose as HTML that is safe.
    fn html(&self) -> String {
        // A card may come from anyone: its markup is text, its links say where they lead.
        let events = Parser::new_ext(&self.prose, Options::ENABLE_TABLES).map(|event| match event {
            Event::Html(html) | Event::InlineHtml(html) => Event::Text(html),
            Event::Start(Tag::Image { .. }) => Event::Text("[image: ".into()),
            Event::End(TagEnd::Image) => Event::Text("]".into()),
            Event::Start(Tag::Link { dest_url, link_type, id, .. }) if !dest_url.starts_with("http") => {
                Event::Start(Tag::Link { dest_url: "#".into(), link_type, id, title: "".into() })
            }
            event => event,
        });
        let mut html = String::new();
        html::push_html(&mut html, events);
        html
    }
}

impl Metric {
    fn in_words(&self) -> String {
        let name = self.name.as_deref().unwrap_or(&self.r#type);
        match self.value.as_f64() {
            Some(share) if (0.0..=1.0).contains(&share) => format!("{name} {:.1} %", share * 100.0),
            Some(number) => format!("{name} {number}"),
            None => name.into(),
        }
    }
}

/// The items of the lists under a heading about limits, bias or risks, as plain text.
fn limits(prose: &str) -> Vec<String> {
    let (mut limits, mut heading) = (Vec::new(), String::new());
    let (mut in_heading, mut item) = (false, None::<String>);
    for event in Parser::new(prose) {
        match event {
            Event::Start(Tag::Heading { .. }) => (in_heading, heading) = (true, String::new()),
            Event::End(TagEnd::Heading(_)) => in_heading = false,
            Event::Start(Tag::Item) if is_about_limits(&heading) => item = Some(String::new()),
            Event::End(TagEnd::Item) => limits.extend(item.take()),
            Event::Text(text) | Event::Code(text) => match &mut item {
                _ if in_heading => heading.push_str(&text),
                Some(item) => item.push_str(&text),
                None => {}
            },
            Event::SoftBreak | Event::HardBreak => item.iter_mut().for_each(|item| item.push(' ')),
            _ => {}
        }
    }
    limits.truncate(LIMITS);
    limits
}

fn is_about_limits(heading: &str) -> bool {
    let heading = heading.to_lowercase();
    ["limit", "bias", "risk"].iter().any(|word| heading.contains(word))
}

/// The summary of a model, at the foot of the page.
#[component]
pub fn Summary(
    /// The model's card.
    about: About,
) -> impl IntoView {
    let query: String =
        form_urlencoded::Serializer::new(String::new()).append_pair("model", &about.name).finish();
    let Facts { license, base_model, datasets, .. } = &about.facts;
    let facts = [
        ("Model", Some(about.name.clone())),
        ("Made from", base_model.as_ref().map(OneOrMany::join)),
        ("Trained on", Some(datasets.join()).filter(|names| !names.is_empty())),
        ("Licence", license.clone()),
    ];
    let facts = facts.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    let rows = facts.chain(about.figures()).map(|(name, value)| {
        view! {
            <dt>{name}</dt>
            <dd>{value}</dd>
        }
    });
    let limits = (!about.limits.is_empty()).then(|| {
        let items = about.limits.iter().map(|limit| view! { <li>{limit.clone()}</li> }).collect_view();
        view! {
            <h3>"Known limits"</h3>
            <ul>{items}</ul>
        }
    });
    let card = (!about.prose.is_empty())
        .then(|| view! { <p><a href=format!("/model?{query}")>"The model's card"</a></p> });
    view! {
        <details class="panel">
            <summary>{format!("About {}", about.name)}</summary>
            <dl>{rows.collect_view()}</dl>
            {limits}
            {card}
        </details>
    }
}

/// The whole card of the model that the query names, or of the default one, as a page.
pub async fn card(State(state): State<AppState>, RawQuery(query): RawQuery) -> Response {
    let model = query.as_deref().and_then(Link::model);
    let about = state.abouts.iter().find(|about| model.as_ref().is_none_or(|model| about.name == *model));
    let Some(about) = about.filter(|about| !about.prose.is_empty()) else {
        return page::not_found(&state.assets);
    };
    page::html("no-cache", content_security_policy(None, None), || {
        document::prose(&state.assets, &about.name, about.html())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CARD: &str = "---\nlicense: mit\ndatasets:\n- own/texts\nmodel-index:\n- name: m\n  results:\n  - dataset:\n      \
                        name: Own\n      split: test\n    metrics:\n    - type: accuracy\n      value: 0.875\n---\n# M\n\n## \
                        Limits\n\n- English *only*,\n  mostly.\n- Irony.\n\n## Data\n\n- not a limit\n";

    #[test]
    fn reads_facts_figures_and_limits() {
        let about = About::parse("m", CARD);
        assert_eq!(about.facts.license.as_deref(), Some("mit"));
        assert_eq!(about.facts.datasets.join(), "own/texts");
        assert_eq!(about.figures(), [("Own, test".to_owned(), "accuracy 87.5 %".to_owned())]);
        assert_eq!(about.limits, ["English only, mostly.", "Irony."]);
    }

    #[test]
    fn an_odd_card_says_nothing() {
        assert_eq!(About::parse("m", "").limits, Vec::<String>::new());
        assert_eq!(About::parse("m", "---\n[\n---\nprose").facts, Facts::default());
    }
}
