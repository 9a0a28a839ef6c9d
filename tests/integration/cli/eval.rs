//! `valence eval` of models that do more or less than choose one of several labels.

use super::{name, piped, run, stderr, stdout};
use crate::parity;
use serde_json::{Value, json};
use std::process::Output;

fn eval(model: &str, tokenizer: &str, table: &str) -> Output {
    let folder = parity::folder(model, tokenizer);
    piped(&["eval", "-", "--input-format", "csv", "--json", "--model", name(&folder)], table)
}

fn report(done: &Output) -> Value {
    assert_eq!(done.status.code(), Some(0), "{}", stderr(done));
    serde_json::from_slice(&done.stdout).unwrap()
}

// 0 was the label, and every text had it: an accuracy of 1 where none was right.
#[test]
fn of_a_single_label_0_is_a_text_without_it() {
    let table = "label,text\nnot toxic,The dessert was cold.\nTOXIC,The kitchen was kind.\n0.0,good day\n1,lovely\n1,so-so\n";
    let report = report(&eval("one", "wordpiece", table));
    assert_eq!(report["confusion"], json!([[1, 1], [1, 2]]), "{report}");
    let labels: Vec<_> = report["labels"].as_array().unwrap().iter().map(|label| &label["label"]).collect();
    assert_eq!(labels, ["not TOXIC", "TOXIC"]);
    assert_eq!(report["accuracy"], 0.6);
    // Its scores are 0.390, 0.481, 0.729, 0.823 and 0.679, of which the third and the last share a bin.
    let error = (1.0 - 0.610) + 0.519 + (0.729 + 0.679 - 1.0) + (1.0 - 0.823);
    assert!((report["calibration_error"].as_f64().unwrap() - error / 5.0).abs() < 1e-3, "{report}");

    let unknown = eval("one", "wordpiece", "label,text\n2,lovely\n");
    assert!(stderr(&unknown).contains(": 0 not TOXIC, 1 TOXIC; correct it"), "{}", stderr(&unknown));
}

// Its ratings were taken for probabilities: a calibration error of 1.6.
#[test]
fn a_model_that_rates_texts_is_refused() {
    for label in ["0", "3.5"] {
        let refused = eval("regression", "bytelevel", &format!("label,text\n{label},good\n"));
        assert_eq!((refused.status.code(), stdout(&refused).as_str()), (Some(1), ""), "{label}");
        let error = stderr(&refused);
        assert!(error.contains("chooses no label") && error.lines().count() == 1, "{error}");
    }
}

#[test]
fn of_several_labels_with_probabilities_of_their_own_the_best_counts() {
    let report = report(&eval("multi", "wordpiece", "label,text\nlove,good day\njoy,lovely\n"));
    assert_eq!((&report["texts"], &report["right"]), (&json!(2), &json!(1)), "{report}");
    let help = stdout(&run(&["eval", "--help"]));
    assert!(help.contains("(multi-label)"), "{help}");
}
