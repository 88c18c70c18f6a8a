//! Codes that the campus makes, sends and checks: what each of its answers leads to, and what is typed is kept nowhere.

use std::time::Duration;

use super::campus::{checked_by_campus, guide, mobile};
use super::rig::{Rig, desk};
use crate::visit::{
    Act, ActKind, CodeRefusal, CodeVerdict, Command, Fact, Failure, OutboxEntry, Place, Reply,
    Secret, StepKind, Trouble, Way,
};

const TYPED: &str = "864209";

/// A visit at the code step with the first message sent.
fn with_code() -> Rig {
    let mut rig = Rig::with(guide(), checked_by_campus(), Way::Desk);
    rig.comes_to_code().gets_code();
    rig
}

/// The same, and a code was typed: the campus is asked.
fn asked() -> Rig {
    let mut rig = with_code();
    types(&mut rig);
    assert!(rig.under_way(ActKind::CheckCode).is_some());
    rig
}

fn types(rig: &mut Rig) {
    rig.types(Secret::new(TYPED.into()));
}

fn is_told(rig: &mut Rig, answer: Result<CodeVerdict, Failure<CodeRefusal>>) {
    rig.answers(Reply::CodeChecked(answer));
}

#[test]
fn what_is_typed_goes_to_the_campus_and_is_kept_nowhere() {
    let rig = asked();
    let id = rig.under_way(ActKind::CheckCode).unwrap();
    assert_eq!(rig.last.facts, [Fact::CodeCheckAsked { effect: id }]);
    let [effect] = rig.last.effects.as_slice() else {
        panic!("{:?}", rig.last);
    };
    match &effect.act {
        Act::CheckCode { mobile: to, code } => {
            assert_eq!((to, code.expose()), (&mobile(1), TYPED));
        }
        other => panic!("{other:?}"),
    }
    assert!(!effect.deadline.is_zero() && effect.deadline <= Duration::from_secs(20));
    let kept = serde_json::to_string(&(&rig.visit, &rig.facts)).unwrap();
    let shown = format!("{:?} {:?}", rig.last, rig.visit);
    assert!(!kept.contains(TYPED) && !shown.contains(TYPED));
    assert!(!OutboxEntry::may_queue(ActKind::CheckCode));
}

#[test]
fn a_right_code_is_confirmed() {
    let mut rig = asked();
    is_told(&mut rig, Ok(CodeVerdict::Right));
    let confirming = rig.under_way(ActKind::ConfirmMember).unwrap();
    assert_eq!(
        rig.last.facts,
        [
            Fact::CodeTried {
                right: true,
                left: 5
            },
            Fact::CodeAccepted,
            Fact::ConfirmAsked { effect: confirming },
        ]
    );
    rig.answers(Reply::Confirmed(Ok(())));
    assert_eq!(rig.place(), Place::Bound);
}

#[test]
fn wrong_codes_count_by_the_desks_own_rule() {
    let mut rig = asked();
    for left in (1..5).rev() {
        is_told(&mut rig, Ok(CodeVerdict::Wrong));
        assert_eq!(rig.visit.trouble, Some(Trouble::CodeWrong { left }));
        types(&mut rig);
    }
    is_told(&mut rig, Ok(CodeVerdict::Wrong));
    assert_eq!(rig.visit.trouble, Some(Trouble::CodeSpent));
    types(&mut rig);
    assert_eq!(rig.last.facts, [], "the campus is not asked any more");
    rig.waits(60).gets_code();
    types(&mut rig);
    assert!(rig.under_way(ActKind::CheckCode).is_some(), "another code");
}

#[test]
fn a_code_that_the_campus_takes_no_more_is_over_and_another_one_is_sent() {
    for refusal in [CodeRefusal::Expired, CodeRefusal::TooManyTries] {
        let mut rig = asked();
        let why = Failure::Rejected(refusal);
        is_told(&mut rig, Err(why.clone()));
        assert_eq!(rig.last.facts, [Fact::CodeNotChecked { why: why.clone() }]);
        assert_eq!(rig.visit.trouble, Some(Trouble::CodeCheck(why)));
        assert_eq!(rig.place(), desk(StepKind::Verify));
        types(&mut rig);
        assert_eq!(rig.last.facts, [], "{refusal:?}");
        rig.waits(60).gets_code();
        types(&mut rig);
        is_told(&mut rig, Ok(CodeVerdict::Right));
        assert!(rig.under_way(ActKind::ConfirmMember).is_some());
    }
}

#[test]
fn where_nobody_knows_no_try_is_lost_and_the_code_is_typed_again() {
    for why in [
        Failure::Offline,
        Failure::Unavailable,
        Failure::Limited { retry_after: None },
        Failure::Misconfigured("no ticket".into()),
    ] {
        let mut rig = with_code();
        for _ in 0..7 {
            types(&mut rig);
            is_told(&mut rig, Err(why.clone()));
            assert_eq!(rig.visit.trouble, Some(Trouble::CodeCheck(why.clone())));
            assert_eq!(rig.outbox(), [], "never tried by itself");
            // Nor by a key that repeats: the code has to be typed.
            rig.does(Command::Retry);
            assert_eq!(rig.last.facts, []);
        }
        assert_eq!(rig.visit.code.as_ref().unwrap().wrong, 0);
        types(&mut rig);
        is_told(&mut rig, Ok(CodeVerdict::Right));
        assert!(rig.under_way(ActKind::ConfirmMember).is_some());
    }
}

#[test]
fn a_campus_that_asks_for_a_pause_is_not_asked_before_it_is_over() {
    let mut rig = asked();
    let limited = |secs| Failure::Limited {
        retry_after: Some(Duration::from_secs(secs)),
    };
    is_told(&mut rig, Err(limited(30)));
    rig.waits(10);
    types(&mut rig);
    assert_eq!(
        rig.last.facts,
        [Fact::CodeNotChecked { why: limited(20) }],
        "with how long to wait"
    );
    rig.waits(20);
    types(&mut rig);
    assert!(rig.under_way(ActKind::CheckCode).is_some());
}

#[test]
fn a_power_cut_loses_the_typed_code_alone() {
    let mut rig = asked();
    rig.restarts();
    assert_eq!(
        rig.last.facts[0],
        Fact::CodeNotChecked {
            why: Failure::Offline
        }
    );
    assert_eq!(rig.in_flight, [], "not asked by itself");
    assert_eq!(rig.outbox(), []);
    rig.does(Command::ResumeByVolunteer);
    assert_eq!(rig.place(), desk(StepKind::Verify));
    types(&mut rig);
    assert!(rig.under_way(ActKind::CheckCode).is_some());
}

/// What the check needs may come with the answer to the message.
#[test]
fn the_message_is_waited_for_and_each_one_has_a_code_of_its_own() {
    let mut rig = Rig::with(guide(), checked_by_campus(), Way::Desk);
    rig.comes_to_code().does(Command::SendCode);
    let first = rig.visit.code.clone().unwrap();
    types(&mut rig);
    assert_eq!(rig.last.facts, []);
    rig.answers(Reply::CodeSent(Ok(())));
    rig.waits(60).gets_code();
    let second = rig.visit.code.clone().unwrap();
    assert_ne!(first.nonce, second.nonce);
    assert!(first.expires < second.expires);
}

#[test]
fn the_answer_counts_for_a_student_who_stepped_aside_and_not_for_another_number() {
    let mut rig = asked();
    rig.does(Command::Leave);
    is_told(&mut rig, Ok(CodeVerdict::Right));
    assert!(rig.under_way(ActKind::ConfirmMember).is_some());

    let mut rig = asked();
    let check = rig.under_way(ActKind::CheckCode).unwrap();
    rig.does(Command::ChangeNumber);
    assert_eq!(rig.last.cancel, [check]);
    let late = Command::Reply {
        id: check,
        reply: Reply::CodeChecked(Ok(CodeVerdict::Right)),
    };
    assert_eq!(rig.does(late).facts, []);
}
