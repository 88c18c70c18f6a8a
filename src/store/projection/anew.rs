//! A database built anew from the rows of another: sled keeps removed and replaced rows in its files until it happens to
//! write over them. Rows are copied in short slices, so that the old database goes on being used meanwhile; the visits that
//! it changes are copied once more at the end.

use std::collections::BTreeMap;
use std::io;
use std::ops::Bound;
use std::path::Path;
use std::time::{Duration, Instant};

use super::Projection;
use super::containment::contain_sled;
use super::wait_for_lock;
use crate::store::seal::DeskKey;
use crate::visit::VisitId;

/// Rows copied between two looks at the clock.
const ROWS: usize = 32;

/// A new database while it is filled.
pub struct Renewal {
    fresh: Projection,
    /// The place of the tree that is copied, and its row that was copied last.
    tree: usize,
    after: Option<sled::IVec>,
    rows: usize,
}

impl Renewal {
    /// Begins a new database in this directory. From now on the old one notes which visits it changes.
    ///
    /// # Errors
    /// sled's, panics included.
    pub fn begin(old: &Projection, dir: &Path, desk: &DeskKey) -> io::Result<Renewal> {
        let fresh = Projection::open(dir, desk)?;
        old.changed.replace(Some(BTreeMap::new()));
        Ok(Renewal {
            fresh,
            tree: 0,
            after: None,
            rows: 0,
        })
    }

    /// Copies rows for about this long. Whether all are copied but those that changed meanwhile.
    ///
    /// # Errors
    /// sled's, panics included.
    pub fn copy(&mut self, old: &Projection, time: Duration) -> io::Result<bool> {
        let until = Instant::now() + time;
        let pairs = old.visit_trees().into_iter().zip(self.fresh.visit_trees());
        for (from, to) in pairs.skip(self.tree) {
            loop {
                let begin = match &self.after {
                    Some(name) => Bound::Excluded(name.clone()),
                    None => Bound::Unbounded,
                };
                let mut copied = 0usize;
                contain_sled("building it anew", || {
                    for row in from.range((begin, Bound::Unbounded)).take(ROWS) {
                        let (name, value) = row?;
                        to.insert(&name, value)?;
                        self.after = Some(name);
                        copied = copied.saturating_add(1);
                    }
                    Ok(())
                })?;
                self.rows = self.rows.saturating_add(copied);
                if copied < ROWS {
                    break;
                }
                if Instant::now() >= until {
                    return Ok(false);
                }
            }
            self.tree = self.tree.saturating_add(1);
            self.after = None;
        }
        Ok(true)
    }

    /// Copies what changed meanwhile, the limits and the counts: the new database then holds what the old one holds.
    ///
    /// # Errors
    /// sled's, panics included.
    pub fn finish(self, old: &Projection) -> io::Result<Projection> {
        for (visit, tags) in old.changed.take().unwrap_or_default() {
            self.fresh.remove(visit)?;
            self.fresh.remove_tags(visit, &tags)?;
            old.copy_visit(visit, &self.fresh)?;
        }
        contain_sled("building it anew", || {
            for (from, to) in [
                (&old.limits, &self.fresh.limits),
                (&old.days, &self.fresh.days),
            ] {
                for row in from.iter() {
                    let (name, value) = row?;
                    to.insert(name, value)?;
                }
            }
            Ok(())
        })?;
        self.fresh.writes.set(self.rows);
        Ok(self.fresh)
    }

    /// Ends before it is whole; its files are about to be removed.
    ///
    /// # Errors
    /// As [`Projection::discard`].
    pub fn discard(self) -> io::Result<()> {
        self.fresh.discard()
    }
}

impl Projection {
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

    /// Notes that the rows of a visit are about to change, for a database that is built meanwhile.
    ///
    /// # Errors
    /// sled's.
    pub(super) fn note_change(&self, visit: VisitId) -> io::Result<()> {
        let mut changed = self.changed.borrow_mut();
        let Some(changed) = changed.as_mut() else {
            return Ok(());
        };
        let id = visit.0.to_be_bytes();
        let tags = contain_sled("reading a student", || self.people.get(id))?;
        // The rows of a tag may be copied although the visit's own row, which names the tag, no longer is.
        let noted = changed.entry(visit).or_default();
        noted.extend_from_slice(&tags.unwrap_or_default());
        Ok(())
    }

    fn remove_tags(&self, visit: VisitId, tags: &[u8]) -> io::Result<()> {
        let id = visit.0.to_be_bytes();
        contain_sled("removing a student", || {
            for tag in tags.chunks_exact(id.len()) {
                self.people.remove([tag, &id].concat())?;
            }
            Ok(())
        })
    }

    /// Writes all rows of a visit to another database, which has none of it.
    fn copy_visit(&self, visit: VisitId, to: &Projection) -> io::Result<()> {
        let id = visit.0.to_be_bytes();
        contain_sled("copying a visit", || {
            for (from, to) in self.visit_trees().into_iter().zip(to.visit_trees()) {
                for row in from.scan_prefix(id) {
                    let (name, value) = row?;
                    to.insert(name, value)?;
                }
            }
            let tags = self.people.get(id)?.unwrap_or_default();
            for tag in tags.chunks_exact(id.len()) {
                let name = [tag, &id].concat();
                if let Some(value) = self.people.get(&name)? {
                    to.people.insert(name, value)?;
                }
            }
            Ok(())
        })
    }

    /// The trees whose rows belong to visits.
    fn visit_trees(&self) -> [&sled::Tree; 5] {
        [
            &self.visits,
            &self.closed,
            &self.more,
            &self.tickets,
            &self.people,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::fold::StoredVisit;
    use crate::store::seal::SecretKey;
    use crate::visit::{Fact, Recorded, StudentNumber, Visit, Way, evolve};

    fn rows(projection: &Projection) -> Vec<(usize, Vec<u8>, Vec<u8>)> {
        let trees = projection.visit_trees().into_iter();
        let trees = trees.chain([&projection.limits, &projection.days]);
        let each = trees.enumerate().flat_map(|(place, tree)| {
            let rows = tree.iter().map(Result::unwrap);
            rows.map(move |(name, value)| (place, name.to_vec(), value.to_vec()))
        });
        each.collect()
    }

    fn put(projection: &Projection, n: u128, turns: usize, is_over: bool) {
        let mut visit = Visit::open(VisitId(n), Way::Desk, jiff::Timestamp::UNIX_EPOCH);
        let mut fold = |fact| {
            let recorded = Recorded::new(visit.id, jiff::Timestamp::UNIX_EPOCH, fact);
            projection.put_student(visit.id, &recorded.fact).unwrap();
            evolve(&mut visit, &recorded);
        };
        fold(Fact::SignInAsked {
            effect: crate::visit::EffectId(1),
            student: StudentNumber::from_campus(&format!("2026{n:04}")),
        });
        for page in 0..turns {
            fold(Fact::PageTurned { page });
        }
        if is_over {
            fold(Fact::Closed {
                outcome: crate::visit::Outcome::Bound,
            });
        }
        let row = StoredVisit { slot: 1, visit };
        projection.put(&row, &SecretKey::new([1; 32])).unwrap();
    }

    #[test]
    fn what_changes_while_it_is_copied_is_as_in_the_old_one() {
        let dir = tempfile::tempdir().unwrap();
        let desk = DeskKey::random().unwrap();
        let old = Projection::open(&dir.path().join("1"), &desk).unwrap();
        for n in 0..200 {
            put(&old, n, 1, n % 2 == 0);
        }
        let mut renewal = Renewal::begin(&old, &dir.path().join("2"), &desk).unwrap();
        let mut turn = 0;
        while !renewal.copy(&old, Duration::ZERO).unwrap() {
            turn += 1;
            // Before and behind what is copied: changed, ended, begun, removed.
            for n in [turn, 199 - turn] {
                put(&old, n, 2, n % 3 == 0);
            }
            put(&old, 1000 + turn, 1, false);
            old.remove(VisitId(100 + turn)).unwrap();
        }
        assert!(turn > 5, "only {turn} slices");
        assert!(rows(&old).len() > 400);
        let fresh = renewal.finish(&old).unwrap();
        assert!(rows(&fresh) == rows(&old), "they differ");
        assert!(old.changed.borrow().is_none(), "it goes on noting");
        old.discard().unwrap();
    }
}
