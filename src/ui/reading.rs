//! The reading: the text shown back, through its sentences or its words.

use super::{
    Inquiry,
    arc::SentenceArc,
    browser,
    opening::{Lens, View},
    tint::tint,
    tinted::{Part, Tinted},
    words::Words,
};
use crate::sentiment::{Analysis, Outcome, Score, Sentence, Tone, in_words, valence};
use leptos::{ev, prelude::*};

/// The text with what there is to see in it.
#[component]
pub fn Reading(
    /// The text.
    text: String,
    /// Its answer.
    analysis: Analysis,
    /// Where questions go.
    inquiry: Inquiry,
) -> impl IntoView {
    let lens = {
        let analysis = analysis.clone();
        Memo::new(move |_| inquiry.lens(&analysis))
    };
    let mixed_below = inquiry.mixed_below(&analysis);
    let sentences = analysis.sentences;
    let arc = view! { <SentenceArc text=text.clone() sentences=sentences.clone() mixed_below /> };
    view! {
        <section class="reading" aria-label="Your text, looked into">
            // Below a long text nobody would find it.
            {arc}
            <div class="lenses" role="group" aria-label="Look at">
                <Choice inquiry lens is=Lens::Sentences name="Sentences" />
                <Choice inquiry lens is=Lens::Words name="Words" />
            </div>
            {move || match lens.get() {
                Lens::Sentences => {
                    view! { <Sentences text=text.clone() sentences=sentences.clone() mixed_below /> }.into_any()
                }
                Lens::Words => view! { <Words text=text.clone() inquiry /> }.into_any(),
            }}
        </section>
    }
}

/// A lens to choose: a link where no script runs.
#[component]
fn Choice(
    /// Where questions go.
    inquiry: Inquiry,
    /// The lens in use.
    lens: Memo<Lens>,
    /// This one.
    is: Lens,
    /// Its name.
    name: &'static str,
) -> impl IntoView {
    // How words are weighed stays: whoever looked deeper finds it again.
    let change = move |view: &mut View| view.lens = Some(is);
    let href = move || inquiry.followed(change);
    let choose = move |event: ev::MouseEvent| {
        if browser::takes(&event) {
            return;
        }
        event.prevent_default();
        inquiry.look(change);
    };
    view! {
        <a href=href aria-current=move || (lens.get() == is).then_some("true") on:click=choose>
            {name}
        </a>
    }
}

/// Each sentence, tinted by its own score.
#[component]
fn Sentences(
    /// The text.
    text: String,
    /// Its sentences.
    sentences: Vec<Sentence>,
    /// A sentence whose best score is below this is called mixed; none where scores are ratings.
    mixed_below: Option<f32>,
) -> impl IntoView {
    // A tint says which side a sentence is on, and a mixed one is on none.
    let side = |scores: &[Score]| match Outcome::of(scores, mixed_below) {
        Outcome::Label(..) => valence(scores).unwrap_or_default(),
        Outcome::Mixed => 0.0,
    };
    let parts = sentences.iter().map(|Sentence { bytes, scores, .. }| Part {
        bytes: *bytes,
        tint: tint(side(scores), Tone::Positive),
        note: in_words(scores, mixed_below),
    });
    let parts = parts.collect::<Vec<_>>();
    // Labels that are neither positive nor negative have no colours.
    let is_tinted = sentences.iter().any(|sentence| valence(&sentence.scores).is_some());
    let legend = is_tinted.then(|| {
        view! {
            <p class="legend">
                <span>
                    <span class="legend__swatch" data-tint="blue-3"></span>
                    "positive "
                </span>
                <span>
                    <span class="legend__swatch" data-tint="orange-3"></span>
                    "negative"
                </span>
            </p>
            <p class="legend legend--how">"Each sentence is read by itself."</p>
        }
    });
    view! {
        <Tinted text parts label="Sentences with their scores".into() id="sentence" />
        {legend}
    }
}
