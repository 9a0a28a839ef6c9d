//! What goes into a batch: the row that has waited longest, and those like it in length.

use super::{QueueLimits, Waiting};
use std::collections::VecDeque;

/// Takes those out of `waiting` that go with `oldest`: the nearest in length first, as long as the
/// batch keeps its limits and padding stays below a tenth of it.
pub fn gather<T: Waiting>(oldest: T, waiting: &mut VecDeque<T>, limits: QueueLimits) -> Vec<T> {
    let anchor = oldest.encoding().len();
    let mut nearest: Vec<(usize, usize)> =
        waiting.iter().map(|row| row.encoding().len()).enumerate().collect();
    nearest.sort_by_key(|&(place, length)| (length.abs_diff(anchor), place));

    let (mut longest, mut sum) = (anchor, anchor);
    let mut places = Vec::new();
    for (place, length) in nearest {
        let rows = places.len() + 2;
        let padded = longest.max(length) * rows;
        if rows > limits.rows || padded > limits.tokens || (sum + length) * 10 <= padded * 9 {
            break;
        }
        (longest, sum) = (longest.max(length), sum + length);
        places.push(place);
    }

    // From the back, so that the places in front stay what they are; the batch keeps their order.
    places.sort_unstable();
    let mut batch: Vec<T> = places.into_iter().rev().filter_map(|place| waiting.remove(place)).collect();
    batch.push(oldest);
    batch.reverse();
    batch
}
