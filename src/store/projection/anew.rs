//! A database built anew from the rows of another: sled keeps removed and replaced rows in its files until it happens to
//! write over them.

use std::io;
use std::path::Path;

use super::Projection;
use super::containment::contain_sled;
use super::wait_for_lock;
use crate::store::seal::DeskKey;

impl Projection {
    /// Writes all rows to a new database in this directory.
    ///
    /// # Errors
    /// sled's, panics included.
    pub fn copy_to(&self, dir: &Path, desk: &DeskKey) -> io::Result<Projection> {
        let fresh = Projection::open(dir, desk)?;
        let mut rows = 0usize;
        for (from, to) in self.trees().into_iter().zip(fresh.trees()) {
            contain_sled("building it anew", || {
                for entry in from.iter() {
                    let (name, value) = entry?;
                    to.insert(name, value)?;
                    rows = rows.saturating_add(1);
                }
                Ok(())
            })?;
        }
        fresh.writes.set(rows);
        Ok(fresh)
    }

    /// Closes a database whose files are about to be removed.
    ///
    /// # Errors
    /// sled's, panics included; or its threads do not end.
    pub fn discard(self) -> io::Result<()> {
        let dir = self.dir.clone();
        contain_sled("closing", || {
            drop(self);
            Ok(())
        })?;
        wait_for_lock(&dir)
    }

    fn trees(&self) -> [&sled::Tree; 7] {
        [
            &self.visits,
            &self.closed,
            &self.more,
            &self.tickets,
            &self.limits,
            &self.days,
            &self.people,
        ]
    }
}
