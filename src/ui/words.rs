//! The words, or larger parts, tinted by what each adds to the verdict: why it is what it is.

use super::{
    Inquiry, Notice, browser,
    explaining::Why,
    opening::Lens,
    pieces::visible,
    tint::tint,
    tinted::{Part, Tinted},
};
use crate::sentiment::{Explanation, Tone, title};
use leptos::{ev, prelude::*};

/// Parts in the list of the strongest.
const MAX_LISTED: usize = 10;

/// A weight that is strong in any text, in log-odds; weaker ones are not tinted as the strongest
/// just because there is none stronger.
const STRONG: f32 = 1.0;

/// The text with its words weighed, or how far that is.
#[component]
pub fn Words(
    /// The text.
    text: String,
    /// Where questions go.
    inquiry: Inquiry,
) -> impl IntoView {
    let weighed = move || match inquiry.why() {
        None => view! { <p class="tinted" dir="auto">{visible(&text)}</p> }.into_any(),
        Some(Why::Reading(_, done, of)) => view! {
            <p class="tinted" dir="auto">{visible(&text)}</p>
            <Progress done of />
        }
        .into_any(),
        Some(Why::Failed(error)) => view! { <Notice error /> }.into_any(),
        Some(Why::Explained(explanation)) => view! { <Weighed text=text.clone() explanation /> }.into_any(),
    };
    view! {
        {weighed}
        <Deeper inquiry />
    }
}

/// How far the model is with reading the text's versions.
#[component]
fn Progress(
    /// Versions that it has read.
    done: u32,
    /// All of them.
    of: u32,
) -> impl IntoView {
    view! {
        <p class="progress">
            <label for="weighing">"Weighing the words…"</label>
            <progress id="weighing" max=of.max(1).to_string() value=done.to_string()></progress>
        </p>
    }
}

/// The text with each part's weight.
#[component]
fn Weighed(
    /// The text.
    text: String,
    /// What each part adds.
    explanation: Explanation,
) -> impl IntoView {
    let tone = Tone::of(&explanation.label);
    let most = explanation.parts.iter().map(|part| part.weight.abs()).fold(STRONG, f32::max);
    let parts = explanation.parts.iter().map(|part| Part {
        bytes: part.bytes,
        tint: tint(part.weight / most, tone),
        note: signed(part.weight),
    });
    let parts = parts.collect::<Vec<_>>();
    let strongest = strongest(&text, &explanation);
    view! {
        <Tinted text parts label="Parts of your text with their weights".into() id="part" />
        <Legend explanation />
        <details class="equivalent">
            <summary>"The strongest as a table"</summary>
            <table>
                <thead>
                    <tr>
                        <th scope="col">"Part"</th>
                        <th scope="col">"Weight"</th>
                    </tr>
                </thead>
                <tbody>
                    {strongest
                        .into_iter()
                        .map(|(part, weight)| {
                            view! {
                                <tr>
                                    <td dir="auto">{part}</td>
                                    <td>{weight}</td>
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </details>
    }
}

/// What the colours mean, and how the weights were found.
#[component]
fn Legend(
    /// The explanation shown.
    explanation: Explanation,
) -> impl IntoView {
    let label = &explanation.label;
    let (speaks_for, against) = match Tone::of(label) {
        Tone::Negative => ("orange-3", "blue-3"),
        Tone::Positive | Tone::Plain => ("blue-3", "orange-3"),
    };
    let how = explanation.how();
    view! {
        <p class="legend">
            <span>
                <span class="legend__swatch" data-tint=speaks_for></span>
                {format!("speaks for {} ", title(label))}
            </span>
            <span>
                <span class="legend__swatch" data-tint=against></span>
                "against it"
            </span>
        </p>
        <p class="legend legend--how">{how}</p>
    }
}

/// The way to the deeper method, and back; a link where no script runs, which also leads to the
/// first weighing there.
///
/// It stays while words are weighed, with the focus, and then leads back, which ends the weighing.
#[component]
fn Deeper(
    /// Where questions go.
    inquiry: Inquiry,
) -> impl IntoView {
    let is_deep = Memo::new(move |_| inquiry.view().is_deep);
    let is_begun = Memo::new(move |_| inquiry.why().is_some());
    let href = move || {
        inquiry.followed(|view| {
            view.lens = Some(Lens::Words);
            view.is_deep ^= is_begun.get();
        })
    };
    let choose = move |event: ev::MouseEvent| {
        if browser::takes(&event) {
            return;
        }
        event.prevent_default();
        inquiry.look(|view| view.is_deep = !view.is_deep);
    };
    view! {
        <p class:unscripted=move || !is_begun.get()>
            <a class="more" href=href on:click=choose>
                {move || match (is_begun.get(), is_deep.get()) {
                    (false, _) => "Weigh each word",
                    (true, true) => "Back to the quick way",
                    (true, false) => "Look deeper, which takes longer",
                }}
            </a>
        </p>
    }
}

/// The parts that weigh most, with their weights.
fn strongest(text: &str, explanation: &Explanation) -> Vec<(String, String)> {
    let mut parts: Vec<_> = explanation.parts.iter().collect();
    parts.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()));
    let name = |[from, to]: [u32; 2]| visible(text.get(from as usize..to as usize).unwrap_or_default());
    parts.into_iter().take(MAX_LISTED).map(|part| (name(part.bytes), signed(part.weight))).collect()
}

/// A weight with its sign, and a real minus.
fn signed(weight: f32) -> String {
    let sign = if weight < 0.0 { '−' } else { '+' };
    format!("{sign}{:.2}", weight.abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_show_their_sign() {
        assert_eq!(signed(1.234), "+1.23");
        assert_eq!(signed(-0.5), "−0.50");
    }
}
