//! The summary: each verdict's share of the texts, and how the scores are spread, as pictures.

use super::{Job, run::Results};
use crate::sentiment::{Outcome, Tone, valence};
use leptos::prelude::*;

/// Bars of the histogram.
const BINS: usize = 20;

/// What a bar is made of, from its foot.
const TONES: [Tone; 3] = [Tone::Negative, Tone::Plain, Tone::Positive];

/// Texts of each tone in each bar, from the most negative bar to the most positive.
type Bins = [[usize; TONES.len()]; BINS];

/// Size of the histogram's drawing, in its own units.
const WIDTH: usize = 400;
const HEIGHT: usize = 120;

/// The pictures, which follow the results.
#[component]
pub fn Summary(
    /// The job whose results they show.
    job: Job,
) -> impl IntoView {
    let shares = move || {
        job.news.track();
        shares(job)
    };
    let bins = move || {
        job.news.track();
        job.results.with_value(|results| histogram(results, job.mixed_below))
    };
    view! {
        <div class="summary">
            <figure>
                <figcaption>"Share of each verdict"</figcaption>
                <ul class="bars">
                    {move || {
                        let shares = shares();
                        let all = shares.iter().map(|(_, _, count)| count).sum::<usize>().max(1);
                        let bar = |(name, tone, count): (String, Tone, usize)| {
                            view! {
                                <li class="bar" data-tone=tone.name()>
                                    <span class="bar__label">{name.clone()}</span>
                                    <meter min="0" max=all.to_string() value=count.to_string() aria-label=name></meter>
                                    <span class="bar__score">{format!("{count} ({:.1} %)", 100.0 * count as f64 / all as f64)}</span>
                                </li>
                            }
                        };
                        shares.into_iter().map(bar).collect_view()
                    }}
                </ul>
            </figure>
            {move || bins().map(|bins| view! { <Histogram bins /> })}
        </div>
    }
}

/// How many texts lie where between negative and positive.
#[component]
fn Histogram(
    /// What is in each bar.
    bins: Bins,
) -> impl IntoView {
    let most = bins.iter().map(|bin| bin.iter().sum()).max().unwrap_or(0).max(1);
    let step = WIDTH / BINS;
    let mut parts = Vec::new();
    for (number, bin) in bins.iter().enumerate() {
        let mut below = 0;
        for (tone, &count) in TONES.iter().zip(bin).filter(|&(_, &count)| count > 0) {
            let (from, to) = (HEIGHT * below / most, (HEIGHT * (below + count)).div_ceil(most));
            below += count;
            parts.push(view! {
                <rect
                    x=(number * step + 1).to_string()
                    y=(HEIGHT - to).to_string()
                    width=(step - 2).to_string()
                    height=(to - from).to_string()
                    rx="2"
                    data-tone=tone.name()
                ></rect>
            });
        }
    }
    let [negative, between, positive] = [0, 1, 2].map(|tone| bins.iter().map(|bin| bin[tone]).sum::<usize>());
    // Not "mixed": a model may have a label of its own for what is neither.
    let label = format!("Texts: {negative} negative, {between} in between, {positive} positive");
    view! {
        <figure>
            <figcaption>"From negative to positive"</figcaption>
            <svg class="histogram" viewBox=format!("0 0 {WIDTH} {HEIGHT}") role="img" aria-label=label>
                {parts}
            </svg>
            <p class="histogram__ends" aria-hidden="true">
                "negative positive"
            </p>
        </figure>
    }
}

/// Each verdict with its colour and how many texts got it, the most frequent first; texts that
/// could not be scored last.
fn shares(job: Job) -> Vec<(String, Tone, usize)> {
    let mut shares: Vec<(String, Tone, usize)> = Vec::new();
    let (mut failed, rows) = (0, job.results.with_value(super::Results::count));
    for row in 0..rows {
        match job.verdict(row) {
            Some((outcome, _)) => {
                let name = outcome.name();
                match shares.iter_mut().find(|share| share.0 == name) {
                    Some(share) => share.2 += 1,
                    None => shares.push((name, outcome.tone(), 1)),
                }
            }
            None => failed += usize::from(job.results.with_value(|results| results.of(row).is_some())),
        }
    }
    let mut sorted = Vec::<(String, Tone, usize)>::new();
    // As in `Results::labels`.
    for share in shares {
        let place = sorted.partition_point(|other| other.2 >= share.2);
        sorted.insert(place, share);
    }
    if failed > 0 {
        sorted.push(("Not analyzed".into(), Tone::Plain, failed));
    }
    sorted
}

/// Texts by how positive they are, in the tones of their verdicts; nothing where labels are neither
/// positive nor negative.
fn histogram(results: &Results, mixed_below: f32) -> Option<Bins> {
    let mut bins = Bins::default();
    for row in 0..results.count() {
        if let Some(Ok(scores)) = results.of(row) {
            let tone = Outcome::of(scores, mixed_below).tone();
            let counts = &mut bins[bin(valence(scores)?)];
            for (_, count) in TONES.iter().zip(counts).filter(|(each, _)| **each == tone) {
                *count += 1;
            }
        }
    }
    Some(bins)
}

fn bin(value: f32) -> usize {
    (((value + 1.0) / 2.0 * BINS as f32) as usize).min(BINS - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sentiment::Score;

    // The picture beside it counted two of three as positive.
    #[test]
    fn a_mixed_text_is_on_neither_side() {
        let mut results = Results::new(4);
        let score = |label: &str, score| Score { label: label.into(), score };
        results.put(0, Ok(vec![score("POSITIVE", 0.93), score("NEGATIVE", 0.07)]));
        results.put(1, Ok(vec![score("POSITIVE", 0.62), score("NEGATIVE", 0.38)]));
        results.put(2, Ok(vec![score("NEGATIVE", 0.93), score("POSITIVE", 0.07)]));
        let bins = histogram(&results, 0.75).expect("sides");
        let filled: Vec<_> = (0..BINS).zip(bins).filter(|(_, bin)| bin.iter().sum::<usize>() > 0).collect();
        assert_eq!(filled, [(1, [1, 0, 0]), (12, [0, 1, 0]), (18, [0, 0, 1])]);

        results.put(3, Ok(vec![score("5 stars", 1.0)]));
        assert_eq!(histogram(&results, 0.75), None);
    }

    #[test]
    fn bins_go_from_negative_to_positive() {
        assert_eq!([-1.0, -0.001, 0.0, 0.999, 1.0].map(bin), [0, BINS / 2 - 1, BINS / 2, BINS - 1, BINS - 1]);
    }
}
