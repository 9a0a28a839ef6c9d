//! What goes into a batch: the row that has waited longest in its line, and those like it in length.

use super::{
    QueueLimits, Waiting,
    kind::{Kind, PerKind},
};
use std::collections::VecDeque;

/// Takes those out of the `lines` that go with `oldest`: the nearest in length first, and of its own line
/// before the other, as long as the batch keeps its limits and padding stays below a tenth of it.
pub fn gather<T: Waiting>(oldest: T, lines: &mut PerKind<VecDeque<T>>, limits: QueueLimits) -> Vec<T> {
    let (anchor, own) = (oldest.encoding().len(), oldest.kind());
    let mut nearest: Vec<(Kind, usize, usize)> = Vec::new();
    for kind in Kind::BOTH {
        let rows = lines[kind].iter().enumerate();
        nearest.extend(rows.map(|(place, row)| (kind, place, row.encoding().len())));
    }
    nearest.sort_by_key(|&(kind, place, length)| (length.abs_diff(anchor), kind != own, place));

    let (mut longest, mut sum) = (anchor, anchor);
    let mut places = Vec::new();
    for (kind, place, length) in nearest {
        let rows = places.len() + 2;
        let padded = longest.max(length) * rows;
        if rows > limits.rows || padded > limits.tokens || (sum + length) * 10 <= padded * 9 {
            break;
        }
        (longest, sum) = (longest.max(length), sum + length);
        places.push((kind, place));
    }

    // From the back, so that the places in front stay what they are; the batch keeps their order.
    places.sort_unstable();
    let mut batch: Vec<T> =
        places.into_iter().rev().filter_map(|(kind, place)| lines[kind].remove(place)).collect();
    batch.push(oldest);
    batch.reverse();
    batch
}
