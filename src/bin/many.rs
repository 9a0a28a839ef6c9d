//! The page for many texts in the browser.

fn main() {
    valence::browser::hydrate_many();
}
