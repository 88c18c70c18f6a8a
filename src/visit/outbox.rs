//! The outbox of a visit: acts that the campus was asked for and has not done, or that are asked once it can be reached.
//! The desk retries them by itself, in the order in which they were queued; an entry that only a person can mend waits
//! for a volunteer.
//!
//! Only idempotent acts may wait here: setting a number, confirming, reading a member. A code would expire, a
//! sign-in would keep a password and a check a code, and a deletion could hit a new binding.

use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    ActKind, DirectoryRefusal, Failure, MemberStatus, Pickup, Status, Student, Trouble, Unbinding,
    Visit, VisitId,
};

/// One act that waits for the campus.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxEntry {
    /// The act that waits.
    pub what: ActKind,
    /// Since when it waits.
    pub since: Timestamp,
    /// How often it was tried, also before it was queued.
    pub tries: u32,
    /// What the campus answered last, and when. None where it was never asked.
    pub last: Option<(Timestamp, Failure<DirectoryRefusal>)>,
    /// Why only a person can go on with it; none while it is tried by itself.
    pub stopped: Option<Stopped>,
}

/// Why an entry is not retried by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stopped {
    /// The campus said no.
    Refused(Failure<DirectoryRefusal>),
    /// The student said that the account is followed, and the campus has the member as something else.
    NotActive(MemberStatus),
    /// A deletion that may have got through: it is never repeated by itself.
    FateUnknown,
}

impl OutboxEntry {
    /// An entry that begins to wait; `why` is the failure of the first try, where there was one.
    pub fn new(what: ActKind, at: Timestamp, why: Option<Failure<DirectoryRefusal>>) -> Self {
        OutboxEntry {
            what,
            since: at,
            tries: u32::from(why.is_some()),
            last: why.map(|why| (at, why)),
            stopped: None,
        }
    }

    /// Whether such an act may wait here at all. All that may are asked of the campus: [`Visit::owes_campus`] must tell an
    /// act of another kind apart.
    pub fn may_queue(what: ActKind) -> bool {
        match what {
            ActKind::BindNumber | ActKind::ConfirmMember | ActKind::FindMember => true,
            ActKind::SignIn
            | ActKind::DeviceGrant
            | ActKind::SendCode
            | ActKind::CheckCode
            | ActKind::Unbind => false,
        }
    }

    /// Before when the campus asked not to be asked again. No service may hold it longer than its word, whatever the
    /// wall clock does.
    pub fn not_before(&self, now: Timestamp) -> Option<Duration> {
        let (at, Failure::Limited { retry_after }) = self.last.as_ref()? else {
            return None;
        };
        let pause = (*retry_after)?;
        let since = Duration::try_from(now.duration_since(*at)).unwrap_or_default();
        Some(pause.saturating_sub(since)).filter(|left| !left.is_zero())
    }

    /// Records that an attempt failed, and whether a person must act now.
    pub(super) fn record_failure(&mut self, at: Timestamp, why: &Failure<DirectoryRefusal>) {
        self.last = Some((at, why.clone()));
        self.stopped = (!why.is_transient()).then(|| Stopped::Refused(why.clone()));
    }
}

impl<R> Failure<R> {
    /// Whether the same may be done later, when it is asked again.
    pub fn is_transient(&self) -> bool {
        match self {
            Failure::Offline | Failure::Unavailable | Failure::Limited { .. } => true,
            Failure::Rejected(_) | Failure::Misconfigured(_) => false,
        }
    }
}

impl Visit {
    /// Whether such an act waits for the campus.
    pub fn has_entry(&self, what: ActKind) -> bool {
        self.outbox.iter().any(|entry| entry.what == what)
    }

    /// Whether the campus still has to do something for the student. The screen and the report say so.
    pub fn owes_campus(&self) -> bool {
        !self.outbox.is_empty()
    }

    /// What is tried next by itself: the first that waits, unless it needs a person. What stands behind it waits too.
    pub fn next_entry(&self) -> Option<&OutboxEntry> {
        self.outbox.first().filter(|entry| entry.stopped.is_none())
    }

    pub(super) fn entry_mut(&mut self, what: ActKind) -> Option<&mut OutboxEntry> {
        self.outbox.iter_mut().find(|entry| entry.what == what)
    }

    pub(super) fn remove_entry(&mut self, what: ActKind) {
        self.outbox.retain(|entry| entry.what != what);
    }

    /// When its pickup number ends the visit. None while its outbox is not empty: waiting loses nothing then, and closing
    /// would.
    pub fn expires(&self) -> Option<Timestamp> {
        match &self.status {
            Status::Parked { expires, .. } => self.outbox.is_empty().then_some(*expires),
            Status::Open | Status::Closed { .. } => None,
        }
    }
}

/// One line of the outbox, as the volunteer's tray shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutboxRow {
    /// The visit.
    pub visit: VisitId,
    /// The pickup number, while the visit is parked.
    pub pickup: Option<Pickup>,
    /// The student, where known.
    pub student: Option<Student>,
    /// What waits.
    pub entry: OutboxEntry,
    /// A ticket was opened for this visit and is not solved.
    pub has_ticket: bool,
    /// Until it is tried next, monotonic; none where a person must act, or something before it is done first.
    pub next_try: Option<Duration>,
}

impl OutboxRow {
    /// Whether a volunteer has to do something about it: it is not tried again by itself, and no ticket is open for it.
    pub fn needs_person(&self) -> bool {
        self.entry.stopped.is_some() && !self.has_ticket
    }

    /// What waits of a visit, in order. A deletion whose fate is not known is among it: the student is asked when the
    /// visit is resumed, and until then a volunteer should know.
    pub fn of(visit: &Visit) -> Vec<OutboxRow> {
        let row = |entry: OutboxEntry| OutboxRow {
            visit: visit.id,
            pickup: match &visit.status {
                Status::Parked { pickup, .. } => *pickup,
                Status::Open | Status::Closed { .. } => None,
            },
            student: visit.owner().cloned(),
            entry,
            has_ticket: visit
                .ticket
                .as_ref()
                .is_some_and(|ticket| ticket.is_pending()),
            next_try: None,
        };
        let waits = visit.outbox.iter().cloned();
        waits.chain(lost_unbinding(visit)).map(row).collect()
    }
}

/// A deletion that was asked for and whose fate is not known, of a parked visit.
fn lost_unbinding(visit: &Visit) -> Option<OutboxEntry> {
    let old = visit.old.as_ref()?;
    let is_lost =
        old.unbinding == Unbinding::Unknown || visit.trouble == Some(Trouble::UnbindUnknown);
    if !is_lost
        || old.unbinding == Unbinding::Done
        || !matches!(visit.status, Status::Parked { .. })
    {
        return None;
    }
    let since = match &visit.last_trouble {
        Some((at, Trouble::UnbindUnknown)) => *at,
        _ => visit.touched,
    };
    Some(OutboxEntry {
        stopped: Some(Stopped::FateUnknown),
        ..OutboxEntry::new(ActKind::Unbind, since, Some(Failure::Offline))
    })
}
