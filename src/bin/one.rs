//! The page for one text in the browser.

fn main() {
    valence::browser::hydrate_one();
}
