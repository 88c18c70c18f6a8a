//! While something is under way: a second Enter, Esc, late and stale replies, refusals, and doing it again.

use std::time::Duration;

use super::campus::{checked_by_campus, mobile, sign_in, student};
use super::rig::{Rig, desk};
use crate::visit::{
    ActKind, Answer, Binding, CodeVerdict, Command, DirectoryRefusal, EffectId, Fact, Failure,
    Member, MemberStatus, Name, Place, Question, Reply, SignInRefusal, StepKind, Student,
    StudentNumber, Trouble, Way,
};

const KINDS: [ActKind; 6] = [
    ActKind::SignIn,
    ActKind::FindMember,
    ActKind::BindNumber,
    ActKind::SendCode,
    ActKind::CheckCode,
    ActKind::ConfirmMember,
];

/// A visit with such an effect under way, for which the student waits.
fn waiting_for(kind: ActKind) -> Rig {
    let mut rig = Rig::new();
    match kind {
        ActKind::SignIn => rig.agrees().does(Command::SignIn(sign_in(1))),
        ActKind::FindMember => &rig.agrees().signs_in(1).last,
        ActKind::BindNumber => &rig.comes_to_number().gives(1).last,
        ActKind::SendCode => rig.comes_to_code().does(Command::SendCode),
        ActKind::CheckCode => {
            rig.reach = checked_by_campus();
            &rig.comes_to_code().gets_code().types_right().last
        }
        ActKind::ConfirmMember => &rig.comes_to_code().gets_code().types_right().last,
        ActKind::Unbind | ActKind::DeviceGrant => unreachable!("has a table of its own"),
    };
    assert!(rig.under_way(kind).is_some());
    rig
}

fn good(kind: ActKind) -> Reply {
    match kind {
        ActKind::SignIn => Reply::SignedIn(Ok(student(1))),
        ActKind::FindMember => Reply::MemberFound(Ok(Member {
            status: MemberStatus::NotActive,
            mobile: None,
        })),
        ActKind::BindNumber => Reply::NumberBound(Ok(Binding::Set)),
        ActKind::SendCode => Reply::CodeSent(Ok(())),
        ActKind::CheckCode => Reply::CodeChecked(Ok(CodeVerdict::Right)),
        ActKind::ConfirmMember => Reply::Confirmed(Ok(())),
        ActKind::DeviceGrant => Reply::DeviceGranted(Ok(student(1))),
        ActKind::Unbind => Reply::Unbound(Ok(())),
    }
}

/// The command whose second Enter is meant; nothing is typed for a lookup.
fn again(rig: &Rig, kind: ActKind) -> Command {
    match kind {
        ActKind::SignIn => Command::SignIn(sign_in(2)),
        ActKind::FindMember => Command::Retry,
        ActKind::BindNumber => Command::GiveNumber { mobile: mobile(2) },
        ActKind::SendCode => Command::SendCode,
        ActKind::CheckCode | ActKind::ConfirmMember => Command::TypeCode {
            code: crate::visit::Secret::new(rig.code()),
        },
        ActKind::DeviceGrant => Command::StartDeviceGrant,
        ActKind::Unbind => Command::Unbind {
            typed: crate::visit::Secret::new("0001".into()),
        },
    }
}

#[test]
fn a_second_enter_does_nothing() {
    for kind in KINDS {
        let mut rig = waiting_for(kind);
        let before = rig.visit.clone();
        for command in [again(&rig, kind), Command::Retry, Command::CheckAgain] {
            let decision = rig.does(command);
            assert!(
                decision.facts.is_empty() && decision.effects.is_empty(),
                "{kind:?}"
            );
            assert!(decision.cancel.is_empty(), "{kind:?}");
        }
        assert_eq!(rig.visit, before);
    }
}

#[test]
fn nothing_else_moves_the_visit_meanwhile() {
    for kind in KINDS {
        let mut rig = waiting_for(kind);
        for command in [
            Command::Agree,
            Command::Finish,
            Command::Choose { choice: 0 },
            Command::Prefer { way: Way::Phone },
            Command::Answer {
                question: Question::WechatNumber,
                answer: Answer::Yes,
            },
            Command::Open {
                prefers: Way::Desk,
                first_time: true,
                scanned: false,
            },
            Command::Expire,
            Command::ResumeByVolunteer,
        ] {
            let asked = format!("{command:?}");
            let decision = rig.does(command);
            assert_eq!(
                (decision.facts.len(), decision.cancel.len()),
                (0, 0),
                "{kind:?} {asked}"
            );
        }
    }
}

#[test]
fn esc_gives_up_what_is_under_way_by_its_rule() {
    for kind in KINDS {
        let mut rig = waiting_for(kind);
        let id = rig.under_way(kind).unwrap();
        let place = rig.place();
        rig.does(Command::Back);
        assert_eq!(rig.last.cancel, [id], "{kind:?}");
        assert_eq!(rig.in_flight, []);
        let (trouble, stays) = match kind {
            ActKind::SignIn => (None, true),
            // An unknown member blocks no step.
            ActKind::FindMember => (None, false),
            ActKind::SendCode => (Some(Trouble::FateUnknown), true),
            ActKind::CheckCode => (Some(Trouble::CodeCheck(Failure::Offline)), true),
            _ => (Some(Trouble::Directory(Failure::Offline)), true),
        };
        assert_eq!(rig.visit.trouble, trouble, "{kind:?}");
        assert_eq!(rig.place() == place, stays, "{kind:?}");
        // What comes in afterwards is stale.
        let late = Command::Reply {
            id,
            reply: good(kind),
        };
        let before = rig.visit.clone();
        assert!(rig.does(late).facts.is_empty(), "{kind:?}");
        assert_eq!(rig.visit, before);
        // And it can be done again at once.
        if stays {
            let command = again(&rig, kind);
            let by_retry = kind == ActKind::ConfirmMember;
            rig.does(if by_retry { Command::Retry } else { command });
            assert!(rig.under_way(kind).is_some(), "{kind:?} again");
        }
    }
}

#[test]
fn esc_goes_back_one_mark_at_a_time_and_never_over_a_sign_in() {
    let mut rig = Rig::new();
    rig.comes_to_code();
    let mut places = vec![rig.place()];
    while !rig.does(Command::Back).facts.is_empty() {
        places.push(rig.place());
        assert!(places.len() < 20);
    }
    let expected = [
        desk(StepKind::Verify),
        super::rig::phone(StepKind::Follow),
        Place::Ask(Question::WechatNumber),
        desk(StepKind::Number),
    ];
    assert_eq!(places, expected);

    let mut rig = Rig::new();
    rig.agrees().does(Command::Back);
    assert_eq!(rig.place(), desk(StepKind::Notice));
    assert_eq!(rig.does(Command::Back).facts, []);
}

#[test]
fn a_reply_to_something_else_is_dropped() {
    for kind in KINDS {
        let mut rig = waiting_for(kind);
        let id = rig.under_way(kind).unwrap();
        let before = rig.visit.clone();
        for other in KINDS {
            let stale = Command::Reply {
                id: EffectId(1),
                reply: good(other),
            };
            let decision = rig.does(stale);
            assert!(
                decision.facts.is_empty() && decision.effects.is_empty(),
                "{other:?}"
            );
            // The right id with a reply of another kind: a desk's fault, and still no step done.
            if other != kind {
                let reply = good(other);
                let decision = rig.decide(Command::Reply { id, reply });
                assert!(decision.facts.is_empty(), "{kind:?} answered by {other:?}");
            }
        }
        assert_eq!(rig.visit, before);
        // The true one counts, once.
        rig.does(Command::Reply {
            id,
            reply: good(kind),
        });
        assert_ne!(rig.visit, before);
        let before = rig.visit.clone();
        rig.does(Command::Reply {
            id,
            reply: good(kind),
        });
        assert_eq!(rig.visit, before, "{kind:?} twice");
    }
}

#[test]
fn what_failed_without_an_answer_is_done_again_where_that_is_safe() {
    for kind in KINDS {
        let mut rig = waiting_for(kind);
        rig.answers(Reply::offline(kind));
        rig.does(Command::Retry);
        let repeated = rig.under_way(kind).is_some();
        let safe = matches!(kind, ActKind::BindNumber | ActKind::ConfirmMember);
        assert_eq!(repeated, safe, "{kind:?}");
        if safe {
            rig.answers(good(kind));
            assert_eq!(rig.visit.trouble, None);
        }
    }
}

#[test]
fn a_refused_sign_in_has_its_words_and_the_account_its_pause() {
    let each = SignInRefusal::EACH.map(Failure::Rejected);
    let wrong = Failure::Rejected(SignInRefusal::WrongPassword);
    let others = each.into_iter().filter(|why| *why != wrong);
    for why in others.chain([
        Failure::Offline,
        Failure::Unavailable,
        Failure::Limited {
            retry_after: Some(Duration::from_secs(30)),
        },
        Failure::Misconfigured("no service".into()),
    ]) {
        let mut rig = Rig::new();
        rig.agrees();
        for _ in 0..6 {
            rig.does(Command::SignIn(sign_in(1)));
            rig.answers(Reply::SignedIn(Err(why.clone())));
            assert_eq!(rig.visit.trouble, Some(Trouble::SignIn(why.clone())));
            assert_eq!(rig.visit.signing_in, None);
            // The service is not asked before the time it names.
            if let Failure::Limited { .. } = &why {
                assert!(rig.does(Command::SignIn(sign_in(1))).effects.is_empty());
                rig.waits(30);
            }
        }
    }
    let mut rig = Rig::new();
    rig.agrees();
    let wrong = Failure::Rejected(SignInRefusal::WrongPassword);
    for _ in 0..4 {
        rig.does(Command::SignIn(sign_in(1)));
        rig.answers(Reply::SignedIn(Err(wrong.clone())));
        rig.waits(10);
    }
    rig.does(Command::SignIn(sign_in(1)));
    assert!(
        rig.last.effects.is_empty(),
        "before the campus locks the account"
    );
    let pause = Failure::Limited {
        retry_after: Some(Duration::from_secs(560)),
    };
    assert_eq!(rig.visit.trouble, Some(Trouble::SignIn(pause)));
    // A restart does not forget it, and another account is not held up.
    rig.restarts();
    assert!(rig.visit.is_closed());
    let limits = rig.limits.clone();
    assert!(
        !limits
            .sign_in_wait(&student(1).number, rig.now.wall)
            .is_zero()
    );
    assert!(
        limits
            .sign_in_wait(&student(2).number, rig.now.wall)
            .is_zero()
    );
    let after = rig.waits(561).now.wall;
    assert!(limits.sign_in_wait(&student(1).number, after).is_zero());
}

#[test]
fn a_right_password_after_wrong_ones_goes_on() {
    let mut rig = Rig::new();
    rig.agrees();
    for _ in 0..3 {
        rig.does(Command::SignIn(sign_in(1)));
        let wrong = Failure::Rejected(SignInRefusal::WrongPassword);
        rig.answers(Reply::SignedIn(Err(wrong)));
    }
    rig.signs_in(1).member_is(MemberStatus::Absent);
    assert_eq!(rig.place(), desk(StepKind::Number));
    assert!(
        rig.limits
            .sign_in_wait(&student(1).number, rig.now.wall)
            .is_zero()
    );
}

#[test]
fn each_refusal_of_the_number_leaves_a_way_on() {
    for why in [
        Failure::Rejected(DirectoryRefusal::NumberTaken),
        Failure::Rejected(DirectoryRefusal::BadNumber),
        Failure::Rejected(DirectoryRefusal::Disabled),
        Failure::Rejected(DirectoryRefusal::Departed),
        Failure::Rejected(DirectoryRefusal::UnknownMember),
        Failure::Rejected(DirectoryRefusal::Other(40_058)),
        Failure::Limited { retry_after: None },
        Failure::Misconfigured("60011".into()),
        Failure::Offline,
    ] {
        let mut rig = Rig::new();
        rig.comes_to_number().gives(1);
        rig.answers(Reply::NumberBound(Err(why.clone())));
        assert_eq!(rig.last.facts[0], Fact::BindFailed { why: why.clone() });
        assert_eq!(
            rig.outbox().len(),
            usize::from(why.is_transient()),
            "{why:?}"
        );
        assert_eq!(rig.visit.trouble, Some(Trouble::Directory(why)));
        assert_eq!(rig.place(), desk(StepKind::Number));
        assert!(!rig.visit.number_bound);
        // Another number, or the phone instead.
        rig.gives(2).is_bound();
        assert_eq!(rig.place(), Place::Ask(Question::WechatNumber));
    }
    let mut rig = Rig::new();
    rig.comes_to_number().gives(1);
    rig.answers(Reply::NumberBound(Err(Failure::Offline)));
    rig.does(Command::Prefer { way: Way::Phone });
    rig.does(Command::Choose { choice: 0 });
    assert_eq!(rig.place(), Place::Ask(Question::WechatNumber));
}

/// The campus may know an account by another number: a mobile number that was typed, or a number that has changed. Nothing
/// is bound by it before somebody has looked.
#[test]
fn whom_the_campus_signed_in_is_the_one_who_was_asked() {
    let other = student(2);
    let staff = |number: &str| Student {
        number: StudentNumber::from_campus(number),
        name: Name::new("李四"),
    };
    for (given, why) in [
        (other, SignInRefusal::OtherNumber),
        (staff("zhangsan"), SignInRefusal::NotAStudent),
        (staff("T-1001"), SignInRefusal::NotAStudent),
        (staff("20260001@campus.example"), SignInRefusal::NotAStudent),
        (staff("1"), SignInRefusal::NotAStudent),
        (staff(""), SignInRefusal::NotAStudent),
    ] {
        let mut rig = Rig::new();
        rig.agrees();
        rig.does(Command::SignIn(sign_in(1)));
        rig.answers(Reply::SignedIn(Ok(given.clone())));
        let trouble = Trouble::SignIn(Failure::Rejected(why));
        assert_eq!(rig.visit.trouble, Some(trouble), "{given:?}");
        assert_eq!(rig.visit.student, None, "{given:?}");
        assert_eq!(rig.in_flight, [], "{given:?}");
        // A volunteer may look at papers, and the student may sign in again.
        assert!(rig.visit.cannot_sign_in(rig.reach), "{given:?}");
        rig.does(Command::SignIn(sign_in(1)));
        rig.answers(Reply::SignedIn(Ok(student(1))));
        assert_eq!(rig.visit.student, Some(student(1)));
    }
}
