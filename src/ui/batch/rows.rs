//! The rows: a table of the texts and verdicts that its controls leave, which draws only what is in sight.

use super::{
    Job,
    controls::Controls,
    drawn::{MOST, draw},
    order::{Order, arrange},
};
use crate::ui::{browser, elements};
use leptos::{ev, html, prelude::*};
use std::mem;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Height of a row in pixels; the style sheet says the same.
const ROW: usize = 44;

/// Rows drawn beyond what is in sight, above and below.
const SPARE: usize = 8;

/// Rows in sight at most with that of the header, by the style sheet's height of the table.
const IN_SIGHT: usize = 13;

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
    let shown = shown(job, order, filter);
    keep_drawn(job, shown, top, scroller);
    let scrolled = move |_: ev::Event| {
        if let Some(scroller) = scroller.get_untracked() {
            // It is below zero where a browser lets one pull beyond the first.
            let row = usize::try_from(scroller.scroll_top()).unwrap_or_default() / ROW;
            if row != top.get_untracked() {
                top.set(row);
            }
        }
    };
    view! {
        <Controls job order filter shown scroller />
        <div class="rows" tabindex="0" role="region" aria-label="Rows" node_ref=scroller on:scroll=scrolled>
            <table aria-rowcount=move || (shown.with(Vec::len) + 1).to_string()>
                <thead>
                    <tr aria-rowindex=1.to_string()>
                        <th scope="col">"Text"</th>
                        <th scope="col">"Verdict"</th>
                        <th scope="col">"Score"</th>
                    </tr>
                </thead>
                <tbody aria-hidden="true">
                    <tr id="above" class="rows__space"></tr>
                </tbody>
                <tbody id="drawn"></tbody>
                <tbody aria-hidden="true">
                    <tr id="below" class="rows__space"></tr>
                </tbody>
            </table>
        </div>
    }
}

/// The numbers of the rows that are left, in their order.
fn shown(job: Job, order: RwSignal<Order>, filter: RwSignal<String>) -> Memo<Vec<usize>> {
    let wanted = Memo::new(move |_| browser::lowercase(filter.get().trim()));
    // Not with each piece of news: it goes through all that was written.
    let found = Memo::new(move |_| wanted.with(|wanted| find(job, wanted)));
    Memo::new(move |_| {
        job.news.track();
        let arrange = |wanted: &String, found: &Vec<bool>| {
            job.results.with_value(|results| arrange(results, order.get(), wanted, found))
        };
        wanted.with(|wanted| found.with(|found| arrange(wanted, found)))
    })
}

/// Draws the rows from `top` on, and anew whenever others are in sight or more is known of them. That is beside
/// the view, which would make all rows anew.
fn keep_drawn(job: Job, shown: Memo<Vec<usize>>, top: RwSignal<usize>, scroller: NodeRef<html::Div>) {
    let mut drawn = Vec::new();
    Effect::new(move || {
        // The texts of another run are others, even if all numbers stay.
        job.table.track();
        job.news.track();
        let Some(body) = document().get_element_by_id("drawn") else { return };
        let (top, focused) = (top.get(), document().active_element());
        let in_sight = top..top + IN_SIGHT - 1;
        shown.with(|shown| {
            let all = shown.len().min(MOST);
            let last = (top + IN_SIGHT + SPARE).min(all);
            let first = top.saturating_sub(SPARE).min(last);
            drawn = draw(job, &body, mem::take(&mut drawn), &shown[first..last], first, &in_sight);
            space("above", first);
            space("below", all - last);
        });
        // The row that had the focus is out of sight: the arrow keys read on from here.
        if document().active_element() != focused
            && let Some(scroller) = scroller.get_untracked()
        {
            elements::focus(&scroller);
        }
    });
}

/// Whether each row's text has what is wanted.
fn find(job: Job, wanted: &str) -> Vec<bool> {
    let column = job.column.get_value();
    let has = |text: &str| wanted.is_empty() || browser::lowercase(text).contains(wanted);
    job.table.with(|table| (0..table.rows.len()).map(|row| has(table.text(row, column))).collect())
}

/// Leaves space for so many rows that are not drawn.
fn space(id: &str, rows: usize) {
    if let Some(space) = document().get_element_by_id(id) {
        let style = space.unchecked_into::<HtmlElement>().style();
        let _ = style.set_property("height", &format!("{}px", rows * ROW));
    }
}
