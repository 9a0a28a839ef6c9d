//! Places: how many are kept for texts that are still to be read, and the lines of those that wait for one.
//!
//! Of a line the first alone looks for a place, whenever one may have become free; whoever has found one, or
//! gives its wait up, makes the next one the first. So those who have waited longest are served first,
//! and a full queue wakes one of each line, however many wait.

use super::{
    Refusal,
    kind::{Kind, PerKind},
};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use tokio::sync::{Mutex, Notify};

/// Places that are kept, and the lines of those that wait for one.
#[derive(Default)]
pub struct Places {
    /// They become more under the queue's lock alone, so that none is given twice.
    kept: PerKind<AtomicUsize>,
    /// Texts that have begun and have no row in the queue.
    pub begun: PerKind<Line>,
    /// Texts of many that are to begin.
    pub to_begin: Line,
}

impl Places {
    /// Keeps one more.
    pub fn keep(self: &Arc<Self>, kind: Kind) -> Place {
        self.kept[kind].fetch_add(1, Ordering::AcqRel);
        Place { places: Arc::clone(self), kind }
    }

    /// How many are kept.
    pub fn kept(&self) -> PerKind<usize> {
        self.kept.each(|kept| kept.load(Ordering::Acquire))
    }

    /// Has the first of each line look for a place; those who have begun are woken first.
    pub fn wake(&self) {
        for line in [&self.begun.single, &self.begun.of_many, &self.to_begin] {
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
    kind: Kind,
}

impl Place {
    /// Of what kind the text is.
    #[must_use]
    pub const fn kind(&self) -> Kind {
        self.kind
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.kept[self.kind].fetch_sub(1, Ordering::AcqRel);
        self.places.wake();
    }
}
