//! The memory of `valence batch`, as Linux tells it.

use super::{csv_file, name, valence};
use crate::support::root;
use std::{fs, process::Stdio, time::Duration};

/// The most memory that scoring so many rows took, in kilobytes.
fn peak(rows: usize) -> u64 {
    let (folder, input) = csv_file(rows);
    let output = folder.join("out.csv");
    let tiny = root().join("tests/golden/tiny");
    let arguments = ["batch", name(&input), "-o", name(&output), "--model", name(&tiny)];
    let mut child = valence(&arguments).stderr(Stdio::null()).spawn().unwrap();
    let figures = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    let status = loop {
        if let Some(ended) = child.try_wait().unwrap() {
            break ended;
        }
        let now = fs::read_to_string(&figures).unwrap_or_default();
        let kilobytes = now.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
        peak = kilobytes.map_or(peak, |kilobytes| kilobytes.parse().unwrap());
        std::thread::sleep(Duration::from_millis(5));
    };
    assert!(status.success(), "{status}");
    peak
}

// There was a thread for each text under way, up to 512, and each kept memory.
#[test]
fn memory_does_not_grow_with_the_file() {
    // Some 70,000 and 80,000 kB; with all those threads 112,000 and 180,000.
    let (few, many) = (peak(10_000), peak(80_000));
    assert!(many < few + few * 2 / 5, "{few} kB for 10,000 rows, {many} kB for 80,000");
}
