//! `valence batch` from pipes and into them.

use super::{batch, csv_file, name, piped, run, stderr, stdout, valence};
use crate::support::{temporary_folder, tiny_folder};
use std::{
    fs,
    io::{self, BufRead, BufReader, Write},
    os::unix::fs::FileTypeExt,
    path::Path,
    process::{Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

fn make_pipe(pipe: &Path) {
    assert!(Command::new("mkfifo").arg(pipe).status().unwrap().success());
}

// Its checksum was taken of what had not been read yet, which then was missing.
#[test]
fn a_pipe_is_read_to_its_end() {
    let (folder, input) = csv_file(600);
    let (pipe, output) = (folder.join("pipe.csv"), folder.join("out.csv"));
    make_pipe(&pipe);
    let writer = std::thread::spawn({
        let pipe = pipe.clone();
        move || fs::write(pipe, fs::read(input).unwrap()).unwrap()
    });
    let done = run(&["batch", name(&pipe), "-o", name(&output)]);
    writer.join().unwrap();
    assert_eq!(done.status.code(), Some(0), "{}", stderr(&done));
    assert!(stderr(&done).contains("600 rows"), "{}", stderr(&done));
}

// A file took its place, and its reader waited for ever.
#[test]
fn a_pipe_is_written_and_stays_one() {
    let (folder, input) = csv_file(600);
    let (pipe, read) = (folder.join("pipe.csv"), folder.join("read.csv"));
    make_pipe(&pipe);
    let reader = Command::new("timeout")
        .args(["60", "cat", name(&pipe)])
        .stdout(fs::File::create(&read).unwrap())
        .spawn();
    let mut reader = reader.unwrap();
    let done = run(&["batch", name(&input), "-o", name(&pipe)]);
    assert_eq!(done.status.code(), Some(0), "{}", stderr(&done));
    assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());
    assert!(!folder.join("pipe.csv.partial").exists());
    assert!(reader.wait().unwrap().success());
    let whole = folder.join("whole.csv");
    batch(&input, &whole);
    assert!(fs::read(&read).unwrap() == fs::read(&whole).unwrap(), "it got something else");
}

// Nothing was answered before 256 rows had come, or the end.
#[test]
fn a_row_of_a_slow_pipe_is_answered_before_the_next_one_comes() {
    for (format, header, quote) in [("csv", "text\n", ""), ("jsonl", "", "\"")] {
        let mut child = valence(&["batch", "-", "-o", "-", "--input-format", format])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut input = child.stdin.take().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let (sender, answers) = mpsc::channel();
        let reader = thread::spawn(move || lines.for_each(|line| sender.send(line.unwrap()).unwrap()));
        input.write_all(header.as_bytes()).unwrap();
        for text in ["good", "bad"] {
            writeln!(input, "{quote}{text}{quote}").unwrap();
            let answer = || answers.recv_timeout(Duration::from_secs(60)).expect("an answer to this row");
            while !answer().contains(text) {}
        }
        drop(input);
        assert!(child.wait().unwrap().success(), "{format}");
        reader.join().unwrap();
    }
}

// It was lost.
#[test]
fn a_row_that_has_come_is_kept_when_a_slow_pipe_is_interrupted() {
    let output = temporary_folder().join("out.csv");
    let parts = output.with_file_name("out.csv.partial");
    let mut child = valence(&["batch", "-", "-o", name(&output), "--input-format", "csv"])
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(b"text\ngood\n").unwrap();
    let deadline = Instant::now() + Duration::from_secs(60);
    while !parts.join("unfinished").exists() {
        assert!(Instant::now() < deadline, "the row is not written");
        thread::sleep(Duration::from_millis(10));
    }
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let ended = child.wait_with_output().unwrap();
    assert_eq!(ended.status.code(), Some(130), "{}", stderr(&ended));
    assert!(stderr(&ended).contains("interrupted after 1 rows"), "{}", stderr(&ended));
    let part = fs::read_to_string(parts.join("000000000000-1-0")).unwrap();
    assert!(part.contains("\ngood,POSITIVE,"), "{part}");
    drop(input);
}

// A Ctrl-C for another program of its script ended it.
#[cfg(target_os = "linux")]
#[test]
fn an_interrupt_that_its_script_ignores_leaves_it_alone() {
    let command = "trap '' INT; exec \"$0\" batch - -o - --input-format jsonl";
    let mut child = Command::new("sh")
        .args(["-c", command, env!("CARGO_BIN_EXE_valence")])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut answers = BufReader::new(child.stdout.take().unwrap()).lines();
    for text in ["good", "bad"] {
        writeln!(input, "\"{text}\"").unwrap();
        assert!(answers.any(|answer| answer.unwrap().contains(text)), "it ended before {text}");
        assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    }
    drop(input);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

// It ended with 101, as a program that panics, also where the output was whole.
#[test]
fn nobody_has_to_read_what_it_says() {
    let (folder, input) = csv_file(4);
    let out = folder.join("out.csv");
    for (arguments, code) in [(&["batch", name(&input), "-o", name(&out)][..], 0), (&["analyze", " "], 1)] {
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        let ended = valence(arguments).stdout(Stdio::null()).stderr(writer).status().unwrap();
        assert_eq!(ended.code(), Some(code), "{arguments:?}");
    }
    assert!(out.exists());
}

#[test]
fn a_closed_pipe_ends_it_quietly() {
    let (_, input) = csv_file(6000);
    let mut child = valence(&["batch", name(&input), "-o", "-"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert!(line.starts_with("id,text,note,predicted_label"), "{line}");
    let ended = child.wait_with_output().unwrap();
    assert_eq!((ended.status.code(), stderr(&ended).as_str()), (Some(141), ""));
}

// Of a few rows of Parquet, the file was blamed.
#[test]
fn a_pipe_that_is_closed_before_a_few_rows_ends_it_quietly_too() {
    let (_, input) = csv_file(4);
    for format in ["csv", "jsonl", "parquet"] {
        let (reader, writer) = io::pipe().unwrap();
        drop(reader);
        let mut command = valence(&["batch", name(&input), "-o", "-", "--format", format]);
        let ended = command.stdout(writer).output().unwrap();
        assert_eq!((ended.status.code(), stderr(&ended).as_str()), (Some(141), ""), "{format}");
    }
}

// What to do was said by two of them.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_with_what_to_do() {
    let (folder, input) = csv_file(4);
    let (labelled, tiny) = (folder.join("labelled.csv"), tiny_folder());
    fs::write(&labelled, "label,text\n1,good\n").unwrap();
    let (input, labelled, tiny) = (name(&input), name(&labelled), name(&tiny));
    for arguments in [
        &["batch", input, "-o", "-"][..],
        &["batch", input, "-o", "-", "--format", "parquet"],
        &["analyze", "good"],
        &["analyze", "good", "--json"],
        &["eval", labelled],
        &["bench", labelled],
        &["openapi"],
        &["completions", "bash"],
        &["model", "info", tiny],
        &["model", "verify", tiny],
        // These ended with 0, and said nothing.
        &["--help"],
        &["batch", "--help"],
        &["--version"],
    ] {
        let full = fs::File::options().write(true).open("/dev/full").unwrap();
        let failed = valence(arguments).stdout(full).output().unwrap();
        let said = stderr(&failed);
        assert_eq!((failed.status.code(), said.lines().count()), (Some(1), 1), "{arguments:?}: {said}");
        assert!(said.contains("output cannot be written; make room"), "{arguments:?}: {said}");
    }
}

// It was refused, and with it a pipeline that had nothing to do.
#[test]
fn jsonl_without_a_row_becomes_jsonl_without_a_row() {
    let output = temporary_folder().join("out.jsonl");
    for (input, column) in [("", None), ("\n \n", Some("--text-column=review"))] {
        for out in ["-", name(&output)] {
            let arguments = ["batch", "-", "-o", out, "--input-format", "jsonl"];
            let done = piped(&arguments.into_iter().chain(column).collect::<Vec<_>>(), input);
            assert_eq!((done.status.code(), stdout(&done).as_str()), (Some(0), ""), "{}", stderr(&done));
            assert!(stderr(&done).contains("0 rows, 0 with an error"), "{}", stderr(&done));
        }
        assert_eq!(fs::read_to_string(&output).unwrap(), "");
        fs::remove_file(&output).unwrap();
    }
    // A table needs its columns' names.
    for table in [
        piped(&["batch", "-", "-o", "-", "--input-format", "jsonl", "--format", "csv"], ""),
        piped(&["batch", "-", "-o", "-", "--input-format", "csv"], ""),
        piped(&["batch", "-", "-o", "-", "--input-format", "jsonl"], "{}\n"),
    ] {
        assert_eq!(table.status.code(), Some(1), "{}", stderr(&table));
        assert!(stderr(&table).contains("the input is empty"), "{}", stderr(&table));
    }
}

// It was drawn between them.
#[cfg(target_os = "linux")]
#[test]
fn no_progress_is_drawn_among_rows_at_a_terminal() {
    let (_, input) = csv_file(4);
    let command = format!("{} batch {} -o -", env!("CARGO_BIN_EXE_valence"), name(&input));
    let mut terminal = Command::new("script");
    terminal.args(["-qec", &command, "/dev/null"]).env("TERM", "xterm").stdin(Stdio::null());
    let shown = stdout(&terminal.output().unwrap());
    assert!(shown.contains("4 rows, 0 with an error"), "{shown}");
    // As between the bar's rows per second and its time.
    assert!(!shown.contains("/s, "), "{shown}");
}
