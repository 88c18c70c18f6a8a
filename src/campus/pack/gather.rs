//! Faults gathered while a pack is read: whatever can be read by itself is, so that one look names them all.

use crate::table::{Fault, Table};

/// The faults so far.
#[derive(Default)]
pub(super) struct Gather {
    faults: Vec<Fault>,
}

impl Gather {
    /// What was read; a fault is kept.
    pub fn take<T>(&mut self, read: Result<T, Fault>) -> Option<T> {
        read.map_err(|fault| self.faults.push(fault)).ok()
    }

    /// An optional thing: `None` where it is left out or faulty.
    pub fn maybe<T>(&mut self, read: Result<Option<T>, Fault>) -> Option<T> {
        self.take(read).flatten()
    }

    /// Names every key that nobody asked for.
    pub fn finish(&mut self, table: &Table<'_>) {
        self.faults.extend(table.unknown());
    }

    pub fn add(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    pub fn count(&self) -> usize {
        self.faults.len()
    }

    /// The faults in the order of the file, each once.
    pub fn into_faults(self) -> Vec<Fault> {
        let mut faults = self.faults;
        faults.sort_by_key(|fault| fault.line);
        faults.dedup();
        faults
    }
}
