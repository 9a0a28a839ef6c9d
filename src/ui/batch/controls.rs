//! The controls above the rows: how they are sorted, what is looked for in them, and how many there are.

use super::{
    Job,
    drawn::MOST,
    order::{ORDERS, Order},
};
use leptos::{html, prelude::*};

/// The controls.
#[component]
pub fn Controls(
    /// The job whose rows they arrange.
    job: Job,
    /// How these are sorted.
    order: RwSignal<Order>,
    /// What is looked for in them, as it is typed.
    filter: RwSignal<String>,
    /// Those that are left.
    shown: Memo<Vec<usize>>,
    /// What they scroll in.
    scroller: NodeRef<html::Div>,
) -> impl IntoView {
    let count = move || match shown.with(Vec::len) {
        1 => "1 row".to_owned(),
        rows @ ..=MOST => format!("{rows} rows"),
        rows => format!("{rows} rows; the table has the first {MOST}, the downloads have all"),
    };
    view! {
        <div class="choices">
            <SortBy job order scroller />
            <label>
                "Filter"
                <input
                    type="search"
                    dir="auto"
                    placeholder="Text or verdict"
                    on:input=move |event| {
                        to_top(scroller);
                        filter.set(event_target_value(&event));
                    }
                />
            </label>
            // As of the progress, only what stays is announced.
            <span class="quiet">
                <span>{move || job.is_running.get().then(count)}</span>
                <span role="status">{move || (!job.is_running.get()).then(count)}</span>
            </span>
        </div>
    }
}

/// The choice of an order.
#[component]
fn SortBy(
    /// The job whose rows are sorted.
    job: Job,
    /// The order that is chosen.
    order: RwSignal<Order>,
    /// What they scroll in.
    scroller: NodeRef<html::Div>,
) -> impl IntoView {
    let sort = move |event| {
        to_top(scroller);
        let number = event_target_value(&event).parse::<usize>().unwrap_or_default();
        order.set(ORDERS[number.min(ORDERS.len() - 1)].0);
    };
    let has_no_sides = move || {
        job.news.track();
        job.results.with_value(|results| results.bins().is_none())
    };
    view! {
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
    }
}

/// What is first now is what was asked for.
fn to_top(scroller: NodeRef<html::Div>) {
    if let Some(scroller) = scroller.get_untracked() {
        scroller.set_scroll_top(0);
    }
}
