//! A waiting student lets the next one go first; a student bound by an old number begins again with another one.

use super::campus::{another_number, everything, guide};
use super::rig::{Rig, desk, phone};
use super::whole::stages;
use crate::visit::{
    Answer, Command, Connectivity, DirectoryRefusal, Failure, MemberStatus, ParkedFor, Place,
    Question, Reply, Rules, Status, StepKind, Way,
};

#[test]
fn whoever_waits_lets_the_next_one_go_first_and_nobody_else_does() {
    // By the phone, step after step, as far as they come.
    let mut rig = Rig::with(verify_all(), Connectivity::default(), Way::Phone);
    let mut stepped = Vec::new();
    for _ in 0..12 {
        let Place::Step { step, .. } = rig.place() else {
            break;
        };
        let place = rig.place();
        rig.does(Command::StepAside);
        assert_eq!(step.takes_its_time(), rig.place() == Place::Parked);
        if rig.place() == Place::Parked {
            let Status::Parked { why, .. } = &rig.visit.status else {
                panic!()
            };
            assert_eq!(*why, ParkedFor::Queue);
            stepped.push(step);
            rig.does(Command::StepAside);
            rig.does(Command::ResumeByVolunteer);
            assert_eq!(rig.place(), place, "at their step");
        }
        rig.does(Command::Choose { choice: 0 });
    }
    stepped.dedup();
    assert_eq!(
        stepped,
        [StepKind::Unbind, StepKind::Hold, StepKind::Verify]
    );
    // By the desk: only the code is waited for.
    for mut rig in stages() {
        let place = rig.place();
        let waits_for_a_code = place == desk(StepKind::Verify);
        rig.does(Command::StepAside);
        assert_eq!(rig.place() == Place::Parked, waits_for_a_code, "{place:?}");
    }
    // Also where nothing was given yet: who waits gets a number.
    let mut rig = Rig::with(verify_all(), Connectivity::default(), Way::Phone);
    assert!(!rig.visit.holds_something());
    rig.does(Command::StepAside);
    assert_eq!(rig.place(), Place::Parked);
}

/// Every phone page in a row, the unbinding first, and the other number at the end.
fn verify_all() -> Rules {
    let mut rules = another_number();
    rules.routes.retain(|route| {
        let asked = route.when.get(&Question::WechatNumber);
        asked.is_some_and(|answers| answers.contains(&Answer::No))
    });
    rules
}

#[test]
fn what_is_bound_may_be_an_old_number() {
    let mut rules = guide();
    for route in &mut rules.routes {
        let all = Question::Standing.answers().to_vec();
        route.when.insert(Question::Standing, all);
    }
    let begins = |rig: &mut Rig| {
        rig.does(Command::BeginAsNewNumber);
        (
            rig.visit.student.clone(),
            rig.visit.answer(Question::Standing),
        )
    };
    let new = (None, Some(Answer::NewNumber));
    // The directory said so of who signed in.
    let mut rig = Rig::with(rules.clone(), everything(), Way::Desk);
    rig.agrees().signs_in(1).member_is(MemberStatus::Active);
    assert_eq!(rig.place(), Place::AlreadyBound);
    assert_eq!(begins(&mut rig), new);
    assert_eq!(rig.place(), desk(StepKind::Notice));
    // The phone did.
    let mut rig = Rig::with(rules.clone(), Connectivity::default(), Way::Phone);
    rig.does(Command::Choose { choice: 1 });
    assert_eq!(rig.place(), Place::AlreadyBound);
    assert_eq!(begins(&mut rig), new);
    assert_eq!(rig.place(), phone(StepKind::Identity));
    // The mobile number belongs to another account, which may be the old one's.
    let mut rig = Rig::with(rules.clone(), everything(), Way::Desk);
    rig.comes_to_number().gives(1);
    assert_eq!(
        rig.does(Command::BeginAsNewNumber).facts,
        [],
        "not told yet"
    );
    let taken = Failure::Rejected(DirectoryRefusal::NumberTaken);
    rig.answers(Reply::NumberBound(Err(taken)));
    assert!(rig.visit.number_is_taken());
    assert_eq!(begins(&mut rig), new);
    assert_eq!(rig.place(), desk(StepKind::Notice));
    assert_eq!(rig.visit.mobile, None);
    // Nowhere else, and not where the campus has no such way.
    let mut rig = Rig::with(rules, everything(), Way::Desk);
    rig.comes_to_number();
    assert_eq!(rig.does(Command::BeginAsNewNumber).facts, []);
    let mut rig = Rig::new();
    rig.agrees().signs_in(1).member_is(MemberStatus::Active);
    assert_eq!(rig.does(Command::BeginAsNewNumber).facts, []);
}
