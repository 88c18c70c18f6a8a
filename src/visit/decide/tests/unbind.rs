//! Unbinding the old number by the desk: what is asked, typed and shown, and what is never done by itself.

use super::campus::{another_number, everything, sign_in, student};
use super::rig::{Rig, desk, phone};
use crate::visit::{
    Act, ActKind, Command, DirectoryRefusal, Fact, Failure, Gateway, Member, MemberStatus,
    ParkedFor, Place, Proof, Reply, Secret, Status, StepKind, Trouble, Unbinding, Way,
};

/// The old number; the new one is the first student's.
const OLD: u32 = 17;

fn typed(text: &str) -> Command {
    Command::Unbind {
        typed: Secret::new(text.into()),
    }
}

/// At the sign-in as the old number.
fn begun() -> Rig {
    let mut rig = Rig::with(another_number(), everything(), Way::Desk);
    assert_eq!(rig.place(), desk(StepKind::Notice), "before any data");
    rig.agrees();
    rig
}

/// At the confirmation.
fn signed_in() -> Rig {
    let mut rig = begun();
    rig.signs_in(OLD);
    rig
}

/// With the deletion under way.
fn asked() -> Rig {
    let mut rig = signed_in();
    rig.does(typed("0017"));
    assert!(rig.under_way(ActKind::Unbind).is_some());
    rig
}

fn found(status: MemberStatus) -> Reply {
    Reply::MemberFound(Ok(Member {
        status,
        mobile: None,
    }))
}

fn deletions(rig: &Rig) -> usize {
    let asked = |fact: &&Fact| matches!(fact, Fact::UnbindAsked { .. });
    rig.facts.iter().map(|r| &r.fact).filter(asked).count()
}

/// The old number's owner takes the visit up.
fn resumes(rig: &mut Rig) {
    rig.does(Command::SignIn(sign_in(OLD)));
    rig.answers(Reply::SignedIn(Ok(student(OLD))));
}

#[test]
fn signed_in_confirmed_deleted_and_the_new_number_stays_apart() {
    let mut rig = signed_in();
    assert_eq!(rig.place(), desk(StepKind::Unbind));
    assert_eq!((rig.visit.student.clone(), rig.in_flight.len()), (None, 0));
    rig.does(typed("0017"));
    let [effect] = rig.last.effects.as_slice() else {
        panic!("{:?}", rig.last)
    };
    assert!(matches!(&effect.act, Act::Unbind { student: old } if *old == student(OLD).number));
    rig.answers(Reply::Unbound(Ok(())));
    assert!(rig.visit.is_unbound());
    assert_eq!(rig.place(), phone(StepKind::Hold), "not at once");
    assert_eq!(rig.does(Command::Back).facts, [], "deleted is deleted");
    rig.does(Command::Choose { choice: 0 });
    assert_eq!(rig.place(), desk(StepKind::Identity));
    // The old number again, by mistake.
    rig.does(Command::SignIn(sign_in(OLD)));
    rig.answers(Reply::SignedIn(Ok(student(OLD))));
    assert_eq!(rig.visit.trouble, Some(Trouble::OldNumber));
    assert_eq!((rig.visit.student.clone(), rig.in_flight.len()), (None, 0));
    rig.signs_in(1).member_is(MemberStatus::NotActive);
    assert_eq!(rig.visit.student, Some(student(1)));
    assert_eq!(rig.visit.old.as_ref().unwrap().student, student(OLD));
    assert_eq!(rig.place(), desk(StepKind::Number));
}

#[test]
fn a_confirmation_typed_wrong_does_nothing() {
    for wrong in ["", "0018", "20260017", "17", "确认", "=cmd"] {
        let mut rig = signed_in();
        let before = rig.visit.clone();
        let decision = rig.does(typed(wrong));
        assert!(decision.facts.is_empty() && decision.effects.is_empty());
        assert_eq!(rig.visit, before, "{wrong}");
    }
    // Nor does a right one without a sign-in, a second one, or one anywhere else.
    for mut rig in [begun(), asked(), Rig::new()] {
        let decision = rig.does(typed("0017"));
        assert!(decision.facts.is_empty() && decision.effects.is_empty());
    }
}

#[test]
fn esc_at_the_confirmation_lets_another_account_sign_in() {
    let mut rig = begun();
    rig.signs_in(1);
    assert_eq!(rig.does(Command::Back).facts, [Fact::OldLetGo]);
    assert_eq!(rig.place(), desk(StepKind::Unbind));
    let decision = rig.does(typed("0001"));
    assert!(decision.effects.is_empty(), "let go");
    rig.signs_in(OLD).does(typed("0017"));
    assert_eq!(deletions(&rig), 1);
}

#[test]
fn a_refusal_has_its_words_and_another_try() {
    for why in [
        Failure::Rejected(DirectoryRefusal::Creator),
        Failure::Rejected(DirectoryRefusal::Other(1)),
        Failure::Limited { retry_after: None },
        Failure::Misconfigured("48002".into()),
    ] {
        let mut rig = asked();
        rig.answers(Reply::Unbound(Err(why.clone())));
        assert_eq!(rig.visit.trouble, Some(Trouble::Directory(why)));
        assert_eq!(
            (rig.place(), rig.in_flight.len()),
            (desk(StepKind::Unbind), 0)
        );
        rig.does(Command::Retry);
        assert_eq!(rig.in_flight, [], "only a confirmation deletes");
        rig.does(typed("0017"));
        rig.answers(Reply::Unbound(Ok(())));
        assert_eq!(rig.place(), phone(StepKind::Hold));
    }
}

/// Esc, a deadline, a power cut: the deletion's fate is looked up, and it is never repeated by itself.
#[test]
fn an_unknown_fate_is_looked_for() {
    type Cut = (&'static str, fn(&mut Rig));
    let cuts: [Cut; 4] = [
        ("esc", |rig| _ = rig.does(Command::Back)),
        ("no answer", |rig| {
            _ = rig.answers(Reply::offline(ActKind::Unbind))
        }),
        ("power", |rig| {
            rig.restarts();
            assert_eq!(rig.in_flight, []);
            resumes(rig);
        }),
        ("power, and the papers", |rig| {
            rig.restarts();
            rig.does(Command::ResumeByVolunteer);
        }),
    ];
    for (name, cut) in cuts {
        let lost = || {
            let mut rig = asked();
            cut(&mut rig);
            assert_eq!(rig.visit.unsettled, None, "{name}");
            assert_eq!(rig.in_flight.len(), 1, "{name}");
            assert!(rig.under_way(ActKind::FindMember).is_some(), "{name}");
            assert!(!rig.visit.is_unbound());
            rig
        };
        let mut rig = lost();
        rig.answers(found(MemberStatus::Absent));
        assert!(rig.visit.is_unbound(), "{name}");
        assert_eq!((rig.place(), deletions(&rig)), (phone(StepKind::Hold), 1));
        // The binding stands, or its state is unknown: the student is asked again.
        for answer in [
            found(MemberStatus::Active),
            found(MemberStatus::NotActive),
            Reply::offline(ActKind::FindMember),
        ] {
            let mut rig = lost();
            rig.answers(answer);
            assert_eq!(rig.visit.trouble, Some(Trouble::UnbindUnknown), "{name}");
            for idle in [Command::Retry, Command::CheckAgain, typed("0018")] {
                rig.does(idle);
            }
            assert_eq!((rig.in_flight.len(), deletions(&rig)), (0, 1), "{name}");
            rig.does(typed("0017"));
            assert_eq!(deletions(&rig), 2, "{name}: the student's own word");
        }
        // Esc while it is looked up: asked again.
        let mut rig = lost();
        rig.does(Command::Back);
        assert_eq!(
            (rig.place(), rig.in_flight.len()),
            (desk(StepKind::Unbind), 0)
        );
        assert_eq!(rig.visit.trouble, Some(Trouble::UnbindUnknown), "{name}");
    }
}

#[test]
fn bound_again_elsewhere_while_the_desk_was_down_the_new_binding_stands() {
    let mut rig = asked();
    // The deletion succeeded; the power was cut; the student bound the number again at another desk.
    rig.restarts();
    assert_eq!(rig.place(), Place::Parked);
    assert_eq!(rig.in_flight, []);
    for _ in 0..3 {
        rig.restarts();
        rig.waits(600);
        resumes(&mut rig);
        if rig.under_way(ActKind::FindMember).is_some() {
            rig.answers(found(MemberStatus::Active));
        }
        rig.does(Command::Retry);
        rig.does(Command::Park {
            why: ParkedFor::Idle,
        });
    }
    assert_eq!((deletions(&rig), rig.visit.is_unbound()), (1, false));
    resumes(&mut rig);
    rig.does(Command::Back);
    assert_eq!(rig.visit.old, None, "and Esc leaves it so");
}

#[test]
fn the_power_may_go_at_any_point() {
    for cut in 0..8 {
        let mut rig = Rig::with(another_number(), everything(), Way::Desk);
        let steps: [fn(&mut Rig); 7] = [
            |rig| _ = rig.does(Command::Agree),
            |rig| _ = rig.does(Command::SignIn(sign_in(OLD))),
            |rig| _ = rig.answers(Reply::SignedIn(Ok(student(OLD)))),
            |rig| _ = rig.does(typed("0017")),
            |rig| _ = rig.does(Command::Back),
            |rig| _ = rig.answers(found(MemberStatus::Absent)),
            |rig| _ = rig.does(Command::Choose { choice: 0 }),
        ];
        steps.iter().take(cut).for_each(|step| step(&mut rig));
        rig.restarts();
        let began = deletions(&rig);
        assert!(!matches!(rig.visit.status, Status::Open), "{cut}");
        if rig.visit.is_closed() {
            assert!(cut < 3, "{cut}: what was given is kept");
            continue;
        }
        resumes(&mut rig);
        assert!(rig.visit.is_open(), "{cut}");
        assert_eq!(
            rig.visit.student, None,
            "{cut}: the old number is not the new one"
        );
        if rig.under_way(ActKind::FindMember).is_some() {
            rig.answers(found(MemberStatus::Absent));
        }
        assert_eq!(deletions(&rig), began, "{cut}: never by itself");
        let expected = match cut {
            3 => desk(StepKind::Unbind),
            4..=6 => phone(StepKind::Hold),
            _ => desk(StepKind::Identity),
        };
        assert_eq!(rig.place(), expected, "{cut}");
    }
}

#[test]
fn only_the_old_number_takes_it_up_until_the_new_one_is_known() {
    let mut rig = signed_in();
    rig.does(Command::Leave);
    rig.does(Command::SignIn(sign_in(1)));
    rig.answers(Reply::SignedIn(Ok(student(1))));
    assert_eq!(rig.visit.trouble, Some(Trouble::SomebodyElse));
    assert_eq!(rig.place(), Place::Parked);
    resumes(&mut rig);
    assert_eq!(rig.visit.proof, Some(Proof::SignIn));
    assert_eq!(rig.place(), desk(StepKind::Unbind));
}

#[test]
fn an_answer_that_comes_after_it_was_put_aside_counts() {
    let mut rig = asked();
    rig.does(Command::Park {
        why: ParkedFor::Queue,
    });
    rig.answers(Reply::Unbound(Ok(())));
    assert!(rig.visit.is_unbound());
    resumes(&mut rig);
    assert_eq!(rig.place(), phone(StepKind::Hold));

    // Unknown while the visit is parked: looked up when it is resumed.
    let mut rig = asked();
    rig.does(Command::Park {
        why: ParkedFor::Queue,
    });
    rig.answers(Reply::offline(ActKind::Unbind));
    assert_eq!(rig.in_flight, []);
    let old = rig.visit.old.as_ref().unwrap();
    assert_eq!(old.unbinding, Unbinding::Unknown);
    resumes(&mut rig);
    assert!(rig.under_way(ActKind::FindMember).is_some());
}

#[test]
fn without_the_api_the_phone_unbinds() {
    for change in [
        |reach: &mut crate::visit::Connectivity| reach.identity = Gateway::Absent,
        |reach: &mut crate::visit::Connectivity| reach.directory_write = Gateway::Absent,
    ] {
        let mut reach = everything();
        change(&mut reach);
        let mut rig = Rig::with(another_number(), reach, Way::Desk);
        rig.agrees();
        assert_eq!(rig.place(), phone(StepKind::Unbind));
    }
    // And where it would be the desk, F5 leaves it to the phone.
    let mut rig = begun();
    rig.does(Command::Prefer { way: Way::Phone });
    assert_eq!(rig.place(), phone(StepKind::Unbind));
}
