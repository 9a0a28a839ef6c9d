//! Places: how many are kept for texts that are still to be read, and the lines of those that wait for one.
//!
//! Of a line the first alone looks for a place, whenever one may have become free; whoever has found one, or
//! gives its wait up, makes the next one the first. So those who have waited longest are served first,
//! and a full queue wakes one of each line, however many wait.

use super::Refusal;
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use tokio::sync::{Mutex, Notify};

/// Places that are kept, and the lines of those that wait for one.
#[derive(Default)]
pub struct Places {
    /// For single texts and for those of many. They become more under the queue's lock alone, so that none is
    /// given twice.
    kept: [AtomicUsize; 2],
    /// Texts that have begun and have no row in the queue: single ones and those of many.
    pub begun: [Line; 2],
    /// Texts of many that are to begin.
    pub to_begin: Line,
}

impl Places {
    /// Keeps one more.
    pub fn keep(self: &Arc<Self>, is_bulk: bool) -> Place {
        self.kept[usize::from(is_bulk)].fetch_add(1, Ordering::AcqRel);
        Place { places: Arc::clone(self), is_bulk }
    }

    /// How many are kept for single texts, and how many for those of many.
    pub fn kept(&self) -> [usize; 2] {
        self.kept.each_ref().map(|kept| kept.load(Ordering::Acquire))
    }

    /// Has the first of each line look for a place; those who have begun are woken first.
    pub fn wake(&self) {
        for line in self.begun.iter().chain([&self.to_begin]) {
            line.wake.notify_one();
        }
    }
}

/// Those who wait for a place, in the order in which they came.
#[derive(Default)]
pub struct Line {
    /// Whose turn it is; a fair lock.
    turn: Mutex<()>,
    /// Remembers a call that comes while the first is not asleep.
    wake: Notify,
}

impl Line {
    /// Waits for the turn, and then until `keep` finds a place, or says that there will be none.
    ///
    /// # Errors
    ///
    /// Those of `keep`, but for [`Refusal::Full`].
    pub async fn wait(&self, keep: impl Fn() -> Result<Place, Refusal>) -> Result<Place, Refusal> {
        let _turn = self.turn.lock().await;
        loop {
            match keep() {
                Err(Refusal::Full) => self.wake.notified().await,
                kept => return kept,
            }
        }
    }
}

/// A place that is kept for the next row of a text; dropping it gives it back.
pub struct Place {
    places: Arc<Places>,
    is_bulk: bool,
}

impl Place {
    /// Whether the text is one of many that somebody sent together.
    #[must_use]
    pub const fn is_bulk(&self) -> bool {
        self.is_bulk
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.kept[usize::from(self.is_bulk)].fetch_sub(1, Ordering::AcqRel);
        self.places.wake();
    }
}
