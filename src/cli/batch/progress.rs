//! The progress of a batch on standard error; nothing where that is no terminal, or has the rows too.
//!
//! It shows rows and their speed, and of a file also the share that is done and the time left. How many
//! rows a file of text has is estimated from the bytes of those that are done.

use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use std::{fmt, time::Duration};

/// A bar that starts after `done` rows.
pub(super) fn bar(done: u64, is_shown: bool) -> ProgressBar {
    let target = if is_shown { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
    let style = ProgressStyle::with_template("{spinner} {share}{human_pos} rows, {per_sec}, {elapsed}{left}")
        .unwrap_or_else(|_| ProgressStyle::default_spinner())
        .with_key("share", share)
        .with_key("left", left);
    let bar = ProgressBar::with_draw_target(None, target).with_style(style).with_position(done);
    // Or the rows of an earlier run would count for the speed of this one.
    bar.tick();
    bar.reset_eta();
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

/// Shows that `rows` are done, which end at `end` in a file of `size`, if that is known.
pub(super) fn advance(bar: &ProgressBar, rows: u64, end: u64, size: Option<u64>) {
    bar.set_position(rows);
    if let Some(all) = size.and_then(|size| all(rows, end, size)) {
        bar.set_length(all);
    }
}

/// How many rows a file of `size` has where `rows` of them end at `end`; unknown before the first.
fn all(rows: u64, end: u64, size: u64) -> Option<u64> {
    let all = (u128::from(rows) * u128::from(size)).checked_div(end.into())?;
    all.try_into().ok()
}

fn share(state: &ProgressState, out: &mut dyn fmt::Write) {
    if state.len().is_some() {
        // Indicatif puts the line together in a String, which takes everything.
        let _ = write!(out, "{} %, ", (state.fraction() * 100.0).floor());
    }
}

fn left(state: &ProgressState, out: &mut dyn fmt::Write) {
    // It is zero as long as there is nothing to estimate it from.
    let eta = state.eta();
    if !eta.is_zero() {
        let _ = write!(out, ", {:#} left", HumanDuration(eta));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rows_of_a_file_are_estimated_by_those_that_are_done() {
        assert_eq!(all(0, 0, 600), None);
        assert_eq!(all(256, 1000, 4000), Some(1024));
        assert_eq!(all(600, 600, 600), Some(600));
        assert_eq!(all(1 << 40, 1 << 50, 1 << 51), Some(1 << 41));
    }

    #[test]
    fn a_stream_has_no_total() {
        let bar = bar(0, true);
        advance(&bar, 256, 1000, None);
        assert_eq!((bar.position(), bar.length()), (256, None));
        advance(&bar, 256, 1000, Some(4000));
        assert_eq!((bar.position(), bar.length()), (256, Some(1024)));
    }

    #[test]
    fn rows_of_an_earlier_run_do_not_count_for_the_speed() {
        let bar = bar(1_000_000, true);
        bar.disable_steady_tick();
        bar.tick();
        assert_eq!(bar.position(), 1_000_000);
        assert!(bar.per_sec() < 1.0, "{}", bar.per_sec());
    }
}
