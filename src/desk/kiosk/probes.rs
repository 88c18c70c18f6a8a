//! The link monitor's own questions: a gateway that gave no answer is asked, ever more seldom, something that changes
//! nothing, until it answers. Nothing here runs while every gateway answers.

use std::time::Duration;

use super::{Canvas, Kiosk};
use crate::campus::Probed;
use crate::campus::under_way::Port;
use crate::desk::visits::Visits;
use crate::visit::Link;

impl<C: Canvas> Kiosk<C> {
    /// When a gateway that is down is asked next. What waits in the outbox goes first: it tells as much.
    pub(super) fn next_probe(&self) -> Option<Duration> {
        self.outside.as_ref()?;
        let visits = self.state.visits.as_ref();
        self.state.links.next_probe(is_asked(visits))
    }

    pub(super) fn probe(&mut self) {
        let now = self.state.now().mono;
        let Some(outside) = &self.outside else {
            return;
        };
        let visits = self.state.visits.as_ref();
        for port in self.state.links.begin_probes(now, is_asked(visits)) {
            outside.probe(port);
        }
    }

    pub(super) fn probed(&mut self, port: Port, answers: &[Probed]) {
        let now = self.state.now().mono;
        // Without randomness the pause is the shortest, and the ceiling holds all the same.
        let random = getrandom::u64().unwrap_or_default();
        for link in self.state.links.probed(port, answers, now, random) {
            self.gateway_is_back(link);
        }
        self.state.look_at_outbox();
    }

    pub(super) fn gateway_is_back(&mut self, link: Link) {
        tracing::info!(?link, "a gateway is back");
        if let Some(visits) = &mut self.state.visits {
            visits.gateway_is_back(link);
        }
    }
}

fn is_asked(visits: Option<&Visits>) -> impl Fn(Link) -> bool + '_ {
    move |link| visits.is_some_and(|visits| visits.flights.through(link) > 0)
}
