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

// Without the file that it was started from, it cannot start itself once more.
#[cfg(target_os = "linux")]
#[test]
fn a_program_that_cannot_switch_it_off_says_so_and_goes_on() {
    use std::process::{Command, Output};

    let program = temporary_folder().join("valence");
    fs::hard_link(env!("CARGO_BIN_EXE_valence"), &program).unwrap();
    let mut shell = Command::new("/bin/sh");
    shell.env_clear().args(["-c", "exec 3<\"$1\"; rm \"$1\"; exec /proc/self/fd/3 --version", "sh"]);
    let Output { status, stdout, stderr } = shell.arg(&program).output().unwrap();
    let (stdout, stderr) = (String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap());
    assert!(status.success() && stdout.starts_with("valence "), "{stdout}{stderr}");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
    assert!(stderr.contains("set ORT_DISABLE_TELEMETRY=1"), "{stderr}");
}
