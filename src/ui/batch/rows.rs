//! The rows: a table of texts and verdicts that sorts, filters, and draws only what is in sight.

use super::Job;
use crate::{
    error::AnalyzeError,
    sentiment::Percent,
    ui::{address::Address, browser, opening::View},
};
use leptos::{ev, html, prelude::*};
use std::cmp::Ordering;

/// Height of a row in pixels; the style sheet says the same.
const ROW: f64 = 44.0;

/// Rows drawn beyond what is in sight, above and below.
const SPARE: usize = 8;

/// Rows in sight at most with that of the header, by the style sheet's height of the table.
const IN_SIGHT: usize = 12;

/// By what the rows are sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Order {
    Given,
    Verdict,
    Falling,
    Rising,
}

/// The table.
#[component]
pub fn Rows(
    /// The job whose rows it shows.
    job: Job,
) -> impl IntoView {
    let order = RwSignal::new(Order::Given);
    let filter = RwSignal::new(String::new());
    let top = RwSignal::new(0usize);
    let scroller = NodeRef::<html::Div>::new();
    let shown = Memo::new(move |_| {
        job.news.track();
        arrange(job, order.get(), &filter.get())
    });
    let scrolled = move |_: ev::Event| {
        if let Some(scroller) = scroller.get_untracked() {
            let row = (f64::from(scroller.scroll_top()) / ROW) as usize;
            // Rows are drawn anew when it changes, and the focused one loses the focus.
            if row != top.get_untracked() {
                top.set(row);
            }
        }
    };
    let window = move || {
        let first = top.get().saturating_sub(SPARE);
        let last = (top.get() + IN_SIGHT + SPARE).min(shown.with(Vec::len));
        (first.min(last), last)
    };
    // What is first now is what was asked for.
    let to_top = move || {
        if let Some(scroller) = scroller.get_untracked() {
            scroller.set_scroll_top(0);
        }
    };
    let sort = move |event| {
        to_top();
        order.set(match event_target_value(&event).as_str() {
            "verdict" => Order::Verdict,
            "falling" => Order::Falling,
            "rising" => Order::Rising,
            _ => Order::Given,
        });
    };
    view! {
        <div class="choices">
            <label>
                "Sort by"
                <select on:change=sort>
                    <option value="given">"Order given"</option>
                    <option value="verdict">"Verdict"</option>
                    <option value="falling">"Score, highest first"</option>
                    <option value="rising">"Score, lowest first"</option>
                </select>
            </label>
            <label>
                "Filter"
                <input
                    type="search"
                    dir="auto"
                    placeholder="Text or verdict"
                    on:input=move |event| {
                        to_top();
                        filter.set(event_target_value(&event));
                    }
                />
            </label>
            <span class="quiet" role="status">
                {move || match shown.with(Vec::len) {
                    1 => "1 row".to_owned(),
                    rows => format!("{rows} rows"),
                }}
            </span>
        </div>
        <div class="rows" tabindex="0" role="region" aria-label="Rows" node_ref=scroller on:scroll=scrolled>
            <table aria-rowcount=move || (shown.with(Vec::len) + 1).to_string()>
                <thead>
                    <tr aria-rowindex=1.to_string()>
                        <th scope="col">"Text"</th>
                        <th scope="col">"Verdict"</th>
                        <th scope="col">"Score"</th>
                    </tr>
                </thead>
                <tbody>
                    <tr class="rows__space" aria-hidden="true" style:height=move || pixels(window().0)></tr>
                    {move || {
                        job.news.track();
                        let (first, last) = window();
                        // Tab goes through these alone, and not through 10,000 rows.
                        let in_sight = top.get()..top.get() + IN_SIGHT - 1;
                        let row = |place, number| row(job, place, number, in_sight.contains(&place));
                        shown.with(|shown| (first..last).map(|place| row(place, shown[place])).collect_view())
                    }}
                    <tr
                        class="rows__space"
                        aria-hidden="true"
                        style:height=move || pixels(shown.with(Vec::len) - window().1)
                    ></tr>
                </tbody>
            </table>
        </div>
    }
}

/// A row whose text leads to the page for one text, where all of it is to be read.
fn row(job: Job, place: usize, number: usize, is_in_sight: bool) -> impl IntoView {
    let text = text(job, number);
    let address = Address { text: Some(text.clone()), model: job.model(), view: View::default() };
    let query = if text.trim().is_empty() { None } else { address.unpacked() };
    let href = query.map(|query| format!("/{query}"));
    let tabindex = if is_in_sight && href.is_some() { "0" } else { "-1" };
    let short: String = text.chars().take(300).collect();
    let (tone, verdict, score, reason) = match job.verdict(number) {
        Some((outcome, score)) => (outcome.tone().name(), outcome.name(), Percent(score).to_string(), None),
        None => match job.results.with_value(|results| results.of(number).cloned()) {
            Some(Err(error)) => ("plain", in_short(&error).into(), String::new(), Some(error.to_string())),
            _ => ("plain", "…".into(), String::new(), None),
        },
    };
    view! {
        <tr aria-rowindex=(place + 2).to_string()>
            <td dir="auto" title=text>
                // Beside this page: its results are nowhere else.
                <a href=href target="_blank" tabindex=tabindex>
                    {short}
                </a>
            </td>
            <td class="rows__verdict" data-tone=tone title=reason>{verdict}</td>
            <td class="rows__score">{score}</td>
        </tr>
    }
}

/// An error that fits the column of verdicts; the whole sentence is its title.
fn in_short(error: &AnalyzeError) -> &'static str {
    match error {
        AnalyzeError::Empty => "No text",
        AnalyzeError::TooLarge { .. } | AnalyzeError::TooLong { .. } => "Too long",
        AnalyzeError::Busy => "Server busy",
        _ => "Not analyzed",
    }
}

/// The rows to show, by their numbers.
fn arrange(job: Job, order: Order, filter: &str) -> Vec<usize> {
    let verdict = |row: usize| job.verdict(row).map(|(outcome, _)| outcome.name()).unwrap_or_default();
    let score = |row: usize| job.verdict(row).map_or(f32::NEG_INFINITY, |(_, score)| score);
    let mut rows: Vec<usize> = (0..job.results.with_value(super::Results::count)).collect();
    if !filter.trim().is_empty() {
        let wanted = browser::lowercase(filter.trim());
        let has = |text: String| browser::lowercase(&text).contains(&wanted);
        rows.retain(|&row| has(text(job, row)) || has(verdict(row)));
    }
    if order == Order::Given {
        return rows;
    }
    let key = |row: &usize| (verdict(*row), score(*row));
    let mut keyed: Vec<_> = rows.into_iter().map(|row| (key(&row), row)).collect();
    keyed.sort_by(|((verdict, score), _), ((other, other_score), _)| match order {
        Order::Given => Ordering::Equal,
        Order::Verdict => verdict.cmp(other),
        Order::Falling => other_score.total_cmp(score),
        Order::Rising => score.total_cmp(other_score),
    });
    keyed.into_iter().map(|(_, row)| row).collect()
}

fn text(job: Job, row: usize) -> String {
    let column = job.column.get_value();
    job.table
        .with_value(|table| table.rows.get(row).and_then(|row| row.get(column)).cloned().unwrap_or_default())
}

fn pixels(rows: usize) -> String {
    format!("{:.0}px", rows as f64 * ROW)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        sentiment::Score,
        ui::batch::{run::Results, table::Table},
    };

    #[test]
    fn rows_are_in_the_order_chosen() {
        Owner::new().with(|| {
            let job = Job::new(0.75);
            let mut results = Results::new(4);
            let texts = [("NEGATIVE", 0.9), ("POSITIVE", 0.99), ("NEGATIVE", 0.8)];
            for (row, (label, score)) in texts.into_iter().enumerate() {
                results.put(row, Ok(vec![Score { label: label.into(), score }]));
            }
            results.put(3, Err(AnalyzeError::Empty));
            job.table.set_value(Table { rows: vec![vec![String::new()]; 4], ..Table::default() });
            job.results.set_value(results);
            for (order, rows) in [
                (Order::Given, [0, 1, 2, 3]),
                (Order::Verdict, [3, 0, 2, 1]),
                (Order::Falling, [1, 0, 2, 3]),
                (Order::Rising, [3, 2, 0, 1]),
            ] {
                assert_eq!(arrange(job, order, ""), rows, "{order:?}");
            }
        });
    }
}
