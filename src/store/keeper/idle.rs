//! What the keeper does while nobody waits, and last of all: room ahead, stale rows, the marks, the ballast; and
//! old segments go, in `retire`.

use super::Keeper;
use crate::store::derived;
use crate::store::fold;
use crate::store::marks::Clean;
use crate::store::slots::PER_BLOCK;
use crate::store::{CommitError, Health, StoreError};

/// Room kept aside for the visit in hand, in bytes.
const BALLAST: u64 = 4 * 1024 * 1024;
/// Stale rows removed from sled at a time.
const PRUNE: usize = 64;

impl Keeper {
    /// What can be done while nobody waits.
    pub(super) fn tidy(&mut self) {
        if self.behind.is_some() {
            self.mark_high_water();
        }
        let parts = &mut self.parts;
        let next = parts.slots.next();
        let segment = parts.journal.position().map(|at| at.segment);
        let mut ready = parts.journal.prepare(next);
        if parts.journal.position().map(|at| at.segment) != segment {
            self.begin_writing(); // The clean mark names the segment before.
        }
        let parts = &mut self.parts;
        if ready.is_ok() && parts.slots.ready() < PER_BLOCK / 2 {
            ready = parts.slots.top_up(&*parts.disk);
        }
        let from = fold::limits_from_now(jiff::Timestamp::now());
        parts.tally.prune(from);
        // Only once writing has begun: a store that is only looked at stays as it is.
        if !parts.clean
            && let Some(derived) = &parts.derived
            && let Err(e) = derived.prune(from, PRUNE)
        {
            self.give_up_derived(&e);
        }
        match ready.map_err(|e| CommitError::from_io(&e)) {
            Ok(()) => {
                if self.restore_ballast() {
                    self.set_health(Health::Good);
                    self.retire();
                }
            }
            Err(CommitError::Full) => {
                self.release_ballast();
                self.set_health(Health::Full);
            }
            Err(CommitError::ReadOnly) => self.set_health(Health::ReadOnly),
            Err(_) => self.set_health(Health::Failed),
        }
    }

    pub(super) fn mark_high_water(&mut self) {
        let parts = &mut self.parts;
        if let Some(at) = parts.journal.position()
            && let Err(e) = parts.high_water.write(&*parts.disk, &at)
        {
            tracing::warn!("the high-water mark could not be written: {e}");
        }
        self.behind = None;
    }

    /// Gives the ballast to the visit in hand; `false` where it is gone already.
    pub(super) fn release_ballast(&mut self) -> bool {
        let released = self.parts.disk.remove(&self.parts.paths.ballast).is_ok();
        if released {
            tracing::warn!("the disk is full: the ballast was released");
            self.set_health(Health::Full);
        }
        released
    }

    /// Takes the ballast from the disk again; `true` where it is there.
    pub(super) fn restore_ballast(&mut self) -> bool {
        let (disk, path) = (&self.parts.disk, &self.parts.paths.ballast);
        if path.exists() {
            return true;
        }
        let taken = disk
            .create(path)
            .and_then(|handle| disk.reserve(&handle, BALLAST));
        match taken {
            Ok(()) => {
                self.set_health(Health::Good);
                true
            }
            Err(e) => {
                let _ = disk.remove(path);
                match CommitError::from_io(&e) {
                    CommitError::Full => self.set_health(Health::Full),
                    CommitError::ReadOnly => self.set_health(Health::ReadOnly),
                    _ => self.set_health(Health::Failed),
                }
                false
            }
        }
    }

    pub(super) fn set_health(&self, health: Health) {
        self.health.send_if_modified(|now| {
            let changed = *now != health;
            *now = health;
            changed
        });
    }

    /// Leaves the store so that the next start need not read the journal.
    ///
    /// # Errors
    /// The clean mark could not be left.
    pub(super) fn close(mut self) -> Result<(), StoreError> {
        if self.behind.is_some() {
            self.mark_high_water();
        }
        let parts = self.parts;
        let Some(derived) = parts.derived else {
            return Ok(());
        };
        if parts.clean {
            // Nothing was written: the mark that is there still fits.
            drop(derived);
            return Ok(());
        }
        let Some(at) = parts.journal.position() else {
            return Ok(());
        };
        let at_dir = |e| StoreError::at(&parts.paths.derived, e);
        let limits_from = fold::limits_from_now(jiff::Timestamp::now());
        let clean = Clean {
            schema: derived::schema(),
            zone: parts.zone,
            derived: derived
                .dir()
                .file_name()
                .and_then(|name| name.to_str())
                .unwrap_or_default()
                .to_owned(),
            at,
            next_slot: parts.slots.next(),
            limits_from,
            digest: derived.digest(limits_from).map_err(at_dir)?,
        };
        derived.close().map_err(at_dir)?;
        clean
            .write(
                &*parts.disk,
                &parts.paths.clean,
                &parts.desk.derive("marks"),
            )
            .map_err(|e| StoreError::at(&parts.paths.clean, e))?;
        drop(parts.lock);
        Ok(())
    }
}
