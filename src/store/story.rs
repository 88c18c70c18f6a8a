//! A visit's story: its facts as the journal has them, in order, with their places. It names people: whoever shows it
//! masks them, or has the PIN and notes it. Nothing here changes the store.

use std::collections::HashSet;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::error::StoreError;
use super::inspect::inspect;
use super::location::{Location, StorePaths};
use super::notes::{StoreNote, UnmaskedView};
use super::replay::{RecordPlace, Replay, ReplayedRecord};
use super::seal::KeyPlace;
use super::visit_keys::VisitKeys;
use crate::visit::{Fact, Pickup, VisitId};

/// How a visit is named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VisitSelector {
    Visit(VisitId),
    /// The newest visit that waited under this number, or whose ticket has it.
    Pickup(Pickup),
}

/// What happened in a visit.
#[derive(Clone, Debug, PartialEq)]
pub struct Story {
    pub visit: VisitId,
    pub entries: Vec<StoryEntry>,
}

/// One thing that happened, and where the journal has it.
#[derive(Clone, Debug, PartialEq)]
pub struct StoryEntry {
    pub segment: u32,
    pub record: u64,
    pub what: StoryEvent,
}

#[derive(Clone, Debug, PartialEq)]
pub enum StoryEvent {
    Fact(Timestamp, Box<Fact>),
    /// Somebody with the PIN saw it unmasked.
    Viewed(Timestamp, UnmaskedView),
    /// The visit's key was destroyed: what it was about cannot be told any more.
    Forgotten,
}

/// Tells a visit's story; `None` where the journal does not know such a visit, or not any more.
///
/// # Errors
/// As opening the store, but a store that is in use can be read.
pub fn story(
    location: &Location,
    zone: &TimeZone,
    which: &VisitSelector,
) -> Result<Option<Story>, StoreError> {
    let paths = StorePaths::new(&location.dir);
    let Some(inspected) = inspect(&paths, &KeyPlace::find(location), zone)? else {
        return Ok(None);
    };
    if !inspected.paths.visit_keys.exists() {
        return Ok(None);
    }
    let visit_keys = VisitKeys::open_read_only(
        &inspected.paths.visit_keys,
        inspected.desk.derive("visit keys"),
    )?;
    let read = |only: Option<&HashSet<u32>>, sink: &mut dyn FnMut(ReplayedRecord, RecordPlace)| {
        Replay {
            segments: &inspected.segments,
            visit_keys: &visit_keys,
            note_keys: &inspected.note_keys,
            high: None,
            only,
        }
        .run(sink)
        .map(drop)
    };
    let mut known = None;
    let mut its_slots = HashSet::new();
    read(None, &mut |replayed, _| match replayed {
        ReplayedRecord::Facts { slot, facts } | ReplayedRecord::Carried { slot, facts, .. } => {
            for recorded in facts {
                if is_it(which, recorded.visit, &recorded.fact) && known != Some(recorded.visit) {
                    known = Some(recorded.visit);
                    its_slots.clear();
                }
                if known == Some(recorded.visit) {
                    its_slots.insert(slot);
                }
            }
        }
        ReplayedRecord::Note(StoreNote::Forgotten { visit, .. })
            if *which == VisitSelector::Visit(visit) =>
        {
            known = Some(visit);
        }
        ReplayedRecord::Note(_) => {}
    })?;
    let Some(visit) = known else { return Ok(None) };
    let mut entries: Vec<StoryEntry> = Vec::new();
    read(Some(&its_slots), &mut |replayed, place| {
        tell(replayed, place, visit, &mut entries)
    })?;
    Ok(Some(Story { visit, entries }))
}

fn is_it(which: &VisitSelector, visit: VisitId, fact: &Fact) -> bool {
    match (which, fact) {
        (VisitSelector::Visit(id), _) => *id == visit,
        (VisitSelector::Pickup(wanted), Fact::Parked { pickup, .. }) => pickup == wanted,
        (VisitSelector::Pickup(wanted), Fact::TicketOpened { number, .. }) => {
            number.pickup() == wanted
        }
        _ => false,
    }
}

fn tell(
    replayed: ReplayedRecord,
    place: RecordPlace,
    visit: VisitId,
    entries: &mut Vec<StoryEntry>,
) {
    let RecordPlace { segment, record } = place;
    let mut add = |what| {
        entries.push(StoryEntry {
            segment,
            record,
            what,
        });
    };
    match replayed {
        ReplayedRecord::Carried { part: 0, facts, .. } => {
            let is_its = facts.first().is_some_and(|first| first.visit == visit);
            if is_its {
                entries.retain(|entry| !matches!(entry.what, StoryEvent::Fact(..)));
                tell(
                    ReplayedRecord::Facts { slot: 0, facts },
                    place,
                    visit,
                    entries,
                );
            }
        }
        ReplayedRecord::Facts { facts, .. } | ReplayedRecord::Carried { facts, .. } => facts
            .into_iter()
            .filter(|recorded| recorded.visit == visit)
            .for_each(|recorded| add(StoryEvent::Fact(recorded.at, Box::new(recorded.fact)))),
        ReplayedRecord::Note(StoreNote::Viewed {
            at,
            view,
            visit: seen,
        }) if seen.is_none_or(|seen| seen == visit) => add(StoryEvent::Viewed(at, view)),
        ReplayedRecord::Note(StoreNote::Forgotten { visit: gone, .. }) if gone == visit => {
            add(StoryEvent::Forgotten);
        }
        ReplayedRecord::Note(_) => {}
    }
}
