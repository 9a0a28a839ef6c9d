//! The usual names of a column of texts, wherever they are listed.

use crate::support::{program::bare, root};
use std::fs;
use valence::columns::TEXT;

// A name more would have left four of the five lists short.
#[test]
fn every_list_of_the_usual_names_has_them_all() {
    let (last, others) = TEXT.split_last().unwrap();
    let others = others.join(", ");
    let printed = |arguments: &[&str]| {
        let output = bare().args(arguments).output().unwrap();
        String::from_utf8(output.stdout).unwrap()
    };
    let or = format!("[default: {others} or {last}, or a column alone]");
    let and = format!("of {others} and {last},");
    for (list, place, text) in [
        (&or, "batch --help", printed(&["batch", "--help"])),
        (&or, "eval --help", printed(&["eval", "--help"])),
        // Where JSON writes a line break as two characters.
        (&and, "the OpenAPI", printed(&["openapi"]).replace("\\n", " ")),
        (&and, "docs/api.md", fs::read_to_string(root().join("docs/api.md")).unwrap()),
    ] {
        let text = text.replace('`', "");
        let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(folded.contains(list.as_str()), "{place} does not list {list}");
    }
}
