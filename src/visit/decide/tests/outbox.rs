//! The outbox: an entry is added, retried, settled, or handed to a person.

use std::time::Duration;

use super::campus::{everything, guide, mobile, verify_first};
use super::rig::{Rig, desk};
use crate::visit::{
    ActKind, Answer, Command, Connectivity, DirectoryRefusal, Fact, Failure, FreeText, Gateway,
    Member, MemberStatus, OutboxRow, Outcome, ParkedFor, Reply, Status, StepKind, Stopped, Way,
};

fn down() -> Gateway {
    Gateway::Down {
        since: Duration::ZERO,
    }
}

fn directory_down() -> Connectivity {
    Connectivity {
        directory_read: down(),
        directory_write: down(),
        ..everything()
    }
}

fn member(status: MemberStatus) -> Reply {
    Reply::MemberFound(Ok(Member {
        status,
        mobile: None,
    }))
}

/// A number was given, and the directory does not answer.
fn number_waits() -> Rig {
    let mut rig = Rig::new();
    rig.comes_to_number().gives(1).is_not_bound();
    rig
}

#[test]
fn a_number_that_cannot_be_bound_waits_and_is_bound_when_the_campus_is_back() {
    let mut rig = number_waits();
    assert_eq!(rig.outbox(), [ActKind::BindNumber]);
    assert_eq!(rig.place(), desk(StepKind::Number));
    rig.does(Command::Leave);
    for tries in 2..5 {
        rig.waits(60).drains();
        assert_eq!(rig.visit.outbox[0].tries, tries);
        // A second one, while it is under way, does nothing.
        assert!(rig.drains().last.effects.is_empty());
        rig.is_not_bound();
        let (at, why) = rig.visit.outbox[0].last.clone().unwrap();
        assert_eq!((at, why), (rig.now.wall, Failure::Offline));
    }
    rig.drains().is_bound();
    assert_eq!(rig.outbox(), []);
    assert!(rig.visit.number_bound && rig.visit.has_done(StepKind::Number));
    assert!(matches!(rig.visit.status, Status::Parked { .. }));
}

#[test]
fn the_student_who_stays_goes_on_as_soon_as_it_is_bound() {
    let mut rig = number_waits();
    rig.waits(5).drains().is_bound().says(Answer::Yes);
    assert_eq!(rig.place(), desk(StepKind::Follow));
}

#[test]
fn another_number_or_the_phone_takes_the_place_of_what_waits() {
    let mut rig = number_waits();
    rig.gives(2);
    assert_eq!(rig.outbox(), []);
    rig.is_not_bound().drains();
    let act = &rig.last.effects[0].act;
    assert!(
        matches!(act, crate::visit::Act::BindNumber { mobile: m, .. } if *m == mobile(2)),
        "{act:?}"
    );
    rig.is_not_bound();
    rig.does(Command::Prefer { way: Way::Phone });
    assert_eq!(rig.outbox(), [], "the phone may be given another one");
    assert!(rig.drains().last.effects.is_empty());
}

#[test]
fn what_the_campus_refuses_needs_a_person_and_is_not_tried_by_itself() {
    let mut rig = number_waits();
    rig.does(Command::Leave);
    let taken = Failure::Rejected(DirectoryRefusal::NumberTaken);
    rig.drains().answers(Reply::NumberBound(Err(taken.clone())));
    assert_eq!(rig.visit.outbox[0].stopped, Some(Stopped::Refused(taken)));
    assert!(rig.waits(3600).drains().last.effects.is_empty());
    // A volunteer has it tried once more.
    rig.does(Command::RetryEntry {
        what: ActKind::BindNumber,
    });
    assert_eq!(rig.last.effects.len(), 1);
    rig.is_not_bound();
    assert_eq!(rig.visit.outbox[0].stopped, None, "no answer is no refusal");
    // Or a ticket takes it over.
    rig.does(Command::TicketForEntry {
        what: ActKind::BindNumber,
        reason: FreeText::new("60104"),
    });
    assert_eq!(rig.outbox(), []);
    assert!(rig.visit.ticket.is_some());
    assert!(matches!(rig.visit.status, Status::Parked { .. }));
}

#[test]
fn a_pickup_number_does_not_run_out_while_the_campus_owes_something() {
    let mut rig = number_waits();
    rig.does(Command::Leave);
    rig.waits(rig.rules.pickup_life.as_secs() + 10);
    rig.does(Command::Expire);
    assert!(matches!(rig.visit.status, Status::Parked { .. }));
    rig.drains().is_bound();
    rig.does(Command::Expire);
    let outcome = Outcome::Expired;
    assert_eq!(rig.visit.status, Status::Closed { outcome });
}

#[test]
fn a_volunteer_who_ends_it_ends_what_waits() {
    let mut rig = number_waits();
    rig.does(Command::End);
    assert!(rig.outbox().is_empty() && rig.visit.is_over());
    assert!(rig.drains().last.effects.is_empty());
}

#[test]
fn beginning_again_lets_go_of_what_waits() {
    let mut rig = number_waits();
    rig.does(Command::BeginAgain);
    assert!(rig.outbox().is_empty());
}

#[test]
fn given_up_by_hand_it_waits_only_once_the_student_has_left() {
    let mut rig = Rig::new();
    rig.comes_to_number().gives(1);
    rig.does(Command::Back);
    assert_eq!(rig.outbox(), [], "the number may be about to change");
    rig.does(Command::Leave);
    assert_eq!(rig.outbox(), [ActKind::BindNumber]);
}

#[test]
fn a_restart_tries_what_was_under_way_and_keeps_what_waits() {
    let mut rig = number_waits();
    rig.does(Command::Leave);
    rig.drains();
    let asked = rig.facts.len();
    rig.restarts();
    let again = |fact: &Fact| matches!(fact, Fact::BindAsked { .. });
    assert!(rig.facts[asked..].iter().any(|r| again(&r.fact)));
    assert_eq!(rig.visit.outbox[0].tries, 3);
    rig.is_not_bound();
    assert_eq!(rig.outbox(), [ActKind::BindNumber]);
}

#[test]
fn a_confirmation_waits_and_the_code_is_not_asked_for_again() {
    let mut rig = Rig::with(verify_first(), everything(), Way::Desk);
    rig.binds_number();
    rig.gets_code().types_right();
    rig.answers(Reply::Confirmed(Err(Failure::Offline)));
    assert_eq!(rig.outbox(), [ActKind::ConfirmMember]);
    rig.does(Command::Leave);
    rig.waits(900).drains();
    rig.answers(Reply::Confirmed(Ok(())));
    assert!(rig.visit.has_done(StepKind::Verify) && rig.outbox().is_empty());
    rig.does(Command::ResumeByVolunteer);
    assert_eq!(rig.place(), desk(StepKind::Follow));
}

#[test]
fn a_follow_that_cannot_be_seen_is_told_and_looked_up_later() {
    let mut rig = Rig::new();
    rig.binds_number().says(Answer::Yes);
    rig.reach = directory_down();
    rig.answers(Reply::MemberFound(Err(Failure::Offline)));
    rig.does(Command::CheckAgain);
    rig.answers(Reply::MemberFound(Err(Failure::Offline)));
    rig.does(Command::SayFollowed);
    rig.ends(Outcome::BoundByWord);
    assert!(!rig.visit.is_over(), "the campus's word is still to come");
    let mut denied = Rig::with(guide(), everything(), Way::Desk);
    (denied.visit, denied.facts) = (rig.visit.clone(), rig.facts.clone());

    rig.reach = everything();
    rig.drains().answers(member(MemberStatus::Active));
    assert!(rig.visit.is_over());

    denied.waits(601).drains();
    denied.answers(member(MemberStatus::NotActive));
    let stopped = Stopped::NotActive(MemberStatus::NotActive);
    assert_eq!(denied.visit.outbox[0].stopped, Some(stopped));
    denied.does(Command::TicketForEntry {
        what: ActKind::FindMember,
        reason: FreeText::new("not active"),
    });
    assert!(denied.outbox().is_empty() && !denied.visit.is_over());
}

#[test]
fn a_visit_put_aside_at_the_follow_is_over_when_the_directory_sees_it() {
    let mut rig = Rig::new();
    rig.binds_number().says(Answer::Yes);
    rig.reach = directory_down();
    rig.does(Command::Leave);
    assert_eq!(rig.outbox(), [ActKind::FindMember]);
    rig.drains();
    rig.answers(Reply::MemberFound(Err(Failure::Offline)));
    assert_eq!(rig.visit.outbox[0].tries, 1);
    rig.reach = everything();
    rig.drains().answers(member(MemberStatus::Active));
    let outcome = Outcome::Bound;
    assert_eq!(rig.visit.status, Status::Closed { outcome });
    assert!(rig.visit.is_over());
}

#[test]
fn what_waits_is_tried_in_order() {
    let mut rig = Rig::new();
    // (二): the follow is reported on the desk's way, the code is typed, and the directory is down throughout.
    let mut rules = guide();
    for step in &mut rules.routes[1].steps {
        if step.kind == StepKind::Follow {
            step.ways = vec![Way::Desk];
        }
    }
    rig.rules = rules;
    rig.binds_number().says(Answer::No);
    rig.reach = directory_down();
    rig.answers(Reply::MemberFound(Err(Failure::Offline)));
    rig.does(Command::SayFollowed);
    rig.gets_code().types_right();
    rig.answers(Reply::Confirmed(Err(Failure::Offline)));
    assert_eq!(rig.outbox(), [ActKind::FindMember, ActKind::ConfirmMember]);
    rig.does(Command::Leave);
    rig.drains();
    rig.answers(Reply::MemberFound(Err(Failure::Offline)));
    assert!(rig.under_way(ActKind::ConfirmMember).is_none());
    rig.drains().answers(member(MemberStatus::NotActive));
    assert_eq!(
        rig.outbox(),
        [ActKind::ConfirmMember],
        "only the code activates"
    );
    rig.drains();
    rig.answers(Reply::Confirmed(Ok(())));
    let outcome = Outcome::Bound;
    assert_eq!(rig.visit.status, Status::Closed { outcome });
}

#[test]
fn the_service_is_not_asked_before_the_time_it_names() {
    let mut rig = Rig::new();
    rig.comes_to_number().gives(1);
    rig.answers(Reply::NumberBound(Err(Failure::Limited {
        retry_after: Some(Duration::from_secs(90)),
    })));
    let left = |rig: &Rig| rig.visit.outbox[0].not_before(rig.now.wall);
    assert_eq!(left(&rig), Some(Duration::from_secs(90)));
    rig.does(Command::Retry);
    assert!(
        rig.last.effects.is_empty(),
        "nor by a person who is told so"
    );
    rig.waits(91);
    assert_eq!(left(&rig), None);
    rig.does(Command::Retry);
    assert_eq!(rig.last.effects.len(), 1);
}

#[test]
fn codes_sign_ins_and_deletions_never_wait() {
    let mut rig = Rig::new();
    rig.comes_to_code();
    rig.does(Command::SendCode);
    rig.answers(Reply::CodeSent(Err(Failure::Offline)));
    rig.does(Command::Leave);
    assert_eq!(rig.outbox(), []);
    for what in [ActKind::SignIn, ActKind::SendCode, ActKind::Unbind] {
        let mut visit = rig.visit.clone();
        let recorded =
            crate::visit::Recorded::new(visit.id, rig.now.wall, Fact::Queued { what, why: None });
        crate::visit::evolve(&mut visit, &recorded);
        assert_eq!(visit.outbox, [], "also where a journal says so");
    }
}

#[test]
fn what_the_desk_does_by_itself_makes_nobody_wait_shorter() {
    let mut rig = number_waits();
    rig.does(Command::Park {
        why: ParkedFor::Queue,
    });
    let since = rig.visit.touched;
    rig.waits(600).drains().is_not_bound();
    assert_eq!(rig.visit.touched, since);
    let rows = OutboxRow::of(&rig.visit);
    assert_eq!(rows.len(), 1);
    assert!(rows[0].pickup.is_some() && rows[0].student.is_some());
}
