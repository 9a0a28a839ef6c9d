//! The rows that are drawn. Each stays the same element for as long as it is drawn, whatever comes and goes
//! around it: an element that is made anew, or moved, loses the focus.

use super::{
    Job,
    reason::{in_full, in_short},
};
use crate::ui::{address::Address, opening::View};
use leptos::prelude::*;
use std::ops::Range;
use web_sys::Element;

/// Rows that the table has room for: Firefox puts nothing below some 17.9 million pixels, others below 33.5.
pub const MOST: usize = 400_000;

/// A row that is drawn.
pub struct Drawn {
    /// The run whose text it shows.
    run: usize,
    /// The number of that text.
    number: usize,
    row: <AnyView as Render>::State,
    /// The cells of its outcome.
    outcome: <AnyView as Render>::State,
    /// Whether that is known, and stays as it is.
    is_done: bool,
    /// Where it stands, and whether that is in sight.
    place: Option<(usize, bool)>,
}

impl Drawn {
    fn new(job: Job, number: usize, is_done: bool) -> Self {
        let (row, mut outcome) = (row(job, number).build(), outcome(job, number).build());
        for row in row.elements() {
            outcome.mount(&row, None);
        }
        Self { run: job.runs.get_value(), number, row, outcome, is_done, place: None }
    }

    fn element(&self) -> Option<Element> {
        self.row.elements().pop()
    }

    /// Says at which place it stands. Tab goes through the links in sight alone, and not through 10,000 rows.
    fn set_place(&mut self, place: usize, is_in_sight: bool) {
        if self.place.replace((place, is_in_sight)) == Some((place, is_in_sight)) {
            return;
        }
        let Some(row) = self.element() else { return };
        // The header is the first one.
        let _ = row.set_attribute("aria-rowindex", &(place + 2).to_string());
        if let Ok(Some(link)) = row.query_selector("a[href]") {
            let _ = link.set_attribute("tabindex", if is_in_sight { "0" } else { "-1" });
        }
    }
}

/// Draws the texts of these `numbers` in `body`, which holds the rows drawn so far and nothing else. The
/// first of them is at the place `first`.
pub fn draw(
    job: Job,
    body: &Element,
    mut drawn: Vec<Drawn>,
    numbers: &[usize],
    first: usize,
    in_sight: &Range<usize>,
) -> Vec<Drawn> {
    drawn.retain_mut(|row| {
        let stays = row.run == job.runs.get_value() && numbers.contains(&row.number);
        if !stays {
            row.row.unmount();
        }
        stays
    });
    let mut rows = Vec::new();
    for (place, &number) in (first..).zip(numbers) {
        let is_done = job.results.with_value(|results| results.of(number).is_some());
        let at = drawn.iter().position(|row| row.number == number);
        let mut row = at.map_or_else(|| Drawn::new(job, number, is_done), |at| drawn.remove(at));
        if row.is_done != is_done {
            outcome(job, number).rebuild(&mut row.outcome);
            row.is_done = is_done;
        }
        // What is left of those drawn so far stands behind this place: the first of them is here already.
        if at != Some(0) {
            let next = drawn.first().and_then(Drawn::element);
            row.row.mount(body, next.as_deref());
        }
        row.set_place(place, in_sight.contains(&place));
        rows.push(row);
    }
    rows
}

/// A row whose text leads to the page for one text, where all of it is to be read.
fn row(job: Job, number: usize) -> AnyView {
    let column = job.column.get_value();
    let (text, is_unread) = job.table.with_untracked(|table| {
        (table.text(number, column).to_owned(), table.unread(number, column).is_some())
    });
    let address = Address { text: Some(text.clone()), model: job.model(), view: View::default() };
    let query = if is_unread || text.trim().is_empty() { None } else { address.unpacked() };
    let href = query.map(|query| format!("/{query}"));
    let short: String = text.chars().take(300).collect();
    view! {
        <tr>
            <td dir="auto" title=text>
                // Beside this page: its results are nowhere else.
                <a href=href target="_blank">
                    {short}
                </a>
            </td>
        </tr>
    }
    .into_any()
}

/// The verdict on a text and its score, as far as they are known. What may be cut off has a title.
fn outcome(job: Job, number: usize) -> AnyView {
    let (tone, verdict, score, title) =
        job.results.with_value(|results| match (results.outcome(number), results.of(number)) {
            (Some(outcome), _) => {
                let score = outcome.score().map(|score| score.to_string()).unwrap_or_default();
                (outcome.tone().name(), outcome.name(), score, Some(outcome.name()))
            }
            (None, Some(Err(error))) => {
                ("plain", in_short(error).into(), String::new(), Some(in_full(error)))
            }
            _ => ("plain", "…".into(), String::new(), None),
        });
    view! {
        <td class="rows__verdict" data-tone=tone title=title>
            {verdict}
        </td>
        <td class="rows__score">{score}</td>
    }
    .into_any()
}
