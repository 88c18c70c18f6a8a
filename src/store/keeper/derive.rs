//! Bringing sled up to what the journal has. Nobody waits for it, and what fails here costs a rebuild and nothing else.

use super::Keeper;
use crate::store::Batch;
use crate::store::fold::{self, Row};
use crate::store::marks::Clean;
use crate::visit::{Visit, VisitId};

impl Keeper {
    /// Brings sled up to what was just acknowledged. Where it fails it is given up: the journal is the truth, and the
    /// next start builds it anew.
    pub(super) fn derive(&mut self, batch: &Batch) {
        self.begin_writing();
        for recorded in &batch.records {
            self.parts.tally.note(recorded);
        }
        if self.parts.derived.is_none() {
            self.parts.tally.touched = fold::Touched::default();
        }
        let mut ids: Vec<VisitId> = batch.records.iter().map(|r| r.visit).collect();
        ids.sort_unstable();
        ids.dedup();
        for id in ids {
            let given = batch.visits.iter().rev().find(|visit| visit.id == id);
            self.derive_visit(id, given, batch);
        }
        self.derive_people(batch);
        let parts = &mut self.parts;
        if let Some(derived) = &parts.derived
            && let Err(e) = derived.put_tally(&mut parts.tally)
        {
            self.give_up_derived(&e);
        }
    }

    fn derive_people(&mut self, batch: &Batch) {
        let Some(derived) = &self.parts.derived else {
            return;
        };
        let noted = batch
            .records
            .iter()
            .try_for_each(|recorded| derived.note_person(recorded.visit, &recorded.fact));
        if let Err(e) = noted {
            self.give_up_derived(&e);
        }
    }

    fn derive_visit(&mut self, id: VisitId, given: Option<&Visit>, batch: &Batch) {
        let parts = &mut self.parts;
        let Some(known) = parts.known.get(&id) else {
            return;
        };
        let slot = known.slot;
        let visit = match given {
            Some(visit) => visit.clone(),
            // The desk gave only facts: they are folded onto what is stored.
            None => {
                let stored = parts
                    .derived
                    .as_ref()
                    .and_then(|derived| derived.find(id, &parts.slots).ok().flatten());
                let folded = batch
                    .records
                    .iter()
                    .filter(|recorded| recorded.visit == id)
                    .fold(stored, |row, recorded| Some(Row::fold(row, slot, recorded)));
                match folded {
                    Some(row) => row.visit,
                    None => return,
                }
            }
        };
        let is_over = visit.is_over();
        let outcome = match &parts.derived {
            Some(derived) => derived.put(&Row { slot, visit }, &known.key),
            None => Ok(()),
        };
        if is_over {
            parts.known.remove(&id);
        }
        if let Err(e) = outcome {
            self.give_up_derived(&e);
        }
    }

    pub(super) fn give_up_derived(&mut self, why: &std::io::Error) {
        tracing::warn!("sled is given up until the next start: {why}");
        // Dropping it could panic or hang as what failed did; it ends with the process.
        std::mem::forget(self.parts.derived.take());
    }

    /// The clean mark goes before sled is changed. If it stayed, it would not fit the journal any more.
    pub(super) fn begin_writing(&mut self) {
        if self.parts.clean {
            match Clean::remove(&*self.parts.disk, &self.parts.paths.clean) {
                Ok(()) => self.parts.clean = false,
                Err(e) => tracing::warn!("the clean mark could not be taken away: {e}"),
            }
        }
    }
}
