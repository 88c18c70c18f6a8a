//! Building sled anew while the store is open. Removed rows stay in sled's files, so the rest is written to a fresh
//! directory, and the old ones are overwritten and removed. A stop in between leaves no clean mark: the next start reads
//! the journal, and removes every directory but its own.

use super::StoreWriter;
use crate::store::projection::{generations, wipe, witnesses};

impl StoreWriter {
    /// Builds sled anew, and removes what is left of older ones, also those that were kept aside as witnesses. Without room
    /// for a new one sled is given up and removed all the same. Whether nothing old is left; it may be repeated.
    pub(super) fn renew_projection(&mut self) -> bool {
        self.begin_writing();
        let place = self.parts.paths.projections.clone();
        let old = generations(&place);
        if let Some(projection) = self.parts.projection.take() {
            let number = old.last().map_or(1, |(number, _)| number.saturating_add(1));
            let fresh = place.join(format!("{number:08}"));
            match projection.copy_to(&fresh, &self.parts.desk) {
                Ok(fresh) => {
                    self.parts.projection = Some(fresh);
                    if let Err(e) = projection.discard() {
                        tracing::warn!("the old sled did not close: {e}");
                    }
                }
                Err(e) => {
                    self.parts.projection = Some(projection);
                    self.give_up_projection(&e);
                }
            }
        }
        let parts = &self.parts;
        let kept = parts.projection.as_ref().map(|kept| kept.dir());
        // With what a failed attempt has left.
        let all = generations(&place).into_iter().map(|(_, path)| path);
        let mut is_done = true;
        for path in all.chain(witnesses(&place)) {
            if kept == Some(path.as_path()) {
                continue;
            }
            if let Err(e) = wipe(&*parts.disk, &path) {
                tracing::warn!("{} could not be removed: {e}", path.display());
                is_done = false;
            }
        }
        if let Err(e) = parts.disk.sync_dir(&place) {
            tracing::warn!("{} could not be synced: {e}", place.display());
            is_done = false;
        }
        is_done
    }
}
