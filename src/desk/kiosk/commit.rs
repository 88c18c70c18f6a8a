//! What the visits make goes to the store, and is published only when it is kept: one batch at a time.

use std::time::Duration;

use tokio::sync::{oneshot, watch};

use super::{Canvas, Kiosk};
use crate::desk::state::Hand;
use crate::desk::visits::Made;
use crate::screen::StoreHealth;
use crate::store::{CommitError, Health};
use crate::visit::{Shown, VisitId};

/// How long the store may take for one batch before the screen says that nothing is being kept.
const STORE_PATIENCE: Duration = Duration::from_secs(2);

/// What the store was given and has not acknowledged.
pub(super) struct Committing {
    answer: oneshot::Receiver<Result<(), CommitError>>,
    made: Made,
    /// Since when, monotonic.
    since: Duration,
}

impl<C: Canvas> Kiosk<C> {
    /// Lets the visits turn, if nothing is on its way to the store.
    pub(super) fn turn(&mut self) {
        if self.committing.is_some() {
            return;
        }
        let (now, reach) = (self.state.now(), self.state.reach());
        let (Some(visits), Some(store)) = (&mut self.state.visits, &self.store) else {
            return;
        };
        if visits.has_commands() {
            let made = visits.turn(now, reach);
            if made.batch.records.is_empty() {
                self.begin(made);
            } else {
                self.committing = Some(Committing {
                    answer: store.commit(made.batch.clone()),
                    made,
                    since: now.mono,
                });
            }
        }
        if self.settling && !self.is_busy() {
            self.settling = false;
            self.state.offer_what_was_in_hand();
            self.changed = true;
        }
    }

    /// The store has the batch, or could not take it.
    pub(super) fn acknowledged(&mut self, result: Result<(), CommitError>) {
        let Some(Committing { mut made, .. }) = self.committing.take() else {
            return;
        };
        let now = self.state.now();
        self.changed = true;
        self.is_stalled = false;
        self.judge_store();
        let Some(visits) = &mut self.state.visits else {
            return;
        };
        if let Err(error) = result {
            tracing::error!(%error, "the store did not take a step");
            visits.discard(made);
            self.state.was_not_noted();
            return;
        }
        let hand = self.state.hand;
        let noted: Vec<(VisitId, Shown)> = made.views().collect();
        let changed = visits.publish(&mut made, now);
        for (visit, whose) in noted {
            self.state.was_noted(visit, &whose);
        }
        self.state.follow(&changed);
        if hand != self.state.hand && self.state.hand == Hand::Free {
            self.back_to_welcome();
        }
        self.begin(made);
        if let Some(visits) = &mut self.state.visits {
            visits.try_again(self.state.hand.visit());
        }
    }

    /// The store's word on how it is doing; nothing where its thread is gone.
    pub(super) fn store_says(&mut self, health: Option<Health>) {
        self.changed = true;
        if health.is_none() {
            tracing::error!("the store's thread is gone");
            self.health = None;
        }
        self.judge_store();
        if let (Some(Health::Good | Health::Full), Some(visits)) = (health, &mut self.state.visits)
        {
            visits.try_again(self.state.hand.visit());
        }
    }

    /// What the screen says of the store.
    pub(super) fn judge_store(&mut self) {
        if self.store.is_none() {
            return;
        }
        let health = self.health.as_ref().map(|health| *health.borrow());
        self.state.store = match health {
            _ if self.is_stalled => StoreHealth::Failed,
            None | Some(Health::Failed) => StoreHealth::Failed,
            Some(Health::ReadOnly) => StoreHealth::ReadOnly,
            Some(Health::Full) => StoreHealth::Full,
            Some(Health::Good) if self.state.is_damaged => StoreHealth::Damaged,
            Some(Health::Good) if self.state.is_rebuilt => StoreHealth::Rebuilt,
            Some(Health::Good) => StoreHealth::Good,
        };
    }

    /// Begins the effects that were not cancelled meanwhile.
    pub(super) fn begin(&mut self, made: Made) {
        let (Some(visits), Some(outside)) = (&mut self.state.visits, &self.outside) else {
            return;
        };
        let now = self.state.clock.now().mono;
        for mut effect in made.effects {
            if visits.flights.is_planned(effect.id) {
                let id = effect.id;
                if !effect.after.is_zero() {
                    // A watch is no person's call: it keeps the pause of a gateway that is down.
                    let free_from = self.state.links.free_from(effect.act.kind().link());
                    effect.after = effect.after.max(free_from.saturating_sub(now));
                }
                visits.flights.begun(id, outside.begin(effect));
            }
        }
    }

    /// When the store has taken too long for a batch.
    pub(super) fn stall_at(&self) -> Option<Duration> {
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

/// The store's health when it changes; `None` where its thread is gone. Never, where there is no store.
pub(super) async fn changed_health(health: &mut Option<watch::Receiver<Health>>) -> Option<Health> {
    match health {
        Some(health) => match health.changed().await {
            Ok(()) => Some(*health.borrow_and_update()),
            Err(_) => None,
        },
        None => std::future::pending().await,
    }
}
