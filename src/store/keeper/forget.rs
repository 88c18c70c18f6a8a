//! Forgetting: a visit's key is destroyed, its rows go, and the journal notes that it was so. The note comes first: where
//! a stop comes between the two, the next start destroys the key.

use std::collections::BTreeSet;
use std::time::Instant;

use serde::{Deserialize, Serialize};

use super::Keeper;
use crate::store::CommitError;
use crate::store::derived::{Occurrence, number_in};
use crate::store::fold::{LimitSubject, Row};
use crate::store::journal::Body;
use crate::store::marks::hex;
use crate::store::notes::Note;
use crate::store::record::kind;
use crate::store::replay::{self, Replay, Turn};
use crate::store::slots::NO_SLOT;
use crate::visit::{StudentNumber, VisitId};

/// What was forgotten: for whoever asked for it. It names nobody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForgetReceipt {
    pub at: jiff::Timestamp,
    /// The visits whose keys were destroyed.
    pub visits: Vec<VisitId>,
    /// Visits of other people in which the number was only typed: they were left.
    pub mentions: usize,
    /// Whether the roster had a row.
    pub roster: bool,
    /// Where the journal notes it; none where there was nothing to forget.
    pub noted: Option<Noted>,
}

/// What was forgotten of somebody, for a desk that runs and remembers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForgottenPerson {
    pub receipt: ForgetReceipt,
    /// The account and the phones whose limits are gone.
    pub limits: Vec<LimitSubject>,
}

/// A place in the journal, and the chain's hash there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Noted {
    pub segment: u32,
    pub record: u64,
    pub hash: String,
}

impl Keeper {
    /// Destroys the keys of these visits.
    pub(super) fn forget(&mut self, visits: &[VisitId]) -> Result<Noted, CommitError> {
        let mut slots = Vec::with_capacity(visits.len());
        let mut notes = Vec::with_capacity(visits.len());
        for visit in visits {
            let known = self.parts.known.get(visit).map(|known| known.slot);
            let slot = known
                .or_else(|| Self::stored_slot(&self.parts, *visit))
                .or_else(|| self.forgetting.get(visit).copied())
                .ok_or(CommitError::Forgotten)?;
            let (visit, slot) = (*visit, Some(slot));
            slots.extend(slot);
            notes.push(Note::Forgotten { visit, slot });
        }
        self.begin_writing();
        self.append_notes(&notes)
            .map_err(|e| CommitError::from_io(&e))?;
        let noted = self.noted()?;
        let parts = &mut self.parts;
        parts
            .slots
            .destroy(&*parts.disk, &slots)
            .map_err(|e| CommitError::from_io(&e))?;
        for visit in visits {
            self.parts.known.remove(visit);
            self.forgotten.insert(*visit);
            if let Some(derived) = &self.parts.derived
                && let Err(e) = derived.remove(*visit)
            {
                self.give_up_derived(&e);
            }
        }
        Ok(noted)
    }

    /// Forgets whoever has this number: all visits, also those that have ended, the limits and the roster's row.
    pub(super) fn forget_person(
        &mut self,
        number: &StudentNumber,
    ) -> Result<ForgottenPerson, CommitError> {
        let roster = self.parts.roster.clone();
        let from_roster = roster
            .remove(&*self.parts.disk, number)
            .map_err(|_| CommitError::Io(std::io::ErrorKind::Other))?;
        let found = self.occurrences(number)?;
        let (mut visits, mut mentions) = (BTreeSet::new(), 0usize);
        let mut limits = vec![LimitSubject::Student(number.clone())];
        for Occurrence { visit, is_theirs } in found {
            let row = self.parts.derived.as_ref();
            let row = row.and_then(|derived| derived.find(visit, &self.parts.slots).ok().flatten());
            if !is_theirs && row.as_ref().is_some_and(|row| is_anothers(row, number)) {
                mentions = mentions.saturating_add(1);
                continue;
            }
            limits.extend(
                row.and_then(|row| row.visit.mobile)
                    .map(LimitSubject::Mobile),
            );
            visits.insert(visit);
        }
        let visits: Vec<VisitId> = visits.into_iter().collect();
        let noted = match visits.is_empty() {
            true => None,
            false => Some(self.forget(&visits)?),
        };
        self.forget_limits(&limits);
        let receipt = ForgetReceipt {
            at: self.parts.disk.now(),
            visits,
            mentions,
            roster: from_roster,
            noted,
        };
        Ok(ForgottenPerson { receipt, limits })
    }

    fn forget_limits(&mut self, limits: &[LimitSubject]) {
        let parts = &mut self.parts;
        for whom in limits {
            parts.tally.forget(whom);
        }
        if let Some(derived) = &parts.derived
            && let Err(e) = derived.put_tally(&mut parts.tally)
        {
            self.give_up_derived(&e);
        }
    }

    /// Where the number occurs: by sled, or, where that was given up, by reading the journal.
    fn occurrences(&mut self, number: &StudentNumber) -> Result<Vec<Occurrence>, CommitError> {
        if let Some(derived) = &self.parts.derived {
            return derived
                .visits_of(number)
                .map_err(|e| CommitError::from_io(&e));
        }
        let failed = |_| CommitError::Io(std::io::ErrorKind::Other);
        let segments = replay::survey(&self.parts.paths.journal).map_err(failed)?;
        let mut found: Vec<Occurrence> = Vec::new();
        let forgetting = &mut self.forgetting;
        let mut take = |turn: Turn| {
            let (Turn::Facts { slot, facts } | Turn::Carried { slot, facts, .. }) = turn else {
                return;
            };
            for recorded in facts {
                let Some((named, is_theirs)) = number_in(&recorded.fact) else {
                    continue;
                };
                if named.as_str().eq_ignore_ascii_case(number.as_str()) {
                    let visit = recorded.visit;
                    forgetting.insert(visit, slot);
                    match found.iter_mut().find(|known| known.visit == visit) {
                        Some(known) => known.is_theirs |= is_theirs,
                        None => found.push(Occurrence { visit, is_theirs }),
                    }
                }
            }
        };
        Replay {
            segments: &segments,
            slots: &self.parts.slots,
            notes: &self.parts.notes,
            high: None,
            only: None,
        }
        .run(&mut |turn, _| take(turn))
        .map_err(failed)?;
        Ok(found)
    }

    /// Writes notes: one append, one sync.
    pub(super) fn append_notes(&mut self, notes: &[Note]) -> std::io::Result<()> {
        let plain = notes.iter().map(serde_json::to_vec);
        let plain = plain.collect::<Result<Vec<_>, _>>()?;
        let key = self.parts.desk.derive("notes");
        let bodies: Vec<Body<'_>> = plain
            .iter()
            .map(|plain| Body {
                slot: NO_SLOT,
                kind: kind::NOTE,
                key: &key,
                plain,
            })
            .collect();
        let parts = &mut self.parts;
        parts.journal.append(&bodies, parts.slots.next())?;
        self.behind.get_or_insert_with(Instant::now);
        Ok(())
    }

    fn noted(&self) -> Result<Noted, CommitError> {
        let at = self.parts.journal.position();
        let at = at.ok_or(CommitError::Io(std::io::ErrorKind::Other))?;
        Ok(Noted {
            segment: at.segment,
            record: at.next.saturating_sub(1),
            hash: hex(&at.chain),
        })
    }
}

/// Whether the visit belongs to somebody with another number, who typed this one.
fn is_anothers(row: &Row, number: &StudentNumber) -> bool {
    let visit = &row.visit;
    let in_ticket = visit
        .ticket
        .as_ref()
        .and_then(|ticket| ticket.student.as_ref());
    let owner = visit.owner().or(in_ticket);
    owner.is_some_and(|owner| !owner.number.as_str().eq_ignore_ascii_case(number.as_str()))
}
