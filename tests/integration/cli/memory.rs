//! The memory of `valence batch`, as Linux tells it.

use super::{name, valence};
use crate::support::{temporary_folder, tiny_folder};
use std::{
    fs::{self, File},
    io::{BufWriter, Write},
    path::Path,
    process::Stdio,
    time::Duration,
};

/// Kilobytes that two runs may differ by: half of what the larger file has more.
const SLACK: u64 = 32_000;

/// A file of 4 KB a row, most of it beside the text; behind the first row of CSV stands `after`.
fn write(file: &Path, rows: usize, after: &str) {
    let mut out = BufWriter::new(File::create(file).unwrap());
    let is_csv = file.extension().is_some_and(|ending| ending == "csv");
    if is_csv {
        writeln!(out, "text,note").unwrap();
    }
    let note = "a".repeat(4000);
    for row in 0..rows {
        let text = format!("Meal {row} was fine");
        if is_csv {
            writeln!(out, "{text},{row}{note}").unwrap();
        } else {
            writeln!(out, r#"{{"text": "{text}", "note": "{row}{note}"}}"#).unwrap();
        }
        if is_csv && row == 0 {
            out.write_all(after.as_bytes()).unwrap();
        }
    }
    out.flush().unwrap();
}

/// The most memory that scoring a file took, in kilobytes, and how it ended.
fn peak(input: &Path, output: &Path) -> (u64, Option<i32>) {
    let tiny = tiny_folder();
    let arguments = ["batch", name(input), "-o", name(output), "--model", name(&tiny)];
    let mut child = valence(&arguments).stderr(Stdio::null()).spawn().unwrap();
    let figures = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        if let Some(ended) = child.try_wait().unwrap() {
            return (peak, ended.code());
        }
        let now = fs::read_to_string(&figures).unwrap_or_default();
        let kilobytes = now.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
        peak = kilobytes.map_or(peak, |kilobytes| kilobytes.parse().unwrap());
        std::thread::sleep(Duration::from_millis(5));
    }
}

// There was a thread for each text under way, up to 512, and each kept memory.
#[test]
fn memory_does_not_grow_with_the_file() {
    let folder = temporary_folder();
    for (input, output) in [("in.csv", "out.csv"), ("in.jsonl", "out.jsonl"), ("in.csv", "out.parquet")] {
        let (input, output) = (folder.join(input), folder.join(output));
        let [few, many] = [4_000, 20_000].map(|rows| {
            write(&input, rows, "");
            let (peak, code) = peak(&input, &output);
            assert_eq!(code, Some(0));
            fs::remove_file(&output).unwrap();
            peak
        });
        // They differ by some 3,000 kB, the files by 64,000.
        assert!(many < few + SLACK, "{few} kB for 16 MB, {many} kB for 80 MB into {}", output.display());
    }
    fs::remove_dir_all(folder).unwrap();
}

// It took 3 bytes for each of the file.
#[test]
fn nor_with_a_row_that_has_no_end() {
    let folder = temporary_folder();
    let (input, output) = (folder.join("in.csv"), folder.join("out.csv"));
    let [none, open] = [(4_000, "", 0), (20_000, "good,\"", 3)].map(|(rows, after, code)| {
        write(&input, rows, after);
        let (peak, ended) = peak(&input, &output);
        assert_eq!(ended, Some(code));
        fs::remove_file(&output).unwrap();
        peak
    });
    assert!(open < none + SLACK, "{none} kB, and with an open quote {open} kB");
    fs::remove_dir_all(folder).unwrap();
}
