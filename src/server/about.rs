//! About the model: what its card says, as a summary on the page and whole at `/model`.
//!
//! The card is the `README.md` of the model's folder, as the Hugging Face Hub reads it: facts in
//! YAML at the top, prose in Markdown below. A folder without one has a name and no more. `model_card`
//! reads it, `language` names what the model reads, `view` is the summary.

mod language;
mod model_card;
mod view;

use super::{document, link::Link, page, security::content_security_policy, state::AppState};
use crate::engine::Engine;
use axum::{
    extract::{RawQuery, State},
    response::Response,
};
use model_card::Facts;
use std::{fs, path::Path, sync::Arc};
pub use view::Summary;

/// What a model's card says, and what the model runs on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// The model's name.
    pub name: String,
    runs_on: String,
    facts: Facts,
    limits: Vec<String>,
    // Shared by the summaries, one for each page that is sent, which leave it out.
    prose: Arc<str>,
}

impl About {
    /// Reads the card in a model's folder, if it has one of its own. A card that is missing or odd
    /// says nothing, which is no reason not to serve the model.
    #[must_use]
    pub fn read(engine: &Engine, folder: Option<&Path>) -> Self {
        let card = folder.and_then(|folder| fs::read_to_string(folder.join("README.md")).ok());
        let runs_on = engine.setting().to_string();
        Self { runs_on, ..Self::parse(engine.model(), &card.unwrap_or_default()) }
    }

    /// The language that the model reads, where its card names exactly one that is known here.
    #[must_use]
    pub fn language(&self) -> Option<&'static str> {
        language::name(&self.facts.language)
    }

    fn parse(name: &str, card: &str) -> Self {
        // Git writes it so on Windows, and editors put a mark in front.
        let card = card.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        let (facts, prose) = model_card::split(&card);
        Self {
            name: name.into(),
            runs_on: String::new(),
            facts,
            limits: model_card::limits(prose),
            prose: prose.into(),
        }
    }
}

/// The whole card of the model that the query names, or of the default one, as a page.
pub async fn model_card(State(state): State<AppState>, RawQuery(query): RawQuery) -> Response {
    let model = query.as_deref().and_then(Link::model).map(|name| state.models.whole_name(name));
    let about = state.abouts.iter().find(|about| model.as_ref().is_none_or(|model| about.name == *model));
    let Some(about) = about.filter(|about| !about.prose.is_empty()) else {
        return page::not_found(&state.assets);
    };
    page::html("no-cache", content_security_policy(None, None), || {
        document::prose(&state.assets, &about.name, model_card::html(&about.prose))
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
        assert_eq!(about.facts.figures(), [("Own, test".to_owned(), "accuracy 87.5 %".to_owned())]);
        assert_eq!(about.limits, ["English only, mostly.", "Irony."]);
    }

    // It had no facts, and its YAML was in its prose.
    #[test]
    fn reads_a_card_of_windows_alike() {
        let windows = format!("\u{feff}{}", CARD.replace('\n', "\r\n"));
        assert_eq!(About::parse("m", &windows), About::parse("m", CARD));
    }

    // The list within was all that was left of it.
    #[test]
    fn a_limit_with_a_list_keeps_its_own_words() {
        let about = About::parse("m", "# Limits\n\n- It fails on:\n  - irony\n  - negation\n- Short.\n");
        assert_eq!(about.limits, ["It fails on:", "irony", "negation", "Short."]);
    }

    // A loss of 0.39 was 39 %.
    #[test]
    fn only_shares_are_percentages() {
        let figure = |metric: &str| {
            let card = CARD.replace("type: accuracy\n      value: 0.875", metric);
            About::parse("m", &card).facts.figures().remove(0).1
        };
        assert_eq!(figure("type: loss\n      value: 0.3902"), "loss 0.3902");
        assert_eq!(figure("type: f1_macro\n      name: F1\n      value: 0.5"), "F1 50.0 %");
        assert_eq!(figure("type: accuracy\n      value: 91.3"), "accuracy 91.3");
    }

    #[test]
    fn one_language_has_a_name_and_several_have_none() {
        let read =
            |language: &str| About::parse("m", &format!("---\nlanguage:{language}\n---\n# M\n")).language();
        for one in [" no", " [no]", "\n- no", " Norwegian"] {
            assert_eq!(read(one), Some("Norwegian"), "{one}");
        }
        for none in [" [en, no]", " multilingual", "", " []", " {en: no}"] {
            assert_eq!(read(none), None, "{none}");
        }
        assert_eq!(About::parse("m", CARD).language(), None);
    }

    #[test]
    fn an_odd_language_takes_no_other_fact_away() {
        for odd in ["{en: no}", "[en, null]", "[[en]]", "7", "false"] {
            let about =
                About::parse("m", &CARD.replace("---\nlicense", &format!("---\nlanguage: {odd}\nlicense")));
            assert_eq!((about.language(), about.facts.license.as_deref()), (None, Some("mit")), "{odd}");
        }
    }

    #[test]
    fn a_page_s_summary_copies_no_prose() {
        let about = About::parse("m", CARD);
        assert!(Arc::ptr_eq(&about.prose, &about.clone().prose));
    }

    #[test]
    fn an_odd_card_says_nothing() {
        assert_eq!(About::parse("m", "").limits, Vec::<String>::new());
        assert_eq!(About::parse("m", "---\n[\n---\nprose").facts, Facts::default());
    }
}
