//! The program once more, in the same process: for variables that must be there before it starts.
//!
//! A running program could only set them by `std::env::set_var`. That is unsafe, since a thread of a C
//! library may read the environment meanwhile, and this program has no unsafe code of its own.

use std::{env, io, os::unix::process::CommandExt, process::Command};

/// Replaces the program by itself, with these variables beside those that it has. Its number, its open
/// files and what it ignores of signals stay.
///
/// Returns only where that fails, with the cause. Whoever calls it sees to it that the second start does
/// not lead to a third.
pub fn start(variables: &[(&str, &str)]) -> io::Error {
    let mut arguments = env::args_os();
    // By its path, whose end is the name that the system lists the process under.
    let program = match env::current_exe() {
        Ok(program) => program,
        Err(error) => return error,
    };
    let mut again = Command::new(program);
    if let Some(called) = arguments.next() {
        again.arg0(called);
    }
    again.args(arguments).envs(variables.iter().copied()).exec()
}
