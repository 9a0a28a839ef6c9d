//! Files: what a person gives the page to read, and takes from it. Nothing here runs on the server.

use js_sys::{Array, Object, Promise};
use leptos::prelude::*;
use std::time::Duration;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, File, HtmlAnchorElement, TextDecoder, Url};

/// How long a download's content stays for the browser to fetch.
const KEPT: Duration = Duration::from_secs(60);

/// Reads a file as UTF-8 or, where it is none, as Windows-1252, and tells whether it was that; nothing where that
/// fails.
pub fn read(file: &File, done: impl FnOnce(Option<(String, bool)>) + 'static) {
    let (file, text) = (file.clone(), file.text());
    leptos::task::spawn_local(async move {
        let read = decoded(&file, text).await;
        // To take in megabytes holds the page up, and to look into them again: between the two it answers.
        set_timeout(move || done(read), Duration::ZERO);
    });
}

async fn decoded(file: &File, text: Promise) -> Option<(String, bool)> {
    let text = JsFuture::from(text).await.ok()?.as_string()?;
    if !is_other(&text, file.size()) {
        return Some((text, false));
    }
    let bytes = JsFuture::from(file.array_buffer()).await.ok()?;
    // What Excel calls CSV is in it, on most computers of the West.
    let decoder = TextDecoder::new_with_label("windows-1252").ok()?;
    Some((decoder.decode_with_buffer_source(bytes.unchecked_ref::<Object>()).ok()?, true))
}

/// Whether what was read as UTF-8 of so many bytes was none, and not UTF-8 with some damage: it grew, as each
/// byte that is lost becomes a character of three, and by more such bytes than letters beyond ASCII were read.
fn is_other(text: &str, bytes: f64) -> bool {
    let grown = text.len() as f64 - bytes;
    let is_letter = |letter: &char| !letter.is_ascii() && *letter != char::REPLACEMENT_CHARACTER;
    grown > 0.0 && grown > 2.0 * text.chars().filter(is_letter).count() as f64
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

#[cfg(test)]
mod tests {
    use super::is_other;

    #[test]
    fn another_encoding_is_told_from_damage() {
        for (bytes, expected) in [
            (&b"caf\xe9, it\x92s so good"[..], true),
            (b"so good\xff", true),
            ("café".as_bytes(), false),
            ("\u{feff}so good \u{fffd}".as_bytes(), false),
            // Cut off within a letter.
            (b"caf\xc3\xa9 f\xc3\xbcr alle \xc3", false),
        ] {
            let text = String::from_utf8_lossy(bytes);
            assert_eq!(is_other(text.trim_start_matches('\u{feff}'), bytes.len() as f64), expected, "{text}");
        }
        // A browser may read UTF-16 by its mark.
        assert!(!is_other("so good", 16.0) && !is_other("好", 4.0));
    }
}
