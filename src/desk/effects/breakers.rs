//! What is known of each gateway, from how its calls went. One gateway failing leaves the others as they are.
//!
//! Where a gateway gave no answer its circuit is open: what the desk does by itself waits, longer after each failure, and
//! is then tried by one call alone. Where nothing waits to be tried, the monitor asks the gateway something that changes
//! nothing, with the same growing pauses, until it answers. What a person asks for is always tried, and shows as much.
//! A gateway that answers is asked nothing by the monitor: at rest, with nothing down, nothing ticks.

use std::time::Duration;

use super::backoff;
use crate::campus::tls_fault::TlsFault;
use crate::campus::{Campus, Port, Probed};
use crate::visit::{ActKind, CodesBy, Connectivity, Gateway, Link, Reply};

/// An answer that took longer than this is called slow.
const SLOW: Duration = Duration::from_secs(3);
/// Calls that the desk makes by itself through one gateway at a time.
const MOST_AT_ONCE: usize = 4;
/// After so many failures in a row it was the gateway, and not what was asked of it.
const OUTAGE: u32 = 3;

/// The gateways' states.
#[derive(Clone, Copy, Debug, Default)]
pub struct Breakers {
    known: [Breaker; Link::ALL.len()],
    /// By port: what the monitor is about.
    probes: [Probe; Port::ALL.len()],
    codes: CodesBy,
}

/// Where the monitor is with a port.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Probe {
    #[default]
    Ready,
    UnderWay,
    /// It cannot be asked anything without doing something: the next call shows it.
    Impossible,
}

/// What is known of one gateway.
#[derive(Clone, Copy, Debug, Default)]
struct Breaker {
    state: Gateway,
    /// Calls in a row that were not answered.
    failures: u32,
    /// Nothing is tried by itself before this monotonic moment: the pause of an open circuit, or what the service asked
    /// for (`Retry-After`).
    retry_at: Duration,
    /// Why the last probe got no answer, where the connection could not be made private.
    not_private: Option<TlsFault>,
    /// When it answered last: monotonic.
    answered: Option<Duration>,
}

impl Breakers {
    /// The gateways of this campus.
    pub fn of(campus: &Campus) -> Self {
        let configured = Breakers::configured(
            campus.identity.is_some(),
            campus.device_grant.is_some(),
            campus.directory.powers(),
            campus.sms.is_some(),
        );
        Breakers {
            codes: campus.codes_by(),
            ..configured
        }
    }

    /// What is configured, all of it taken for up until a call says otherwise.
    pub fn configured(
        identity: bool,
        device_grant: bool,
        powers: crate::campus::Powers,
        sms: bool,
    ) -> Self {
        let mut breakers = Breakers::default();
        for link in Link::ALL.iter().copied() {
            let is_there = match link {
                Link::Identity => identity,
                Link::DeviceGrant => device_grant,
                Link::DirectoryRead => powers.read,
                Link::DirectoryWrite => powers.write,
                Link::Sms => sms,
            };
            if is_there {
                breakers.known[link as usize].state = Gateway::Up;
            }
        }
        breakers
    }

    /// What can be reached now, as the core knows it.
    pub fn reach(&self) -> Connectivity {
        let state = |link: Link| self.known[link as usize].state;
        Connectivity {
            identity: state(Link::Identity),
            device_grant: state(Link::DeviceGrant),
            directory_read: state(Link::DirectoryRead),
            directory_write: state(Link::DirectoryWrite),
            sms: state(Link::Sms),
            codes: self.codes,
        }
    }

    /// The gateways that are down because the connection to them cannot be made private, and why, as far as a probe has
    /// shown it.
    pub fn not_private(&self) -> Vec<(Link, TlsFault)> {
        let links = Link::ALL.iter().copied();
        links
            .filter_map(|link| Some((link, self.known[link as usize].not_private?)))
            .collect()
    }

    /// The gateways of which nobody can say that they answer: not asked yet, or not since another one fell silent.
    pub fn untried(&self) -> Vec<Link> {
        let silent = self.known.iter().filter_map(|known| match known.state {
            Gateway::Down { since } => Some(since),
            Gateway::Absent | Gateway::Up | Gateway::Slow => None,
        });
        let fault = silent.max().unwrap_or_default();
        let is_untried = |known: &Breaker| {
            let was_heard = known.answered.is_some_and(|at| at >= fault);
            known.state.is_connected() && !known.state.is_down() && !was_heard
        };
        let links = Link::ALL.iter().copied();
        links
            .filter(|link| is_untried(&self.known[*link as usize]))
            .collect()
    }

    /// From when on the desk may try this gateway by itself: a monotonic moment, past where that is now.
    pub fn retry_at(&self, link: Link) -> Duration {
        self.known[link as usize].retry_at
    }

    /// How many calls more the desk may make by itself now, while `under_way` are: one where the circuit is open and the
    /// time for a probe has come, none before.
    pub fn permits(&self, link: Link, under_way: usize, now: Duration) -> usize {
        let known = &self.known[link as usize];
        let most = match known.state {
            Gateway::Absent => 0,
            _ if now < known.retry_at => 0,
            Gateway::Down { .. } => 1,
            Gateway::Up | Gateway::Slow => MOST_AT_ONCE,
        };
        most.saturating_sub(under_way)
    }

    /// Learns from a call that took `took` and ended at the monotonic `now`. Returns whether the gateway is back after it was
    /// away for a while.
    pub fn note(
        &mut self,
        kind: ActKind,
        reply: &Reply,
        took: Duration,
        now: Duration,
        random: u64,
    ) -> bool {
        let known = &mut self.known[kind.link() as usize];
        let is_back = known.was_open() && !reply.is_offline();
        known.state = match (known.state, reply.is_offline()) {
            (Gateway::Absent, _) => return false,
            (Gateway::Down { since }, true) => Gateway::Down { since },
            (_, true) => Gateway::Down { since: now },
            // A device grant takes as long as the student does.
            (_, false) if took >= SLOW && kind != ActKind::DeviceGrant => Gateway::Slow,
            (_, false) => Gateway::Up,
        };
        if reply.is_offline() {
            known.failures = known.failures.saturating_add(1);
            known.retry_at = now.saturating_add(backoff::pause(known.failures, random));
        } else {
            known.failures = 0;
            known.not_private = None;
            known.answered = Some(now);
            known.retry_at = match reply.asks_for_pause() {
                None => Duration::ZERO,
                // One that names no time is given as long as a gateway that failed for a while.
                Some(pause) => {
                    now.saturating_add(pause.unwrap_or_else(|| backoff::pause(4, random)))
                }
            };
        }
        is_back
    }

    /// The monotonic moment of the next probe; none where every gateway answers, or an in-flight call will show as
    /// much.
    pub fn next_probe(&self, is_asked: impl Fn(Link) -> bool) -> Option<Duration> {
        Port::ALL
            .iter()
            .filter_map(|port| self.probe_at(*port, &is_asked))
            .min()
    }

    /// The ports to be probed now. They count as asked until [`Breakers::probed`].
    pub fn begin_probes(&mut self, now: Duration, is_asked: impl Fn(Link) -> bool) -> Vec<Port> {
        let is_due = |port: &Port| self.probe_at(*port, &is_asked).is_some_and(|at| at <= now);
        let due: Vec<Port> = Port::ALL.iter().copied().filter(is_due).collect();
        for port in &due {
            self.probes[*port as usize] = Probe::UnderWay;
        }
        due
    }

    /// Learns from a probe that ended at the monotonic `now`. One server behind a port that answers is enough: a call
    /// tries them all. Gives the gateways that are back after they were away for a while.
    pub fn probed(
        &mut self,
        port: Port,
        answers: &[Probed],
        now: Duration,
        random: u64,
    ) -> Vec<Link> {
        self.probes[port as usize] = match answers {
            [] => Probe::Impossible,
            _ => Probe::Ready,
        };
        let is_up = answers.iter().any(|answer| match &answer.said {
            Ok(()) => true,
            Err(why) => !why.is_fate_unknown(),
        });
        let mut back = Vec::new();
        for link in port.links() {
            let known = &mut self.known[*link as usize];
            if !matches!(known.state, Gateway::Down { .. }) {
                continue;
            }
            let mut faults = answers.iter().filter_map(|answer| answer.fault);
            known.not_private = faults.next().filter(|_| !is_up);
            if is_up {
                if known.was_open() {
                    back.push(*link);
                }
                // Its failures are kept until a call goes through: a server that answers probes and nothing else is not
                // asked more often for it.
                known.state = Gateway::Up;
                known.answered = Some(now);
                known.retry_at = Duration::ZERO;
            } else {
                known.failures = known.failures.saturating_add(1);
                known.retry_at = now.saturating_add(backoff::pause(known.failures, random));
            }
        }
        back
    }

    fn probe_at(&self, port: Port, is_asked: impl Fn(Link) -> bool) -> Option<Duration> {
        let is_down = |link: &&Link| self.known[**link as usize].state.is_down();
        let is_free = self.probes[port as usize] == Probe::Ready
            && !port.links().iter().any(|link| is_asked(*link));
        let down = port.links().iter().filter(is_down);
        down.map(|link| self.known[*link as usize].retry_at)
            .min()
            .filter(|_| is_free)
    }
}

impl Breaker {
    fn was_open(&self) -> bool {
        self.state.is_down() && self.failures >= OUTAGE
    }
}

#[cfg(test)]
mod tests;
