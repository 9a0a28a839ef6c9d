//! A card, read: the facts in YAML at its top, and what its Markdown says of limits.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd, html};
use serde::Deserialize;
use serde_norway::Value;

/// Limits that the summary names; the card has all.
const LIMITS: usize = 6;

/// What is in the names of metrics that are shares of a whole, and read best as percentages.
const SHARES: [&str; 5] = ["accuracy", "exact_match", "f1", "precision", "recall"];

/// The box in which a table scrolls, by the keyboard too.
const TABLE: &str = r#"<div class="card__table" tabindex="0" role="group" aria-label="Table">"#;

/// The facts at the top of a card; keys are the Hub's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// The licence, by its short name.
    pub license: Option<String>,
    /// What it reads, by the language's code; as it is, so that an odd one takes no other fact away.
    pub language: Value,
    /// What the model was made from.
    pub base_model: Option<OneOrMany>,
    /// What it was trained on.
    pub datasets: OneOrMany,
    #[serde(rename = "model-index")]
    model_index: Vec<Index>,
}

/// A name, or several.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum OneOrMany {
    /// Written without a list.
    One(String),
    /// Written as one.
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
    value: Value,
}

impl Default for OneOrMany {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl OneOrMany {
    /// The names, with commas between them.
    pub fn join(&self) -> String {
        match self {
            Self::One(name) => name.clone(),
            Self::Many(names) => names.join(", "),
        }
    }
}

impl Facts {
    /// What was measured: on what, which metric, and its value.
    pub fn figures(&self) -> Vec<(String, String)> {
        let of = |measured: &Measured| {
            let DataSet { name, split } = &measured.dataset;
            let on = split.as_ref().map_or_else(|| name.clone(), |split| format!("{name}, {split}"));
            measured.metrics.iter().map(move |metric| (on.clone(), metric.in_words())).collect::<Vec<_>>()
        };
        self.model_index.iter().flat_map(|index| &index.results).flat_map(of).collect()
    }
}

impl Metric {
    fn in_words(&self) -> String {
        let name = self.name.as_deref().unwrap_or(&self.r#type);
        let is_share = SHARES.iter().any(|share| self.r#type.to_lowercase().contains(share));
        match self.value.as_f64() {
            Some(share) if is_share && (0.0..=1.0).contains(&share) => {
                format!("{name} {:.1} %", share * 100.0)
            }
            Some(number) => format!("{name} {number}"),
            None => name.into(),
        }
    }
}

/// A card's facts and its prose. Facts that cannot be read count as none.
pub fn split(card: &str) -> (Facts, &str) {
    let split = card.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---"));
    let (facts, prose) = split.unwrap_or(("", card));
    (serde_norway::from_str(facts).unwrap_or_default(), prose)
}

/// The items of the lists under a heading about limits, bias or risks, as plain text.
pub fn limits(prose: &str) -> Vec<String> {
    let (mut limits, mut heading) = (Vec::new(), String::new());
    let (mut in_heading, mut item) = (false, None::<String>);
    for event in Parser::new(prose) {
        match event {
            Event::Start(Tag::Heading { .. }) => (in_heading, heading) = (true, String::new()),
            Event::End(TagEnd::Heading(_)) => in_heading = false,
            // The words of an item come before the list in it.
            Event::Start(Tag::Item) if is_about_limits(&heading) => {
                limits.extend(item.replace(String::new()).filter(|outer| !outer.is_empty()));
            }
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

/// The prose of a card as HTML that is safe. A table that is wider than the page scrolls by itself.
pub fn html(prose: &str) -> String {
    // A card may come from anyone: its markup is text, its links say where they lead.
    let events = Parser::new_ext(prose, Options::ENABLE_TABLES).map(|event| match event {
        Event::Html(html) | Event::InlineHtml(html) => Event::Text(html),
        Event::Start(Tag::Image { .. }) => Event::Text("[image: ".into()),
        Event::End(TagEnd::Image) => Event::Text("]".into()),
        Event::Start(Tag::Link { dest_url, link_type, id, .. }) if !dest_url.starts_with("http") => {
            Event::Start(Tag::Link { dest_url: "#".into(), link_type, id, title: "".into() })
        }
        event => event,
    });
    let events = events.flat_map(|event| {
        let opened = matches!(event, Event::Start(Tag::Table(_))).then(|| Event::Html(TABLE.into()));
        let closed = matches!(event, Event::End(TagEnd::Table)).then(|| Event::Html("</div>".into()));
        opened.into_iter().chain([event]).chain(closed)
    });
    let mut html = String::new();
    html::push_html(&mut html, events);
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_scrolls_in_a_box_and_markup_is_text() {
        let html = html("a <table> b\n\n| One | Two |\n|---|---|\n| 1 | `<table>` |\n\nc\n");
        assert_eq!(html.matches("<table>").count(), 1, "{html}");
        assert!(html.contains(&format!("{TABLE}<table>")), "{html}");
        assert!(html.contains("</table>\n</div>"), "{html}");
    }
}
