//! Kinds of texts: single ones, and those of many that were sent together.

use std::ops::{Index, IndexMut};

/// How a text was sent: who sends one is answered or refused at once, who sends many waits in line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// By itself.
    Single,
    /// One of many that somebody sent together.
    OfMany,
}

impl Kind {
    /// Both of them.
    pub const BOTH: [Self; 2] = [Self::Single, Self::OfMany];

    /// The other one.
    #[must_use]
    pub const fn other(self) -> Self {
        match self {
            Self::Single => Self::OfMany,
            Self::OfMany => Self::Single,
        }
    }
}

/// Something for each kind of texts.
#[derive(Debug, Default)]
pub struct PerKind<T> {
    /// That for single texts.
    pub single: T,
    /// That for those of many.
    pub of_many: T,
}

impl<T> PerKind<T> {
    /// What `read` makes of each.
    pub fn each<U>(&self, read: impl Fn(&T) -> U) -> PerKind<U> {
        PerKind { single: read(&self.single), of_many: read(&self.of_many) }
    }
}

impl PerKind<usize> {
    /// Both together.
    pub const fn sum(&self) -> usize {
        self.single + self.of_many
    }
}

impl<T> Index<Kind> for PerKind<T> {
    type Output = T;

    fn index(&self, kind: Kind) -> &T {
        match kind {
            Kind::Single => &self.single,
            Kind::OfMany => &self.of_many,
        }
    }
}

impl<T> IndexMut<Kind> for PerKind<T> {
    fn index_mut(&mut self, kind: Kind) -> &mut T {
        match kind {
            Kind::Single => &mut self.single,
            Kind::OfMany => &mut self.of_many,
        }
    }
}
