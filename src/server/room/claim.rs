//! A claim to the room: what a request's body, or its answer, has of it at the moment.

use super::{NoRoom, Room};
use bytes::Bytes;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Semaphore;

/// What a body or an answer has of the room; what is left of it at the end is given back.
#[derive(Debug)]
pub struct Claim {
    room: Room,
    /// Bytes that need no room.
    free: usize,
    held: Mutex<usize>,
}

impl Default for Claim {
    /// That of a request that came through no room, so that nothing bounds it.
    fn default() -> Self {
        Self::of(Room(Arc::new(Semaphore::new(0))), usize::MAX)
    }
}

impl Claim {
    /// Nothing of the room yet, of which the first `free` bytes need nothing.
    #[must_use]
    pub fn of(room: Room, free: usize) -> Self {
        Self { room, free, held: Mutex::default() }
    }

    /// The room that it is of.
    #[must_use]
    pub fn room(&self) -> Room {
        self.room.clone()
    }

    /// The bytes that count now.
    #[must_use]
    pub fn bytes(&self) -> usize {
        *self.held()
    }

    /// Counts `new` bytes in the place of `old` ones, which count already.
    ///
    /// # Errors
    ///
    /// [`NoRoom`] for more bytes than there is room for; the old ones still count then.
    pub fn exchange(&self, old: usize, new: usize) -> Result<(), NoRoom> {
        let mut held = self.held();
        let after = held.saturating_sub(old) + new;
        let [has, needs] = [*held, after].map(|bytes| bytes.saturating_sub(self.free));
        if needs > has {
            let more = u32::try_from(needs - has).map_err(|_| NoRoom)?;
            self.room.0.try_acquire_many(more).map_err(|_| NoRoom)?.forget();
        } else {
            self.room.0.add_permits(has - needs);
        }
        *held = after;
        Ok(())
    }

    fn held(&self) -> MutexGuard<'_, usize> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        // There is always room for nothing.
        let _ = self.exchange(self.bytes(), 0);
    }
}

/// Bytes of a claim, which count until this is dropped.
#[derive(Debug)]
pub struct Held {
    claim: Arc<Claim>,
    bytes: usize,
}

impl Held {
    /// So many bytes of a claim, which count already.
    #[must_use]
    pub fn of(claim: Arc<Claim>, bytes: usize) -> Self {
        Self { claim, bytes }
    }

    /// What is to be sent, which counts in the place of these bytes until it is.
    ///
    /// # Errors
    ///
    /// [`NoRoom`] where that is more than there is room for.
    pub fn carry(mut self, content: impl AsRef<[u8]> + Send + 'static) -> Result<Bytes, NoRoom> {
        let bytes = content.as_ref().len();
        self.claim.exchange(self.bytes, bytes)?;
        self.bytes = bytes;
        Ok(Bytes::from_owner(Carried { content, _held: self }))
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let _ = self.claim.exchange(self.bytes, 0);
    }
}

/// What is sent, and its room.
struct Carried<C> {
    content: C,
    _held: Held,
}

impl<C: AsRef<[u8]>> AsRef<[u8]> for Carried<C> {
    fn as_ref(&self) -> &[u8] {
        self.content.as_ref()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_counts_is_what_is_held_beyond_the_free_bytes() {
        let room = Room(Arc::new(Semaphore::new(100)));
        let left = || room.0.available_permits();
        let claim = Arc::new(Claim::of(room.clone(), 10));
        for (old, new, expected) in [(0, 8, 100), (0, 8, 94), (16, 60, 50), (60, 60, 50), (58, 0, 100)] {
            claim.exchange(old, new).expect("there is room");
            assert_eq!(left(), expected, "{new} for {old}");
        }
        claim.exchange(0, 109).expect_err("there is none");
        assert_eq!(claim.bytes(), 2);
        claim.exchange(0, 50).expect("there is room");
        let held = Held::of(Arc::clone(&claim), 50);
        assert!(Held::of(Arc::clone(&claim), 0).carry(vec![0_u8; 70]).is_err());
        let sent = held.carry(vec![0_u8; 70]).expect("room for the difference");
        assert_eq!((&sent[..], left()), (&[0; 70][..], 38));
        drop(sent);
        assert_eq!((claim.bytes(), left()), (2, 100));
        claim.exchange(0, 100).expect("there is room");
        drop(claim);
        assert_eq!(left(), 100);
    }

    #[test]
    fn without_a_room_all_has_room() {
        let claim = Arc::new(Claim::default());
        assert!(Held::of(Arc::clone(&claim), 5).carry(vec![0_u8; 1_000_000]).is_ok());
        assert!(claim.exchange(7, 5).is_ok());
    }
}
