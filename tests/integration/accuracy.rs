use crate::support::root;
use std::io::{self, Write};
use valence::{
    engine::{Engine, EngineOptions, locate},
    eval,
};

/// SST-2's dev set may not be committed; it is measured where the training data lies beside the
/// repository.
#[tokio::test]
async fn sst2_dev_accuracy_is_not_below_what_was_promised() {
    let file = root().join("../shared/data/sst2/dev.tsv");
    if !file.is_file() {
        // Past the test runner, which keeps what a passing test prints to itself.
        writeln!(io::stderr(), "skipped: SST-2's dev set is not at {}", file.display()).unwrap();
        return;
    }
    let options = EngineOptions {
        model: root().join("models/valence-mini"),
        runtime: locate::runtime(),
        threads: 1,
        queue: 1,
    };
    let accuracy = eval::accuracy(&Engine::load(&options).unwrap(), &file).await.unwrap();
    println!("{accuracy}");
    assert_eq!(accuracy.texts, 872);
    assert!(accuracy.share() >= 0.895, "{accuracy}");
}
