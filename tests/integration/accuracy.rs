//! How often the bundled model is right.

use crate::support::{options, root};
use std::{
    fs,
    io::{self, Write},
};
use valence::{
    dataset::format::Format,
    eval::{self, Columns},
    loading::{self, EngineOptions},
};

/// SST-2's dev set may not be committed; it is measured where the training data lies beside the
/// repository.
#[tokio::test]
async fn sst2_dev_accuracy_is_what_the_card_says() {
    let file = root().join("../shared/data/sst2/dev.tsv");
    if !file.is_file() {
        // Past the test runner, which keeps what a passing test prints to itself.
        writeln!(io::stderr(), "skipped: SST-2's dev set is not at {}", file.display()).unwrap();
        return;
    }
    let options = EngineOptions { queue: 1000, ..options(root().join("models/valence-mini")) };
    let engine = loading::load(&options).unwrap();
    let labelled = eval::read(&file, Format::Tsv, Columns::default()).unwrap();
    let report = eval::measure(&engine, &labelled.rows).await.unwrap();
    println!("{report}");
    assert_eq!(report.texts, 872);
    // Processors round sums differently, which may tip a text over.
    assert!((report.accuracy - on_the_card()).abs() < 0.005, "{report}");
}

/// The accuracy in the head of the model's card.
fn on_the_card() -> f64 {
    let card = fs::read_to_string(root().join("models/valence-mini/README.md")).unwrap();
    let value = card.lines().find_map(|line| line.trim().strip_prefix("value: "));
    value.expect("a figure").parse().unwrap()
}
