//! `valence batch` from pipes and into them.

use super::{batch, csv_file, name, run, stderr, valence};
use std::{
    fs,
    io::{self, BufRead, BufReader},
    os::unix::fs::FileTypeExt,
    path::Path,
    process::{Command, Stdio},
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
