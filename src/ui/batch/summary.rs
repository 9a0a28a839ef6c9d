//! The summary: each verdict's share of the texts, and how the scores are spread, as pictures.

use super::{
    Job,
    reason::NOT_ANALYZED,
    results::{BINS, Bins, Results, TONES, Verdict},
};
use crate::sentiment::Tone;
use leptos::prelude::*;

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
        job.results.with_value(shares)
    };
    let bins = move || {
        job.news.track();
        job.results.with_value(Results::bins)
    };
    view! {
        <div class="summary">
            <figure>
                <figcaption>"Share of each verdict"</figcaption>
                <ul class="bars">
                    {move || {
                        let shares = shares();
                        let all = shares.iter().map(|share| share.rows).sum::<usize>().max(1);
                        let bar = |Verdict { name, tone, rows }| {
                            view! {
                                <li class="bar" data-tone=tone.name()>
                                    <span class="bar__label">{name.clone()}</span>
                                    <meter min="0" max=all.to_string() value=rows.to_string() aria-label=name></meter>
                                    <span class="bar__score">{format!("{rows} ({:.1} %)", 100.0 * rows as f64 / all as f64)}</span>
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

/// The verdicts, the most frequent first; texts that could not be scored last.
fn shares(results: &Results) -> Vec<Verdict> {
    let mut sorted = Vec::<Verdict>::new();
    let mut failed = results.done();
    // As in `Results::labels`.
    for verdict in results.verdicts() {
        failed -= verdict.rows;
        let place = sorted.partition_point(|other| other.rows >= verdict.rows);
        sorted.insert(place, verdict.clone());
    }
    if failed > 0 {
        sorted.push(Verdict { name: NOT_ANALYZED.into(), tone: Tone::Plain, rows: failed });
    }
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{error::AnalyzeError, sentiment::Score};

    #[test]
    fn the_most_frequent_verdict_is_first_and_failures_are_last() {
        let mut results = Results::new(7, Some(0.75));
        for (row, label) in ["NEGATIVE", "POSITIVE", "POSITIVE"].into_iter().enumerate() {
            results.put(row, Ok(vec![Score { label: label.into(), score: 0.9 }]));
        }
        for row in 3..6 {
            results.put(row, Err(AnalyzeError::Empty));
        }
        let shares: Vec<_> = shares(&results).into_iter().map(|share| (share.name, share.rows)).collect();
        let expected = [("Positive", 2), ("Negative", 1), ("Not analyzed", 3)];
        assert_eq!(shares, expected.map(|(name, rows)| (name.to_owned(), rows)));
    }
}
