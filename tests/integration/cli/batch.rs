//! `valence batch`: rows without scores, what it refuses, and who may read what it writes.

use super::{batch, csv, csv_file, jsonl, name, piped, run, stderr, stdout};
use crate::support::{copy_with_a_token_too_many, copy_without_unknown, temporary_folder};
use serde_json::Value;
use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt,
};

#[test]
fn a_row_without_scores_says_why_and_the_exit_code_says_so() {
    let long = "word ".repeat(9000);
    let done = piped(
        &["batch", "-", "-o", "-", "--input-format", "jsonl"],
        &format!(
            "{{\"text\":\"good\",\"n\":1e400}}\n\n{{\"text\":\" \"}}\n{{\"text\":{long:?}}}\n{{\"n\":1}}\n{{\"text\":\"\u{200b}\"}}\n"
        ),
    );
    assert_eq!(done.status.code(), Some(3), "{}", stderr(&done));
    let lines: Vec<String> = stdout(&done).lines().map(String::from).collect();
    assert!(
        lines[0].starts_with(r#"{"text":"good","n":1e400,"predicted_label":"POSITIVE","#),
        "{}",
        lines[0]
    );
    assert!(lines[1].ends_with(r#""error":"no text"}"#), "{}", lines[1]);
    assert!(lines[2].contains("too long: 9002 tokens, at most 8192"));
    assert!(lines[4].ends_with(r#""error":"no text"}"#), "{}", lines[4]);
    assert_eq!(lines.len(), 5);
}

// Their JSON was scored as if somebody had written it.
#[test]
fn a_list_an_object_or_a_truth_value_of_jsonl_is_no_text() {
    let values = [r#"["good"]"#, r#"{"a":"good"}"#, "true", "5", r#""good""#, "null"];
    let lines: String = values.iter().map(|value| format!("{{\"text\":{value}}}\n")).collect();
    let done = piped(&["batch", "-", "-o", "-", "--input-format", "jsonl"], &lines);
    assert_eq!(done.status.code(), Some(3), "{}", stderr(&done));
    let kinds = [Some("a list"), Some("an object"), Some("a truth value"), None, None];
    for (line, kind) in stdout(&done).lines().zip(kinds) {
        let row: Value = serde_json::from_str(line).unwrap();
        let error = kind.map(|kind| format!("the text is {kind}; write it as a string"));
        assert_eq!(
            (row["error"].as_str(), row["predicted_label"].is_null()),
            (error.as_deref(), kind.is_some())
        );
    }
    assert!(stdout(&done).trim_end().ends_with(r#""error":"no text"}"#), "{}", stdout(&done));
    let refused = piped(&["eval", "-", "--input-format", "jsonl"], "{\"label\":1,\"text\":[\"good\"]}\n");
    assert!(stderr(&refused).contains("row 1 cannot be read: the text is a list"), "{}", stderr(&refused));
}

// Nobody was told that titles were scored.
#[test]
fn a_column_that_was_guessed_is_named() {
    for (header, is_guess) in [("Title,Remarks", true), ("Title,Review", false)] {
        let table = format!("{header}\nStay 1,\"bad, and nobody answered\"\n");
        let done = piped(&["batch", "-", "-o", "-", "--input-format", "csv"], &table);
        assert!(stdout(&done).contains("answered\",NEGATIVE,"), "{}", stdout(&done));
        let named = "; scored the column \"Remarks\", a guess: --text-column names another\n";
        assert_eq!(stderr(&done).ends_with(named), is_guess, "{}", stderr(&done));
    }
}

// It ended the run, at the same row each time that the run was resumed.
#[test]
fn a_row_that_the_model_fails_at_is_the_only_one_without_scores() {
    let (folder, model) = (temporary_folder(), copy_with_a_token_too_many());
    let (input, output) = (folder.join("in.jsonl"), folder.join("out.jsonl"));
    let texts = (0..40).map(|row| if row == 20 { "\"good bellwether\"\n" } else { "\"good film\"\n" });
    fs::write(&input, texts.collect::<String>()).unwrap();
    let done = run(&["batch", name(&input), "-o", name(&output), "--model", name(&model)]);
    assert_eq!(done.status.code(), Some(3), "{}", stderr(&done));
    assert!(stderr(&done).contains("40 rows, 1 with an error"), "{}", stderr(&done));
    for (row, written) in jsonl(&output).iter().enumerate() {
        let is_bad = row == 20;
        assert_eq!(written["predicted_label"].is_null(), is_bad, "{row}: {written}");
        assert_eq!(written["error"] == "the model failed at it", is_bad, "{row}: {written}");
    }
}

// One ended the run, and fixing the file threw away what was scored before.
#[test]
fn a_row_that_cannot_be_read_keeps_its_place_and_says_why() {
    let folder = temporary_folder();
    let output = folder.join("out.jsonl");
    for (file, content, reasons) in [
        (
            "in.csv",
            &b"id,text,n\n1,good,5\n2,good, but late,5\n3,good\n4,\xff,5\n5,good,5\n"[..],
            ["4 fields, where the header has 3", "2 fields, where the header has 3", "not UTF-8"],
        ),
        (
            "in.jsonl",
            b"{\"id\":\"1\",\"text\":\"good\"}\n[\"secret\"]\n{\"text\":\n\"\xff\"\n{\"id\":\"5\",\"text\":\"good\"}\n",
            ["no JSON object", "no JSON object", "not UTF-8"],
        ),
    ] {
        let input = folder.join(file);
        fs::write(&input, content).unwrap();
        let done = run(&["batch", name(&input), "-o", name(&output)]);
        assert_eq!(done.status.code(), Some(3), "{}", stderr(&done));
        assert!(stderr(&done).contains("5 rows, 3 with an error"), "{}", stderr(&done));
        let rows = jsonl(&output);
        assert_eq!(rows.len(), 5, "{file}");
        for (row, reason) in rows[1..4].iter().zip(reasons) {
            let error = row["error"].as_str().unwrap();
            assert!(error.starts_with(&format!("cannot be read: {reason}")), "{error}");
            assert!(row["predicted_label"].is_null() && !error.contains("secret"), "{row}");
        }
        for (row, id) in [(0, "1"), (4, "5")] {
            assert_eq!((&rows[row]["id"], &rows[row]["error"]), (&id.into(), &Value::Null), "{file}");
            assert_eq!(rows[row]["predicted_label"], "POSITIVE");
        }
        fs::remove_file(&output).unwrap();
    }
}

#[test]
fn what_is_wrong_is_said_in_one_line() {
    let (folder, input) = csv_file(2);
    let bad = folder.join("bad.jsonl");
    fs::write(&bad, "secret\nsecret\n").unwrap();
    let (out, bare) = (folder.join("out.csv"), folder.join("out"));
    let empty = folder.join("empty.csv");
    fs::write(&empty, "").unwrap();
    // Its rows that cannot be read were lost.
    let same = folder.join("./in.csv");
    let homeless = folder.join("none").join("out.csv");
    let slashed = format!("{}/", name(&out));
    let cases: [(&[&str], &str); 11] = [
        (
            &["batch", name(&input), "-o", name(&out), "--text-column", "body"],
            "the columns are: id, text, note",
        ),
        (&["batch", name(&bad), "-o", name(&out)], "row 1"),
        (
            &["batch", name(&folder), "--input-format", "csv", "-o", name(&out)],
            "cannot be read; check its name",
        ),
        (&["batch", name(&empty), "-o", name(&out)], "the input is empty"),
        (&["batch", "/nowhere.csv", "-o", name(&out)], "/nowhere.csv"),
        (&["batch", name(&input), "-o", name(&bare)], "--format"),
        (&["batch", "-", "-o", name(&out)], "--input-format"),
        // Before the model is loaded, and not once all rows are scored.
        (
            &["batch", name(&input), "-o", name(&folder), "--format", "csv", "--model", "/nowhere"],
            "cannot be written; make room, or choose another output: is a directory",
        ),
        (
            &["batch", name(&input), "-o", &slashed, "--model", "/nowhere"],
            "out.csv/ cannot be written; make room, or choose another output: is a directory",
        ),
        (
            &["batch", name(&input), "-o", name(&same), "--format", "jsonl", "--model", "/nowhere"],
            "is the input; name another file",
        ),
        // It was told to make room.
        (
            &["batch", name(&input), "-o", name(&homeless)],
            "cannot be written; make its folder, or choose another output",
        ),
    ];
    for (arguments, words) in cases {
        let failed = run(arguments);
        let error = stderr(&failed);
        assert_eq!(failed.status.code(), Some(1), "{error}");
        assert_eq!(error.lines().count(), 1, "{error}");
        assert!(error.contains(words) && !error.contains("secret"), "{error}");
        assert!(!out.exists());
    }
    assert_eq!(fs::read_to_string(&input).unwrap(), csv(2));
    assert_eq!(run(&["batch"]).status.code(), Some(2));
}

// Everybody could read it.
#[test]
fn an_output_that_is_written_anew_keeps_its_permissions() {
    let (folder, input) = csv_file(4);
    let output = folder.join("out.csv");
    fs::write(&output, "").unwrap();
    // Those that no umask gives, and with which it cannot even be read.
    fs::set_permissions(&output, Permissions::from_mode(0o240)).unwrap();
    batch(&input, &output);
    let written = fs::metadata(&output).unwrap();
    assert_eq!((written.permissions().mode() & 0o777, written.len() > 0), (0o240, true));
}

#[test]
fn a_text_that_the_tokenizer_cannot_read_costs_its_row_alone() {
    let folder = copy_without_unknown();
    let arguments = ["batch", "-", "-o", "-", "--input-format", "jsonl", "--model", name(&folder)];
    let done = piped(&arguments, "{\"text\":\"good\"}\n{\"text\":\"\u{2603}\"}\n{\"text\":\"good\"}\n");
    assert_eq!(done.status.code(), Some(3), "{}", stderr(&done));
    let failed: Vec<bool> =
        stdout(&done).lines().map(|line| line.contains("tokenizer cannot read it")).collect();
    assert_eq!(failed, [false, true, false], "{}", stdout(&done));
}
