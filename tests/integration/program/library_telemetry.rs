//! ONNX Runtime's telemetry, which it would note in its user's home at once and send seconds later.

use crate::support::{
    program::{Server, bare, valence},
    temporary_folder, tiny_folder,
};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// A home with nothing in it.
fn empty_home() -> PathBuf {
    let home = temporary_folder().join("home");
    fs::create_dir_all(&home).unwrap();
    home
}

fn is_empty(home: &Path) -> bool {
    fs::read_dir(home).unwrap().next().is_none()
}

// It keeps quiet under `CI` too, a variable that `bare` leaves out as well.
#[test]
fn nothing_is_noted_in_a_users_home() {
    for variables in [&[][..], &[("ORT_DISABLE_TELEMETRY", "0")]] {
        let home = empty_home();
        let mut analyze = bare();
        analyze.env("HOME", &home).envs(variables.iter().copied()).args(["analyze", "good", "--model"]);
        assert!(analyze.arg(tiny_folder()).output().unwrap().status.success());
        assert!(is_empty(&home), "analyze {variables:?}");

        let server =
            Server::of(valence().arg(tiny_folder()).env("HOME", &home).envs(variables.iter().copied()));
        server.await_health();
        server.stop();
        assert!(is_empty(&home), "serve {variables:?}");
    }
}

/// The program without the file that it was started from, so that it cannot start itself once more.
#[cfg(target_os = "linux")]
fn without_a_file(arguments: &str) -> std::process::Command {
    let program = temporary_folder().join("valence");
    fs::hard_link(env!("CARGO_BIN_EXE_valence"), &program).unwrap();
    let mut shell = std::process::Command::new("/bin/sh");
    let script = format!("exec 3<\"$1\"; rm \"$1\"; exec /proc/self/fd/3 {arguments}");
    shell.env_clear().args(["-c", &script, "sh"]).arg(&program);
    shell
}

#[cfg(target_os = "linux")]
#[test]
fn a_program_that_cannot_switch_it_off_says_so_and_goes_on() {
    let output = without_a_file("--version").output().unwrap();
    let (stdout, stderr) =
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap());
    assert!(output.status.success() && stdout.starts_with("valence "), "{stdout}{stderr}");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    assert!(stderr.contains("set ORT_DISABLE_TELEMETRY=1"), "{stderr}");
}

// A start that fails leaves SIGPIPE at its default: a server ended without a word where a client left.
#[cfg(target_os = "linux")]
#[test]
fn a_program_that_cannot_start_again_survives_a_closed_pipe() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let status = without_a_file("openapi").stdout(writer).status().unwrap();
    assert_eq!(status.code(), Some(141), "{status}");
}
