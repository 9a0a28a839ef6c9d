//! Elements of the document that are read or changed by hand, beside what the views say. Effects and
//! events have that done, and the server, which renders the same views, has neither.

use js_sys::{Function, Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDocument, HtmlSelectElement, HtmlTextAreaElement};

/// Lines of a text that go in as typing does; Chromium takes a millisecond and more for each.
const MAX_TYPED: usize = 100;

/// Lines of a text that are taken out so; for many more Chromium takes seconds.
const MAX_DELETED: usize = 2000;

/// The model that is chosen, where there are several and it is not the first, the default.
#[must_use]
pub fn model() -> Option<String> {
    let select: HtmlSelectElement = document().get_element_by_id("model")?.unchecked_into();
    (select.selected_index() > 0).then(|| select.value())
}

/// Empties a field, by its id.
pub fn empty(field: &str) {
    if let Some(field) = document().get_element_by_id(field) {
        let _ = Reflect::set(&field, &"value".into(), &"".into());
    }
}

/// Puts a text into a box in place of what it holds, and leaves the focus there.
///
/// It goes in as typing does, so that the browser's undo brings back what was there; what a script sets
/// cannot be undone.
pub fn overwrite(field: &HtmlTextAreaElement, text: &str) {
    focus(field);
    field.select();
    let lines = |text: &str| text.split('\n').count();
    if lines(text) <= MAX_TYPED && lines(&field.value()) <= MAX_DELETED {
        let document: HtmlDocument = document().unchecked_into();
        let command = if text.is_empty() { "delete" } else { "insertText" };
        let _ = document.exec_command_with_show_ui_and_value(command, false, text);
    }
    if field.value() != text {
        field.set_value(text);
    }
}

/// Gives an element the focus, and leaves the page where it is scrolled to.
pub fn focus(element: &Element) {
    let options = Object::new();
    let _ = Reflect::set(&options, &"preventScroll".into(), &true.into());
    // By name, since nothing else needs web-sys's class of these options.
    if let Ok(focus) = Reflect::get(element, &"focus".into()) {
        let _ = focus.unchecked_into::<Function>().call1(element, &options);
    }
}

/// Tells browser tests, by an attribute of the root element, that the page is interactive; the
/// style sheet shows what needs a script from then on.
pub fn mark_hydrated() {
    Effect::new(|| {
        if let Some(root) = document().document_element() {
            let _ = root.set_attribute("data-hydrated", "");
        }
    });
}
