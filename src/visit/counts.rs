//! Today's counts, folded from facts: what the volunteer's panel shows.

use serde::{Deserialize, Serialize};

use super::{Counted, Fact, Outcome};

/// How many visits of a day came to what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Visits opened.
    pub opened: u32,
    /// Visits that ended with an account that the desk knows to be bound.
    pub bound: u32,
    /// Visits that ended with an account that is bound by the student's word alone, before or now.
    #[serde(default)]
    pub by_word: u32,
    /// Visits that ended because the account was bound before, by the directory's word.
    pub already_bound: u32,
    /// Times that a visit was parked.
    pub parked: u32,
    /// Left, ended by a volunteer or expired.
    pub ended: u32,
}

impl Counts {
    /// Counts a fact, where it is one that is counted.
    pub fn count(&mut self, fact: &Fact) {
        let Some(counted) = fact.counted() else {
            return;
        };
        let counter = match counted {
            Counted::VisitOpened => &mut self.opened,
            Counted::Parked => &mut self.parked,
            Counted::Closed(Outcome::Bound) => &mut self.bound,
            Counted::Closed(Outcome::BoundByWord | Outcome::AlreadyBoundByWord) => {
                &mut self.by_word
            }
            Counted::Closed(Outcome::WordConfirmed) => {
                // The visit was counted when it ended, perhaps on another day.
                self.by_word = self.by_word.saturating_sub(1);
                &mut self.bound
            }
            Counted::Closed(Outcome::AlreadyBound) => &mut self.already_bound,
            Counted::Closed(Outcome::Left | Outcome::Ended | Outcome::Expired) => &mut self.ended,
            Counted::CodeIssued(_) | Counted::SignInRefused(..) | Counted::Identified(..) => return,
        };
        *counter = counter.saturating_add(1);
    }
}
