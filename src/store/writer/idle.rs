//! Work of the store's thread while no job waits: space ahead in the journal, stale rows, the marks, the ballast; and
//! closing. Old segments are dropped in `retire`.

use super::StoreWriter;
use super::job::Health;
use crate::store::error::{CommitError, StoreError};
use crate::store::fold;
use crate::store::marks::CleanMark;
use crate::store::projection;
use crate::store::visit_keys::PER_BLOCK;

/// Disk space held back for the visit in hand, in bytes.
const BALLAST: u64 = 4 * 1024 * 1024;
/// Stale rows removed from the projection at a time.
const PRUNE_LIMIT: usize = 64;

impl StoreWriter {
    /// Does what would otherwise delay the next batch.
    pub(super) fn do_idle_work(&mut self) {
        if self.behind.is_some() {
            self.mark_high_water();
        }
        let parts = &mut self.parts;
        let next = parts.visit_keys.next();
        let segment = parts.journal.position().map(|at| at.segment);
        let mut ready = parts.journal.prepare(next);
        if parts.journal.position().map(|at| at.segment) != segment {
            self.begin_writing(); // The clean mark names the previous segment.
        }
        let parts = &mut self.parts;
        if ready.is_ok() && parts.visit_keys.ready() < PER_BLOCK / 2 {
            ready = parts.visit_keys.top_up(&*parts.disk);
        }
        // Only once writing has begun: a store that was only read stays as it is.
        if !parts.clean {
            parts.clock.keep(&*parts.disk);
        }
        // A clock that nobody vouches for says nothing of what is old.
        if let Some(now) = parts.clock.believed(&*parts.disk) {
            let from = fold::limits_from_now(now);
            parts.tally.prune(from);
            if !parts.clean
                && let Some(projection) = &parts.projection
                && let Err(e) = projection.prune(from, PRUNE_LIMIT)
            {
                self.give_up_projection(&e);
            }
        }
        match ready.map_err(|e| CommitError::from_io(&e)) {
            Ok(()) => {
                if self.restore_ballast() {
                    self.set_health(Health::Good);
                    self.drop_old_segments();
                }
            }
            Err(why) => {
                if why == CommitError::Full {
                    self.release_ballast();
                }
                self.record_failure(why);
            }
        }
    }

    /// Writes the high-water mark; a failure is logged, for the journal does not need the mark.
    pub(super) fn mark_high_water(&mut self) {
        self.behind = None;
        let parts = &mut self.parts;
        let Some(at) = parts.journal.position() else {
            return;
        };
        match &mut parts.high_water {
            Some(high_water) => match high_water.write(&*parts.disk, &at) {
                Ok(()) => self.unmarked = 0,
                Err(e) => tracing::warn!("the high-water mark could not be written: {e}"),
            },
            None => self.unmarked = 0,
        }
    }

    /// Frees the ballast for the visit in hand; `false` where it was freed before.
    pub(super) fn release_ballast(&mut self) -> bool {
        let released = self.parts.disk.remove(&self.parts.paths.ballast).is_ok();
        if released {
            tracing::warn!("the disk is full: the ballast was released");
            self.set_health(Health::Full);
        }
        released
    }

    /// Reserves the ballast again; `true` where it exists.
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
                self.record_failure(CommitError::from_io(&e));
                false
            }
        }
    }

    /// Sets the health by a failed write.
    pub(super) fn record_failure(&self, why: CommitError) {
        if let Some(health) = Health::after_failure(why) {
            self.set_health(health);
        }
    }

    /// Sets the health, and wakes those who wait for a change.
    pub(super) fn set_health(&self, health: Health) {
        self.health.send_if_modified(|now| {
            let changed = *now != health;
            *now = health;
            changed
        });
    }

    /// Closes the store so that the next start need not read the journal.
    ///
    /// # Errors
    /// The projection could not be closed, or the clean mark could not be written.
    pub(super) fn close(mut self) -> Result<(), StoreError> {
        // Also where the last program was killed before it marked the end: the clean mark names the same.
        if !self.parts.clean {
            self.mark_high_water();
        }
        let is_cut_short = self.end_renewal();
        let mut parts = self.parts;
        let believed = parts.clock.believed(&*parts.disk);
        if !parts.clean || believed.is_some() {
            parts.clock.keep_now(&*parts.disk);
        }
        let Some(projection) = parts.projection.filter(|_| !is_cut_short) else {
            return Ok(());
        };
        if parts.clean {
            // Nothing was written: the old clean mark still fits.
            drop(projection);
            return Ok(());
        }
        let Some(at) = parts.journal.position() else {
            return Ok(());
        };
        let at_dir = |e| StoreError::at(&parts.paths.projections, e);
        // While the clock is not believed, no limit is too old to count at the next start.
        let limits_from = believed.map_or(0, fold::limits_from_now);
        let clean = CleanMark {
            schema: projection::schema(),
            zone: parts.zone,
            projection: projection
                .dir()
                .file_name()
                .and_then(|name| name.to_str())
                .unwrap_or_default()
                .to_owned(),
            at,
            next_slot: parts.visit_keys.next(),
            limits_from,
            digest: projection.digest(limits_from).map_err(at_dir)?,
        };
        projection.close().map_err(at_dir)?;
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
