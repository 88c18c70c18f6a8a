//! The link monitor's own questions: a gateway that gave no answer is asked, ever more seldom, something that changes
//! nothing, until it answers. Nothing here runs while every gateway answers.

use std::time::Duration;

use super::desk::Desk;
use super::serving::Serving;
use crate::campus::Port;
use crate::campus::Probed;
use crate::desk::state::State;
use crate::desk::visits::Visits;
use crate::visit::Link;

impl Serving {
    /// When a gateway that is down is asked next. What waits in the outbox goes first: it says as much.
    pub fn next_probe(&self, state: &State) -> Option<Duration> {
        state.breakers.next_probe(is_asked(&self.visits))
    }

    /// Asks the gateways that are down and whose pause is over.
    pub fn probe(&mut self, desk: &mut Desk) {
        let now = desk.state.now().mono;
        for port in desk
            .state
            .breakers
            .begin_probes(now, is_asked(&self.visits))
        {
            self.outside.probe(port);
        }
    }

    /// What a port answered to a probe.
    pub fn probed(&mut self, desk: &mut Desk, port: Port, answers: &[Probed]) {
        let now = desk.state.now().mono;
        // Without randomness the pause is the shortest, and the ceiling still holds.
        let random = getrandom::u64().unwrap_or_default();
        for link in desk.state.breakers.probed(port, answers, now, random) {
            self.gateway_is_back(link);
        }
        desk.state.refresh_outbox(&self.visits);
        self.compare_clock(desk, answers);
    }

    /// A gateway answers again after it was away for a while.
    pub fn gateway_is_back(&mut self, link: Link) {
        tracing::info!(?link, "a gateway is back");
        self.visits.gateway_is_back(link);
    }
}

fn is_asked(visits: &Visits) -> impl Fn(Link) -> bool + '_ {
    move |link| visits.in_flight.through(link) > 0
}
