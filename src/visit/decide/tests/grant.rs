//! Signing in on the student's own phone: started by itself, ended by any other choice, its failures each with a way
//! on, stale answers dropped, a waiting visit resumed.

use super::campus::{another_number, by_phone_too, everything, guide, sign_in, student};
use super::rig::{Rig, desk};
use crate::visit::{
    ActKind, Command, Connectivity, Fact, Failure, Gateway, GrantRefusal, MemberStatus, Name,
    ParkedFor, Proof, Reply, SignInMethod, Status, StepKind, Student, StudentNumber, Trouble, Way,
};

fn asked() -> Rig {
    let mut rig = Rig::with(guide(), by_phone_too(), Way::Desk);
    rig.agrees();
    assert_eq!(rig.place(), desk(StepKind::Identity));
    assert!(rig.under_way(ActKind::DeviceGrant).is_some(), "by itself");
    rig
}

fn grants(rig: &mut Rig, n: u32) {
    rig.answers(Reply::DeviceGranted(Ok(student(n))));
}

fn fails(rig: &mut Rig, why: Failure<GrantRefusal>) {
    rig.answers(Reply::DeviceGranted(Err(why)));
}

#[test]
fn a_phone_signs_in_and_the_route_goes_on() {
    let mut rig = asked();
    grants(&mut rig, 1);
    assert_eq!(rig.visit.student, Some(student(1)));
    assert_eq!(rig.visit.proof, Some(Proof::SignIn));
    rig.member_is(MemberStatus::NotActive);
    assert_eq!(rig.place(), desk(StepKind::Number));
    assert_eq!(rig.in_flight, []);
}

#[test]
fn it_is_the_only_way_in_or_the_first_or_none() {
    let only = Connectivity {
        identity: Gateway::Absent,
        ..by_phone_too()
    };
    let mut rig = Rig::with(guide(), only, Way::Desk);
    rig.agrees();
    assert!(rig.under_way(ActKind::DeviceGrant).is_some());
    // What is not connected is neither chosen nor asked.
    for command in [
        Command::ChooseSignInMethod {
            means: SignInMethod::Password,
        },
        Command::SignIn(sign_in(1)),
    ] {
        let decision = rig.does(command);
        assert!(decision.facts.is_empty() && decision.cancel.is_empty());
    }
    let mut rig = Rig::with(guide(), everything(), Way::Desk);
    rig.agrees();
    assert_eq!(rig.in_flight, []);
    for command in [
        Command::StartDeviceGrant,
        Command::ChooseSignInMethod {
            means: SignInMethod::Device,
        },
    ] {
        assert!(rig.does(command).facts.is_empty());
    }
    // Down is not absent: it is tried, with words.
    let down = Connectivity {
        device_grant: Gateway::Down {
            since: std::time::Duration::ZERO,
        },
        ..everything()
    };
    let mut rig = Rig::with(guide(), down, Way::Desk);
    rig.agrees();
    assert!(rig.under_way(ActKind::DeviceGrant).is_some());
}

#[test]
fn each_failure_waits_for_a_key_and_then_another_code_is_asked_for() {
    for why in [
        Failure::Offline,
        Failure::Limited { retry_after: None },
        Failure::Misconfigured("OIDC: x".into()),
        Failure::Rejected(GrantRefusal::Denied),
        Failure::Rejected(GrantRefusal::Expired),
    ] {
        let mut rig = asked();
        fails(&mut rig, why.clone());
        assert_eq!(rig.visit.trouble, Some(Trouble::DeviceGrant(why.clone())));
        assert_eq!(rig.in_flight, [], "{why:?}: not again by itself");
        rig.waits(600);
        rig.does(Command::Retry);
        assert_eq!(rig.in_flight, [], "{why:?}");
        rig.does(Command::StartDeviceGrant);
        assert_eq!(rig.visit.trouble, None);
        let first = rig.under_way(ActKind::DeviceGrant).unwrap();
        // One code at a time.
        assert!(rig.does(Command::StartDeviceGrant).effects.is_empty());
        assert_eq!(rig.under_way(ActKind::DeviceGrant), Some(first));
        grants(&mut rig, 1);
        assert_eq!(rig.visit.student, Some(student(1)));
    }
}

#[test]
fn whose_name_is_no_student_number_is_not_signed_in() {
    for number in [
        "T-1001",
        "20260001-x",
        "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
        "1",
    ] {
        let mut rig = asked();
        let staff = Student {
            number: StudentNumber::from_campus(number),
            name: Name::new("李四"),
        };
        rig.answers(Reply::DeviceGranted(Ok(staff)));
        let why = Failure::Rejected(GrantRefusal::NotAStudent);
        assert_eq!(
            rig.visit.trouble,
            Some(Trouble::DeviceGrant(why)),
            "{number}"
        );
        assert_eq!(rig.visit.student, None);
        // A password might do, but as with one: whose account it is has to be seen, and papers show it.
        assert!(rig.visit.cannot_sign_in(rig.reach), "{number}");
        rig.does(Command::Vouch {
            student: student(1),
        });
        assert_eq!(rig.visit.student, Some(student(1)), "{number}");
        assert_eq!(rig.visit.proof, Some(Proof::Volunteer));
    }
    // Who said no on the phone, or let the code run out, can sign in.
    for why in [GrantRefusal::Denied, GrantRefusal::Expired] {
        let mut rig = asked();
        fails(&mut rig, Failure::Rejected(why));
        assert!(!rig.visit.cannot_sign_in(rig.reach), "{why:?}");
    }
}

#[test]
fn whatever_else_is_chosen_ends_it_and_its_answer_is_stale() {
    for command in [
        Command::Back,
        Command::Leave,
        Command::Prefer { way: Way::Phone },
        Command::ChooseSignInMethod {
            means: SignInMethod::Password,
        },
        Command::Park {
            why: ParkedFor::Idle,
        },
        Command::End,
        Command::BeginAgain,
    ] {
        let asked_for = format!("{command:?}");
        let mut rig = asked();
        let id = rig.under_way(ActKind::DeviceGrant).unwrap();
        rig.does(command);
        assert_eq!(rig.last.cancel, [id], "{asked_for}");
        let before = rig.visit.clone();
        let reply = Reply::DeviceGranted(Ok(student(1)));
        rig.does(Command::Reply { id, reply });
        assert_eq!(rig.visit, before, "{asked_for}");
    }
}

#[test]
fn esc_goes_back_at_once_and_coming_again_begins_anew() {
    let mut rig = asked();
    let first = rig.under_way(ActKind::DeviceGrant);
    rig.does(Command::Back);
    assert_eq!(rig.place(), desk(StepKind::Notice));
    assert_eq!(rig.in_flight, []);
    rig.agrees();
    assert_ne!(rig.under_way(ActKind::DeviceGrant), first);
    assert!(rig.under_way(ActKind::DeviceGrant).is_some());
}

#[test]
fn with_a_password_instead_and_back() {
    let mut rig = asked();
    rig.does(Command::ChooseSignInMethod {
        means: SignInMethod::Password,
    });
    assert_eq!(rig.in_flight, []);
    rig.does(Command::SignIn(sign_in(1)));
    // Not while the campus is asked.
    let back = || Command::ChooseSignInMethod {
        means: SignInMethod::Device,
    };
    assert!(rig.does(back()).facts.is_empty());
    rig.does(Command::Back);
    rig.does(back());
    assert!(rig.under_way(ActKind::DeviceGrant).is_some());
    // A password that is still typed counts, and nothing else is waited for.
    rig.signs_in(1).member_is(MemberStatus::NotActive);
    assert_eq!(rig.place(), desk(StepKind::Number));
    assert_eq!(rig.in_flight, []);
}

#[test]
fn after_a_power_cut_it_is_simply_begun_anew() {
    let mut rig = asked();
    rig.restarts();
    assert_eq!(
        rig.in_flight,
        [],
        "an offered visit asks for nothing by itself"
    );
    assert!(!rig.visit.is_open());
    let mut rig = asked();
    fails(&mut rig, Failure::Rejected(GrantRefusal::Denied));
    let facts = serde_json::to_string(&rig.facts).unwrap();
    assert!(facts.contains("device-grant-asked") && facts.contains("denied"));
}

#[test]
fn a_waiting_visit_goes_on_for_its_own_student() {
    let parked = || {
        let mut rig = Rig::with(guide(), by_phone_too(), Way::Desk);
        rig.agrees();
        grants(&mut rig, 1);
        rig.member_is(MemberStatus::NotActive);
        rig.does(Command::Park {
            why: ParkedFor::Student,
        });
        assert_eq!(rig.in_flight, []);
        rig.does(Command::StartDeviceGrant);
        assert!(rig.under_way(ActKind::DeviceGrant).is_some());
        rig
    };
    let mut rig = parked();
    grants(&mut rig, 1);
    assert_eq!(rig.visit.status, Status::Open);
    assert_eq!(rig.place(), desk(StepKind::Number));

    let mut rig = parked();
    grants(&mut rig, 2);
    assert!(!rig.visit.is_open());
    assert_eq!(rig.visit.trouble, Some(Trouble::SomebodyElse));
    rig.does(Command::StartDeviceGrant);
    grants(&mut rig, 1);
    assert!(rig.visit.is_open());

    // Esc gives it up; the volunteer's eyes decide; a pickup number that runs out ends it.
    for command in [Command::Back, Command::ResumeByVolunteer] {
        let mut rig = parked();
        rig.does(command);
        assert_eq!(rig.under_way(ActKind::DeviceGrant), None);
    }
    let mut rig = parked();
    rig.waits(80 * 3600);
    rig.does(Command::Expire);
    assert!(rig.visit.is_closed() && rig.in_flight.is_empty());
}

#[test]
fn the_old_number_signs_in_on_a_phone_too_and_then_the_new_one() {
    let mut rig = Rig::with(another_number(), by_phone_too(), Way::Desk);
    rig.agrees();
    assert_eq!(rig.place(), desk(StepKind::Unbind));
    grants(&mut rig, 2);
    let old = rig.visit.old.as_ref().map(|old| old.student.clone());
    assert_eq!((old, &rig.visit.student), (Some(student(2)), &None));
    assert_eq!(rig.in_flight, [], "who has the old number is known");
    // Leaving it asks again.
    rig.does(Command::Back);
    assert!(rig.under_way(ActKind::DeviceGrant).is_some());
    assert!(rig.facts.iter().any(|r| r.fact == Fact::OldLetGo));
}
