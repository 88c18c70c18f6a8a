//! Retention: dropping old segments of the journal. First the facts of open visits in them are carried forward and
//! synced; then the keys of visits that have ended and have no fact in a younger segment are destroyed; then the segments
//! are removed, the oldest first. A stop at any point leaves a journal that reads the same, and the next run does the rest:
//! each step is idempotent.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io;
use std::time::Duration;

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::StoreWriter;
use crate::ours;
use crate::store::journal::RecordBody;
use crate::store::marks::MARK_AFTER;
use crate::store::notes::StoreNote;
use crate::store::projection::{wipe, witnesses};
use crate::store::record::{RecordKind, RecordScan};
use crate::store::replay::{
    self, CarriedBody, RecordPlace, Replay, ReplayedRecord, Segment, counts_until,
};
use crate::store::visit_keys::{NO_SLOT, SlotContent};
use crate::visit::{Recorded, VisitId};

/// A day, in milliseconds.
const DAY: i64 = 24 * 3600 * 1000;
/// A limit looks back a day; two hours more for clocks that are set. In milliseconds.
const LIMITS_REACH: i64 = 26 * 3600 * 1000;
/// The facts in one carried record, in bytes: well below the longest record.
const CARRIED_SIZE: usize = 96 * 1024;
/// The bodies in one append, in bytes: well below a segment.
const APPEND_SIZE: usize = 1024 * 1024;
/// The longest time between two runs: the clock may be set meanwhile.
const INTERVAL: Duration = Duration::from_secs(6 * 3600);
/// The time until the next run after one that failed.
const RETRY_AFTER: Duration = Duration::from_secs(600);

/// Facts by the slot of their visit's key.
type BySlot = BTreeMap<u32, Vec<Recorded>>;

/// What is to be done so that the first segments can be dropped.
struct RetirePlan {
    /// All segments, the oldest first.
    segments: Vec<Segment>,
    /// How many of them are dropped.
    due: usize,
    /// The key slots of visits with facts in the dropped segments that are open or have facts in the kept ones.
    carried: HashSet<u32>,
    /// The key slots of visits that have ended and have no fact in the kept segments.
    over: HashSet<u32>,
}

impl StoreWriter {
    /// The time until old segments are searched for again; `None` where all are kept, and while the clock is not believed.
    pub(super) fn until_next_drop(&self) -> Option<Duration> {
        self.parts.retention_days?;
        if self.parts.clock.is_doubted() {
            return None;
        }
        Some(
            self.retire_at
                .saturating_duration_since(std::time::Instant::now()),
        )
    }

    /// Drops segments older than the retention time, if the next run is due.
    pub(super) fn drop_old_segments(&mut self) {
        let Some(days) = self.parts.retention_days else {
            return;
        };
        if self.until_next_drop() != Some(Duration::ZERO) {
            return;
        }
        let parts = &mut self.parts;
        let Some(now) = parts.clock.believed(&*parts.disk) else {
            return;
        };
        let now = now.as_millisecond();
        let before = now.saturating_sub(i64::from(days).saturating_mul(DAY));
        self.drop_witnesses(before);
        let pause = match self.drop_segments_before(before, now) {
            Ok(0) => INTERVAL,
            Ok(dropped) => {
                tracing::info!(
                    segments = dropped,
                    "old segments of the journal were dropped"
                );
                INTERVAL
            }
            Err(e) => {
                tracing::warn!("old segments of the journal could not be dropped: {e}");
                RETRY_AFTER
            }
        };
        self.retire_at = std::time::Instant::now() + pause;
    }

    /// Removes witnesses (older projections that were kept aside) by age, as segments are.
    fn drop_witnesses(&self, before: i64) {
        for witness in witnesses(&self.parts.paths.projections) {
            let modified = std::fs::metadata(&witness).and_then(|meta| meta.modified());
            let made = modified.ok().and_then(|at| Timestamp::try_from(at).ok());
            let counted = made.and_then(|at| self.parts.clock.counts_as(at.as_millisecond()));
            let is_old = counted.is_some_and(|at| at < before);
            if is_old && let Err(e) = wipe(&*self.parts.disk, &witness) {
                tracing::warn!("{} could not be removed: {e}", witness.display());
            }
        }
    }

    /// Drops the segments that began before this moment, and returns how many. Both are in milliseconds since 1970.
    fn drop_segments_before(&mut self, before: i64, now: i64) -> io::Result<usize> {
        let segments =
            replay::read_segments(&self.parts.paths.journal).map_err(io::Error::other)?;
        let mut due = count_due(
            &segments,
            |created| self.parts.clock.counts_as(created),
            before,
        );
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
                // The current segment is empty: it is kept.
                due = due.saturating_sub(1);
            } else {
                self.begin_writing();
                let next = self.parts.visit_keys.next();
                self.parts.journal.begin_segment(next)?;
            }
        }
        if due == 0 {
            return Ok(0);
        }
        let segments =
            replay::read_segments(&self.parts.paths.journal).map_err(io::Error::other)?;
        let plan = self.plan_drop(segments, due)?;
        self.begin_writing();
        let ended = self.carry_forward(&plan, now)?;
        self.mark_high_water();
        let over: Vec<u32> = plan.over.iter().copied().collect();
        let parts = &mut self.parts;
        if !over.is_empty() {
            parts.visit_keys.destroy(&*parts.disk, &over)?;
        }
        for visit in ended {
            if let Some(projection) = &self.parts.projection
                && let Err(e) = projection.remove(visit)
            {
                self.give_up_projection(&e);
            }
        }
        let parts = &mut self.parts;
        for segment in plan.segments.iter().take(plan.due) {
            // One after the other, so that the rest is always the end of the journal.
            parts.disk.remove(&segment.path)?;
            parts.disk.sync_dir(&parts.paths.journal)?;
        }
        self.drop_spare_keys(&plan)?;
        Ok(plan.due)
    }

    /// Removes the key of an earlier desk key with the last segment that was written under it.
    fn drop_spare_keys(&mut self, plan: &RetirePlan) -> io::Result<()> {
        let kept = plan.segments.iter().skip(plan.due);
        let headers: Vec<_> = kept.filter_map(|segment| segment.header.as_ref()).collect();
        let is_needed = |id| headers.iter().any(|header| header.key == id);
        let parts = &mut self.parts;
        if !parts.note_keys.has_spare(is_needed) {
            return Ok(());
        }
        let path = &parts.paths.retired_keys;
        parts
            .note_keys
            .write(&*parts.disk, path, &parts.desk, is_needed)
    }

    /// Sorts the visits with facts in the first `due` segments by what must happen to them.
    fn plan_drop(&self, segments: Vec<Segment>, due: usize) -> io::Result<RetirePlan> {
        // A carried record does not count as a fact of a younger segment: only the visit's own records do.
        let (mut old, mut kept) = (HashSet::new(), HashSet::new());
        for (place, segment) in segments.iter().enumerate() {
            let until = counts_until(&segments, place);
            let bytes = ours::read(&segment.path)?;
            let counts = |seq: u64| until.is_none_or(|until| seq < until);
            for head in RecordScan::new(&bytes).map(|record| record.head) {
                if place < due {
                    old.insert(head.slot);
                } else if head.known_kind() == Some(RecordKind::Facts) && counts(head.seq) {
                    kept.insert(head.slot);
                }
            }
        }
        old.remove(&NO_SLOT);
        let open: HashSet<u32> = self
            .parts
            .open_keys
            .values()
            .map(|known| known.slot)
            .collect();
        let goes_on = |slot: &&u32| open.contains(slot) || kept.contains(slot);
        Ok(RetirePlan {
            carried: old.iter().filter(goes_on).copied().collect(),
            over: old.iter().filter(|slot| !goes_on(slot)).copied().collect(),
            segments,
            due,
        })
    }

    /// Writes the facts of visits that go on once more, from their beginning. Returns the visits that end with the
    /// dropped segments.
    fn carry_forward(&mut self, plan: &RetirePlan, now: i64) -> io::Result<BTreeSet<VisitId>> {
        let from = plan.segments.first().map_or(0, |first| first.number);
        let (facts, ended) = self.gather_facts(plan)?;
        let mut pending: Vec<(u32, Zeroizing<Vec<u8>>)> = Vec::new();
        for (slot, facts) in facts {
            for (part, facts) in (0..).zip(split_facts(facts)?) {
                let body = serde_json::to_vec(&CarriedBody { from, part, facts })?;
                pending.push((slot, Zeroizing::new(body)));
                let size: usize = pending.iter().map(|(_, body)| body.len()).sum();
                if size >= APPEND_SIZE || pending.len() as u64 >= MARK_AFTER {
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
        let counted = StoreNote::Counted {
            from,
            days: tally.days.clone(),
            limits: None,
            tagged: is_young.then(|| tally.counted_limits()),
        };
        let dropped = StoreNote::Dropped {
            at: Timestamp::from_millisecond(now).unwrap_or_default(),
            before: first_kept.map_or(0, |kept| kept.number),
        };
        self.append_notes(&[counted, dropped])?;
        Ok(ended)
    }

    /// Appends carried records, each sealed with its visit's key.
    fn append_carried(&mut self, pending: &[(u32, Zeroizing<Vec<u8>>)]) -> io::Result<()> {
        let parts = &mut self.parts;
        let mut keys = Vec::with_capacity(pending.len());
        for (slot, _) in pending {
            match parts.visit_keys.read(*slot)? {
                SlotContent::Key(key) => keys.push(key),
                SlotContent::Destroyed | SlotContent::Unreadable => {
                    return Err(io::Error::other("an open visit has no key"));
                }
            }
        }
        let bodies: Vec<RecordBody<'_>> = pending
            .iter()
            .zip(&keys)
            .map(|((slot, plain), key)| RecordBody {
                slot: *slot,
                kind: RecordKind::Carried,
                key,
                plain,
            })
            .collect();
        if bodies.is_empty() {
            return Ok(());
        }
        parts.journal.append(&bodies, parts.visit_keys.next())?;
        self.mark_high_water();
        Ok(())
    }

    /// The facts of visits to be carried, from their beginning, and the visits that end with the dropped segments. A visit
    /// that was already carried into a younger segment is complete there, and is left out.
    fn gather_facts(&self, plan: &RetirePlan) -> io::Result<(BySlot, BTreeSet<VisitId>)> {
        let parts = &self.parts;
        let only: HashSet<u32> = plan.carried.union(&plan.over).copied().collect();
        let (mut facts, mut ended) = (BySlot::new(), BTreeSet::new());
        let mut whole = HashSet::new();
        let first_kept = plan.segments.get(plan.due).map_or(0, |kept| kept.number);
        let mut collect = |replayed: ReplayedRecord, place: RecordPlace| {
            let (slot, part, read) = match replayed {
                ReplayedRecord::Facts { slot, facts } => (slot, None, facts),
                ReplayedRecord::Carried { slot, part, facts } => (slot, Some(part), facts),
                ReplayedRecord::Note(
                    StoreNote::Forgotten { .. }
                    | StoreNote::Viewed { .. }
                    | StoreNote::HandedOver { .. }
                    | StoreNote::Confirmed { .. }
                    | StoreNote::Counted { .. }
                    | StoreNote::Dropped { .. },
                ) => return,
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
            visit_keys: &parts.visit_keys,
            note_keys: &parts.note_keys,
            high: None,
            only: Some(&only),
        }
        .run(&mut collect)
        .map_err(io::Error::other)?;
        facts.retain(|slot, _| !whole.contains(slot));
        Ok((facts, ended))
    }
}

/// How many segments, from the first, started before this moment (milliseconds since 1970); `counts_as` says what a stamp
/// counts as. A segment whose header is lost, or whose stamp says nothing, is taken to be as old as the next.
fn count_due(segments: &[Segment], counts_as: impl Fn(i64) -> Option<i64>, before: i64) -> usize {
    let begun = |segment: &Segment| counts_as(segment.header.as_ref()?.created);
    segments
        .iter()
        .rposition(|segment| begun(segment).is_some_and(|created| created <= before))
        .map_or(0, |last| last.saturating_add(1))
}

/// Splits facts into parts that fit into a record each.
fn split_facts(facts: Vec<Recorded>) -> io::Result<Vec<Vec<Recorded>>> {
    let mut parts: Vec<Vec<Recorded>> = Vec::new();
    let mut room = 0usize;
    for recorded in facts {
        let length = Zeroizing::new(serde_json::to_vec(&recorded)?).len();
        match parts.last_mut().filter(|_| length <= room) {
            Some(part) => part.push(recorded),
            None => {
                parts.push(vec![recorded]);
                room = CARRIED_SIZE;
            }
        }
        room = room.saturating_sub(length);
    }
    Ok(parts)
}
