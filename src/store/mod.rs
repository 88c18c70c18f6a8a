//! What happened, kept: the journal is the truth, sled is what it adds up to.
//!
//! The desk hands over a [`Batch`] and shows its outcome once the store has acknowledged it: by then the records are
//! on the disk. The store runs on a thread of its own and is never waited for by drawing.

use std::path::PathBuf;

use crate::visit::{Counts, Limits, Recorded, Visit};

/// What one turn of the desk's loop made: written with one append and one sync.
#[derive(Debug, Default)]
pub struct Batch {
    pub records: Vec<Recorded>,
    /// The visits that the records belong to, as they are after them.
    pub visits: Vec<Visit>,
}

/// What the store knows when it has been opened.
#[derive(Debug, Default)]
pub struct Opened {
    /// Open and parked visits; closed ones are not loaded.
    pub visits: Vec<Visit>,
    pub limits: Limits,
    /// Today's counts, by the local date given at opening.
    pub counts: Counts,
    /// Whether sled had to be rebuilt from the journal.
    pub rebuilt: bool,
    /// Records that could not be read, for the volunteer and the log.
    pub damaged: usize,
}

/// Where a store lives.
#[derive(Clone, Debug)]
pub struct Location {
    pub dir: PathBuf,
}
