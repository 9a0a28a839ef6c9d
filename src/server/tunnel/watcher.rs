//! A watcher: a small process that ends a tunnel where the server no longer can, as one that was
//! killed or told to stop a second time.
//!
//! It waits for the end of its input, which is the server's end. It is in the tunnel's process group,
//! so that the group's number is nobody else's as long as it waits.

use std::{
    io,
    os::unix::process::CommandExt,
    process::{Child, Command, Stdio},
};

/// What it does: the group is told to end, as the server would tell it, and then made to.
const SCRIPT: &str = "trap '' HUP INT TERM; read -r line; kill -TERM 0; sleep 2; kill -KILL 0";

/// Starts one in a process group; it ends with the group.
pub(super) fn start(group: i32) -> io::Result<Child> {
    Command::new("sh")
        .args(["-c", SCRIPT])
        .process_group(group)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
}
