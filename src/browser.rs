//! The entry point in the browser: takes over the page that the server rendered.

#[cfg(feature = "page-many")]
use crate::app::Many;
#[cfg(feature = "page-one")]
use crate::app::One;
use leptos::{mount::hydrate_from, prelude::document};
use wasm_bindgen::{JsCast, prelude::wasm_bindgen};

/// Makes the server's page interactive; called by the page's script once the module is loaded.
///
/// Which page that is, the root element's `data-page` says. A release has a program for each page;
/// development has one that holds both.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    let page = document().document_element().and_then(|root| root.get_attribute("data-page"));
    let Ok(Some(main)) = document().query_selector("main") else { return };
    let main = main.unchecked_into();
    match page.as_deref() {
        #[cfg(feature = "page-many")]
        Some("many") => hydrate_from(main, Many).forget(),
        #[cfg(feature = "page-one")]
        Some("one") => hydrate_from(main, One).forget(),
        _ => {}
    }
}
