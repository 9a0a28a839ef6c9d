//! The verdict: the outcome in a word, every label's score as a bar, and what the answer cost.

use crate::sentiment::{Analysis, Outcome, Score, Sentence, Shown, Tone, title};
use leptos::prelude::*;

/// A text's scores.
#[component]
pub fn Verdict(
    /// The text.
    text: String,
    /// The answer to show.
    analysis: Analysis,
    /// A text whose best score is below this is called mixed; none where scores are ratings.
    mixed_below: Option<f32>,
) -> impl IntoView {
    let outcome = Outcome::of(&analysis.scores, mixed_below);
    let dissent = dissent(&text, &analysis, mixed_below);
    let extent = analysis.extent();
    let Analysis { scores, micros, cached, model, runs_on, .. } = analysis;
    view! {
        <article class="verdict" data-tone=outcome.tone().name()>
            <p class="verdict__best">
                <strong>{outcome.name()}</strong>
                {outcome.score().map(|score| view! { " " <span>{score.to_string()}</span> })}
            </p>
            <ul class="bars">{scores.into_iter().map(|score| view! { <Bar score mixed_below /> }).collect_view()}</ul>
            <p class="verdict__dissent">{dissent}</p>
            <p class="verdict__facts">
                {format!("{} · {extent} · {model}, {runs_on}", time(micros, cached))}
            </p>
        </article>
    }
}

/// One label's score as a bar.
#[component]
fn Bar(
    /// The label and its score.
    score: Score,
    /// As of the verdict.
    mixed_below: Option<f32>,
) -> impl IntoView {
    let Score { label, score } = score;
    let tone = Tone::of(&label);
    let label = title(&label);
    let shown = Shown::of(score, mixed_below).to_string();
    view! {
        <li class="bar" data-tone=tone.name()>
            <span class="bar__label">{label.clone()}</span>
            <meter min="0" max="1" value=format!("{score:.4}") aria-label=label>{shown.clone()}</meter>
            <span class="bar__score">{shown}</span>
        </li>
    }
}

/// That some sentences say the opposite, which one verdict hides. Those without substance do not count.
fn dissent(text: &str, analysis: &Analysis, mixed_below: Option<f32>) -> Option<String> {
    let counts = |sentence: &&Sentence| sentence.has_substance(text);
    let sentences: Vec<_> = analysis.dissent(mixed_below).filter(counts).collect();
    let label = sentences.first()?.scores.first()?.label.to_ascii_lowercase();
    let (read, themselves) = if sentences.len() == 1 { ("reads", "itself") } else { ("read", "themselves") };
    let (some, all) = (sentences.len(), analysis.sentences.iter().filter(counts).count());
    // More of them are shown than are counted here.
    let longer = if all < analysis.sentences.len() { "longer " } else { "" };
    Some(format!("Not of one mind: {some} of {all} {longer}sentences {read} {label} by {themselves}."))
}

/// The time that it took, in milliseconds, and whether the answer was there already.
fn time(micros: u32, cached: bool) -> String {
    let milliseconds = match micros {
        0..50 => "under 0.1 ms".into(),
        _ => format!("{:.1} ms", f64::from(micros) / 1000.0),
    };
    if cached { milliseconds + " from the cache" } else { milliseconds }
}
