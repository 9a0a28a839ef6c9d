//! The first process of a container, which the kernel shields from the signals that it does not listen for.

use std::{
    fs,
    io::{self, Write},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// Starts a program as the first process of a namespace of its own, as in a container, and gives its
/// number outside; nothing where this machine does not allow that.
fn first_process(arguments: &[&str]) -> Option<(Child, u32)> {
    let mut unshare = Command::new("unshare");
    unshare.args(["--user", "--map-root-user", "--pid", "--fork"]);
    if !unshare.arg("--").arg("true").status().is_ok_and(|status| status.success()) {
        return None;
    }
    let child = Command::new("unshare")
        .args(["--user", "--map-root-user", "--pid", "--fork", "--", env!("CARGO_BIN_EXE_valence")])
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let deadline = Instant::now() + Duration::from_secs(20);
    let children = format!("/proc/{0}/task/{0}/children", child.id());
    let process = loop {
        let process = fs::read_to_string(&children).unwrap_or_default().trim().parse::<u32>();
        if let Some(process) = process.ok().filter(|process| catches_termination(*process)) {
            break process;
        }
        assert!(Instant::now() < deadline, "the first process does not listen for SIGTERM");
        thread::sleep(Duration::from_millis(10));
    };
    Some((child, process))
}

fn catches_termination(process: u32) -> bool {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:"));
    caught.is_some_and(|mask| u64::from_str_radix(mask.trim(), 16).unwrap() & (1 << 14) != 0)
}

// The kernel kept both signals from it until a verb listened, and some never did.
#[test]
fn the_first_process_of_a_container_ends_by_signals_before_it_serves() {
    for (signal, code) in [("-INT", 130), ("-TERM", 143)] {
        // It waits for the end of its input.
        let Some((mut child, process)) = first_process(&["analyze"]) else {
            // Past the test runner, which keeps what a passing test prints to itself.
            writeln!(io::stderr(), "skipped: no process can have a namespace of its own here").unwrap();
            return;
        };
        let _input = child.stdin.take();
        assert!(Command::new("kill").args([signal, &process.to_string()]).status().unwrap().success());
        assert_eq!(child.wait().unwrap().code(), Some(code));
    }
}
