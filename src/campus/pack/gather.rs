//! Collects faults while a pack is read. Each part is read independently, so that one pass finds all faults.

use crate::table::{Fault, Table};

/// The faults so far.
#[derive(Default)]
pub(super) struct Gather {
    faults: Vec<Fault>,
}

impl Gather {
    /// The value that was read; a fault is collected.
    pub fn take<T>(&mut self, read: Result<T, Fault>) -> Option<T> {
        read.map_err(|fault| self.faults.push(fault)).ok()
    }

    /// An optional value: `None` if it is absent or faulty.
    pub fn maybe<T>(&mut self, read: Result<Option<T>, Fault>) -> Option<T> {
        self.take(read).flatten()
    }

    /// Collects a fault for each key that was not read.
    pub fn finish(&mut self, table: &Table<'_>) {
        self.faults.extend(table.unknown());
    }

    /// Collects a fault.
    pub fn add(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    /// The number of faults so far.
    pub fn count(&self) -> usize {
        self.faults.len()
    }

    /// The faults in the order of the file, without duplicates.
    pub fn into_faults(self) -> Vec<Fault> {
        let mut faults = self.faults;
        faults.sort_by_key(|fault| fault.line);
        faults.dedup();
        faults
    }
}
