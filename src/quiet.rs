//! Panics of libraries over what others have written: nothing for the caller, and no report on the terminal.

use std::{
    cell::Cell,
    panic::{self, UnwindSafe},
    sync::Once,
};

thread_local! {
    static IS_QUIET: Cell<bool> = const { Cell::new(false) };
}

/// What `run` gives; nothing where it panics, and then the panic's report is left out.
pub fn quietly<T>(run: impl FnOnce() -> T + UnwindSafe) -> Option<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let report = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !IS_QUIET.get() {
                report(panic);
            }
        }));
    });
    IS_QUIET.set(true);
    let result = panic::catch_unwind(run);
    IS_QUIET.set(false);
    result.ok()
}
