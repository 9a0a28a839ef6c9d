//! How often the bundled model is right.

use crate::support::{options, root};
use std::{
    env, fs,
    io::{self, Write},
    path::{Path, PathBuf},
};
use valence::{
    dataset::format::Format,
    eval::{self, Columns},
    loading::{self, EngineOptions},
};

#[tokio::test]
async fn accuracy_on_everyday_texts_is_what_the_card_says() {
    let card = card();
    let row = card.lines().find(|line| line.starts_with("| Everyday texts ")).expect("a row");
    // Set, texts, 32 bits, 8 bits.
    let cells: Vec<&str> = row.split('|').map(str::trim).collect();
    let percent: f64 = cells[4].trim_end_matches(" %").parse().unwrap();
    measure(&root().join("training/everyday.tsv"), cells[2].parse().unwrap(), percent / 100.0).await;
}

/// SST-2's dev set may not be committed; it is measured where the training data is, as in
/// `make unit DATA=path`, or lies beside the repository.
#[tokio::test]
async fn accuracy_on_sst2_dev_is_what_the_card_says() {
    let data = env::var_os("DATA").map_or_else(|| root().join("../shared/data"), PathBuf::from);
    let file = data.join("sst2/dev.tsv");
    if !file.is_file() {
        // Past the test runner, which keeps what a passing test prints to itself.
        writeln!(io::stderr(), "skipped: SST-2's dev set is not at {}", file.display()).unwrap();
        return;
    }
    let card = card();
    let value = card.lines().find_map(|line| line.trim().strip_prefix("value: ")).expect("a figure");
    measure(&file, 872, value.parse().unwrap()).await;
}

/// Measures the file of so many texts; fails where the accuracy is not `on_card`.
async fn measure(file: &Path, texts: usize, on_card: f64) {
    let options = EngineOptions { queue: 1000, ..options(root().join("models/valence-mini")) };
    let engine = loading::load(&options).unwrap();
    let labelled = eval::read(file, Format::Tsv, Columns::default()).unwrap();
    let report = eval::measure(&engine, &labelled.rows).await.unwrap();
    println!("{report}");
    assert_eq!(report.texts, texts);
    // Processors round sums differently, which may tip a text over.
    assert!((report.accuracy - on_card).abs() < 0.005, "{report}");
}

fn card() -> String {
    fs::read_to_string(root().join("models/valence-mini/README.md")).unwrap()
}
