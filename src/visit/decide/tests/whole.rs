//! A visit parked, resumed, begun again, ended, and found again after the power went.

use std::time::Duration;

use super::campus::{everything, guide, mobile, sign_in, student};
use super::rig::{Rig, desk, phone};
use crate::visit::{
    Act, ActKind, Answer, Command, Connectivity, Fact, Failure, Gateway, MemberStatus, Outcome,
    ParkedFor, Place, Proof, Question, Reply, SignInRefusal, Status, StepKind, Trouble, Way,
};

/// A visit of the first student that stands at the n-th of its places; `None` after the last one.
fn stage(n: usize) -> Option<Rig> {
    let mut rig = Rig::new();
    match n {
        0 => _ = rig.comes_to_number(),
        1 => _ = rig.binds_number(),
        2 => _ = rig.binds_number().says(Answer::Yes),
        3 => _ = rig.binds_number().says(Answer::No),
        4 => _ = rig.comes_to_code(),
        5 => _ = rig.comes_to_code().gets_code(),
        6 => {
            rig.comes_to_code().gets_code().types_right();
            rig.answers(Reply::Confirmed(Err(Failure::Offline)));
        }
        7 => _ = rig.agrees().signs_in(1).member_is(MemberStatus::Disabled),
        8 => {
            rig.comes_to_number().gives(1);
            rig.answers(Reply::NumberBound(Err(Failure::Offline)));
        }
        _ => return None,
    }
    Some(rig)
}

pub fn stages() -> impl Iterator<Item = Rig> {
    (0..).map_while(stage)
}

fn park(rig: &mut Rig) {
    let marks = rig.visit.done.clone();
    rig.does(Command::Park {
        why: ParkedFor::Queue,
    });
    let Status::Parked { expires, why, .. } = &rig.visit.status else {
        panic!("not parked: {:?}", rig.visit);
    };
    let life = Duration::try_from(expires.duration_since(rig.now.wall)).unwrap();
    assert_eq!((life, why), (rig.rules.pickup_life, &ParkedFor::Queue));
    assert_eq!((rig.place(), rig.in_flight.len()), (Place::Parked, 0));
    assert_eq!(rig.visit.done, marks, "nothing is lost");
}

#[test]
fn a_parked_visit_goes_on_where_it_stood_by_its_own_students_sign_in() {
    for mut rig in stages() {
        let place = rig.place();
        park(&mut rig);
        rig.waits(3600);
        rig.does(Command::SignIn(sign_in(1)));
        assert_eq!(
            rig.place(),
            Place::Parked,
            "not before the campus has agreed"
        );
        rig.answers(Reply::SignedIn(Ok(student(1))));
        assert_eq!(rig.place(), place);
        assert_eq!(rig.visit.proof, Some(Proof::SignIn));
        assert!(
            rig.visit.in_step_for(rig.now.wall).is_zero(),
            "patience begins anew"
        );
    }
}

#[test]
fn nobody_else_takes_a_parked_visit_up() {
    for mut rig in stages() {
        park(&mut rig);
        let before = rig.visit.clone();
        rig.signs_in(2);
        assert_eq!(rig.last.facts, [Fact::ResumeRefused]);
        assert_eq!(
            (rig.place(), &rig.visit.trouble),
            (Place::Parked, &Some(Trouble::SomebodyElse))
        );
        assert_eq!(rig.visit.student, before.student);
        assert!(
            rig.last.effects.is_empty(),
            "nothing of the visit's is asked for them"
        );
        let wrong = Failure::Rejected(SignInRefusal::WrongPassword);
        rig.does(Command::SignIn(sign_in(1)));
        rig.answers(Reply::SignedIn(Err(wrong)));
        assert_eq!(rig.place(), Place::Parked);
        rig.does(Command::SignIn(sign_in(1)));
        rig.does(Command::Back);
        assert_eq!(
            (rig.place(), rig.in_flight.len()),
            (Place::Parked, 0),
            "Esc"
        );
        rig.signs_in(1);
        assert!(rig.visit.is_open());
    }
}

#[test]
fn a_volunteer_takes_a_visit_up_for_the_student_it_belongs_to() {
    for mut rig in stages() {
        let place = rig.place();
        park(&mut rig);
        // Somebody else's sign-in is under way: it must not become theirs.
        rig.does(Command::SignIn(sign_in(2)));
        let id = rig.under_way(ActKind::SignIn).unwrap();
        rig.does(Command::ResumeByVolunteer);
        assert!(rig.last.cancel.contains(&id));
        rig.does(Command::Reply {
            id,
            reply: Reply::SignedIn(Ok(student(2))),
        });
        assert_eq!(rig.visit.student, Some(student(1)));
        assert_eq!(rig.place(), place);
        assert_eq!(rig.visit.proof, Some(Proof::Volunteer));
    }
}

#[test]
fn what_a_place_asks_of_the_campus_is_asked_when_it_is_taken_up_again() {
    let asks: Vec<Option<ActKind>> = stages()
        .map(|mut rig| {
            park(&mut rig);
            rig.does(Command::ResumeByVolunteer);
            rig.last.effects.first().map(|effect| effect.act.kind())
        })
        .collect();
    let expected = [
        None,
        None,
        Some(ActKind::FindMember),
        None,
        None,
        None,
        Some(ActKind::ConfirmMember),
        Some(ActKind::FindMember),
        Some(ActKind::BindNumber),
    ];
    assert_eq!(asks, expected);
    // Whether student or volunteer resumes it, the sign-in that did so is no longer in flight.
    let asks: Vec<Option<ActKind>> = stages()
        .map(|mut rig| {
            park(&mut rig);
            rig.signs_in(1);
            rig.last.effects.first().map(|effect| effect.act.kind())
        })
        .collect();
    assert_eq!(asks, expected);
    // But not the number that was taken back.
    let mut rig = stage(2).unwrap();
    rig.does(Command::ChangeNumber);
    park(&mut rig);
    rig.does(Command::ResumeByVolunteer);
    assert_eq!(
        (rig.place(), rig.last.effects.len()),
        (desk(StepKind::Number), 0)
    );
}

#[test]
fn what_the_campus_answers_a_parked_visit_is_kept_and_not_asked_twice() {
    let mut rig = Rig::new();
    rig.comes_to_number().gives(1);
    rig.does(Command::Leave);
    rig.is_bound();
    assert!(rig.visit.number_bound && rig.place() == Place::Parked);
    rig.signs_in(1);
    assert_eq!(rig.place(), Place::Ask(Question::WechatNumber));

    let mut rig = Rig::new();
    rig.comes_to_number().gives(1);
    rig.does(Command::Leave);
    rig.does(Command::ResumeByVolunteer);
    assert!(rig.last.effects.is_empty(), "still under way");
    rig.is_bound();
    assert_eq!(rig.place(), Place::Ask(Question::WechatNumber));

    let mut rig = Rig::new();
    rig.comes_to_code().gets_code().types_right();
    rig.does(Command::Leave);
    rig.does(Command::ResumeByVolunteer);
    assert!(rig.last.effects.is_empty(), "still under way");
    rig.answers(Reply::Confirmed(Ok(())));
    assert_eq!(rig.place(), Place::Bound);
}

#[test]
fn a_visit_of_nobody_goes_on_for_whoever_signs_in() {
    let mut rig = Rig::with(guide(), everything(), Way::Phone);
    rig.does(Command::Choose { choice: 0 });
    rig.does(Command::Leave);
    assert_eq!(rig.place(), Place::Parked);
    rig.signs_in(4).member_is(MemberStatus::NotActive);
    assert_eq!(rig.visit.student, Some(student(4)));
    assert_eq!(rig.place(), phone(StepKind::Number));
}

#[test]
fn leaving_closes_what_holds_nothing_and_finishes_what_is_through() {
    let left = Status::Closed {
        outcome: Outcome::Left,
    };
    for why in [Command::Leave, Command::Recover] {
        let mut rig = Rig::new();
        rig.agrees().does(why);
        assert_eq!(rig.visit.status, left);
    }
    // A sign-in that was not answered gave nothing either.
    let mut rig = Rig::new();
    rig.agrees().does(Command::SignIn(sign_in(1)));
    rig.does(Command::Park {
        why: ParkedFor::Idle,
    });
    assert_eq!((&rig.visit.status, rig.in_flight.len()), (&left, 0));

    for (status, outcome) in [
        (MemberStatus::Active, Outcome::AlreadyBound),
        (MemberStatus::NotActive, Outcome::Bound),
    ] {
        let mut rig = Rig::new();
        rig.agrees().signs_in(1).member_is(status);
        if outcome == Outcome::Bound {
            rig.gives(1).is_bound().says(Answer::Yes);
            rig.member_is(MemberStatus::Active);
        }
        rig.does(Command::Leave);
        assert_eq!(rig.visit.status, Status::Closed { outcome });
    }
}

#[test]
fn what_was_through_when_the_power_went_is_shown_once_more() {
    let through = || {
        let mut rig = Rig::new();
        rig.comes_to_code().gets_code().types_right();
        rig.answers(Reply::Confirmed(Ok(())));
        assert_eq!(rig.place(), Place::Bound);
        rig.restarts();
        assert_eq!(rig.place(), Place::Parked);
        rig
    };
    let outcome = Outcome::Bound;
    // The student at the desk sees it, and Finish closes the visit.
    let mut rig = through();
    rig.signs_in(1);
    assert_eq!(rig.place(), Place::Bound);
    rig.does(Command::Finish);
    assert_eq!(rig.visit.status, Status::Closed { outcome });
    // The student does not return: Finish closes it as well.
    let mut rig = through();
    rig.does(Command::Finish);
    assert_eq!(rig.visit.status, Status::Closed { outcome });
    // What is not through goes on waiting.
    let mut rig = Rig::new();
    rig.comes_to_code().restarts();
    assert_eq!(rig.does(Command::Finish).facts, []);
}

#[test]
fn a_pickup_number_ends_at_its_time_and_not_before() {
    for mut rig in stages() {
        park(&mut rig);
        if !rig.visit.outbox.is_empty() {
            // Not while its outbox has entries: other tests cover that.
            continue;
        }
        rig.waits(rig.rules.pickup_life.as_secs() - 1);
        assert_eq!(rig.does(Command::Expire).facts, []);
        rig.steps_back(5);
        rig.waits(5);
        assert_eq!(rig.does(Command::Expire).facts, []);
        rig.does(Command::SignIn(sign_in(1)));
        rig.waits(1);
        rig.does(Command::Expire);
        let outcome = Outcome::Expired;
        assert_eq!(
            (&rig.visit.status, rig.in_flight.len()),
            (&Status::Closed { outcome }, 0)
        );
    }
}

#[test]
fn beginning_again_forgets_everything_of_the_student() {
    for mut rig in stages() {
        let opened = rig.visit.opened;
        rig.waits(10);
        rig.does(Command::BeginAgain);
        assert_eq!(
            (rig.place(), rig.in_flight.len()),
            (desk(StepKind::Notice), 0)
        );
        let mut fresh = crate::visit::Visit::open(rig.visit.id, Way::Desk, rig.now.wall);
        fresh.opened = opened;
        assert_eq!(rig.visit, fresh);
        rig.comes_to_number().gives(2).is_bound();
        assert_eq!(rig.visit.mobile, Some(mobile(2)));
    }
    // The limits stay: a code sent is a code sent.
    let mut rig = stage(5).unwrap();
    let limits = rig.limits.clone();
    rig.does(Command::BeginAgain);
    assert_eq!(rig.limits, limits);
}

#[test]
fn ending_gives_up_everything_under_way() {
    let mut rig = Rig::new();
    rig.comes_to_number().gives(1);
    let id = rig.under_way(ActKind::BindNumber).unwrap();
    rig.does(Command::End);
    assert_eq!(rig.last.cancel, [id]);
    let outcome = Outcome::Ended;
    assert_eq!(rig.visit.status, Status::Closed { outcome });
}

#[test]
fn after_a_restart_everything_acknowledged_is_there_and_waits() {
    for mut rig in stages() {
        let place = rig.place();
        let marks = rig.visit.done.clone();
        rig.restarts();
        let parked = matches!(
            rig.visit.status,
            Status::Parked {
                why: ParkedFor::ProgramRestart,
                ..
            }
        );
        assert!(parked && rig.visit.done == marks);
        rig.signs_in(1);
        assert_eq!(rig.place(), place);
    }
}

#[test]
fn a_number_and_a_confirmation_under_way_are_asked_for_again() {
    let mut rig = Rig::new();
    rig.comes_to_number().gives(1);
    rig.restarts();
    assert!(
        matches!(&rig.last.effects[0].act, Act::BindNumber { mobile: m, .. } if *m == mobile(1))
    );
    // And again, should the power go twice.
    rig.restarts();
    rig.is_bound();
    rig.signs_in(1);
    assert_eq!(rig.place(), Place::Ask(Question::WechatNumber));

    let mut rig = Rig::new();
    rig.comes_to_code().gets_code().types_right();
    rig.restarts();
    assert!(matches!(
        &rig.last.effects[0].act,
        Act::ConfirmMember { .. }
    ));
    rig.answers(Reply::Confirmed(Ok(())));
    rig.signs_in(1);
    assert_eq!(rig.place(), Place::Bound);
    assert_eq!(rig.sent.len(), 1);
}

#[test]
fn a_message_under_way_is_never_sent_again_by_itself() {
    let mut rig = Rig::new();
    rig.comes_to_code().does(Command::SendCode);
    let effect = rig.under_way(ActKind::SendCode).unwrap();
    rig.restarts();
    assert_eq!(rig.last.facts[0], Fact::FateUnknown { effect });
    assert!(rig.last.effects.is_empty());
    rig.signs_in(1);
    assert!(rig.last.effects.is_empty());
    for command in [Command::Retry, Command::CheckAgain] {
        assert!(rig.does(command).effects.is_empty());
    }
    // It did arrive: the student types it.
    rig.types_right();
    assert!(rig.under_way(ActKind::ConfirmMember).is_some());

    // It did not: another one is asked for at once, and says the same.
    let mut rig = Rig::new();
    rig.comes_to_code().does(Command::SendCode);
    rig.restarts();
    rig.signs_in(1).gets_code();
    assert_eq!(rig.sent[0].2, rig.sent[1].2);
}

#[test]
fn a_sign_in_under_way_is_gone_with_its_password() {
    let mut rig = Rig::new();
    rig.agrees().does(Command::SignIn(sign_in(1)));
    rig.restarts();
    assert!(rig.last.effects.is_empty());
    let mut rig = stage(2).unwrap();
    park(&mut rig);
    rig.does(Command::SignIn(sign_in(1)));
    rig.restarts();
    assert!(rig.last.effects.is_empty() && rig.place() == Place::Parked);
    rig.signs_in(1);
    assert_eq!(rig.place(), desk(StepKind::Follow));
}

#[test]
fn a_desk_that_lost_its_directory_settles_what_was_under_way_and_goes_on_by_phone() {
    let mut rig = Rig::new();
    rig.comes_to_number().gives(1);
    rig.reach = Connectivity {
        identity: Gateway::Up,
        ..Connectivity::default()
    };
    rig.restarts();
    assert_eq!((rig.visit.unsettled, rig.last.effects.len()), (None, 0));
    rig.signs_in(1);
    assert_eq!(rig.place(), phone(StepKind::Number));

    let mut rig = Rig::new();
    rig.comes_to_code().gets_code().types_right();
    rig.reach = Connectivity::default();
    rig.restarts();
    assert_eq!((rig.visit.unsettled, rig.last.effects.len()), (None, 0));
    rig.does(Command::ResumeByVolunteer);
    assert_eq!(rig.place(), phone(StepKind::Verify));
}
