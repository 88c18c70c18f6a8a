//! Bringing the projection up to the journal, after the acknowledgement. No caller waits for it, and a failure here costs
//! a rebuild at the next start and nothing else.

use super::StoreWriter;
use super::job::Batch;
use crate::store::fold::{self, StoredVisit};
use crate::store::marks::CleanMark;
use crate::visit::{Visit, VisitId};

impl StoreWriter {
    /// Writes a batch that was acknowledged to the projection. Where that fails, the projection is given up: the journal
    /// is the truth, and the next start rebuilds the projection.
    pub(super) fn project_batch(&mut self, batch: &Batch) {
        self.begin_writing();
        for recorded in &batch.records {
            self.parts.tally.count_fact(recorded);
        }
        if self.parts.projection.is_none() {
            self.parts.tally.touched = fold::TallyChanges::default();
        }
        let mut ids: Vec<VisitId> = batch.records.iter().map(|r| r.visit).collect();
        ids.sort_unstable();
        ids.dedup();
        for id in ids {
            let given = batch.visits.iter().rev().find(|visit| visit.id == id);
            self.project_visit(id, given, batch);
        }
        self.project_students(batch);
        let parts = &mut self.parts;
        if let Some(projection) = &parts.projection
            && let Err(e) = projection.put_tally(&mut parts.tally)
        {
            self.give_up_projection(&e);
        }
    }

    fn project_students(&mut self, batch: &Batch) {
        let Some(projection) = &self.parts.projection else {
            return;
        };
        let written = batch
            .records
            .iter()
            .try_for_each(|recorded| projection.put_student(recorded.visit, &recorded.fact));
        if let Err(e) = written {
            self.give_up_projection(&e);
        }
    }

    fn project_visit(&mut self, id: VisitId, given: Option<&Visit>, batch: &Batch) {
        let parts = &mut self.parts;
        let Some(open) = parts.open_keys.get(&id) else {
            return;
        };
        let slot = open.slot;
        let visit = match given {
            Some(visit) => visit.clone(),
            // The desk gave only facts: they are folded onto the stored visit.
            None => {
                let stored = parts
                    .projection
                    .as_ref()
                    .and_then(|projection| projection.find(id, &parts.visit_keys).ok().flatten());
                let folded = batch
                    .records
                    .iter()
                    .filter(|recorded| recorded.visit == id)
                    .fold(stored, |row, recorded| {
                        Some(StoredVisit::fold(row, slot, recorded))
                    });
                match folded {
                    Some(row) => row.visit,
                    None => return,
                }
            }
        };
        let is_over = visit.is_over();
        let outcome = match &parts.projection {
            Some(projection) => projection.put(&StoredVisit { slot, visit }, &open.key),
            None => Ok(()),
        };
        if is_over {
            parts.open_keys.remove(&id);
        }
        if let Err(e) = outcome {
            self.give_up_projection(&e);
        }
    }

    /// Works without the projection until the next start, which rebuilds it.
    pub(super) fn give_up_projection(&mut self, why: &std::io::Error) {
        tracing::warn!("sled is given up until the next start: {why}");
        // Dropping sled could panic or hang as the failed call did; it ends with the process.
        std::mem::forget(self.parts.projection.take());
    }

    /// Removes the clean mark before the projection is changed. A mark that stayed would not fit the journal any more.
    pub(super) fn begin_writing(&mut self) {
        if self.parts.clean {
            match CleanMark::remove(&*self.parts.disk, &self.parts.paths.clean) {
                Ok(()) => self.parts.clean = false,
                Err(e) => tracing::warn!("the clean mark could not be taken away: {e}"),
            }
        }
    }
}
