//! The command line: its verbs; `variables` has the environment that they respect.

mod batch;
mod bench;
mod eval;
mod formats;
#[cfg(target_os = "linux")]
mod memory;
mod pipes;
mod resume;
mod targets;
mod variables;

use crate::support::{copy_of_tiny, program::bare, root, temporary_folder};
use serde_json::Value;
use std::{
    fmt::Write as _,
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};
use valence::dataset::{Dataset, convert, format::Format};

/// The program with the bundled model, in a folder that has nothing to do with it.
fn valence(arguments: &[&str]) -> Command {
    let mut command = bare();
    command.args(arguments);
    command
}

/// Runs it to its end.
fn run(arguments: &[&str]) -> Output {
    valence(arguments).output().unwrap()
}

/// Runs it with this on standard input.
fn piped(arguments: &[&str], input: &str) -> Output {
    let mut command = valence(arguments);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn name(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// A table of `rows` texts, some with quotes, commas and line breaks.
fn csv(rows: usize) -> String {
    let mut table = String::from("id,text,note\n");
    for row in 0..rows {
        let judgement = ["wonderful", "terrible", "fine, \"\"really\"\"", "dull\nand long"][row % 4];
        writeln!(table, "{row:05},\"Meal {row} was {judgement}.\",ü{row}").unwrap();
    }
    table
}

fn csv_file(rows: usize) -> (PathBuf, PathBuf) {
    let folder = temporary_folder();
    let file = folder.join("in.csv");
    fs::write(&file, csv(rows)).unwrap();
    (folder, file)
}

/// Converts by way of `batch`, which must succeed.
fn batch(input: &Path, output: &Path) {
    let done = run(&["batch", name(input), "-o", name(output)]);
    assert_eq!(done.status.code(), Some(0), "{}", stderr(&done));
}

fn jsonl(file: &Path) -> Vec<Value> {
    fs::read_to_string(file).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// The rows of a file of another format, as JSON has them.
fn rows(file: &Path, format: Format) -> Vec<Value> {
    let chunks = Dataset::open(file, format).unwrap().chunks;
    let rows = chunks.flat_map(|chunk| convert::objects(chunk.unwrap().sound().unwrap()).unwrap());
    rows.map(|row| serde_json::from_str(&serde_json::to_string(&row).unwrap()).unwrap()).collect()
}

#[test]
fn analyzes_an_argument_or_a_pipe() {
    let table = run(&["analyze", "So good", "--sentences", "--explain"]);
    assert_eq!(table.status.code(), Some(0), "{}", stderr(&table));
    assert!(stdout(&table).starts_with("POSITIVE"));
    // No terminal reads it.
    assert!(!stdout(&table).contains('\u{1b}'));
    let how = "Each word was left out in turn: 2 runs of the model. Weights are log-odds.\n\n4 tokens, ";
    assert!(stdout(&table).contains(how), "{}", stdout(&table));
    let long = stdout(&run(&["analyze", &"good ".repeat(1200)]));
    assert!(long.contains("\n1202 tokens in 3 overlapping windows, "), "{long}");
    for arguments in [&["analyze", "-", "--json"][..], &["analyze", "--json"]] {
        let answer: Value = serde_json::from_slice(&piped(arguments, "So good").stdout).unwrap();
        assert_eq!(answer["scores"][0]["label"], "POSITIVE");
        assert!(answer["tokens"].is_u64() && answer.get("explanation").is_none());
    }
    let empty = piped(&["analyze"], " \n");
    assert_eq!((empty.status.code(), stderr(&empty).lines().count()), (Some(1), 1));
    assert!(stderr(&empty).contains("the text is blank"), "{}", stderr(&empty));
    let long = piped(&["analyze"], &"a".repeat(100_001));
    assert_eq!((long.status.code(), stderr(&long).lines().count()), (Some(1), 1));
    assert!(stderr(&long).contains("more than 100000 bytes"), "{}", stderr(&long));
    let invisible = piped(&["analyze"], "\u{200b}");
    assert_eq!((invisible.status.code(), stderr(&invisible).lines().count()), (Some(1), 1));
    assert!(stderr(&invisible).contains("nothing to read in this text"), "{}", stderr(&invisible));
}

#[test]
fn what_a_model_rates_is_printed_as_it_is() {
    let folder = crate::parity::folder("regression", "bytelevel");
    let rated = stdout(&run(&["analyze", "I", "--model", name(&folder)]));
    assert!(rated.contains("  0.31\n") && !rated.contains('%'), "{rated}");
}

// The word was analyzed.
#[test]
fn a_method_without_its_equals_sign_is_no_text() {
    let refused = run(&["analyze", "--explain", "shapley"]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(stderr(&refused).contains("--explain=shapley"), "{}", stderr(&refused));
    assert_eq!(run(&["analyze", "shapley"]).status.code(), Some(0));
}

#[test]
fn help_tells_how_a_server_ends() {
    assert!(stdout(&run(&["--help"])).contains("listens, ends with 0"));
}

#[test]
fn help_tells_what_the_scores_of_a_files_long_texts_are() {
    let help = stdout(&run(&["batch", "--help"]));
    let help = help.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(help.contains("read in windows that overlap, and its scores are the mean of theirs"), "{help}");
}

#[test]
fn colours_are_for_those_who_want_them() {
    let is_coloured = |variables: &[(&str, &str)]| {
        let output = valence(&["analyze", "So good"]).envs(variables.iter().copied()).output().unwrap();
        stdout(&output).contains('\u{1b}')
    };
    assert!(is_coloured(&[("CLICOLOR_FORCE", "1")]));
    assert!(!is_coloured(&[("NO_COLOR", "1")]));
}

#[test]
fn evaluates_labels_by_name_and_by_number() {
    let table = "label,text\n1.0,So good\npositive ,Wonderful\n0,I love it\nNEGATIVE,Terrible\n";
    let output = piped(&["eval", "-", "--input-format", "csv", "--json"], table);
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((report["texts"].as_u64(), report["right"].as_u64()), (Some(4), Some(3)));
    // NEGATIVE: precision 1, recall 1/2, F1 2/3; POSITIVE: precision 2/3, recall 1, F1 4/5.
    assert_eq!(report["confusion"], serde_json::json!([[1, 1], [0, 2]]));
    assert!((report["macro_f1"].as_f64().unwrap() - (2.0 / 3.0 + 0.8) / 2.0).abs() < 1e-9);
    assert!(report["latency"]["p50_ms"].as_f64().unwrap() > 0.0);
    let unknown = piped(&["eval", "-", "--input-format", "csv"], "label,text\nmixed,So so\n");
    assert_eq!(unknown.status.code(), Some(1));
    let labels = ": 0 NEGATIVE, 1 POSITIVE; correct it, or choose another column with --label-column";
    assert!(stderr(&unknown).contains(labels), "{}", stderr(&unknown));
    let none = piped(&["eval", "-", "--input-format", "csv"], "label,text\n ,So so\n");
    assert!(stderr(&none).contains("row 1 has no label"), "{}", stderr(&none));
}

// One blank text ended it.
#[test]
fn evaluates_usual_words_for_labels_and_counts_the_rows_without_a_text() {
    let table = "label,text\npos,So good\nneg, \n,\nneg,\u{200b}\nNeg,Terrible\n";
    let output = piped(&["eval", "-", "--input-format", "csv", "--json"], table);
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!((report["texts"].as_u64(), report["right"].as_u64()), (Some(2), Some(2)));
    assert_eq!(report["blank"].as_u64(), Some(3));
    let note = stdout(&piped(&["eval", "-", "--input-format", "csv"], table));
    assert!(note.contains("rows without a text, which were passed over: 3"), "{note}");
}

// An accuracy of 0 was printed, and a calibration without any error.
#[test]
fn nothing_is_measured_where_there_is_no_text() {
    for table in ["label,text\n", "label,text\nneg, \n", "label,text\nneg,\u{200b}\n"] {
        let none = piped(&["eval", "-", "--input-format", "csv", "--json"], table);
        assert_eq!((none.status.code(), stdout(&none).as_str()), (Some(1), ""), "{table:?}");
        let error = stderr(&none);
        assert!(error.contains("nothing to measure") && error.lines().count() == 1, "{error}");
    }
}

// The terminal did what they said.
#[test]
fn names_and_labels_cannot_steer_the_terminal() {
    let refused = piped(&["batch", "-", "-o", "-", "--input-format", "csv"], "\"\u{1b}[31ma\nb\",c\n1,2\n");
    let said = stderr(&refused);
    assert!(said.contains("a b, c") && said.lines().count() == 1 && !said.contains('\u{1b}'), "{said:?}");

    let model = copy_of_tiny();
    let config = model.join("config.json");
    let label = r#"\u001b[31mPOSITIVE"#;
    fs::write(&config, fs::read_to_string(&config).unwrap().replace("POSITIVE", label)).unwrap();
    let texts = model.join("texts.csv");
    fs::write(&texts, "label,text\n1,good\n").unwrap();
    for arguments in [&["model", "info", name(&model)][..], &["eval", name(&texts), "--model", name(&model)]]
    {
        let done = run(arguments);
        assert_eq!(done.status.code(), Some(0), "{}", stderr(&done));
        assert!(stdout(&done).contains(" [31mPOSITIVE") && !stdout(&done).contains('\u{1b}'), "{done:?}");
    }
}

#[test]
fn completes_in_shells() {
    for (shell, words) in
        [("bash", "_valence()"), ("zsh", "#compdef valence"), ("fish", "complete -c valence")]
    {
        let script = run(&["completions", shell]);
        assert_eq!(script.status.code(), Some(0));
        assert!(stdout(&script).contains(words), "{shell}");
    }
}

#[test]
fn shows_and_verifies_models() {
    let bundled = root().join("models/valence-mini");
    // The second, by which the README names it, was asked of the Hub.
    for model in [name(&bundled), "models/valence-mini"] {
        let info: Value = serde_json::from_slice(&run(&["model", "info", model, "--json"]).stdout).unwrap();
        assert_eq!(info["labels"], serde_json::json!(["NEGATIVE", "POSITIVE"]));
    }
    assert_eq!(run(&["model", "verify", name(&bundled)]).status.code(), Some(0));
    let damaged = temporary_folder();
    fs::copy(bundled.join("SHA256SUMS"), damaged.join("SHA256SUMS")).unwrap();
    fs::write(damaged.join("config.json"), "{}").unwrap();
    let output = run(&["model", "verify", name(&damaged)]);
    assert_eq!(output.status.code(), Some(3));
    assert!(stdout(&output).contains("DAMAGED     config.json"), "{}", stdout(&output));
    let absent = valence(&["model", "info", "nobody/nothing"]).env("HF_HOME", &damaged).output().unwrap();
    assert!(stderr(&absent).contains("valence model pull nobody/nothing"), "{}", stderr(&absent));
    let none = valence(&["model", "list", "--json"]).env("HF_HOME", &damaged).output().unwrap();
    assert_eq!(stdout(&none).trim(), "[]");
    let none = valence(&["model", "list"]).env("HF_HOME", &damaged).output().unwrap();
    assert!(stdout(&none).is_empty() && stderr(&none).contains(name(&damaged)), "{}", stderr(&none));
}
