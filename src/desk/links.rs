//! What is known of each gateway, from how its calls went. One gateway failing leaves the others as they are.
//!
//! Where a gateway gave no answer its circuit is open: what the desk does by itself waits, longer after each failure, and
//! is then tried by one call alone, the probe. What a person asks for is always tried: the next student's call is a probe
//! too. The monitor asks nothing by itself: at rest, with nothing owed, nothing ticks.

use std::time::Duration;

use super::backoff;
use crate::visit::{ActKind, Gateway, Link, Reach, Reply};

/// An answer that took longer than this is called slow.
const SLOW: Duration = Duration::from_secs(3);
/// Calls that the desk makes by itself through one gateway at a time.
const MOST_AT_ONCE: usize = 4;

/// The gateways' states.
#[derive(Clone, Copy, Debug, Default)]
pub struct Links {
    known: [Known; 5],
}

/// What is known of one gateway.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    state: Gateway,
    /// Calls in a row that were not answered.
    failures: u32,
    /// Nothing is tried by itself before this monotonic moment: the pause of an open circuit, or what the service asked
    /// for (`Retry-After`).
    free_from: Duration,
}

impl Links {
    /// What is configured, all of it taken for up until a call says otherwise.
    pub fn configured(
        identity: bool,
        device_grant: bool,
        powers: crate::campus::Powers,
        sms: bool,
    ) -> Self {
        let mut links = Links::default();
        for (link, there) in [
            (Link::Identity, identity),
            (Link::DeviceGrant, device_grant),
            (Link::DirectoryRead, powers.read),
            (Link::DirectoryWrite, powers.write),
            (Link::Sms, sms),
        ] {
            if there {
                links.known[link as usize].state = Gateway::Up;
            }
        }
        links
    }

    pub fn reach(&self) -> Reach {
        let state = |link: Link| self.known[link as usize].state;
        Reach {
            identity: state(Link::Identity),
            device_grant: state(Link::DeviceGrant),
            directory_read: state(Link::DirectoryRead),
            directory_write: state(Link::DirectoryWrite),
            sms: state(Link::Sms),
        }
    }

    /// From when on the desk may try this gateway by itself: a monotonic moment, past where that is now.
    pub fn free_from(&self, link: Link) -> Duration {
        self.known[link as usize].free_from
    }

    /// How many calls more the desk may make by itself now, while `under_way` are: one where the circuit is open and the
    /// time for a probe has come, none before.
    pub fn room(&self, link: Link, under_way: usize, now: Duration) -> usize {
        let known = &self.known[link as usize];
        let most = match known.state {
            Gateway::Absent => 0,
            _ if now < known.free_from => 0,
            Gateway::Down { .. } => 1,
            Gateway::Up | Gateway::Slow => MOST_AT_ONCE,
        };
        most.saturating_sub(under_way)
    }

    /// Learns from a call that took `took` and ended at the monotonic `now`.
    pub fn note(
        &mut self,
        kind: ActKind,
        reply: &Reply,
        took: Duration,
        now: Duration,
        random: u64,
    ) {
        let known = &mut self.known[kind.link() as usize];
        known.state = match (known.state, reply.is_offline()) {
            (Gateway::Absent, _) => return,
            (Gateway::Down { since }, true) => Gateway::Down { since },
            (_, true) => Gateway::Down { since: now },
            // A device grant takes as long as the student does.
            (_, false) if took >= SLOW && kind != ActKind::DeviceGrant => Gateway::Slow,
            (_, false) => Gateway::Up,
        };
        if reply.is_offline() {
            known.failures = known.failures.saturating_add(1);
            known.free_from = now.saturating_add(backoff::pause(known.failures, random));
        } else {
            known.failures = 0;
            known.free_from = match reply.asks_for_pause() {
                None => Duration::ZERO,
                // One that names no time is given as long as a gateway that failed for a while.
                Some(pause) => {
                    now.saturating_add(pause.unwrap_or_else(|| backoff::pause(4, random)))
                }
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::campus::Powers;
    use crate::visit::{Binding, Failure};

    const QUICK: Duration = Duration::from_millis(80);

    fn secs(secs: u64) -> Duration {
        Duration::from_secs(secs)
    }

    fn everything() -> Links {
        let powers = Powers {
            read: true,
            write: true,
        };
        Links::configured(true, false, powers, true)
    }

    fn fails(links: &mut Links, now: u64, random: u64) {
        let reply = Reply::offline(ActKind::BindNumber);
        links.note(ActKind::BindNumber, &reply, QUICK, secs(now), random);
    }

    #[test]
    fn each_gateway_is_known_by_itself() {
        let powers = Powers {
            read: true,
            write: false,
        };
        let mut links = Links::configured(true, false, powers, true);
        for (kind, reply, took, now) in [
            (
                ActKind::SignIn,
                Reply::SignedIn(Err(Failure::Offline)),
                QUICK,
                5,
            ),
            (
                ActKind::SignIn,
                Reply::SignedIn(Err(Failure::Offline)),
                QUICK,
                9,
            ),
            (ActKind::SendCode, Reply::CodeSent(Ok(())), secs(4), 9),
            (
                ActKind::BindNumber,
                Reply::NumberBound(Err(Failure::Offline)),
                QUICK,
                9,
            ),
        ] {
            links.note(kind, &reply, took, secs(now), 7);
        }
        let reach = links.reach();
        assert_eq!(reach.identity, Gateway::Down { since: secs(5) });
        assert_eq!(reach.sms, Gateway::Slow);
        assert_eq!(reach.directory_read, Gateway::Up);
        assert_eq!(reach.directory_write, Gateway::Absent);
    }

    #[test]
    fn an_open_circuit_waits_longer_each_time_and_lets_one_probe_through() {
        let mut links = everything();
        let write = Link::DirectoryWrite;
        assert_eq!(links.room(write, 0, secs(0)), MOST_AT_ONCE);
        assert_eq!(links.room(write, MOST_AT_ONCE, secs(0)), 0);
        // As random as can be: the whole pause.
        for (now, free_from) in [(10, 12), (20, 24), (30, 38)] {
            let most = 1000 * (free_from - now);
            fails(&mut links, now, most);
            assert_eq!(links.free_from(write), secs(free_from));
            assert_eq!(links.room(write, 0, secs(free_from - 1)), 0);
            assert_eq!(links.room(write, 0, secs(free_from)), 1, "half open");
            assert_eq!(links.room(write, 1, secs(free_from)), 0, "one probe");
        }
        assert_eq!(links.room(Link::Identity, 0, secs(31)), MOST_AT_ONCE);
        let down = Gateway::Down { since: secs(10) };
        assert_eq!(links.reach().directory_write, down);
        let bound = Reply::NumberBound(Ok(Binding::Set));
        links.note(ActKind::BindNumber, &bound, QUICK, secs(40), 7);
        assert_eq!(links.reach().directory_write, Gateway::Up);
        assert_eq!(links.room(write, 0, secs(40)), MOST_AT_ONCE);
        fails(&mut links, 50, 2000);
        assert_eq!(links.free_from(write), secs(52), "from the beginning");
    }

    #[test]
    fn what_the_service_asks_for_is_waited_and_it_is_not_down() {
        let mut links = everything();
        let later = Reply::NumberBound(Err(Failure::Limited {
            retry_after: Some(secs(90)),
        }));
        links.note(ActKind::BindNumber, &later, QUICK, secs(10), 7);
        assert_eq!(links.reach().directory_write, Gateway::Up);
        assert_eq!(links.room(Link::DirectoryWrite, 0, secs(99)), 0);
        assert_eq!(links.room(Link::DirectoryWrite, 0, secs(100)), MOST_AT_ONCE);
    }
}
