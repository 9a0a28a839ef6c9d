//! The entry points in the browser: a page's program takes over what the server rendered.

use crate::app::{Many, One};
use leptos::{IntoView, mount::hydrate_from, prelude::document};
use wasm_bindgen::JsCast;

/// Makes the page for one text interactive.
pub fn hydrate_one() {
    hydrate(One);
}

/// Makes the page for many texts interactive.
pub fn hydrate_many() {
    hydrate(Many);
}

fn hydrate<V: IntoView + 'static>(page: impl FnOnce() -> V + 'static) {
    console_error_panic_hook::set_once();
    if let Ok(Some(main)) = document().query_selector("main") {
        hydrate_from(main.unchecked_into(), page).forget();
    }
}

/// The program of both pages; which of them it is in, the root element's `data-page` says.
#[cfg(feature = "watch")]
#[wasm_bindgen::prelude::wasm_bindgen(start)]
pub fn hydrate_either() {
    let root = document().document_element();
    match root.and_then(|root| root.get_attribute("data-page")).as_deref() {
        Some("many") => hydrate_many(),
        Some("one") => hydrate_one(),
        _ => {}
    }
}
