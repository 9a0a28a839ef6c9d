//! The arc: how a text's feeling goes from sentence to sentence, as a small line chart.

use super::pieces::visible;
use crate::sentiment::{Outcome, Sentence, Tone, in_words, valence};
use leptos::prelude::*;

/// Below this a line says nothing that the sentences do not.
const MIN_SENTENCES: usize = 3;

/// Size of the drawing, in its own units, and its margin.
const WIDTH: f32 = 640.0;
const HEIGHT: f32 = 140.0;
const MARGIN: f32 = 12.0;

/// More sentences than this are drawn as a line without points.
const MAX_POINTS: usize = 60;

/// Letters of a sentence in the list.
const MAX_LETTERS: usize = 60;

/// The line and the same in words; nothing for fewer than three sentences, or for labels that are
/// neither positive nor negative.
#[component]
pub fn SentenceArc(
    /// The text.
    text: String,
    /// The sentences, in the text's order.
    sentences: Vec<Sentence>,
    /// A sentence whose best score is below this is called mixed; none where scores are ratings.
    mixed_below: Option<f32>,
) -> impl IntoView {
    let values: Option<Vec<f32>> = sentences.iter().map(|sentence| valence(&sentence.scores)).collect();
    let values = values.filter(|values| values.len() >= MIN_SENTENCES)?;
    let points: Vec<(f32, f32)> =
        values.iter().enumerate().map(|(number, value)| place(number, values.len(), *value)).collect();
    let line = points.iter().map(|(x, y)| format!("{x:.1},{y:.1}")).collect::<Vec<_>>().join(" ");
    let dot = |((x, y), sentence): (&(f32, f32), &Sentence)| {
        let tone = Outcome::of(&sentence.scores, mixed_below).tone();
        view! {
            <circle cx=format!("{x:.1}") cy=format!("{y:.1}") r="4.5" data-tone=tone.name()></circle>
        }
    };
    let dots = (points.len() <= MAX_POINTS).then(|| points.iter().zip(&sentences).map(dot).collect_view());
    let label = format!("The feeling over {} sentences, from negative below to positive above", values.len());
    let middle = HEIGHT / 2.0;
    // The picture's name says it to those who do not see it.
    let side = |tone: Tone| {
        view! { <p class="arc__side" data-tone=tone.name() aria-hidden="true">{tone.name()}</p> }
    };
    Some(view! {
        <figure class="arc">
            <figcaption>"From sentence to sentence"</figcaption>
            {side(Tone::Positive)}
            <svg viewBox=format!("0 0 {WIDTH:.0} {HEIGHT:.0}") role="img" aria-label=label>
                <line class="arc__middle" x1="0" x2=format!("{WIDTH:.0}") y1=format!("{middle:.0}") y2=format!("{middle:.0}")></line>
                <polyline class="arc__line" points=line></polyline>
                {dots}
            </svg>
            {side(Tone::Negative)}
            <details class="equivalent">
                <summary>"The same as a list"</summary>
                <ol>
                    {sentences
                        .iter()
                        .map(|sentence| {
                            view! {
                                <li>
                                    {in_words(&sentence.scores, mixed_below)} ": "
                                    <q dir="auto">{in_short(&text, sentence)}</q>
                                </li>
                            }
                        })
                        .collect_view()}
                </ol>
            </details>
        </figure>
    })
}

/// How a sentence begins.
fn in_short(text: &str, sentence: &Sentence) -> String {
    let [from, to] = sentence.bytes.map(|byte| byte as usize);
    let whole = text.get(from..to).unwrap_or_default().trim();
    match whole.char_indices().nth(MAX_LETTERS) {
        Some((end, _)) => visible(&whole[..end]) + "…",
        None => visible(whole),
    }
}

/// Where the value of one of so many sentences lies in the drawing.
fn place(number: usize, of: usize, value: f32) -> (f32, f32) {
    let x = MARGIN + (WIDTH - 2.0 * MARGIN) * number as f32 / (of - 1).max(1) as f32;
    let y = MARGIN + (HEIGHT - 2.0 * MARGIN) * (1.0 - value.clamp(-1.0, 1.0)) / 2.0;
    (x, y)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_is_named_by_its_beginning() {
        let sentence = |from, to| Sentence { bytes: [from, to], utf16: [0, 0], scores: Vec::new() };
        let text = format!("Été. {}", "é".repeat(70));
        assert_eq!(in_short(&text, &sentence(0, 7)), "Été.");
        assert_eq!(in_short(&text, &sentence(7, 147)), format!("{}…", "é".repeat(60)));
    }

    #[test]
    fn positive_is_above() {
        assert_eq!(place(0, 3, 1.0), (MARGIN, MARGIN));
        assert_eq!(place(2, 3, -1.0), (WIDTH - MARGIN, HEIGHT - MARGIN));
        assert_eq!(place(1, 3, 0.0), (WIDTH / 2.0, HEIGHT / 2.0));
    }
}
