//! The opening: what the page begins with, on the server and again in the browser.

use crate::{sentiment::Method, wire::Analyzed};
use leptos::prelude::*;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// What an address asks for, answered by the server.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Opening {
    /// The text in the address; an empty one was sent by an empty form.
    pub text: Option<String>,
    /// Its answer.
    pub answer: Option<Analyzed>,
    /// What is shown first.
    pub view: View,
    /// The address itself, path and query.
    pub link: Option<String>,
    /// What the page knows about its server.
    pub server: Server,
}

/// What of the page is shown, as the address says it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    /// One text or many.
    pub tab: Tab,
    /// What the text is looked at through; where none is chosen, the text decides.
    pub lens: Option<Lens>,
    /// Whether words are weighed the deeper way.
    pub is_deep: bool,
}

/// One text or many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tab {
    /// A text and everything about it.
    #[default]
    One,
    /// A file or lines, and a table.
    Many,
}

/// What a text is looked at through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lens {
    /// The score of each sentence.
    Sentences,
    /// What each word adds.
    Words,
}

/// What the page knows about its server.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Server {
    /// Where the world reaches it: scheme and host, no slash at the end.
    pub origin: String,
    /// The model that was chosen, where it is not the default.
    pub model: Option<String>,
    /// A text whose best score is below this is called mixed, where the model does not rate texts.
    pub mixed_below: f32,
    /// The models that rate texts, by name; an empty one says it of the default.
    pub rating: Vec<String>,
    /// Whether it takes thumbs up and down.
    pub takes_feedback: bool,
}

impl Opening {
    /// What the server provides as context, handed on to the browser.
    #[must_use]
    pub fn shared() -> Self {
        shared()
    }
}

impl Server {
    /// What the server provides as context, handed on to the browser.
    #[must_use]
    pub fn shared() -> Self {
        shared()
    }

    /// Below which score a text is called mixed by the model of this name, or by the default one; none where
    /// that rates texts.
    #[must_use]
    pub fn mixed_below_of(&self, model: Option<&str>) -> Option<f32> {
        let name = model.unwrap_or_default();
        let rates = self.rating.iter().any(|rating| rating == name);
        (!rates).then_some(self.mixed_below)
    }
}

/// Hands a context on to the browser.
///
/// It travels as a string of JSON, so that the browser reads it by the same code as an answer: a
/// second reader would weigh a tenth of the page's program.
fn shared<T: Clone + Default + Serialize + DeserializeOwned + 'static>() -> T {
    let json = SharedValue::new(|| {
        serde_json::to_string(&use_context::<T>().unwrap_or_default()).unwrap_or_default()
    });
    serde_json::from_slice(json.into_inner().as_bytes()).unwrap_or_default()
}

impl View {
    /// Reads a view from an address's parameters; what it does not know is left out.
    pub fn of<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut view = Self::default();
        for pair in pairs {
            match pair {
                ("tab", "many") => view.tab = Tab::Many,
                ("show", "sentences") => view.lens = Some(Lens::Sentences),
                ("show", "words") => view.lens = Some(Lens::Words),
                ("deep", "1") => view.is_deep = true,
                _ => {}
            }
        }
        view
    }

    /// The parameters that [`View::of`] reads, only those that say something.
    #[must_use]
    pub fn pairs(self) -> Vec<(&'static str, &'static str)> {
        let mut pairs = Vec::new();
        if self.tab == Tab::Many {
            pairs.push(("tab", "many"));
        }
        match self.lens {
            Some(Lens::Sentences) => pairs.push(("show", "sentences")),
            Some(Lens::Words) => pairs.push(("show", "words")),
            None => {}
        }
        if self.is_deep {
            pairs.push(("deep", "1"));
        }
        pairs
    }

    /// How words are weighed.
    #[must_use]
    pub const fn method(self) -> Method {
        if self.is_deep { Method::Shapley } else { Method::LeaveOneOut }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_survives_its_address() {
        for tab in [Tab::One, Tab::Many] {
            for lens in [None, Some(Lens::Sentences), Some(Lens::Words)] {
                for is_deep in [false, true] {
                    let view = View { tab, lens, is_deep };
                    assert_eq!(View::of(view.pairs()), view);
                }
            }
        }
    }

    #[test]
    fn a_model_that_rates_texts_calls_none_mixed() {
        let of = |rating: &[&str], model| {
            let rating = rating.iter().map(ToString::to_string).collect();
            Server { mixed_below: 0.75, rating, ..Server::default() }.mixed_below_of(model)
        };
        assert_eq!(of(&["rater"], Some("rater")), None);
        assert_eq!(of(&["rater"], None), Some(0.75));
        assert_eq!(of(&["", "rater"], None), None);
        assert_eq!(of(&["", "rater"], Some("other")), Some(0.75));
    }

    #[test]
    fn what_an_address_says_besides_is_left_out() {
        assert_eq!(View::of([("tab", "all"), ("show", ""), ("deep", "yes"), ("utm", "1")]), View::default());
    }
}
