//! The rows: a table of texts and verdicts that sorts, filters, and draws only what is in sight.

use super::{
    Job,
    order::{ORDERS, Order, arrange},
};
use crate::{
    error::AnalyzeError,
    ui::{address::Address, browser, opening::View},
};
use leptos::{ev, html, prelude::*};

/// Height of a row in pixels; the style sheet says the same.
const ROW: f64 = 44.0;

/// Rows drawn beyond what is in sight, above and below.
const SPARE: usize = 8;

/// Rows in sight at most with that of the header, by the style sheet's height of the table.
const IN_SIGHT: usize = 12;

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
    let wanted = Memo::new(move |_| browser::lowercase(filter.get().trim()));
    // Not with each piece of news: it goes through all that was written.
    let found = Memo::new(move |_| wanted.with(|wanted| find(job, wanted)));
    let shown = Memo::new(move |_| {
        job.news.track();
        let arrange = |wanted: &String, found: &Vec<bool>| {
            job.results.with_value(|results| arrange(results, order.get(), wanted, found))
        };
        wanted.with(|wanted| found.with(|found| arrange(wanted, found)))
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
        let number = event_target_value(&event).parse::<usize>().unwrap_or_default();
        order.set(ORDERS[number.min(ORDERS.len() - 1)].0);
    };
    let has_no_sides = move || {
        job.news.track();
        job.results.with_value(|results| results.bins().is_none())
    };
    view! {
        <div class="choices">
            <label>
                "Sort by"
                <select on:change=sort>
                    {ORDERS
                        .iter()
                        .enumerate()
                        .map(|(number, (order, name))| {
                            let is_vain = move || order.is_by_side() && has_no_sides();
                            view! {
                                <option value=number.to_string() disabled=is_vain>
                                    {*name}
                                </option>
                            }
                        })
                        .collect_view()}
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
    let column = job.column.get_value();
    let text = job.table.with_untracked(|table| table.text(number, column).to_owned());
    let address = Address { text: Some(text.clone()), model: job.model(), view: View::default() };
    let query = if text.trim().is_empty() { None } else { address.unpacked() };
    let href = query.map(|query| format!("/{query}"));
    let tabindex = if is_in_sight && href.is_some() { "0" } else { "-1" };
    let short: String = text.chars().take(300).collect();
    let (tone, verdict, score, reason) =
        job.results.with_value(|results| match (results.outcome(number), results.of(number)) {
            (Some(outcome), _) => {
                let score = outcome.percent().map(|percent| percent.to_string()).unwrap_or_default();
                (outcome.tone().name(), outcome.name(), score, None)
            }
            (None, Some(Err(error))) => {
                ("plain", in_short(error).into(), String::new(), Some(error.to_string()))
            }
            _ => ("plain", "…".into(), String::new(), None),
        });
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

/// Whether each row's text has what is wanted.
fn find(job: Job, wanted: &str) -> Vec<bool> {
    let column = job.column.get_value();
    let has = |text: &str| wanted.is_empty() || browser::lowercase(text).contains(wanted);
    job.table.with(|table| (0..table.rows.len()).map(|row| has(table.text(row, column))).collect())
}

fn pixels(rows: usize) -> String {
    format!("{:.0}px", rows as f64 * ROW)
}
