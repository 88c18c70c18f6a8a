//! All that lies outside one visit and a decision needs; the gateways to the campus have a file of their own.

use std::time::Duration;

use jiff::Timestamp;

use super::{
    ActKind, CodeKey, Connectivity, DeskNumber, DoubtedSpans, EffectId, Limits, Nonce, Pickup,
    Rules,
};

/// What a decision may look at beside the visit and the command.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The time of the decision.
    pub now: Now,
    /// Random values for what it makes.
    pub fresh: Fresh,
    /// The times at which the wall clock was not believed.
    pub doubted: &'a DoubtedSpans,
    /// The campus's rules.
    pub rules: &'a Rules,
    /// The counters that reach over visits.
    pub limits: &'a Limits,
    /// What is connected.
    pub reach: Connectivity,
    /// This visit's effects in flight, started or about to be.
    pub in_flight: &'a [InFlight],
    /// Whether more may wait for the campus: the outbox is bounded.
    pub has_room: bool,
    /// Derives and checks codes. Read only to compare; what it derives never enters a fact.
    pub codes: &'a CodeKey,
}

/// The wall clock for people and records, which may step back; the monotonic one for waiting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Now {
    /// The wall clock.
    pub wall: Timestamp,
    /// Since the program began.
    pub mono: Duration,
}

/// A wall clock that was set by more than this against the monotonic one is not followed.
const SET_BY: Duration = Duration::from_secs(600);

impl Now {
    /// What the wall clock would show now, had nobody set it since `believed`.
    pub fn wall_since(self, believed: Now) -> Timestamp {
        let passed = self.mono.saturating_sub(believed.mono);
        believed
            .wall
            .saturating_add(passed)
            .unwrap_or(Timestamp::MAX)
    }

    /// Whether the wall clock jumped since `believed`: it was set, or the machine slept.
    pub fn has_jumped_since(self, believed: Now) -> bool {
        let set = self.wall.duration_since(self.wall_since(believed));
        set.unsigned_abs() > SET_BY
    }
}

/// Random values, unused so far, for whatever this decision makes.
#[derive(Clone, Copy, Debug)]
pub struct Fresh {
    /// For the next effect.
    pub effect: EffectId,
    /// For the next code.
    pub nonce: Nonce,
    /// The desk's number.
    pub desk: DeskNumber,
    /// A pickup number of this desk under which nothing waits; none where all of them do.
    pub pickup: Option<Pickup>,
}

/// An effect under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InFlight {
    /// The id of the effect.
    pub id: EffectId,
    /// The kind of act.
    pub kind: ActKind,
}
