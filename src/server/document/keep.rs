//! Keeping: what is in a page's box when one leaves it is there again when one comes back in the same tab.

use leptos::{nonce::use_nonce, prelude::*};

/// Keeps the box's text in the tab's session from when the page goes until one like it is there, and nothing
/// where the history is switched off. An address with a text of its own, even a damaged one, shows that.
///
/// The box is filled before the program starts, which takes that for what was typed until then.
const KEEP: &str = include_str!("keep.js");

/// The script; it stands behind the box.
#[component]
pub fn KeepBox() -> impl IntoView {
    view! { <script nonce=use_nonce()>{KEEP}</script> }
}
