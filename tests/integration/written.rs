//! The texts in `training`: those that the bundled model has learnt, and those that it is measured on.

use crate::support::root;
use std::{collections::HashSet, fs};

/// The tables of a folder: the names of their files, and their lines but for a header.
fn tables(folder: &str) -> Vec<(String, Vec<String>)> {
    let files = fs::read_dir(root().join(folder)).unwrap().map(|file| file.unwrap().path());
    let tables: Vec<_> = files
        .filter(|file| file.extension().is_some_and(|end| end == "tsv"))
        .map(|file| {
            let content = fs::read_to_string(&file).unwrap();
            let lines = content.lines().filter(|line| !line.starts_with("label\t"));
            (file.display().to_string(), lines.map(str::to_owned).collect())
        })
        .collect();
    assert!(!tables.is_empty(), "no table is in {folder}");
    tables
}

/// The text of a line that has so many columns, the first a label and the last a text. Of that, letters and
/// digits alone: nothing else hides that two are equal. A text without any, such as stars, is taken whole.
fn text(line: &str, columns: usize) -> String {
    let row: Vec<&str> = line.split('\t').collect();
    assert!(row.len() == columns && ["negative", "neutral", "positive"].contains(&row[0]), "{line:?}");
    let whole = row[columns - 1];
    assert!(!whole.trim().is_empty(), "{line:?}");
    let text: String = whole.to_lowercase().chars().filter(|char| char.is_alphanumeric()).collect();
    if text.is_empty() { whole.to_owned() } else { text }
}

// One of those that are measured was taught, in a file that nothing compared.
#[test]
fn every_line_is_a_label_and_a_text_of_its_own_and_none_that_is_measured_is_taught() {
    let mut taught = HashSet::new();
    for (file, lines) in tables("training/written") {
        for line in lines {
            assert!(taught.insert(text(&line, 2)), "{file} repeats {line:?}");
        }
    }
    let asides = fs::read_to_string(root().join("training/asides/opinions.tsv")).unwrap();
    // What is said of a bank may be said of a meal too, and by another writer as well.
    taught.extend(asides.lines().map(|line| text(line, 3)));
    for (file, lines) in tables("training") {
        let mut measured = HashSet::new();
        for line in lines {
            let text = text(&line, 3);
            assert!(!taught.contains(&text), "{file} has {line:?}, which is taught");
            assert!(measured.insert(text), "{file} repeats {line:?}");
        }
    }
}
