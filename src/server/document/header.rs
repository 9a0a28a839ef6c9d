//! The header: the name, what to analyze, by which model, and what language that reads. It needs no script
//! of the page's program, which takes over what is below it.

use crate::{
    engine::Engine,
    server::about::About,
    ui::{
        address::{SPACES, path},
        opening::{Tab, View},
    },
};
use leptos::{nonce::use_nonce, prelude::*};

/// Asks the same text again, of the model that was chosen, says what that reads, and leads to the other page
/// with it; the button does so without a script. Where there is no text to ask, the address alone names the
/// model.
const ASK_AGAIN: &str = include_str!("ask_again.js");

/// Lets the page of a Hugging Face Space, which frames this one, follow its address from the start, as
/// `ui::browser` does while one types. The canonical address holds no token of who opened the page.
fn follow() -> String {
    include_str!("follow.js").replace("{SPACES}", SPACES)
}

/// The models that answer, and the one that was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    names: Vec<String>,
    /// What those read whose cards name one language, by their names.
    languages: Vec<(String, &'static str)>,
    chosen: Option<String>,
}

impl Choice {
    /// Among `engines`, the default first, of which `chosen` is one; `abouts` are their cards.
    #[must_use]
    pub fn new(engines: &[Engine], abouts: &[About], chosen: Option<String>) -> Self {
        let language = |about: &About| Some((about.name.clone(), about.language()?));
        Self {
            names: engines.iter().map(|engine| engine.model().to_owned()).collect(),
            languages: abouts.iter().filter_map(language).collect(),
            chosen,
        }
    }

    /// Whether the model of this name answers.
    fn is_of(&self, name: &str) -> bool {
        self.chosen.as_ref().or(self.names.first()).is_some_and(|answers| answers == name)
    }
}

/// The name and what it does, in one line.
#[component]
pub fn Masthead() -> impl IntoView {
    view! {
        <header class="masthead">
            <h1><a href="/">"Valence"</a></h1>
            <p>"Is a text positive, negative or mixed?"</p>
        </header>
    }
}

/// Links to the two pages, the models where there are several, and what language they read.
#[component]
pub fn Tabs(
    /// The page that this is.
    current: Tab,
    /// The models to choose among.
    choice: Choice,
) -> impl IntoView {
    let model = choice.chosen.as_deref();
    let tab = |is: Tab, name: &'static str| {
        let view = View { tab: is, ..View::default() };
        view! {
            <a href=path("", model, view) aria-current=(is == current).then_some("page")>
                {name}
            </a>
        }
    };
    view! {
        <div class="tabs">
            <nav aria-label="What to analyze">
                {tab(Tab::One, "One text")} {tab(Tab::Many, "Many texts")}
            </nav>
            <script nonce=use_nonce()>{follow()}</script>
            {(choice.names.len() > 1 || !choice.languages.is_empty()).then(|| view! { <Models choice /> })}
        </div>
    }
}

/// The models to choose among, where there are several, and what the one that answers reads.
#[component]
fn Models(
    /// The models.
    choice: Choice,
) -> impl IntoView {
    let language = |(name, language): &(String, &str)| {
        view! {
            <p class="quiet models__language" data-model=name.clone() hidden=!choice.is_of(name)>
                {format!("This model reads {language}.")}
            </p>
        }
    };
    let languages = choice.languages.iter().map(language).collect_view();
    view! {
        <section class="models" aria-label="Which model">
            {(choice.names.len() > 1).then(|| view! { <Chooser choice /> })}
            {languages}
        </section>
    }
}

/// The models to choose among; what the form sends and what the page's program reads.
#[component]
fn Chooser(
    /// The models.
    choice: Choice,
) -> impl IntoView {
    let Choice { names, chosen, .. } = choice;
    let option = |name: String| {
        let is_chosen = chosen.as_ref() == Some(&name);
        view! {
            <option value=name.clone() selected=is_chosen>
                {name.clone()}
            </option>
        }
    };
    view! {
        <label for="model">"Model"</label>
        <select id="model" name="model" form="ask" autocomplete="off">
            {names.into_iter().map(option).collect_view()}
        </select>
        <script nonce=use_nonce()>{ASK_AGAIN}</script>
    }
}
