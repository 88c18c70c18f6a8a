//! The call for a volunteer: it is seen from across the room, belongs to the page that it was made from, and lasts five
//! minutes at the most.

use std::time::Duration;

use super::{Hand, State};
use crate::desk::visits::Visits;
use crate::visit::{Place, Rules};

/// How long a call lasts: a volunteer who has not come by then comes by other means.
pub const CALLED_FOR: Duration = Duration::from_secs(300);

/// A call, with the page that it was made from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VolunteerCall {
    since: Duration,
    hand: Hand,
    place: Option<Place>,
}

impl State {
    /// A volunteer is called from here, from now on.
    pub fn call(&mut self, visits: &Visits, rules: &Rules) {
        self.called = Some(VolunteerCall {
            since: self.now().mono,
            hand: self.hand,
            place: self.place(visits, rules),
        });
        tracing::info!("a volunteer was called");
    }

    /// Whether the call is seen at the monotonic `now`.
    pub fn is_called(&self, visits: &Visits, rules: &Rules, now: Duration) -> bool {
        self.call_until().is_some_and(|until| now < until) && self.is_at_call(visits, rules)
    }

    /// The monotonic moment at which the call is over.
    pub fn call_until(&self) -> Option<Duration> {
        let called = self.called.as_ref()?;
        Some(called.since.saturating_add(CALLED_FOR))
    }

    /// Nobody came: the student is asked whether they are still there, unless they touched the desk lately.
    pub fn call_is_over(&mut self) {
        self.called = None;
        let now = self.now().mono;
        self.idle.patience_ends(now);
    }

    /// Drops a call whose page was left.
    pub fn leave_call(&mut self, visits: &Visits, rules: &Rules) {
        if !self.is_at_call(visits, rules) {
            self.called = None;
        }
    }

    fn is_at_call(&self, visits: &Visits, rules: &Rules) -> bool {
        self.called.as_ref().is_some_and(|called| {
            called.hand == self.hand && called.place == self.place(visits, rules)
        })
    }
}
