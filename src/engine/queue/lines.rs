//! The lines in which rows wait: one for single texts, one for texts of many.
//!
//! Whoever sends many has rows waiting at all times; in a single line each text of anybody else would
//! stand behind all of them. So batches begin with the oldest row of either line in turn: a single text
//! waits for one batch of many and for its like, and texts of many have every second batch at least.

use super::{
    QueueLimits, Waiting,
    gather::gather,
    kind::{Kind, PerKind},
};
use std::collections::VecDeque;

/// Rows that wait.
pub struct Lines<T> {
    rows: PerKind<VecDeque<T>>,
    /// Whose the next batch is, where any of them wait.
    turn: Kind,
}

impl<T: Waiting> Lines<T> {
    /// Nobody waits.
    pub fn new() -> Self {
        Self { rows: PerKind::default(), turn: Kind::Single }
    }

    /// Puts each row at the end of its line.
    pub fn extend(&mut self, rows: impl IntoIterator<Item = T>) {
        for row in rows {
            self.rows[row.kind()].push_back(row);
        }
    }

    /// How many rows wait.
    pub fn lengths(&self) -> PerKind<usize> {
        self.rows.each(VecDeque::len)
    }

    /// Drops those that nobody wants any more.
    pub fn drop_abandoned(&mut self) {
        for kind in Kind::BOTH {
            self.rows[kind].retain(|row| !row.is_abandoned());
        }
    }

    /// Takes the next batch out; `None` where nobody waits.
    pub fn next_batch(&mut self, limits: QueueLimits) -> Option<Vec<T>> {
        let kind = if self.rows[self.turn].is_empty() { self.turn.other() } else { self.turn };
        let oldest = self.rows[kind].pop_front()?;
        self.turn = kind.other();
        Some(gather(oldest, &mut self.rows, limits))
    }

    /// Takes all rows out.
    pub fn take_all(&mut self) -> Vec<T> {
        self.rows.single.drain(..).chain(self.rows.of_many.drain(..)).collect()
    }
}
