//! Building sled anew while the store is open. Removed rows stay in sled's files, so the rest is written to a fresh
//! directory, in slices between the jobs; the old directories are then overwritten and removed by a thread of their own. A
//! stop in between leaves no clean mark: the next start reads the journal, and overwrites and removes every directory but
//! its own.

use std::path::Path;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::oneshot;

use super::{StoreWriter, WriterParts};
use crate::store::disk::Disk;
use crate::store::projection::{Projection, Renewal, generations, wipe, witnesses};

/// The longest that a job waits for a slice, about.
const SLICE: Duration = Duration::from_millis(5);

/// What is under way.
#[derive(Default)]
pub struct Renewing {
    /// The new database while it is filled.
    filling: Option<Renewal>,
    /// Who is told once nothing old is left.
    asked: Vec<oneshot::Sender<bool>>,
    /// The thread that removes what is old.
    wiping: Option<JoinHandle<()>>,
}

impl StoreWriter {
    /// Begins to build sled anew; `told` is answered once nothing old is left, also no witness that was kept aside.
    pub(super) fn begin_renewal(&mut self, told: oneshot::Sender<bool>) {
        self.begin_writing();
        self.renewing.asked.push(told);
        // What was filled so far may hold whom this is about.
        self.give_up_filling();
        let parts = &self.parts;
        let place = &parts.paths.projections;
        let begun = parts.projection.as_ref().map(|projection| {
            let last = generations(place).last().map_or(0, |(number, _)| *number);
            let fresh = place.join(format!("{:08}", last.saturating_add(1)));
            Renewal::begin(projection, &fresh, &parts.desk)
        });
        match begun {
            Some(Ok(filling)) => self.renewing.filling = Some(filling),
            Some(Err(e)) => self.go_on_without(&e),
            None => self.wipe_old(None),
        }
    }

    /// Whether rows are still to be copied.
    pub(super) fn is_renewing(&self) -> bool {
        self.renewing.filling.is_some()
    }

    /// Copies a slice of the rows; after the last one the new database takes the old one's place.
    pub(super) fn continue_renewal(&mut self) {
        let Some(filling) = &mut self.renewing.filling else {
            return;
        };
        let Some(projection) = &self.parts.projection else {
            // It was given up meanwhile.
            self.give_up_filling();
            return self.wipe_old(None);
        };
        match filling.copy(projection, SLICE) {
            Ok(false) => return,
            Ok(true) => {}
            Err(e) => return self.go_on_without(&e),
        }
        let whole = self.renewing.filling.take();
        match whole.map(|filling| filling.finish(projection)) {
            Some(Ok(fresh)) => {
                let old = self.parts.projection.replace(fresh);
                self.wipe_old(old);
            }
            Some(Err(e)) => self.go_on_without(&e),
            None => {}
        }
    }

    /// Waits until what is under way has ended. Rows that are not copied by now are not copied any more: the caller leaves
    /// no clean mark, and the next start does the rest. Whether there was any such.
    pub(super) fn end_renewal(&mut self) -> bool {
        let is_cut_short = self.is_renewing();
        self.give_up_filling();
        self.renewing.asked.clear();
        self.await_wiping();
        is_cut_short
    }

    /// Without room for a new database sled is given up, and removed all the same.
    fn go_on_without(&mut self, why: &std::io::Error) {
        self.give_up_filling();
        self.give_up_projection(why);
        self.wipe_old(None);
    }

    fn give_up_filling(&mut self) {
        if let Some(filling) = self.renewing.filling.take()
            && let Err(e) = filling.discard()
        {
            tracing::warn!("a new sled that is not needed did not close: {e}");
        }
    }

    /// Overwrites and removes every database but the present one, and then tells those who asked.
    fn wipe_old(&mut self, old: Option<Projection>) {
        self.await_wiping();
        let asked = std::mem::take(&mut self.renewing.asked);
        let WriterParts {
            disk,
            paths,
            projection,
            ..
        } = &self.parts;
        let kept = projection.as_ref().map(|kept| kept.dir().to_owned());
        let (disk, place) = (Arc::clone(disk), paths.projections.clone());
        let wiping = std::thread::Builder::new()
            .name("store-wipe".into())
            .spawn(move || {
                if let Some(Err(e)) = old.map(Projection::discard) {
                    tracing::warn!("the old sled did not close: {e}");
                }
                let is_done = wipe_all_but(&*disk, &place, kept.as_deref());
                for told in asked {
                    // Who asked may have gone.
                    let _ = told.send(is_done);
                }
            });
        match wiping {
            Ok(thread) => self.renewing.wiping = Some(thread),
            Err(e) => tracing::warn!("the old sled stays until it is asked for again: {e}"),
        }
    }

    fn await_wiping(&mut self) {
        if let Some(thread) = self.renewing.wiping.take()
            && thread.join().is_err()
        {
            tracing::warn!("removing the old sled panicked");
        }
    }
}

/// Whether no database is left below this place but the one that is kept.
fn wipe_all_but(disk: &dyn Disk, place: &Path, kept: Option<&Path>) -> bool {
    let all = generations(place).into_iter().map(|(_, path)| path);
    let mut is_done = true;
    for path in all.chain(witnesses(place)) {
        if kept != Some(path.as_path())
            && let Err(e) = wipe(disk, &path)
        {
            tracing::warn!("{} could not be removed: {e}", path.display());
            is_done = false;
        }
    }
    if let Err(e) = disk.sync_dir(place) {
        tracing::warn!("{} could not be synced: {e}", place.display());
        is_done = false;
    }
    is_done
}
