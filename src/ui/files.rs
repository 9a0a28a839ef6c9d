//! Files: what a person gives the page to read, and takes from it. Nothing here runs on the server.

use js_sys::Array;
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, File, HtmlAnchorElement, Url};

/// How long a download's content stays for the browser to fetch.
const KEPT: Duration = Duration::from_secs(60);

/// Reads a file as UTF-8; nothing where that fails.
pub fn read(file: &File, done: impl FnOnce(Option<String>) + 'static) {
    let text = file.text();
    leptos::task::spawn_local(async move {
        let text = JsFuture::from(text).await.ok().and_then(|text| text.as_string());
        // To take in megabytes holds the page up, and to look into them again: between the two it answers.
        set_timeout(move || done(text), Duration::ZERO);
    });
}

/// Hands a file of this content to the person, as a download.
pub fn download(name: &str, media_type: &str, content: &str) {
    let options = BlobPropertyBag::new();
    options.set_type(media_type);
    let Ok(blob) = Blob::new_with_str_sequence_and_options(&Array::of1(&content.into()), &options) else {
        return;
    };
    let Ok(url) = Url::create_object_url_with_blob(&blob) else { return };
    if let Ok(link) = document().create_element("a") {
        let link: HtmlAnchorElement = link.unchecked_into();
        link.set_href(&url);
        link.set_download(name);
        link.click();
    }
    // Safari asks for the content some time after the click.
    set_timeout(move || drop(Url::revoke_object_url(&url)), KEPT);
}
