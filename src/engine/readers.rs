//! Readers: whose turn it is to be tokenized.
//!
//! Turns are given in the order in which they are asked for. Of the texts of many no more ask at a time
//! than there are turns, so a single text stands behind these few, however many wait.

use super::queue::Kind;
use std::sync::Arc;
use tokio::sync::{AcquireError, OwnedSemaphorePermit, Semaphore};

/// Turns to be read, so many at a time.
pub struct Readers {
    most: usize,
    turns: Arc<Semaphore>,
    /// What a text of many needs before it asks for one.
    of_many: Arc<Semaphore>,
}

/// A text's turn, which ends where it is dropped.
pub struct Turn {
    _turn: OwnedSemaphorePermit,
    _of_many: Option<OwnedSemaphorePermit>,
}

impl Readers {
    /// As many turns at a time.
    #[must_use]
    pub fn new(turns: usize) -> Self {
        let semaphore = || Arc::new(Semaphore::new(turns));
        Self { most: turns, turns: semaphore(), of_many: semaphore() }
    }

    /// Turns that there are at a time.
    #[must_use]
    pub const fn most(&self) -> usize {
        self.most
    }

    /// Waits for a turn, for a single text or for one of many.
    ///
    /// # Errors
    ///
    /// [`AcquireError`] where none is given any more.
    pub async fn turn(&self, kind: Kind) -> Result<Turn, AcquireError> {
        let of_many = match kind {
            Kind::Single => None,
            Kind::OfMany => Some(Arc::clone(&self.of_many).acquire_owned().await?),
        };
        let turn = Arc::clone(&self.turns).acquire_owned().await?;
        Ok(Turn { _turn: turn, _of_many: of_many })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::future::join_all;
    use std::cell::RefCell;

    // All of them that had come before were read first.
    #[tokio::test]
    async fn a_single_text_is_read_after_one_of_many_for_each_turn() {
        let (readers, order) = (Readers::new(1), RefCell::new(Vec::new()));
        let held = readers.turn(Kind::Single).await;
        let read = |kind| {
            let (readers, order) = (&readers, &order);
            async move {
                let turn = readers.turn(kind).await;
                order.borrow_mut().push(kind);
                drop(turn);
            }
        };
        // All ask, in this order, before there is a turn.
        tokio::join!(join_all([Kind::OfMany; 8].map(read)), read(Kind::Single), async { drop(held) });
        let mut expected = [Kind::OfMany; 9];
        expected[1] = Kind::Single;
        assert_eq!(order.into_inner(), expected);
    }
}
