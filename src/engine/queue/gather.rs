//! What goes into a batch: the row that has waited longest in its line, and those like it in length.

use super::{QueueLimits, Waiting};
use std::collections::VecDeque;

/// Takes those out of the `lines` that go with `oldest`: the nearest in length first, and of its own line
/// before the other, as long as the batch keeps its limits and padding stays below a tenth of it.
pub fn gather<T: Waiting>(oldest: T, lines: &mut [VecDeque<T>; 2], limits: QueueLimits) -> Vec<T> {
    let (anchor, own) = (oldest.encoding().len(), usize::from(oldest.is_bulk()));
    let mut nearest: Vec<(usize, usize, usize)> = Vec::new();
    for (line, rows) in lines.iter().enumerate() {
        nearest.extend(rows.iter().enumerate().map(|(place, row)| (line, place, row.encoding().len())));
    }
    nearest.sort_by_key(|&(line, place, length)| (length.abs_diff(anchor), line != own, place));

    let (mut longest, mut sum) = (anchor, anchor);
    let mut places = Vec::new();
    for (line, place, length) in nearest {
        let rows = places.len() + 2;
        let padded = longest.max(length) * rows;
        if rows > limits.rows || padded > limits.tokens || (sum + length) * 10 <= padded * 9 {
            break;
        }
        (longest, sum) = (longest.max(length), sum + length);
        places.push((line, place));
    }

    // From the back, so that the places in front stay what they are; the batch keeps their order.
    places.sort_unstable();
    let mut batch: Vec<T> =
        places.into_iter().rev().filter_map(|(line, place)| lines[line].remove(place)).collect();
    batch.push(oldest);
    batch.reverse();
    batch
}
