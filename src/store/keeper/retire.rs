//! Dropping old segments. First what is open in them is carried forward and is on the disk; then the keys of visits that
//! have ended and stand in no younger segment are destroyed; then the segments go, the oldest first. A stop at any point
//! leaves a journal that reads the same, and the rest is done the next time.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io;
use std::time::Duration;

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::Keeper;
use crate::store::check::witnesses;
use crate::store::journal::Body;
use crate::store::notes::Note;
use crate::store::record::{Scan, kind};
use crate::store::replay::{self, Carried, Place, Replay, Segment, Turn, counts_until};
use crate::store::slots::{NO_SLOT, Slot};
use crate::visit::{Recorded, VisitId};

const DAY: i64 = 24 * 3600 * 1000;
/// A limit looks back a day; two hours more for clocks that are set.
const LIMITS_REACH: i64 = 26 * 3600 * 1000;
/// Facts in one carried record, in bytes: well below the longest record.
const PART: usize = 96 * 1024;
/// Bodies in one append, in bytes: well below a segment.
const BATCH: usize = 1024 * 1024;
/// Between two looks, at most: the clock may be set meanwhile.
const LOOK: Duration = Duration::from_secs(6 * 3600);
/// After one that failed.
const AGAIN: Duration = Duration::from_secs(600);

/// Facts by the slot of their visit's key.
type BySlot = BTreeMap<u32, Vec<Recorded>>;

/// What dropping the first segments means.
struct Plan {
    segments: Vec<Segment>,
    /// How many of them go.
    due: usize,
    /// The slots of visits that stand in what goes, and are open or have facts in what stays.
    carried: HashSet<u32>,
    /// The slots of visits that have ended and have no fact in what stays.
    over: HashSet<u32>,
}

impl Keeper {
    /// How long until old segments are looked for again; `None` where all are kept.
    pub(super) fn until_retire(&self) -> Option<Duration> {
        self.parts.keep?;
        Some(
            self.retire_at
                .saturating_duration_since(std::time::Instant::now()),
        )
    }

    /// Drops what is older than it may be kept, if it is time to look.
    pub(super) fn retire(&mut self) {
        let Some(days) = self.parts.keep else { return };
        if self.until_retire().is_some_and(|wait| !wait.is_zero()) {
            return;
        }
        self.drop_witnesses(days);
        let pause = match self.drop_old(days) {
            Ok(0) => LOOK,
            Ok(dropped) => {
                tracing::info!(
                    segments = dropped,
                    "old segments of the journal were dropped"
                );
                LOOK
            }
            Err(e) => {
                tracing::warn!("old segments of the journal could not be dropped: {e}");
                AGAIN
            }
        };
        self.retire_at = std::time::Instant::now() + pause;
    }

    /// An older sled that was kept aside goes as the journal does.
    fn drop_witnesses(&self, days: u32) {
        let age = Duration::from_secs(u64::from(days).saturating_mul(24 * 3600));
        for witness in witnesses(&self.parts.paths.derived) {
            let modified = std::fs::metadata(&witness).and_then(|meta| meta.modified());
            let is_old = modified.is_ok_and(|at| at.elapsed().is_ok_and(|since| since > age));
            if is_old && let Err(e) = std::fs::remove_dir_all(&witness) {
                tracing::warn!("{} could not be cleared away: {e}", witness.display());
            }
        }
    }

    fn drop_old(&mut self, days: u32) -> io::Result<usize> {
        let now = self.parts.disk.now().as_millisecond();
        let before = now.saturating_sub(i64::from(days).saturating_mul(DAY));
        let segments = replay::survey(&self.parts.paths.journal).map_err(io::Error::other)?;
        let mut due = due(&segments, before);
        let at = self
            .parts
            .journal
            .position()
            .ok_or_else(|| io::Error::other("no segment"))?;
        if segments
            .get(..due)
            .is_some_and(|old| old.iter().any(|s| s.number == at.segment))
        {
            if !self.parts.journal.holds_records() {
                // Empty: it may stay, and there is nothing behind it.
                due = due.saturating_sub(1);
            } else {
                self.begin_writing();
                let next = self.parts.slots.next();
                self.parts.journal.begin_segment(next)?;
            }
        }
        if due == 0 {
            return Ok(0);
        }
        let segments = replay::survey(&self.parts.paths.journal).map_err(io::Error::other)?;
        let plan = self.plan(segments, due)?;
        self.begin_writing();
        let ended = self.carry(&plan, now)?;
        self.mark_high_water();
        let over: Vec<u32> = plan.over.iter().copied().collect();
        let parts = &mut self.parts;
        if !over.is_empty() {
            parts.slots.destroy(&*parts.disk, &over)?;
        }
        for visit in ended {
            if let Some(derived) = &self.parts.derived
                && let Err(e) = derived.remove(visit)
            {
                self.give_up_derived(&e);
            }
        }
        let parts = &mut self.parts;
        for segment in plan.segments.iter().take(plan.due) {
            // One after the other: what is left is always the journal's end.
            parts.disk.remove(&segment.path)?;
            parts.disk.sync_dir(&parts.paths.journal)?;
        }
        self.drop_spare_keys(&plan)?;
        Ok(plan.due)
    }

    /// An earlier desk key goes with the last segment that it was for.
    fn drop_spare_keys(&mut self, plan: &Plan) -> io::Result<()> {
        let kept = plan.segments.iter().skip(plan.due);
        let headers: Vec<_> = kept.filter_map(|segment| segment.header.as_ref()).collect();
        let is_needed = |id| headers.iter().any(|header| header.key == id);
        let parts = &mut self.parts;
        match parts.notes.has_spare(is_needed) {
            true => parts
                .notes
                .write(&*parts.disk, &parts.paths.retired, &parts.desk, is_needed),
            false => Ok(()),
        }
    }

    fn plan(&self, segments: Vec<Segment>, due: usize) -> io::Result<Plan> {
        // What was carried forward keeps no visit that has ended: its last fact does.
        let (mut old, mut kept) = (HashSet::new(), HashSet::new());
        for (place, segment) in segments.iter().enumerate() {
            let until = counts_until(&segments, place);
            let bytes = std::fs::read(&segment.path)?;
            let counts = |seq: u64| until.is_none_or(|until| seq < until);
            for head in Scan::new(&bytes).map(|record| record.head) {
                if place < due {
                    old.insert(head.slot);
                } else if head.kind == kind::FACTS && counts(head.seq) {
                    kept.insert(head.slot);
                }
            }
        }
        old.remove(&NO_SLOT);
        let open: HashSet<u32> = self.parts.known.values().map(|known| known.slot).collect();
        let goes_on = |slot: &&u32| open.contains(slot) || kept.contains(slot);
        Ok(Plan {
            carried: old.iter().filter(goes_on).copied().collect(),
            over: old.iter().filter(|slot| !goes_on(slot)).copied().collect(),
            segments,
            due,
        })
    }

    /// Writes what is open in the old segments once more, whole. Gives the visits that end with them.
    fn carry(&mut self, plan: &Plan, now: i64) -> io::Result<BTreeSet<VisitId>> {
        let from = plan.segments.first().map_or(0, |first| first.number);
        let (facts, ended) = self.gather(plan)?;
        let mut pending: Vec<(u32, Zeroizing<Vec<u8>>)> = Vec::new();
        for (slot, facts) in facts {
            for (part, facts) in (0..).zip(parts_of(facts)?) {
                let body = serde_json::to_vec(&Carried { from, part, facts })?;
                pending.push((slot, Zeroizing::new(body)));
                if pending.iter().map(|(_, body)| body.len()).sum::<usize>() >= BATCH {
                    self.append_carried(&std::mem::take(&mut pending))?;
                }
            }
        }
        self.append_carried(&pending)?;
        let first_kept = plan.segments.get(plan.due);
        let created = first_kept
            .and_then(|kept| kept.header.as_ref())
            .map(|h| h.created);
        let is_young = created.is_none_or(|created| now.saturating_sub(created) < LIMITS_REACH);
        let tally = &self.parts.tally;
        let counted = Note::Counted {
            from,
            days: tally.days.clone(),
            limits: is_young.then(|| tally.counted_limits()),
        };
        let dropped = Note::Dropped {
            at: Timestamp::from_millisecond(now).unwrap_or_default(),
            before: first_kept.map_or(0, |kept| kept.number),
        };
        self.append_notes(&[counted, dropped])?;
        Ok(ended)
    }

    fn append_carried(&mut self, pending: &[(u32, Zeroizing<Vec<u8>>)]) -> io::Result<()> {
        let parts = &mut self.parts;
        let mut keys = Vec::with_capacity(pending.len());
        for (slot, _) in pending {
            match parts.slots.read(*slot)? {
                Slot::Key(key) => keys.push(key),
                _ => return Err(io::Error::other("an open visit has no key")),
            }
        }
        let bodies: Vec<Body<'_>> = pending
            .iter()
            .zip(&keys)
            .map(|((slot, plain), key)| Body {
                slot: *slot,
                kind: kind::CARRIED,
                key,
                plain,
            })
            .collect();
        if bodies.is_empty() {
            return Ok(());
        }
        parts.journal.append(&bodies, parts.slots.next())
    }

    /// The facts of visits that are to be carried, from their beginning, and the visits that end with what goes. One that
    /// was carried into a younger segment already is whole there.
    fn gather(&self, plan: &Plan) -> io::Result<(BySlot, BTreeSet<VisitId>)> {
        let parts = &self.parts;
        let only: HashSet<u32> = plan.carried.union(&plan.over).copied().collect();
        let (mut facts, mut ended) = (BySlot::new(), BTreeSet::new());
        let mut whole = HashSet::new();
        let first_kept = plan.segments.get(plan.due).map_or(0, |kept| kept.number);
        let mut take = |turn: Turn, place: Place| {
            let (slot, part, read) = match turn {
                Turn::Facts { slot, facts } => (slot, None, facts),
                Turn::Carried { slot, part, facts } => (slot, Some(part), facts),
                Turn::Note(_) => return,
            };
            if plan.carried.contains(&slot) {
                let kept = facts.entry(slot).or_default();
                if part == Some(0) {
                    kept.clear();
                    whole.extend((place.segment >= first_kept).then_some(slot));
                }
                kept.extend(read);
            } else {
                ended.extend(read.first().map(|recorded| recorded.visit));
            }
        };
        Replay {
            segments: &plan.segments,
            slots: &parts.slots,
            notes: &parts.notes,
            high: None,
            only: Some(&only),
        }
        .run(&mut take)
        .map_err(io::Error::other)?;
        facts.retain(|slot, _| !whole.contains(slot));
        Ok((facts, ended))
    }
}

/// How many segments, from the first, were begun before this moment (milliseconds since 1970). One whose header is lost
/// is as old as the next.
fn due(segments: &[Segment], before: i64) -> usize {
    let begun = |segment: &Segment| segment.header.as_ref().map(|header| header.created);
    segments
        .iter()
        .rposition(|segment| begun(segment).is_some_and(|created| created <= before))
        .map_or(0, |last| last.saturating_add(1))
}

/// Facts in pieces that fit into a record.
fn parts_of(facts: Vec<Recorded>) -> io::Result<Vec<Vec<Recorded>>> {
    let mut parts: Vec<Vec<Recorded>> = Vec::new();
    let mut room = 0usize;
    for recorded in facts {
        let length = Zeroizing::new(serde_json::to_vec(&recorded)?).len();
        match parts.last_mut().filter(|_| length <= room) {
            Some(part) => part.push(recorded),
            None => {
                parts.push(vec![recorded]);
                room = PART;
            }
        }
        room = room.saturating_sub(length);
    }
    Ok(parts)
}
