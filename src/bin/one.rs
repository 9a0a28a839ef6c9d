//! The page for one text in the browser.

fn main() {
    valence::hydrate::hydrate_one();
}
