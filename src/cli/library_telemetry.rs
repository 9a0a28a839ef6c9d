//! ONNX Runtime's telemetry: off before the library is loaded.
//!
//! From 1.29 on, Microsoft's builds for Linux note an event about the machine while their environment is
//! made, keep it in the user's cache and send it seconds later, or at the next start. What a loaded library
//! can be told, as `engine::runtime` does, comes too late for that event. The library's own variable does
//! not; `again` says why it takes a second start to set it.

use super::{again, say};
use std::env;

const VARIABLE: &str = "ORT_DISABLE_TELEMETRY";
const OFF: &str = "1";

/// Switches it off, whatever else the variable says; where that cannot be done, as without `/proc`, says
/// so and lets the program go on. To be called before there is another thread or anything is loaded.
pub fn switch_off() {
    // Which the second start finds, so that there is no third.
    if env::var_os(VARIABLE).is_some_and(|value| value == OFF) {
        return;
    }
    let error = again::start(&[(VARIABLE, OFF)]);
    say(format_args!(
        "ONNX Runtime may send telemetry to its maker, since it could not be switched off ({error}); set {VARIABLE}={OFF}"
    ));
}
