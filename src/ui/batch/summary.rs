//! The summary: each verdict's share of the texts, and how the scores are spread, as pictures.

use super::Job;
use crate::sentiment::{Tone, valence};
use leptos::prelude::*;

/// Bars of the histogram.
const BINS: usize = 20;

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
        histogram(job)
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
    /// Texts in each bar, from the most negative to the most positive.
    bins: [usize; BINS],
) -> impl IntoView {
    let most = bins.iter().copied().max().unwrap_or_default().max(1);
    let step = WIDTH / BINS;
    let bar = |(number, count): (usize, usize)| {
        let height = (HEIGHT * count).div_ceil(most);
        let tone = if number < BINS / 2 { Tone::Negative } else { Tone::Positive };
        view! {
            <rect
                x=(number * step + 1).to_string()
                y=(HEIGHT - height).to_string()
                width=(step - 2).to_string()
                height=height.to_string()
                rx="2"
                data-tone=tone.name()
            ></rect>
        }
    };
    let halves = [bins[..BINS / 2].iter().sum::<usize>(), bins[BINS / 2..].iter().sum()];
    let label = format!("{} texts lie on the negative side and {} on the positive", halves[0], halves[1]);
    view! {
        <figure>
            <figcaption>"From negative to positive"</figcaption>
            <svg class="histogram" viewBox=format!("0 0 {WIDTH} {HEIGHT}") role="img" aria-label=label>
                {bins.into_iter().enumerate().map(bar).collect_view()}
            </svg>
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
    shares.sort_by_key(|share| std::cmp::Reverse(share.2));
    if failed > 0 {
        shares.push(("Not analyzed".into(), Tone::Plain, failed));
    }
    shares
}

/// Texts by how positive they are; nothing where labels are neither positive nor negative.
fn histogram(job: Job) -> Option<[usize; BINS]> {
    let mut bins = [0; BINS];
    job.results.with_value(|results| {
        for row in 0..results.count() {
            if let Some(Ok(scores)) = results.of(row) {
                bins[bin(valence(scores)?)] += 1;
            }
        }
        Some(bins)
    })
}

fn bin(value: f32) -> usize {
    (((value + 1.0) / 2.0 * BINS as f32) as usize).min(BINS - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_go_from_negative_to_positive() {
        assert_eq!([-1.0, -0.001, 0.0, 0.999, 1.0].map(bin), [0, BINS / 2 - 1, BINS / 2, BINS - 1, BINS - 1]);
    }
}
