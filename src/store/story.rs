//! The story of a visit: its facts in the order of the journal, with their places. It holds personal data: the caller masks
//! it, or asks for the PIN and notes the view. Nothing here changes the store.

use std::collections::HashSet;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::error::StoreError;
use super::location::Location;
use super::notes::{StoreNote, UnmaskedView};
use super::reader::JournalReader;
use super::replay::{RecordPlace, ReplayedRecord};
use crate::visit::{Fact, Pickup, VisitId, VolunteerName};

/// How a command names a visit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VisitSelector {
    /// By its id.
    Visit(VisitId),
    /// The newest visit that was parked with this pickup number, or whose ticket has it: numbers come again.
    Pickup(Pickup),
}

/// The story of a visit.
#[derive(Clone, Debug, PartialEq)]
pub struct Story {
    /// The visit.
    pub visit: VisitId,
    /// Its entries, in the order of the journal.
    pub entries: Vec<StoryEntry>,
}

/// One event of a story, and its place in the journal.
#[derive(Clone, Debug, PartialEq)]
pub struct StoryEntry {
    /// The number of the segment.
    pub segment: u32,
    /// The number of the record in the whole journal.
    pub record: u64,
    /// The volunteer who had it done, where the PIN was their own.
    pub by: Option<VolunteerName>,
    /// The event.
    pub what: StoryEvent,
}

/// An event of a story.
#[derive(Clone, Debug, PartialEq)]
pub enum StoryEvent {
    /// A fact, and when it happened.
    Fact(Timestamp, Box<Fact>),
    /// A volunteer with the PIN saw it unmasked.
    Viewed(Timestamp, UnmaskedView),
    /// The visit's key was destroyed: its facts cannot be read any more.
    Forgotten,
}

/// Reads the story of a visit; `None` where the journal holds no such visit, or holds it no longer.
///
/// # Errors
/// As opening the store, but a store that is in use can be read.
pub fn story(
    location: &Location,
    zone: &TimeZone,
    which: &VisitSelector,
) -> Result<Option<Story>, StoreError> {
    let Some(reader) = JournalReader::open(location, zone)? else {
        return Ok(None);
    };
    let mut known = None;
    let mut its_slots = HashSet::new();
    reader.read(None, &mut |replayed, _| match replayed {
        ReplayedRecord::Facts { slot, facts } | ReplayedRecord::Carried { slot, facts, .. } => {
            for recorded in facts {
                if is_selected(which, recorded.visit, &recorded.fact)
                    && known != Some(recorded.visit)
                {
                    known = Some(recorded.visit);
                    its_slots.clear();
                }
                if known == Some(recorded.visit) {
                    its_slots.insert(slot);
                }
            }
        }
        ReplayedRecord::Note(note) => match note {
            StoreNote::Forgotten { visit, .. } => {
                if *which == VisitSelector::Visit(visit) {
                    known = Some(visit);
                }
            }
            StoreNote::Viewed { .. }
            | StoreNote::HandedOver { .. }
            | StoreNote::Confirmed { .. }
            | StoreNote::Counted { .. }
            | StoreNote::Dropped { .. } => {}
        },
    })?;
    let Some(visit) = known else { return Ok(None) };
    let mut entries: Vec<StoryEntry> = Vec::new();
    reader.read(Some(&its_slots), &mut |replayed, place| {
        append_entries(replayed, place, visit, &mut entries)
    })?;
    Ok(Some(Story { visit, entries }))
}

fn is_selected(which: &VisitSelector, visit: VisitId, fact: &Fact) -> bool {
    match which {
        VisitSelector::Visit(id) => *id == visit,
        VisitSelector::Pickup(wanted) => pickup_in(fact) == Some(*wanted),
    }
}

/// The pickup number that a fact gives to its visit.
fn pickup_in(fact: &Fact) -> Option<Pickup> {
    match fact {
        Fact::Parked { pickup, .. } => *pickup,
        Fact::TicketOpened { number, .. } => Some(*number.pickup()),
        Fact::SignInAsked { .. }
        | Fact::SignInRefused { .. }
        | Fact::Identified { .. }
        | Fact::OldIdentified { .. }
        | Fact::Vouched { .. }
        | Fact::NumbersShown { .. }
        | Fact::VisitOpened { .. }
        | Fact::StepDone { .. }
        | Fact::Answered { .. }
        | Fact::PageTurned { .. }
        | Fact::Scanned
        | Fact::Preferred { .. }
        | Fact::WentBack { .. }
        | Fact::SignInMethodChosen { .. }
        | Fact::DeviceGrantAsked { .. }
        | Fact::DeviceGrantFailed { .. }
        | Fact::ResumeRefused
        | Fact::Queued { .. }
        | Fact::Checked { .. }
        | Fact::CheckFailed { .. }
        | Fact::CheckDenied { .. }
        | Fact::TriedAgain { .. }
        | Fact::Unqueued { .. }
        | Fact::OldLetGo
        | Fact::OldNumberRefused
        | Fact::UnbindAsked { .. }
        | Fact::Unbound
        | Fact::UnbindFailed { .. }
        | Fact::UnbindAskedAnew
        | Fact::FollowLookAsked { .. }
        | Fact::FollowNotSeen { .. }
        | Fact::MemberSeen { .. }
        | Fact::NumberGiven { .. }
        | Fact::BindAsked { .. }
        | Fact::NumberBound
        | Fact::BindFailed { .. }
        | Fact::CodeIssued { .. }
        | Fact::CodeSent
        | Fact::CodeNotSent { .. }
        | Fact::CodeCheckAsked { .. }
        | Fact::CodeNotChecked { .. }
        | Fact::CodeTried { .. }
        | Fact::CodeAccepted
        | Fact::ConfirmAsked { .. }
        | Fact::Confirmed
        | Fact::ConfirmFailed { .. }
        | Fact::FateUnknown { .. }
        | Fact::Resumed { .. }
        | Fact::BegunAgain
        | Fact::Closed { .. }
        | Fact::TicketContactGiven { .. }
        | Fact::TicketNoted { .. }
        | Fact::TicketChanged { .. } => None,
    }
}

/// Appends what a record says of this visit to the entries.
fn append_entries(
    replayed: ReplayedRecord,
    place: RecordPlace,
    visit: VisitId,
    entries: &mut Vec<StoryEntry>,
) {
    let RecordPlace { segment, record } = place;
    let mut add = |what, by| {
        entries.push(StoryEntry {
            segment,
            record,
            by,
            what,
        });
    };
    match replayed {
        ReplayedRecord::Carried { part: 0, facts, .. } => {
            let is_its = facts.first().is_some_and(|first| first.visit == visit);
            if is_its {
                entries.retain(|entry| !matches!(entry.what, StoryEvent::Fact(..)));
                append_entries(
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
            .for_each(|recorded| {
                let what = StoryEvent::Fact(recorded.at, Box::new(recorded.fact));
                add(what, recorded.by);
            }),
        ReplayedRecord::Note(note) => match note {
            StoreNote::Viewed {
                at,
                view,
                visit: seen,
                by,
            } => {
                if seen.is_none_or(|seen| seen == visit) {
                    add(StoryEvent::Viewed(at, view), by);
                }
            }
            StoreNote::Forgotten { visit: gone, .. } => {
                if gone == visit {
                    add(StoryEvent::Forgotten, None);
                }
            }
            StoreNote::HandedOver { .. }
            | StoreNote::Confirmed { .. }
            | StoreNote::Counted { .. }
            | StoreNote::Dropped { .. } => {}
        },
    }
}
