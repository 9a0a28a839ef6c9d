//! What the page needs of the browser beyond the document: its address bar, clipboard, share
//! sheet, storage, clock, lower case and own keys. Nothing here runs on the server.
//!
//! A browser that refuses one of them costs that convenience and nothing else, so most refusals
//! are passed over.

use super::address::{Address, SPACES};
use js_sys::{Array, Function, Object, Reflect, Uint8Array};
use leptos::{ev::MouseEvent, prelude::*};
use std::sync::atomic::{AtomicU32, Ordering};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Event, ReadableWritablePair, Response, ShareData, Storage};

/// Counts the addresses shown: packing takes a moment, in which the next one may come.
static SHOWN: AtomicU32 = AtomicU32::new(0);

/// Shows an address in the address bar, without a new step in the history, and gives the path
/// and query to `linked`, or nothing where the text is too long for a link.
pub fn show(address: Address, linked: impl FnOnce(Option<String>) + 'static) {
    let turn = SHOWN.fetch_add(1, Ordering::Relaxed) + 1;
    leptos::task::spawn_local(async move {
        let query = match address.plain() {
            Some(query) => Some(query),
            None => pack(address.text.as_deref().unwrap_or_default())
                .await
                .ok()
                .and_then(|packed| address.packed(&packed)),
        };
        if SHOWN.load(Ordering::Relaxed) != turn {
            return;
        }
        let window = window();
        let path = window.location().pathname().unwrap_or_else(|_| "/".into());
        let shown = format!("{path}{}", query.as_deref().unwrap_or_default());
        if let Ok(history) = window.history() {
            let _ = history.replace_state_with_url(&JsValue::NULL, "", Some(&shown));
        }
        tell_the_outer_page(query.as_deref().unwrap_or_default());
        linked(query.map(|query| format!("{path}{query}")));
    });
}

/// A text as raw DEFLATE in base64url, as `server::link` reads it.
async fn pack(text: &str) -> Result<String, JsValue> {
    let blob = Blob::new_with_str_sequence(&Array::of1(&text.into()))?;
    // By name, since web-sys calls this class unstable; not every browser has it.
    let class: Function = Reflect::get(&window(), &"CompressionStream".into())?.dyn_into()?;
    let deflate = Reflect::construct(&class, &Array::of1(&"deflate-raw".into()))?;
    let pair: ReadableWritablePair = deflate.unchecked_into();
    let packed = Response::new_with_opt_readable_stream(Some(&blob.stream().pipe_through(&pair)))?;
    let bytes = Uint8Array::new(&JsFuture::from(packed.array_buffer()?).await?).to_vec();
    let latin: String = bytes.into_iter().map(char::from).collect();
    Ok(window().btoa(&latin)?.trim_end_matches('=').replace('+', "-").replace('/', "_"))
}

/// Lets the page of a Hugging Face Space, which frames this one, follow the address. What it was at the
/// start, the header's script tells.
fn tell_the_outer_page(query: &str) {
    let window = window();
    let Ok(Some(parent)) = window.parent() else { return };
    if parent == window {
        return;
    }
    let message = Object::new();
    let _ = Reflect::set(&message, &"queryString".into(), &query.trim_start_matches('?').into());
    let _ = Reflect::set(&message, &"hash".into(), &"".into());
    let _ = parent.post_message(&message, SPACES);
}

/// Puts a text into the clipboard; `done` is called with whether that worked.
pub fn copy(text: &str, done: impl FnOnce(bool) + 'static) {
    let navigator = window().navigator();
    // Over plain HTTP there is none, except from the machine itself.
    if Reflect::get(&navigator, &"clipboard".into()).is_ok_and(|clipboard| clipboard.is_undefined()) {
        done(false);
        return;
    }
    let copied = navigator.clipboard().write_text(text);
    leptos::task::spawn_local(async move { done(JsFuture::from(copied).await.is_ok()) });
}

/// Whether the system has a share sheet that takes a link from this page; it takes none from a frame
/// that may not share.
#[must_use]
pub fn can_share(url: &str) -> bool {
    let navigator = window().navigator();
    Reflect::has(&navigator, &"canShare".into()).unwrap_or(false)
        && navigator.can_share_with_data(&to_share(url))
}

/// Opens the system's share sheet; `refused` is called where the browser does not.
pub fn share(url: &str, refused: impl FnOnce() + 'static) {
    let shared = window().navigator().share_with_data(&to_share(url));
    leptos::task::spawn_local(async move {
        // Who closes the sheet has not been refused.
        if let Err(error) = JsFuture::from(shared).await
            && Reflect::get(&error, &"name".into()).is_ok_and(|name| name != "AbortError")
        {
            refused();
        }
    });
}

fn to_share(url: &str) -> ShareData {
    let data = ShareData::new();
    data.set_title("Valence");
    data.set_url(url);
    data
}

/// A text in lower case, by the browser's own tables where ASCII's rule does not do.
#[must_use]
pub fn lowercase(text: &str) -> String {
    // A filter asks this of 10,000 texts at each letter, and the way to the browser and back is long.
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    js_sys::JsString::from(text).to_lower_case().into()
}

/// What the browser keeps for this page, unless it was told not to.
#[must_use]
pub fn storage() -> Option<Storage> {
    window().local_storage().ok().flatten()
}

/// What the browser keeps for this page until its tab is closed, unless it was told not to.
#[must_use]
pub fn session() -> Option<Storage> {
    window().session_storage().ok().flatten()
}

/// Whether a key is held that makes a press the browser's own: on a link, to open it elsewhere; with another
/// key, to go back or to an end of the page.
#[must_use]
pub fn takes(press: &Event) -> bool {
    // An event of the keyboard names these keys as one of the mouse does.
    let press: &MouseEvent = press.unchecked_ref();
    press.alt_key() || press.ctrl_key() || press.meta_key() || press.shift_key()
}

/// Milliseconds since some moment in the past.
#[must_use]
pub fn now() -> f64 {
    js_sys::Date::now()
}
