//! The effects under way: what was asked of the campus and has not answered yet, or waits for the store before it begins.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::task::AbortHandle;

use crate::campus::GrantNews;
use crate::campus::in_flight::{PendingCall, PhoneSignIn, ShownCode};
use crate::visit::{ActKind, Effect, EffectId, InFlight, Link, VisitId};

/// What is under way, or decided and waiting for the store before it begins.
#[derive(Default)]
pub struct InFlightEffects {
    flights: BTreeMap<EffectId, InFlightEffect>,
}

struct InFlightEffect {
    visit: VisitId,
    kind: ActKind,
    since: Duration,
    until: Duration,
    /// A directory lookup that is not started at once is a watch: no person waits for it.
    is_watch: bool,
    /// A sign-in that is kept back first.
    is_slowed: bool,
    /// Of a device grant: what is shown. It goes with the flight.
    granting: Option<PhoneSignIn>,
    /// None until the store has acknowledged what led to it.
    task: Option<AbortHandle>,
}

impl InFlightEffects {
    /// Notes an effect that was decided at the monotonic `now`.
    pub fn plan(&mut self, effect: &Effect, now: Duration) {
        let kind = effect.act.kind();
        let flight = InFlightEffect {
            visit: effect.visit,
            kind,
            since: now,
            until: now
                .saturating_add(effect.after)
                .saturating_add(effect.deadline),
            is_watch: kind == ActKind::FindMember && !effect.after.is_zero(),
            is_slowed: kind == ActKind::SignIn && !effect.after.is_zero(),
            granting: (kind == ActKind::DeviceGrant).then(PhoneSignIn::default),
            task: None,
        };
        self.flights.insert(effect.id, flight);
    }

    /// Notes that it has started. One that was cancelled meanwhile is ended at once.
    pub fn begun(&mut self, id: EffectId, task: AbortHandle) {
        match self.flights.get_mut(&id) {
            Some(flight) => flight.task = Some(task),
            None => task.abort(),
        }
    }

    /// Whether the effect is decided or under way, and not cancelled.
    pub fn is_planned(&self, id: EffectId) -> bool {
        self.flights.contains_key(&id)
    }

    /// Ends an effect whose answer is not wanted any more.
    pub fn cancel(&mut self, id: EffectId) {
        if let Some(InFlightEffect {
            task: Some(task), ..
        }) = self.flights.remove(&id)
        {
            task.abort();
        }
    }

    /// An effect answered: gives the visit it belongs to, or nothing where it was cancelled.
    pub fn visit_of(&self, id: EffectId) -> Option<VisitId> {
        self.flights.get(&id).map(|flight| flight.visit)
    }

    /// The effects in flight of a visit, as the core knows them.
    pub fn of(&self, visit: VisitId) -> Vec<InFlight> {
        let of_visit = self
            .flights
            .iter()
            .filter(|(_, flight)| flight.visit == visit);
        of_visit
            .map(|(id, flight)| InFlight {
                id: *id,
                kind: flight.kind,
            })
            .collect()
    }

    /// The kinds of what is under way, except watches.
    pub fn kinds(&self) -> impl Iterator<Item = ActKind> + '_ {
        let waited_for = self.flights.values().filter(|flight| !flight.is_watch);
        waited_for.map(|flight| flight.kind)
    }

    /// Whether such an effect is under way for a visit.
    pub fn has(&self, visit: VisitId, kind: ActKind) -> bool {
        let mut flights = self.flights.values();
        flights.any(|flight| flight.visit == visit && flight.kind == kind)
    }

    /// Whether anything is in flight for a visit.
    pub fn has_any(&self, visit: VisitId) -> bool {
        self.flights.values().any(|flight| flight.visit == visit)
    }

    /// Records the news of a device grant at the monotonic `now`. News of a cancelled one are dropped.
    pub fn record_grant(&mut self, id: EffectId, news: GrantNews, now: Duration) {
        let flight = self.flights.get_mut(&id);
        if let Some(granting) = flight.and_then(|flight| flight.granting.as_mut()) {
            match news {
                GrantNews::Code(code) => {
                    granting.code = Some(ShownCode {
                        user_code: code.user_code,
                        address: code.address,
                        whole_address: code.whole_address,
                        until: now.saturating_add(code.life),
                    });
                }
                GrantNews::Heard(heard) => granting.is_heard = heard,
            }
        }
    }

    /// The device grant of this visit, while it is under way.
    pub fn granting(&self, visit: VisitId) -> Option<&PhoneSignIn> {
        let mut of_visit = self.flights.values().filter(|f| f.visit == visit);
        of_visit.find_map(|flight| flight.granting.as_ref())
    }

    /// What the student at this visit waits for and has no answer to. A code on the screen is no such wait:
    /// its page says so itself.
    pub fn wait(
        &self,
        visit: VisitId,
        has_answered: impl Fn(EffectId) -> bool,
    ) -> Option<PendingCall> {
        let is_wait = |flight: &InFlightEffect| !flight.is_watch && flight.granting.is_none();
        self.flights
            .iter()
            .find(|(id, flight)| flight.visit == visit && is_wait(flight) && !has_answered(**id))
            .map(|(_, flight)| PendingCall {
                what: flight.kind,
                since: flight.since,
                until: flight.until,
                is_slowed: flight.is_slowed,
            })
    }

    /// How many calls that somebody or the outbox waits for go through a gateway.
    pub fn through(&self, link: Link) -> usize {
        self.kinds().filter(|kind| kind.link() == link).count()
    }
}
