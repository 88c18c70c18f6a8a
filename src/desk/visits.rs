//! The visits this desk knows, and the one turn that changes them: commands in, facts and effects out.
//!
//! A turn decides and evolves on scratch copies. What it made is shown, and its effects begin, only when the store has
//! acknowledged it. While that is under way, commands wait here.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::clock;
use super::outside::Flights;
use crate::screen::{StoreHealth, Waiting};
use crate::store::{Batch, CommitError};
use crate::visit::{
    CodeKey, Command, Context, Counts, DeskLetter, Effect, EffectId, Limits, Now, Pickup, Reach,
    Recorded, Reply, Rules, Status, Visit, VisitId, Way, decide, evolve,
};

/// The most commands that wait: more than a person can give while the disk writes.
const MOST_WAITING: usize = 64;

/// Everything about visits that the loop holds.
pub struct Visits {
    pub letter: DeskLetter,
    pub rules: Rules,
    pub limits: Limits,
    pub counts: Counts,
    pub flights: Flights,
    codes: Arc<CodeKey>,
    /// Published: what the store has acknowledged. Open and parked ones, and closed ones with an answer outstanding.
    live: BTreeMap<VisitId, Visit>,
    commands: VecDeque<(VisitId, Command)>,
}

/// What a turn made, on its way to the store.
#[derive(Debug, Default)]
pub struct Made {
    pub batch: Batch,
    pub effects: Vec<Effect>,
}

impl Visits {
    pub fn new(letter: DeskLetter, rules: Rules, codes: Arc<CodeKey>) -> Self {
        Visits {
            letter,
            rules,
            limits: Limits::default(),
            counts: Counts::default(),
            flights: Flights::default(),
            codes,
            live: BTreeMap::new(),
            commands: VecDeque::new(),
        }
    }

    /// Takes over what the store knew, and asks each visit to settle what was under way when the desk stopped.
    pub fn found(&mut self, visits: Vec<Visit>, limits: Limits, counts: Counts) {
        self.limits = limits;
        self.counts = counts;
        for visit in visits {
            let id = visit.id;
            let needs_settling = visit.is_open() || visit.unsettled.is_some();
            self.live.insert(id, visit);
            if needs_settling {
                // Found visits are as many as they are: the bound is for what comes from people.
                self.commands.push_back((id, Command::Recover));
            }
        }
    }

    pub fn get(&self, id: VisitId) -> Option<&Visit> {
        self.live.get(&id)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Visit> {
        self.live.values()
    }

    pub fn by_pickup(&self, pickup: &Pickup) -> Option<VisitId> {
        let bears = |visit: &&Visit| matches!(&visit.status, Status::Parked { pickup: p, .. } if p == pickup);
        self.live.values().find(bears).map(|visit| visit.id)
    }

    /// The visits that wait, the longest first.
    pub fn waiting(&self) -> Vec<Waiting> {
        let mut waiting: Vec<Waiting> = self
            .live
            .values()
            .filter_map(|visit| match &visit.status {
                Status::Parked { pickup, .. } => Some(Waiting {
                    visit: visit.id,
                    pickup: Some(pickup.clone()),
                    student: visit.student.as_ref().map(|s| s.number.clone()),
                    name: visit.student.as_ref().map(|s| s.name.clone()),
                    since: visit.touched,
                }),
                _ => None,
            })
            .collect();
        waiting.sort_by_key(|w| w.since);
        waiting
    }

    /// Asks something of a visit in the next turn. Dropped, with whatever secret is in it, where too much waits already.
    pub fn ask(&mut self, id: VisitId, command: Command) {
        if self.commands.len() < MOST_WAITING {
            self.commands.push_back((id, command));
        } else {
            tracing::warn!("too many commands wait: one was dropped");
        }
    }

    /// Begins a new visit.
    ///
    /// # Errors
    /// The system gives no randomness.
    pub fn open(
        &mut self,
        prefers: Way,
        first_time: bool,
        now: Now,
    ) -> Result<VisitId, getrandom::Error> {
        let id = clock::visit_id()?;
        self.live.insert(id, Visit::open(id, prefers, now.wall));
        self.ask(
            id,
            Command::Open {
                prefers,
                first_time,
            },
        );
        Ok(id)
    }

    /// An effect's answer, for the visit that asked for it; one that was cancelled has none.
    pub fn answered(&mut self, id: EffectId, reply: Reply) {
        if let Some(visit) = self.flights.visit_of(id) {
            // Never dropped: at most as many as there are effects under way.
            self.commands
                .push_back((visit, Command::Reply { id, reply }));
        }
    }

    pub fn has_commands(&self) -> bool {
        !self.commands.is_empty()
    }

    /// Parked visits whose pickup number has run out.
    pub fn sweep(&mut self, now: Now) {
        let is_over = |visit: &&Visit| matches!(&visit.status, Status::Parked { expires, .. } if *expires <= now.wall);
        let over: Vec<VisitId> = self
            .live
            .values()
            .filter(is_over)
            .map(|visit| visit.id)
            .collect();
        for id in over {
            self.ask(id, Command::Expire);
        }
    }

    /// Decides all that waits, in order. What was cancelled is cancelled at once; what was made goes to the store.
    pub fn turn(&mut self, now: Now, reach: Reach) -> Made {
        let mut made = Made::default();
        let mut scratch: BTreeMap<VisitId, Visit> = BTreeMap::new();
        let mut limits = self.limits.clone();
        while let Some((id, command)) = self.commands.pop_front() {
            let Some(visit) = scratch.get(&id).or_else(|| self.live.get(&id)) else {
                continue;
            };
            let Ok(fresh) = clock::fresh(self.letter) else {
                tracing::error!("the system gives no randomness: a command was dropped");
                continue;
            };
            let answered = match &command {
                Command::Reply { id, .. } => Some(*id),
                _ => None,
            };
            let in_flight = self.flights.of(id);
            let context = Context {
                now,
                fresh,
                rules: &self.rules,
                limits: &limits,
                reach,
                in_flight: &in_flight,
                codes: &self.codes,
            };
            let decision = decide(visit, &context, command);
            let mut visit = visit.clone();
            for fact in decision.facts {
                let recorded = Recorded {
                    visit: id,
                    at: now.wall,
                    fact,
                };
                evolve(&mut visit, &recorded);
                limits.note(&recorded);
                made.batch.records.push(recorded);
            }
            scratch.insert(id, visit);
            decision
                .cancel
                .into_iter()
                .chain(answered)
                .for_each(|effect| {
                    self.flights.cancel(effect);
                    made.effects.retain(|planned| planned.id != effect);
                });
            for effect in decision.effects {
                self.flights.plan(&effect, now.mono);
                made.effects.push(effect);
            }
        }
        if !made.batch.records.is_empty() {
            made.batch.visits = scratch.into_values().collect();
        }
        made
    }

    /// The store has acknowledged a batch: it is what is true now. Gives the ids of the visits that changed.
    pub fn publish(&mut self, batch: Batch, now: Now) -> Vec<VisitId> {
        for recorded in &batch.records {
            self.limits.note(recorded);
            self.counts.note(&recorded.fact);
        }
        self.limits.prune(now.wall);
        let changed = batch.visits.iter().map(|visit| visit.id).collect();
        for visit in batch.visits {
            self.live.insert(visit.id, visit);
        }
        changed
    }

    /// The store did not take a batch: nothing of it happened, and its effects are not begun.
    pub fn discard(&mut self, made: Made) {
        for effect in &made.effects {
            self.flights.cancel(effect.id);
        }
        for visit in &made.batch.visits {
            let never_opened = made.batch.records.iter().any(|r| {
                r.visit == visit.id && matches!(r.fact, crate::visit::Fact::VisitOpened { .. })
            });
            if never_opened {
                self.live.remove(&visit.id);
            }
        }
    }

    /// Forgets closed visits that nothing is outstanding for.
    pub fn tidy(&mut self) {
        let flights = &self.flights;
        self.live
            .retain(|id, visit| !visit.is_closed() || flights.has_any(*id));
    }
}

/// What a refused commit says of the store.
pub fn health_after(error: &CommitError) -> StoreHealth {
    match error {
        CommitError::Full => StoreHealth::Full,
        _ => StoreHealth::Failed,
    }
}
