//! When a gateway counts as down, and what makes it one that answers again.

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
