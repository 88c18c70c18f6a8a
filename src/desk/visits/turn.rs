//! A turn: what waits is decided and evolved on scratch copies. What it made is shown, and its effects begin, only when
//! the store has acknowledged it; while that is under way, commands wait. What a person asked and the store did not take
//! is dropped, for the person sees it and asks again; what the campus answered is held until the store takes it, for the
//! campus has done it and says so only once.

use std::collections::{BTreeMap, BTreeSet};

use super::{QueuedCommand, Visits};
use crate::desk::random;
use crate::store::{Batch, MOST_TOGETHER};
use crate::visit::{
    Command, Connectivity, Context, Counts, Effect, EffectId, Fact, Now, Recorded, Reply, Rules,
    ShownNumbers, Visit, VisitId, decide,
};

/// An effect's answer on its way into the journal.
#[derive(Clone, Debug)]
pub(super) struct HeldReply {
    pub visit: VisitId,
    pub id: EffectId,
    pub reply: Reply,
}

/// A visit that changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Changed {
    pub id: VisitId,
    /// It is open now and was not before.
    pub is_begun: bool,
}

/// What a turn made, on its way to the store.
#[derive(Debug, Default)]
pub struct PendingCommit {
    pub batch: Batch,
    pub effects: Vec<Effect>,
    answers: Vec<HeldReply>,
    /// The visits whose page was left meanwhile: none of them comes into hand.
    left: Vec<VisitId>,
}

impl PendingCommit {
    /// Whose numbers a volunteer is about to be shown.
    pub fn views(&self) -> impl Iterator<Item = (VisitId, ShownNumbers)> + '_ {
        self.batch.records.iter().filter_map(|r| match &r.fact {
            Fact::NumbersShown { whose } => Some((r.visit, whose.clone())),
            _ => None,
        })
    }

    /// Whether a step of this visit is in it.
    pub fn has(&self, visit: VisitId) -> bool {
        self.batch.visits.iter().any(|changed| changed.id == visit)
    }

    /// The page of this visit was left: if it goes on by this, nobody is there for it. Returns whether it does.
    pub fn leave(&mut self, visit: VisitId) -> bool {
        self.left.push(visit);
        let mut records = self.batch.records.iter();
        records.any(|r| r.visit == visit && begins(&r.fact))
    }

    /// Whether it brings a visit into hand.
    pub fn begins_visit(&self) -> bool {
        self.batch.records.iter().any(|r| begins(&r.fact))
    }
}

/// Whether a visit comes into hand by this: it is begun, or goes on.
fn begins(fact: &Fact) -> bool {
    matches!(fact, Fact::VisitOpened { .. } | Fact::Resumed { .. })
}

impl Visits {
    /// Decides what waits, in order. What was cancelled is cancelled at once; what was made goes to the store.
    pub fn turn(&mut self, now: Now, reach: Connectivity, rules: &Rules) -> PendingCommit {
        self.release_held();
        let mut made = PendingCommit::default();
        let mut scratch: BTreeMap<VisitId, Visit> = BTreeMap::new();
        let mut limits = self.limits.clone();
        let has_room = self.outbox.has_room();
        let mut numbers = self.numbers.clone();
        let mut recorded_of = BTreeSet::new();
        // The rest goes in the next turn: the store takes only so many visits together.
        while recorded_of.len() < MOST_TOGETHER
            && let Some(queued) = self.commands.pop_front()
        {
            let QueuedCommand {
                visit: id,
                command,
                by,
            } = queued;
            let Some(visit) = scratch.get(&id).or_else(|| self.live.get(&id)) else {
                continue;
            };
            let Ok(fresh) = random::fresh(numbers.desk(), numbers.next()) else {
                tracing::error!("the system gives no randomness: a command was dropped");
                continue;
            };
            let mut in_flight = self.in_flight.of(id);
            in_flight.retain(|flight| !made.answers.iter().any(|answer| answer.id == flight.id));
            let context = Context {
                now,
                fresh,
                doubted: &self.clock.spans,
                rules,
                limits: &limits,
                reach,
                in_flight: &in_flight,
                has_room,
                codes: &self.codes,
            };
            if let Command::Reply { id: effect, reply } = &command {
                made.answers.push(HeldReply {
                    visit: id,
                    id: *effect,
                    reply: reply.clone(),
                });
            }
            let gives_up = matches!(command, Command::Back);
            let decision = decide(visit, &context, command);
            for fact in decision.facts {
                let recorded = Recorded {
                    visit: id,
                    at: now.wall,
                    fact,
                    by: by.clone(),
                };
                limits.count(&recorded);
                recorded_of.insert(id);
                made.batch.records.push(recorded);
            }
            numbers.take(&decision.visit);
            scratch.insert(id, decision.visit);
            if gives_up && !decision.cancel.is_empty() {
                self.outbox.given_up(id, now.mono);
            }
            for effect in decision.cancel {
                self.in_flight.cancel(effect);
                made.effects.retain(|planned| planned.id != effect);
            }
            for effect in decision.effects {
                self.in_flight.plan(&effect, now.mono);
                made.effects.push(effect);
            }
        }
        self.numbers.go_on(&numbers);
        if made.batch.records.is_empty() {
            self.settle(&mut made);
        } else {
            made.batch.visits = scratch.into_values().collect();
        }
        made
    }

    /// What the answers led to is kept: their effects are over.
    fn settle(&mut self, made: &mut PendingCommit) {
        for answer in made.answers.drain(..) {
            self.in_flight.cancel(answer.id);
        }
    }

    /// The store has acknowledged what was made: it is what is true now. Gives the visits that changed.
    pub fn publish(&mut self, made: &mut PendingCommit, now: Now) -> Vec<Changed> {
        let today = self.day_of(now);
        if today != self.day {
            (self.day, self.counts) = (today, Counts::default());
        }
        let batch = std::mem::take(&mut made.batch);
        for recorded in &batch.records {
            self.limits.count(recorded);
            self.counts.count(&recorded.fact);
        }
        self.limits.prune(now.wall);
        let is_begun = |visit: &Visit| {
            let its = |r: &Recorded| r.visit == visit.id && begins(&r.fact);
            let is_left = made.left.contains(&visit.id);
            visit.is_open() && !is_left && batch.records.iter().any(its)
        };
        let changed = batch
            .visits
            .iter()
            .map(|visit| Changed {
                id: visit.id,
                is_begun: is_begun(visit),
            })
            .collect();
        for visit in batch.visits {
            self.live.insert(visit.id, visit);
        }
        self.settle(made);
        self.make_room();
        self.update_numbers();
        self.outbox.refresh(self.live.values(), now);
        changed
    }

    /// The store did not take what was made: nothing of it happened, and its effects are not started. What the campus
    /// answered is held.
    pub fn discard(&mut self, made: PendingCommit) {
        for effect in &made.effects {
            self.in_flight.cancel(effect.id);
        }
        self.held.extend(made.answers);
        for visit in &made.batch.visits {
            let never_opened = made
                .batch
                .records
                .iter()
                .any(|r| r.visit == visit.id && matches!(r.fact, Fact::VisitOpened { .. }));
            if never_opened {
                self.live.remove(&visit.id);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use jiff::tz::TimeZone;

    use super::*;
    use crate::campus::pack;
    use crate::store::Opened;
    use crate::visit::{CodeKey, DeskNumber, ParkedFor, Status, Way};

    #[test]
    fn more_visits_than_the_store_takes_together_go_in_several_turns() {
        let rules = pack::embedded().unwrap().rules;
        let now = Now {
            wall: jiff::Timestamp::now(),
            mono: Duration::from_secs(1000),
        };
        let codes = Arc::new(CodeKey::new([3; 32]));
        let mut visits = Visits::new(DeskNumber::default(), codes, rules.pickup_life);
        let day = now.wall.to_zoned(TimeZone::UTC).date();
        let opened_at = now.wall - Duration::from_secs(3 * 86_400);
        let waits = (0..300).map(|n| {
            let mut visit = Visit::open(VisitId(n), Way::Desk, opened_at);
            visit.mobile = Some(crate::visit::Mobile::parse("13800138000").unwrap());
            visit.status = Status::Parked {
                pickup: None,
                expires: now.wall - Duration::from_secs(9),
                why: ParkedFor::Queue,
            };
            visit
        });
        let opened = Opened {
            visits: waits.collect(),
            ..Opened::default()
        };
        visits.found(opened, day, TimeZone::UTC, now);
        let mut sizes = Vec::new();
        for _ in 0..9 {
            visits.sweep(now);
            let mut made = visits.turn(now, Connectivity::default(), &rules);
            sizes.push(made.batch.visits.len());
            visits.publish(&mut made, now);
            visits.tidy();
        }
        assert_eq!(sizes.iter().sum::<usize>(), 300, "{sizes:?}");
        assert!(sizes.iter().all(|size| *size <= MOST_TOGETHER), "{sizes:?}");
    }
}
