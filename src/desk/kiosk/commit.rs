//! What the visits make goes to the store, and is published only when it is kept: one batch at a time.

use std::time::Duration;

use super::day::{DayRead, day_read};
use super::desk::Desk;
use super::serving::{Committing, Serving, StoreWatch};
use crate::desk::state::Hand;
use crate::desk::visits::PendingCommit;
use crate::store::{CommitError, Health};
use crate::visit::{ShownNumbers, VisitId};

/// How long the store may take for one batch before the screen says that nothing is being kept.
const STORE_PATIENCE: Duration = Duration::from_secs(2);

/// What the store says.
pub(super) enum StoreEvent {
    /// It has the batch, or could not take it.
    Acknowledged(Result<(), CommitError>),
    /// How it is doing; `None` where its thread has ended.
    Health(Option<Health>),
    /// The journal was read for the numbers of the day.
    DayRead(DayRead),
}

impl Serving {
    /// What the store says next. It may be dropped and asked again: nothing is lost.
    pub async fn store_event(&mut self) -> StoreEvent {
        tokio::select! {
            biased;
            result = acknowledged(&mut self.committing) => StoreEvent::Acknowledged(result),
            health = changed_health(&mut self.health) => StoreEvent::Health(health),
            read = day_read(&mut self.day_reading) => StoreEvent::DayRead(read),
        }
    }

    /// Takes what the store said.
    pub fn take_store_event(&mut self, desk: &mut Desk, event: StoreEvent) {
        match event {
            StoreEvent::Acknowledged(result) => self.acknowledged(desk, result),
            StoreEvent::Health(health) => self.health_changed(desk, health),
            StoreEvent::DayRead(read) => self.day_read(desk, read),
        }
    }

    /// Lets the visits turn, if nothing is on its way to the store.
    pub fn turn(&mut self, desk: &mut Desk) {
        self.watch_clock(desk);
        if self.committing.is_some() {
            return;
        }
        let (now, reach) = (desk.state.now(), desk.state.reach());
        if self.visits.has_commands() {
            let made = self.visits.turn(now, reach, &self.pack.rules);
            if made.batch.records.is_empty() {
                self.begin_effects(desk, made);
            } else {
                self.committing = Some(Committing {
                    answer: self.store.commit(made.batch.clone()),
                    made,
                    since: now.mono,
                });
            }
        }
        if !self.is_settled && !self.is_busy() {
            self.is_settled = true;
            let rules = &self.pack.rules;
            desk.state.offer_what_was_in_hand(&self.visits, rules);
            desk.changed = true;
        }
    }

    /// The store has the batch, or could not take it.
    pub fn acknowledged(&mut self, desk: &mut Desk, result: Result<(), CommitError>) {
        let Some(Committing { mut made, .. }) = self.committing.take() else {
            return;
        };
        desk.changed = true;
        self.is_stalled = false;
        if let Err(error) = result {
            tracing::error!(%error, "the store did not take a step");
            self.visits.discard(made);
            desk.state.view_not_recorded();
            self.give_up_number(desk);
            return;
        }
        desk.tick_off(&made.batch.records);
        let hand = desk.state.hand;
        let noted: Vec<(VisitId, ShownNumbers)> = made.views().collect();
        let changed = self.visits.publish(&mut made, desk.state.now());
        for (visit, whose) in noted {
            desk.state.view_recorded(visit, &whose);
        }
        let rules = &self.pack.rules;
        desk.state.follow(&mut self.visits, rules, &changed);
        self.has_roster = self.store.roster().is_there();
        if hand != desk.state.hand && desk.state.hand == Hand::Free {
            desk.back_to_welcome();
        }
        self.begin_effects(desk, made);
        self.visits.try_again(desk.state.hand.visit(), None);
    }

    /// The pickup number that was asked for is not kept, or not in time: it is shown to nobody. Whoever stands there when
    /// the disk goes on is perhaps the next student; the number is in the volunteer's list.
    pub fn give_up_number(&self, desk: &mut Desk) {
        if desk.state.awaits_number(&self.visits) {
            desk.state.show(Hand::Free);
            desk.back_to_welcome();
        }
    }

    /// The store says how it is doing, or its thread has ended.
    fn health_changed(&mut self, desk: &mut Desk, health: Option<Health>) {
        desk.changed = true;
        match health {
            Some(Health::Good | Health::Full) => {
                let on_its_way = self.committing.as_ref().map(|c| &c.made);
                self.visits.try_again(desk.state.hand.visit(), on_its_way);
            }
            Some(Health::ReadOnly | Health::Failed) => {}
            None => {
                tracing::error!("the store's thread is gone");
                self.health = StoreWatch::Gone;
            }
        }
    }

    /// Begins the effects that were not cancelled meanwhile.
    fn begin_effects(&mut self, desk: &Desk, made: PendingCommit) {
        let now = desk.state.now().mono;
        for mut effect in made.effects {
            if self.visits.in_flight.is_planned(effect.id) {
                let id = effect.id;
                if !effect.after.is_zero() {
                    // A watch is no person's call: it keeps the pause of a gateway that is down.
                    let retry_at = desk.state.breakers.retry_at(effect.act.kind().link());
                    effect.after = effect.after.max(retry_at.saturating_sub(now));
                }
                self.visits.in_flight.begun(id, self.outside.begin(effect));
            }
        }
    }

    /// When the store has taken too long for a batch.
    pub fn stall_at(&self) -> Option<Duration> {
        let committing = self.committing.as_ref().filter(|_| !self.is_stalled)?;
        Some(committing.since.saturating_add(STORE_PATIENCE))
    }
}

/// The store's answer to what it was given; never, where it was given nothing.
pub(super) async fn acknowledged(committing: &mut Option<Committing>) -> Result<(), CommitError> {
    match committing {
        // A dropped sender is a store thread that is gone: nothing was acknowledged.
        Some(committing) => (&mut committing.answer)
            .await
            .unwrap_or(Err(CommitError::Closed)),
        None => std::future::pending().await,
    }
}

/// The store's health when it changes; `None` where its thread has ended. Never, where that is known already.
async fn changed_health(health: &mut StoreWatch) -> Option<Health> {
    match health {
        StoreWatch::Running(health) => match health.changed().await {
            Ok(()) => Some(*health.borrow_and_update()),
            Err(_) => None,
        },
        StoreWatch::Gone => std::future::pending().await,
    }
}
