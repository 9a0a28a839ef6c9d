//! The page for many texts in the browser.

fn main() {
    valence::hydrate::hydrate_many();
}
