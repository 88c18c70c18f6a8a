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
mod tests {
    use super::*;
    use crate::campus::Powers;
    use crate::visit::{Binding, Failure, SignInRefusal};

    const QUICK: Duration = Duration::from_millis(80);

    fn secs(secs: u64) -> Duration {
        Duration::from_secs(secs)
    }

    fn everything() -> Breakers {
        let powers = Powers {
            read: true,
            write: true,
        };
        Breakers::configured(true, false, powers, true)
    }

    fn fails(breakers: &mut Breakers, now: u64, random: u64) {
        let reply = Reply::offline(ActKind::BindNumber);
        breakers.note(ActKind::BindNumber, &reply, QUICK, secs(now), random);
    }

    #[test]
    fn each_gateway_is_known_by_itself() {
        let powers = Powers {
            read: true,
            write: false,
        };
        let mut breakers = Breakers::configured(true, false, powers, true);
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
            breakers.note(kind, &reply, took, secs(now), 7);
        }
        let reach = breakers.reach();
        assert_eq!(reach.identity, Gateway::Down { since: secs(5) });
        assert_eq!(reach.sms, Gateway::Slow);
        assert_eq!(reach.directory_read, Gateway::Up);
        assert_eq!(reach.directory_write, Gateway::Absent);
    }

    /// With the network gone, what was not asked since is not called well.
    #[test]
    fn what_was_not_asked_since_the_fault_is_not_known() {
        let mut breakers = everything();
        let rest = [Link::DirectoryRead, Link::DirectoryWrite, Link::Sms];
        let found = Reply::MemberFound(Err(Failure::Limited { retry_after: None }));
        assert!(
            breakers.untried().contains(&Link::Identity),
            "nobody signed in yet"
        );
        let refused = Reply::SignedIn(Err(Failure::Rejected(SignInRefusal::Locked)));
        breakers.note(ActKind::SignIn, &refused, QUICK, secs(5), 7);
        breakers.note(ActKind::FindMember, &found, QUICK, secs(6), 7);
        assert_eq!(breakers.untried(), [Link::DirectoryWrite, Link::Sms]);
        let lost = Reply::offline(ActKind::SignIn);
        breakers.note(ActKind::SignIn, &lost, QUICK, secs(10), 2000);
        assert_eq!(breakers.untried(), rest, "the one that is down is known");
        breakers.note(ActKind::FindMember, &found, QUICK, secs(11), 7);
        assert_eq!(breakers.untried(), [Link::DirectoryWrite, Link::Sms]);
        // It is over: what answered before it stands.
        breakers.probed(Port::Identity, &said(Ok(())), secs(20), 7);
        assert_eq!(breakers.untried(), [Link::DirectoryWrite, Link::Sms]);
        assert_eq!(Breakers::default().untried(), [], "nothing is connected");
    }

    #[test]
    fn an_open_circuit_waits_longer_each_time_and_lets_one_probe_through() {
        let mut breakers = everything();
        let write = Link::DirectoryWrite;
        assert_eq!(breakers.permits(write, 0, secs(0)), MOST_AT_ONCE);
        assert_eq!(breakers.permits(write, MOST_AT_ONCE, secs(0)), 0);
        // As random as can be: the whole pause.
        for (now, retry_at) in [(10, 12), (20, 24), (30, 38)] {
            let most = 1000 * (retry_at - now);
            fails(&mut breakers, now, most);
            assert_eq!(breakers.retry_at(write), secs(retry_at));
            assert_eq!(breakers.permits(write, 0, secs(retry_at - 1)), 0);
            assert_eq!(breakers.permits(write, 0, secs(retry_at)), 1, "half open");
            assert_eq!(breakers.permits(write, 1, secs(retry_at)), 0, "one probe");
        }
        assert_eq!(breakers.permits(Link::Identity, 0, secs(31)), MOST_AT_ONCE);
        let down = Gateway::Down { since: secs(10) };
        assert_eq!(breakers.reach().directory_write, down);
        let bound = Reply::NumberBound(Ok(Binding::Set));
        let is_back = breakers.note(ActKind::BindNumber, &bound, QUICK, secs(40), 7);
        assert!(is_back, "after three failures");
        assert_eq!(breakers.reach().directory_write, Gateway::Up);
        assert_eq!(breakers.permits(write, 0, secs(40)), MOST_AT_ONCE);
        fails(&mut breakers, 50, 2000);
        assert_eq!(breakers.retry_at(write), secs(52), "from the beginning");
    }

    #[test]
    fn what_the_service_asks_for_is_waited_and_it_is_not_down() {
        let mut breakers = everything();
        let later = Reply::NumberBound(Err(Failure::Limited {
            retry_after: Some(secs(90)),
        }));
        breakers.note(ActKind::BindNumber, &later, QUICK, secs(10), 7);
        assert_eq!(breakers.reach().directory_write, Gateway::Up);
        assert_eq!(breakers.permits(Link::DirectoryWrite, 0, secs(99)), 0);
        assert_eq!(
            breakers.permits(Link::DirectoryWrite, 0, secs(100)),
            MOST_AT_ONCE
        );
    }

    fn said(said: Result<(), Failure<()>>) -> [Probed; 1] {
        [Probed {
            gateway: "any",
            said,
            ahead: None,
            fault: None,
        }]
    }

    #[test]
    fn nothing_is_probed_while_every_gateway_answers() {
        let mut breakers = everything();
        let nobody = |_| false;
        assert_eq!(breakers.next_probe(nobody), None);
        let slow = Reply::CodeSent(Ok(()));
        breakers.note(ActKind::SendCode, &slow, secs(9), secs(9), 7);
        assert_eq!(breakers.next_probe(nobody), None);
        assert_eq!(breakers.begin_probes(secs(1000), nobody), []);
    }

    #[test]
    fn a_gateway_that_is_down_is_probed_ever_more_seldom_until_it_answers() {
        let mut breakers = everything();
        let nobody = |_| false;
        let lost = Reply::offline(ActKind::SignIn);
        breakers.note(ActKind::SignIn, &lost, QUICK, secs(10), 2000);
        // As random as can be: the whole pause.
        for (at, ended, pause) in [(12, 13, 4), (17, 18, 8), (26, 30, 16)] {
            assert_eq!(breakers.next_probe(nobody), Some(secs(at)));
            assert_eq!(breakers.begin_probes(secs(at - 1), nobody), []);
            assert_eq!(breakers.begin_probes(secs(at), nobody), [Port::Identity]);
            assert_eq!(breakers.next_probe(nobody), None, "one at a time");
            let offline = said(Err(Failure::Offline));
            let back = breakers.probed(Port::Identity, &offline, secs(ended), 1000 * pause);
            assert_eq!(back, []);
        }
        let down = Gateway::Down { since: secs(10) };
        assert_eq!(breakers.reach().identity, down, "since the first call");
        assert_eq!(breakers.begin_probes(secs(46), nobody), [Port::Identity]);
        let refused = said(Err(Failure::Limited { retry_after: None }));
        let back = breakers.probed(Port::Identity, &refused, secs(47), 7);
        assert_eq!(back, [Link::Identity], "it answers");
        assert_eq!(breakers.reach().identity, Gateway::Up);
        assert_eq!(breakers.next_probe(nobody), None);
        // It answers probes and nothing else: the pauses go on from where they were.
        breakers.note(ActKind::SignIn, &lost, QUICK, secs(50), u64::MAX);
        assert!(breakers.next_probe(nobody) > Some(secs(51)));
    }

    /// A certificate that is not believed is no answer, to a call as to a probe.
    #[test]
    fn a_gateway_that_cannot_be_talked_to_in_private_is_down() {
        let mut breakers = everything();
        let lost = Reply::offline(ActKind::SignIn);
        breakers.note(ActKind::SignIn, &lost, QUICK, secs(10), 2000);
        let mut untrusted = said(Err(Failure::Offline));
        untrusted[0].fault = Some(TlsFault::UnknownIssuer);
        assert_eq!(breakers.begin_probes(secs(12), |_| false), [Port::Identity]);
        let back = breakers.probed(Port::Identity, &untrusted, secs(13), 4000);
        assert_eq!(back, []);
        assert!(breakers.reach().identity.is_down());
        let why = TlsFault::UnknownIssuer;
        assert_eq!(breakers.not_private(), [(Link::Identity, why)]);
        let refused = Reply::SignedIn(Err(Failure::Rejected(SignInRefusal::Locked)));
        breakers.note(ActKind::SignIn, &refused, QUICK, secs(14), 7);
        assert_eq!(breakers.reach().identity, Gateway::Up);
        assert_eq!(breakers.not_private(), [], "it answered a call");
        // With another server behind the port that answers, it is up.
        breakers.note(ActKind::SignIn, &lost, QUICK, secs(20), 2000);
        let answers = [untrusted, said(Ok(()))].concat();
        breakers.probed(Port::Identity, &answers, secs(23), 7);
        assert_eq!(breakers.reach().identity, Gateway::Up);
        assert_eq!(breakers.not_private(), []);
    }

    #[test]
    fn a_call_under_way_is_probe_enough_and_a_port_that_cannot_be_probed_is_left() {
        let mut breakers = everything();
        fails(&mut breakers, 10, 1000);
        assert_eq!(
            breakers.next_probe(|link| link == Link::DirectoryWrite),
            None
        );
        let at = breakers.next_probe(|link| link == Link::Sms).unwrap();
        assert_eq!(breakers.begin_probes(at, |_| false), [Port::Directory]);
        assert_eq!(breakers.probed(Port::Directory, &[], at, 7), []);
        assert!(breakers.reach().directory_write.is_down());
        assert_eq!(breakers.next_probe(|_| false), None);
    }

    #[test]
    fn one_server_that_answers_is_enough_and_both_secrets_have_it() {
        let mut breakers = everything();
        for kind in [ActKind::BindNumber, ActKind::FindMember] {
            for _ in 0..3 {
                breakers.note(kind, &Reply::offline(kind), QUICK, secs(5), 7);
            }
        }
        assert_eq!(
            breakers.begin_probes(secs(900), |_| false),
            [Port::Directory]
        );
        let answers = [said(Err(Failure::Offline)), said(Ok(()))].concat();
        let back = breakers.probed(Port::Directory, &answers, secs(901), 7);
        assert_eq!(back, [Link::DirectoryRead, Link::DirectoryWrite]);
    }
}
