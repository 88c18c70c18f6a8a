//! Crypto-shredding: a visit's key is destroyed, its rows are removed from the projection, which is built anew without
//! them (`renew`), and a note in the journal says so. The note is written first: after a stop between the two, the next start
//! destroys the key and rebuilds the projection.

use std::collections::BTreeSet;
use std::time::Instant;

use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;

use super::StoreWriter;
use crate::store::error::CommitError;
use crate::store::fold::{LimitSubject, StoredVisit};
use crate::store::journal::RecordBody;
use crate::store::marks::{MARK_AFTER, MOST_TOGETHER, hex};
use crate::store::notes::StoreNote;
use crate::store::projection::Occurrence;
use crate::store::record::RecordKind;
use crate::store::replay::{self, Replay, ReplayedRecord};
use crate::store::visit_keys::NO_SLOT;
use crate::visit::{StudentNumber, VisitId};

/// What was forgotten, for the person who asked for it. It names no student.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForgetReceipt {
    /// When.
    pub at: jiff::Timestamp,
    /// The visits whose keys were destroyed.
    pub visits: Vec<VisitId>,
    /// Visits of other students in which the number was only typed: they were kept.
    pub mentions: usize,
    /// Whether the roster had a row, which was removed.
    pub roster: bool,
    /// Where the note stands in the journal; `None` where there was nothing to forget.
    pub noted: Option<ChainPoint>,
    /// Whether sled was built anew, and the files of the old one are overwritten and gone.
    #[serde(default)]
    pub renewed: bool,
}

/// What was forgotten, while sled is still built anew.
#[derive(Debug)]
pub struct Forgotten {
    /// For the desk: it must not wait for the rest. Its receipt does not say yet that sled was built anew.
    pub person: ForgottenPerson,
    /// Whether it was. The channel closes where the store is closed before.
    pub renewed: oneshot::Receiver<bool>,
}

impl Forgotten {
    /// The whole receipt, once sled is built anew.
    pub async fn receipt(self) -> ForgetReceipt {
        let renewed = self.renewed.await.unwrap_or(false);
        ForgetReceipt {
            renewed,
            ..self.person.receipt
        }
    }

    /// As [`Forgotten::receipt`], for a caller that may block.
    pub fn wait(self) -> ForgetReceipt {
        let renewed = self.renewed.blocking_recv().unwrap_or(false);
        ForgetReceipt {
            renewed,
            ..self.person.receipt
        }
    }
}

/// What was forgotten of a student, for the desk, which holds visits and limits in memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForgottenPerson {
    /// What to answer.
    pub receipt: ForgetReceipt,
    /// The account and the phones whose limits were removed.
    pub limits: Vec<LimitSubject>,
}

/// A record of the journal, and the chain's hash there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChainPoint {
    /// The segment's number.
    pub segment: u32,
    /// The record's number in the whole journal.
    pub record: u64,
    /// SHA-256, in lower-case hexadecimal.
    pub hash: String,
}

impl StoreWriter {
    /// Destroys the keys of these visits.
    pub(super) fn forget(&mut self, visits: &[VisitId]) -> Result<ChainPoint, CommitError> {
        let mut slots = Vec::with_capacity(visits.len());
        let mut notes = Vec::with_capacity(visits.len());
        for visit in visits {
            let open = self.parts.open_keys.get(visit).map(|open| open.slot);
            let mut known = self.forgetting.remove(visit).unwrap_or_default();
            known.extend(open.or_else(|| Self::stored_slot(&self.parts, *visit)));
            if known.is_empty() {
                return Err(CommitError::Forgotten);
            }
            for slot in known {
                let (visit, slot) = (*visit, Some(slot));
                slots.extend(slot);
                notes.push(StoreNote::Forgotten { visit, slot });
            }
        }
        self.begin_writing();
        self.append_notes(&notes)
            .map_err(|e| CommitError::from_io(&e))?;
        let noted = self.last_chain_point()?;
        let parts = &mut self.parts;
        parts
            .visit_keys
            .destroy(&*parts.disk, &slots)
            .map_err(|e| CommitError::from_io(&e))?;
        for visit in visits {
            self.parts.open_keys.remove(visit);
            self.forgotten.insert(*visit);
            if let Some(projection) = &self.parts.projection
                && let Err(e) = projection.remove(*visit)
            {
                self.give_up_projection(&e);
            }
        }
        Ok(noted)
    }

    /// Forgets the student with this number: all visits, also those that have ended, the limits and the roster's row.
    pub(super) fn forget_person(
        &mut self,
        number: &StudentNumber,
    ) -> Result<Forgotten, CommitError> {
        let roster = self.parts.roster.clone();
        let from_roster = roster
            .remove(&*self.parts.disk, number)
            .map_err(|_| CommitError::Io(std::io::ErrorKind::Other))?;
        let found = self.find_occurrences(number)?;
        let (mut visits, mut mentions) = (BTreeSet::new(), 0usize);
        let mut limits = self.parts.tally.subjects_of_student(number);
        for Occurrence { visit, is_theirs } in found {
            let row = self.parts.projection.as_ref();
            let row = row.and_then(|projection| {
                projection
                    .find(visit, &self.parts.visit_keys)
                    .ok()
                    .flatten()
            });
            if !is_theirs
                && row
                    .as_ref()
                    .is_some_and(|row| belongs_to_another(row, number))
            {
                mentions = mentions.saturating_add(1);
                continue;
            }
            if let Some(mobile) = row.and_then(|row| row.visit.mobile) {
                limits.extend(self.parts.tally.subjects_of_mobile(&mobile));
            }
            visits.insert(visit);
        }
        let visits: Vec<VisitId> = visits.into_iter().collect();
        let noted = if visits.is_empty() {
            None
        } else {
            Some(self.forget(&visits)?)
        };
        self.forget_limits(&limits);
        let receipt = ForgetReceipt {
            at: self.parts.disk.now(),
            visits,
            mentions,
            roster: from_roster,
            noted,
            renewed: false,
        };
        let (told, renewed) = oneshot::channel();
        self.begin_renewal(told);
        let person = ForgottenPerson { receipt, limits };
        Ok(Forgotten { person, renewed })
    }

    /// Removes what was counted of these subjects.
    fn forget_limits(&mut self, limits: &[LimitSubject]) {
        self.begin_writing();
        let parts = &mut self.parts;
        for subject in limits {
            parts.tally.forget(*subject);
        }
        if let Some(projection) = &parts.projection
            && let Err(e) = projection.put_tally(&mut parts.tally)
        {
            self.give_up_projection(&e);
        }
    }

    /// The visits in which the number occurs: by the projection, or, where that was given up, by reading the journal.
    fn find_occurrences(&mut self, number: &StudentNumber) -> Result<Vec<Occurrence>, CommitError> {
        if let Some(projection) = &self.parts.projection {
            return projection
                .visits_of(number)
                .map_err(|e| CommitError::from_io(&e));
        }
        let failed = |_| CommitError::Io(std::io::ErrorKind::Other);
        let segments = replay::read_segments(&self.parts.paths.journal).map_err(failed)?;
        let mut found: Vec<Occurrence> = Vec::new();
        let forgetting = &mut self.forgetting;
        let mut collect = |replayed: ReplayedRecord| {
            let Some((slot, facts)) = replayed.into_facts() else {
                return;
            };
            for recorded in facts {
                let Some(named) = recorded.fact.student() else {
                    continue;
                };
                if named.number.as_str().eq_ignore_ascii_case(number.as_str()) {
                    let (visit, is_theirs) = (recorded.visit, named.is_proved);
                    forgetting.entry(visit).or_default().insert(slot);
                    match found.iter_mut().find(|known| known.visit == visit) {
                        Some(known) => known.is_theirs |= is_theirs,
                        None => found.push(Occurrence { visit, is_theirs }),
                    }
                }
            }
        };
        Replay {
            segments: &segments,
            visit_keys: &self.parts.visit_keys,
            note_keys: &self.parts.note_keys,
            high: None,
            only: None,
        }
        .run(&mut |replayed, _| collect(replayed))
        .map_err(failed)?;
        Ok(found)
    }

    /// Appends notes to the journal; few of them by one write and one sync. The mark follows after some, so that it is never
    /// far behind.
    pub(super) fn append_notes(&mut self, notes: &[StoreNote]) -> std::io::Result<()> {
        for some in notes.chunks(MOST_TOGETHER) {
            if self.unmarked >= MARK_AFTER {
                self.mark_high_water();
            }
            self.append_some_notes(some)?;
        }
        Ok(())
    }

    fn append_some_notes(&mut self, notes: &[StoreNote]) -> std::io::Result<()> {
        let plain = notes.iter().map(serde_json::to_vec);
        let plain = plain.collect::<Result<Vec<_>, _>>()?;
        let key = self.parts.desk.derive("notes");
        let bodies: Vec<RecordBody<'_>> = plain
            .iter()
            .map(|plain| RecordBody {
                slot: NO_SLOT,
                kind: RecordKind::Note,
                key: &key,
                plain,
            })
            .collect();
        let parts = &mut self.parts;
        parts.journal.append(&bodies, parts.visit_keys.next())?;
        self.behind.get_or_insert_with(Instant::now);
        self.unmarked = self.unmarked.saturating_add(bodies.len() as u64);
        Ok(())
    }

    /// The last record of the journal.
    fn last_chain_point(&self) -> Result<ChainPoint, CommitError> {
        let at = self.parts.journal.position();
        let at = at.ok_or(CommitError::Io(std::io::ErrorKind::Other))?;
        Ok(ChainPoint {
            segment: at.segment,
            record: at.next.saturating_sub(1),
            hash: hex(&at.chain),
        })
    }
}

/// Whether the visit belongs to a student with another number, who typed this one.
fn belongs_to_another(row: &StoredVisit, number: &StudentNumber) -> bool {
    let visit = &row.visit;
    let in_ticket = visit
        .ticket
        .as_ref()
        .and_then(|ticket| ticket.student.as_ref());
    let owner = visit.owner().or(in_ticket);
    owner.is_some_and(|owner| !owner.number.as_str().eq_ignore_ascii_case(number.as_str()))
}
