//! The inquiry: the text that was asked last, and its answer once it is there.

use super::address;
use crate::{api::analyze, error::AnalyzeError, sentiment::Analysis, text::Text};
use leptos::{prelude::*, reactive::actions::ActionAbortHandle};
use serde::{Deserialize, Serialize};

/// A verdict, or why there is none.
pub type Answer = Result<Analysis, AnalyzeError>;

/// What the page opens with: the text in its address, answered by the server.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Opening {
    /// The text in the address; an empty one was sent by an empty form.
    pub text: Option<String>,
    /// Its answer.
    pub answer: Option<Answer>,
    /// Whether the server keeps what users think of an answer.
    pub feedback: bool,
}

/// Asks for answers, one at a time: a new question drops the one under way.
///
/// A resource would not do: it sends the next request only when the last one has come back, so
/// that one slow answer holds up all that follow.
#[derive(Clone, Copy)]
pub struct Inquiry {
    asked: StoredValue<Option<String>>,
    answer: RwSignal<Option<Answer>>,
    request: Action<String, ()>,
    abort: StoredValue<Option<ActionAbortHandle>>,
}

impl Inquiry {
    /// Starts with what the page opens with.
    #[must_use]
    pub fn new(opening: Opening) -> Self {
        let answer = RwSignal::new(opening.answer);
        Self {
            asked: StoredValue::new(opening.text),
            answer,
            request: Action::new(move |text: &String| {
                let text = Text::new(text.as_str());
                async move {
                    // What the server would refuse unread need not be sent.
                    let result = match text {
                        Ok(text) => analyze(text.into()).await,
                        Err(refusal) => Err(refusal),
                    };
                    answer.set(Some(result));
                }
            }),
            abort: StoredValue::new(None),
        }
    }

    /// Asks for the answer to `text`, even if it is the text asked last.
    pub fn ask(self, text: String) {
        self.drop_request();
        address::show(&text);
        self.asked.set_value(Some(text.clone()));
        self.abort.set_value(Some(self.request.dispatch(text)));
    }

    /// Follows a text that is being typed: asks when it has changed, clears when it is blank.
    pub fn follow(self, text: String) {
        if self.asked.with_value(|asked| asked.as_ref() == Some(&text)) {
            return;
        }
        if text.trim().is_empty() {
            self.drop_request();
            address::show("");
            self.asked.set_value(None);
            self.answer.set(None);
        } else {
            self.ask(text);
        }
    }

    /// The answer to show.
    #[must_use]
    pub fn answer(self) -> Option<Answer> {
        self.answer.get()
    }

    /// Whether an answer is on its way.
    #[must_use]
    pub fn is_pending(self) -> bool {
        self.request.pending().get()
    }

    fn drop_request(self) {
        if let Some(handle) = self.abort.try_update_value(Option::take).flatten() {
            handle.abort();
        }
    }
}
