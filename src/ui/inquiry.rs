//! The inquiry: the text that was asked last, its answer, and why that is the answer.

use super::{
    address::Address,
    browser, elements,
    explaining::{self, Why},
    latest::Latest,
    opening::{Lens, Opening, Server, View},
};
use crate::{
    api,
    sentiment::{Analysis, Method},
    text::Text,
    wire::Analyzed,
};
use leptos::prelude::*;

/// One text at a time: a new question drops the one under way.
#[derive(Clone, Copy)]
pub struct Inquiry {
    asked: RwSignal<Option<String>>,
    answer: RwSignal<Option<Analyzed>>,
    why: RwSignal<Option<Why>>,
    view: RwSignal<View>,
    model: RwSignal<Option<String>>,
    link: RwSignal<Option<String>>,
    server: StoredValue<Server>,
    analysis: Latest<String>,
    explanation: Latest<(String, Method)>,
}

impl Inquiry {
    /// Starts with what the page opens with.
    #[must_use]
    pub fn new(opening: Opening) -> Self {
        let explained = opening.answer.as_ref().and_then(|answer| answer.as_ref().ok()?.explanation.clone());
        let answer = RwSignal::new(opening.answer);
        let why = RwSignal::new(explained.map(Why::Explained));
        let model = RwSignal::new(opening.server.model.clone());
        Self {
            asked: RwSignal::new(opening.text),
            answer,
            why,
            view: RwSignal::new(opening.view),
            model,
            link: RwSignal::new(opening.link),
            server: StoredValue::new(opening.server),
            analysis: Latest::new(move |text: &String| {
                let text = Text::new(text.as_str());
                async move {
                    // What the server would refuse unread need not be sent.
                    let result = match text {
                        Ok(text) => api::analyze(text.into(), model.get_untracked()).await,
                        Err(refusal) => Err(refusal.into()),
                    };
                    answer.set(Some(result));
                }
            }),
            explanation: Latest::new(move |(text, method): &(String, Method)| {
                explaining::follow(text.clone(), *method, model.get_untracked(), why)
            }),
        }
    }

    /// Asks for the answer to `text`, even if it is the text asked last.
    pub fn ask(self, text: String) {
        self.turn_to(Some(text.clone()));
        self.analysis.ask(text);
    }

    /// Follows a text that is being typed: asks when it has changed, clears when it is blank.
    pub fn follow(self, text: String) {
        if self.asked.with_untracked(|asked| asked.as_deref().unwrap_or_default() == text) {
            return;
        }
        if text.trim().is_empty() {
            self.clear();
        } else {
            self.ask(text);
        }
    }

    /// Forgets the text and its answer.
    pub fn clear(self) {
        self.analysis.drop_request();
        self.turn_to(None);
        self.answer.set(None);
    }

    /// Takes text and model, and forgets why the answer is what it is. Another text is weighed the quick way:
    /// the deeper one takes long, and was asked for one text.
    fn turn_to(self, text: Option<String>) {
        self.explanation.drop_request();
        self.why.set(None);
        self.model.set(elements::model());
        if self.asked.with_untracked(|asked| *asked != text) {
            self.look(|view| view.is_deep = false);
        }
        self.asked.set(text);
    }

    /// Explains the answer by the method that the view says, unless that was done or is under way.
    pub fn explain(self) {
        let method = self.view.get_untracked().method();
        let is_begun = self.why.with_untracked(|why| match why {
            Some(Why::Explained(explanation)) => explanation.method == method,
            Some(Why::Reading(reading, ..)) => *reading == method,
            Some(Why::Failed(_)) | None => false,
        });
        if let Some(text) = self.asked.get_untracked()
            && !is_begun
        {
            self.why.set(Some(Why::Reading(method, 0, 0)));
            self.explanation.ask((text, method));
        }
    }

    /// Changes what is shown.
    pub fn look(self, change: impl FnOnce(&mut View)) {
        self.view.update(change);
    }

    /// What is shown.
    #[must_use]
    pub fn view(self) -> View {
        self.view.get()
    }

    /// What the text is looked at through: what was chosen, or what suits the text.
    #[must_use]
    pub fn lens(self, analysis: &Analysis) -> Lens {
        let suited = if analysis.sentences.len() > 1 { Lens::Sentences } else { Lens::Words };
        self.view.get().lens.unwrap_or(suited)
    }

    /// The answer to the text that was asked last, once it is there.
    #[must_use]
    pub fn answer(self) -> Option<Analyzed> {
        self.answer.get()
    }

    /// The text that was asked last, for those who follow its answer and not itself.
    #[must_use]
    pub fn asked_untracked(self) -> Option<String> {
        self.asked.get_untracked()
    }

    /// The text that was asked last.
    #[must_use]
    pub fn asked(self) -> Option<String> {
        self.asked.get()
    }

    /// Why the answer is what it is, as far as that is known.
    #[must_use]
    pub fn why(self) -> Option<Why> {
        self.why.get()
    }

    /// Whether an answer is on its way.
    #[must_use]
    pub fn is_pending(self) -> bool {
        self.analysis.is_pending()
    }

    /// The address of what is shown.
    #[must_use]
    pub fn address(self) -> Address {
        Address {
            text: self.asked.get().filter(|text| !text.trim().is_empty()),
            model: self.model.get(),
            view: self.view.get(),
        }
    }

    /// Where a link leads that shows the same text otherwise, for those without a script.
    #[must_use]
    pub fn followed(self, change: impl FnOnce(&mut View)) -> String {
        let mut address = self.address();
        change(&mut address.view);
        self.link.with(|link| address.followed(link.as_deref()))
    }

    /// The link to what is shown, with scheme and host; `None` where the text is too long for one.
    #[must_use]
    pub fn link(self) -> Option<String> {
        self.link.get().map(|link| self.server.with_value(|server| server.origin.clone()) + &link)
    }

    /// The model that was asked, where it is not the default.
    #[must_use]
    pub fn model(self) -> Option<String> {
        self.model.get_untracked()
    }

    /// Below which score an answer's texts are called mixed; none where its model rates texts.
    #[must_use]
    pub fn mixed_below(self, analysis: &Analysis) -> Option<f32> {
        self.server.with_value(|server| server.mixed_below_of(Some(&analysis.model)))
    }

    /// What the page knows about its server.
    #[must_use]
    pub fn server(self) -> Server {
        self.server.get_value()
    }

    /// Keeps the browser's address at what is shown, and explains what is looked at through words.
    pub fn follow_up(self) {
        Effect::new(move |was: Option<()>| {
            let address = self.address();
            // The first one is where the page was opened. What stands there may be more than that, a damaged
            // text or a model that is not loaded, so the same one is shown too.
            if was.is_some() {
                browser::show(address, move |link| self.link.set(link));
            }
        });
        Effect::new(move || {
            let wants_words = self.answer.with(|answer| match answer {
                Some(Ok(analysis)) => self.lens(analysis) == Lens::Words,
                _ => false,
            });
            if wants_words && !self.is_pending() {
                self.explain();
            }
        });
    }
}
