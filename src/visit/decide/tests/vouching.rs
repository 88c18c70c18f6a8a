//! A volunteer vouches for an identity: only while no sign-in works, and it binds only where the pack allows it.

use std::time::Duration;

use super::campus::{everything, guide, sign_in, student};
use super::rig::{Rig, desk};
use crate::visit::{
    Command, Connectivity, Fact, Failure, FreeText, Gateway, MemberStatus, ParkedFor, Proof, Reply,
    Rules, Status, StepKind, TicketContact, Trouble, Way,
};

fn offline() -> Connectivity {
    let down = Gateway::Down {
        since: Duration::ZERO,
    };
    Connectivity {
        identity: down,
        ..everything()
    }
}

fn at_identity(rules: Rules, reach: Connectivity) -> Rig {
    let mut rig = Rig::with(rules, reach, Way::Desk);
    rig.agrees();
    rig
}

fn vouches(rig: &mut Rig) {
    rig.does(Command::Vouch {
        student: student(1),
    });
}

#[test]
fn it_parks_with_the_number_and_the_sign_in_binds() {
    let mut rig = at_identity(guide(), offline());
    vouches(&mut rig);
    rig.member_is(MemberStatus::NotActive);
    assert_eq!(rig.place(), desk(StepKind::Number));
    rig.gives(1);
    assert!(rig.last.effects.is_empty(), "nothing is bound by it");
    let Status::Parked { why, .. } = &rig.visit.status else {
        panic!("{:?}", rig.visit.status);
    };
    assert_eq!(*why, ParkedFor::SignIn);
    assert!(rig.drains().last.effects.is_empty());
    // Papers and the PIN once more are no sign-in either.
    rig.does(Command::ResumeByVolunteer);
    assert!(rig.last.effects.is_empty());
    rig.gives(1);
    assert!(!rig.visit.is_open());

    rig.reach = everything();
    rig.does(Command::SignIn(sign_in(1)));
    rig.answers(Reply::SignedIn(Ok(student(1))));
    assert!(!rig.visit.vouched);
    rig.is_bound();
    assert!(rig.visit.has_done(StepKind::Number));
}

#[test]
fn somebody_else_does_not_take_it_up() {
    let mut rig = at_identity(guide(), offline());
    vouches(&mut rig);
    rig.member_is(MemberStatus::NotActive);
    rig.gives(1).reach = everything();
    rig.does(Command::SignIn(sign_in(2)));
    rig.answers(Reply::SignedIn(Ok(student(2))));
    assert_eq!(rig.visit.trouble, Some(Trouble::SomebodyElse));
    assert!(rig.visit.vouched && !rig.visit.is_open());
}

#[test]
fn where_the_pack_takes_it_the_bind_waits_for_the_campus() {
    let rules = Rules {
        vouching_binds: true,
        ..guide()
    };
    let mut rig = at_identity(rules, offline());
    vouches(&mut rig);
    rig.answers(Reply::MemberFound(Err(Failure::Offline)));
    rig.gives(1).is_not_bound();
    assert!(rig.visit.is_open() && rig.visit.vouched);
    rig.does(Command::Leave);
    rig.drains().is_bound();
    assert!(rig.visit.has_done(StepKind::Number));
}

#[test]
fn nobody_is_vouched_for_who_can_sign_in() {
    let mut rig = at_identity(guide(), everything());
    vouches(&mut rig);
    assert_eq!(rig.visit.student, None);
    // The sign-in that gave no answer says so as well as the link does.
    rig.does(Command::SignIn(sign_in(1)));
    rig.answers(Reply::SignedIn(Err(Failure::Offline)));
    vouches(&mut rig);
    assert_eq!(rig.visit.proof, Some(Proof::Volunteer));
    let mut again = rig.visit.clone();
    rig.does(Command::Vouch {
        student: student(2),
    });
    again.touched = rig.visit.touched;
    assert_eq!(again, rig.visit, "it never changes hands");
}

/// What the hotline is told stays as it was, also when a sign-in comes later.
#[test]
fn a_ticket_knows_that_there_was_no_sign_in() {
    let mut rig = at_identity(guide(), offline());
    vouches(&mut rig);
    rig.does(Command::OpenTicket {
        reason: FreeText::new("连不上"),
        contact: TicketContact::default(),
    });
    rig.reach = everything();
    rig.does(Command::SignIn(sign_in(1)));
    rig.answers(Reply::SignedIn(Ok(student(1))));
    assert!(!rig.visit.vouched);
    assert!(rig.visit.ticket.as_ref().unwrap().vouched);
}

#[test]
fn a_sign_in_that_is_under_way_is_given_up() {
    let mut rig = at_identity(guide(), offline());
    rig.does(Command::SignIn(sign_in(1)));
    vouches(&mut rig);
    let vouched = |fact: &Fact| matches!(fact, Fact::Vouched { .. });
    assert!(rig.facts.iter().any(|r| vouched(&r.fact)));
    assert_eq!(rig.in_flight.len(), 1, "the look at the member alone");
}
