//! The browser's address, which follows the text so that it is a link to share.
//!
//! Nothing here runs on the server.

use leptos::prelude::*;

/// The longest query that goes into the address, in characters; longer ones are refused by many
/// servers and messengers on the way.
const MAX_QUERY: usize = 2000;

/// Shows `text` in the address, without a new step in the history.
pub fn show(text: &str) {
    let query = query(text).unwrap_or_default();
    let window = window();
    let (Ok(history), Ok(path)) = (window.history(), window.location().pathname()) else { return };
    // A browser that refuses leaves the old address, which costs the link and nothing else.
    let _ = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&format!("{path}{query}")));
}

/// `?text=…`, unless there is nothing to say or too much.
fn query(text: &str) -> Option<String> {
    let pairs = web_sys::UrlSearchParams::new().ok()?;
    pairs.set("text", text);
    let query = pairs.to_string().as_string()?;
    (!text.trim().is_empty() && query.len() <= MAX_QUERY).then(|| format!("?{query}"))
}

/// Tells browser tests, by an attribute of the root element, that the page is interactive.
pub fn mark_hydrated() {
    Effect::new(|| {
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("data-hydrated", "");
        }
    });
}
