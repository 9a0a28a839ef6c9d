//! The lines in which rows wait: one for single texts, one for texts of many.
//!
//! Whoever sends many has rows waiting at all times; in a single line each text of anybody else would
//! stand behind all of them. So batches begin with the oldest row of either line in turn: a single text
//! waits for one batch of many and for its like, and texts of many have every second batch at least.

use super::{QueueLimits, Waiting, gather::gather};
use std::collections::VecDeque;

/// Rows that wait, those of single texts and those of many.
pub struct Lines<T> {
    rows: [VecDeque<T>; 2],
    /// Whose the next batch is, where any of them wait.
    turn: usize,
}

impl<T: Waiting> Lines<T> {
    /// Nobody waits.
    pub fn new() -> Self {
        Self { rows: Default::default(), turn: 0 }
    }

    /// Puts each row at the end of its line.
    pub fn extend(&mut self, rows: impl IntoIterator<Item = T>) {
        for row in rows {
            self.rows[usize::from(row.is_bulk())].push_back(row);
        }
    }

    /// How many rows of single texts wait, and how many of those of many.
    pub fn lengths(&self) -> [usize; 2] {
        self.rows.each_ref().map(VecDeque::len)
    }

    /// Drops those that nobody wants any more.
    pub fn drop_abandoned(&mut self) {
        for line in &mut self.rows {
            line.retain(|row| !row.is_abandoned());
        }
    }

    /// Takes the next batch out; `None` where nobody waits.
    pub fn next_batch(&mut self, limits: QueueLimits) -> Option<Vec<T>> {
        let line = if self.rows[self.turn].is_empty() { 1 - self.turn } else { self.turn };
        let oldest = self.rows[line].pop_front()?;
        self.turn = 1 - line;
        Some(gather(oldest, &mut self.rows, limits))
    }

    /// Takes all rows out.
    pub fn take_all(&mut self) -> Vec<T> {
        self.rows.iter_mut().flat_map(|line| line.drain(..)).collect()
    }
}
