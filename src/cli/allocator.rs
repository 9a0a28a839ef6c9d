//! The allocator's setting: what is freed in large pieces goes back to the system at once.
//!
//! glibc maps large blocks separately, and each one that is freed raises the size from which it does so.
//! After a model has been loaded that size is above any later piece, and what loading took stays with
//! the process: some 50 MB of the bundled model's. A fixed size prevents it. Without unsafe code it can
//! only be set by the environment at a program's start, so the program starts itself once more (`again`).

/// Starts the program once more with the setting, in the same process; where that cannot be done,
/// or the environment has such a setting already, all stays as it is.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
pub fn fix_mmap_threshold() {
    use super::again;
    use std::{env, process};

    const VARIABLE: &str = "GLIBC_TUNABLES";
    const NAME: &str = "glibc.malloc.mmap_threshold";
    // What glibc begins with, 128 KiB.
    const VALUE: &str = "131072";
    // The loader takes the setting away from a program with capabilities of its own, such as that for
    // port 80, and nothing else would tell the second start from the first. A child has another number.
    const STARTED: &str = "VALENCE_STARTED";
    let this = process::id().to_string();
    let given = env::var(VARIABLE).unwrap_or_default();
    if given.contains(NAME) || env::var(STARTED).is_ok_and(|process| process == this) {
        return;
    }
    let before = if given.is_empty() { String::new() } else { given + ":" };
    // Returns only where it fails, and the program runs without the setting as well.
    let _ = again::start(&[(STARTED, &this), (VARIABLE, &format!("{before}{NAME}={VALUE}"))]);
}

/// Other systems' allocators need no such setting.
#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
pub fn fix_mmap_threshold() {}
