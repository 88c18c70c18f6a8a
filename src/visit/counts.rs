//! Today's counts, folded from facts: what the volunteer's panel shows.

use serde::{Deserialize, Serialize};

use super::{Fact, Outcome};

/// How many visits of a day came to what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub opened: u32,
    pub bound: u32,
    pub already_bound: u32,
    /// Times that a visit was put aside.
    pub parked: u32,
    /// Left, ended by a volunteer or expired.
    pub ended: u32,
}

impl Counts {
    /// Counts a fact, where it is one that is counted.
    pub fn note(&mut self, fact: &Fact) {
        let counter = match fact {
            Fact::VisitOpened { .. } => &mut self.opened,
            Fact::Parked { .. } => &mut self.parked,
            Fact::Closed {
                outcome: Outcome::Bound,
            } => &mut self.bound,
            Fact::Closed {
                outcome: Outcome::AlreadyBound,
            } => &mut self.already_bound,
            Fact::Closed { .. } => &mut self.ended,
            _ => return,
        };
        *counter = counter.saturating_add(1);
    }
}
