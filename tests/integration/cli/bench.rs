//! `valence bench`: what it measures, and with which settings.

use super::{csv, csv_file, name, run, stdout};
use crate::support::{copy_without_batches, program::assert_one_sentence, temporary_folder};
use serde_json::Value;
use std::fs;

#[test]
fn measures_the_engine_on_the_texts_of_a_file() {
    let (_, input) = csv_file(40);
    // Rows that no model reads would make it look faster.
    fs::write(&input, csv(40) + &"99999, ,\n".repeat(10)).unwrap();
    let report: Value = serde_json::from_slice(&run(&["bench", name(&input), "--json"]).stdout).unwrap();
    assert_eq!(report["texts"], 40);
    assert!(report["texts_per_second"].as_f64().unwrap() > 0.0);
    assert!(report["batch_rows"].as_u64() > Some(1));
}

// It told of batches, as of any other model.
#[test]
fn a_model_without_batches_is_measured_one_text_at_a_time() {
    let ((_, input), model) = (csv_file(4), copy_without_batches());
    let bench = |json: &[&str]| {
        let arguments = ["bench", name(&input), "--model", name(&model)];
        stdout(&run(&[&arguments, json].concat()))
    };
    assert!(bench(&[]).contains(", one text at a time\n"));
    let report: Value = serde_json::from_str(&bench(&["--json"])).unwrap();
    assert_eq!(report["batch_rows"], 1);
}

// It printed that no text a second was scored, and ended well.
#[test]
fn nothing_is_measured_where_no_text_is_scored() {
    let file = temporary_folder().join("in.csv");
    fs::write(&file, "text\n\" \"\n").unwrap();
    for arguments in [&["bench", name(&file)][..], &["bench", "--seconds", "1", "--max-tokens", "1"]] {
        let done = run(arguments);
        assert_one_sentence(&done, &["nothing to measure"]);
        assert_eq!(stdout(&done), "");
    }
}

// It told what was wrong, and not what to do.
#[test]
fn a_file_that_cannot_be_measured_is_told_what_to_do() {
    let file = temporary_folder().join("in.csv");
    fs::write(&file, "a,b\n1,2\n").unwrap();
    assert_one_sentence(&run(&["bench", name(&file)]), &["a, b; give one such a name"]);
    assert_one_sentence(&run(&["bench", "-"]), &["name a file with one of these"]);
}
