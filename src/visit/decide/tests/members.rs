//! What the directory says of the member: bound already, disabled, nothing at all; and the watch while following.

use std::time::Duration;

use super::campus::{everything, guide};
use super::rig::{Rig, desk, phone};
use crate::visit::{
    ActKind, Answer, Binding, Command, Connectivity, Counts, DirectoryRefusal, Failure,
    MemberStatus, Outcome, Place, Reply, Status, StepKind, Stopped, Trouble, Way,
};

#[test]
fn the_watch_grows_slower_and_ends() {
    let mut rig = Rig::new();
    rig.binds_number().says(Answer::Yes);
    let mut pauses = Vec::new();
    while rig.under_way(ActKind::FindMember).is_some() {
        rig.waits(30).member_is(MemberStatus::NotActive);
        pauses.extend(rig.last.effects.iter().map(|effect| effect.after.as_secs()));
    }
    assert_eq!(pauses[..3], [2, 5, 5]);
    assert_eq!(pauses.len(), 19, "ten minutes, then it ends");
    rig.does(Command::CheckAgain);
    assert!(rig.last.effects[0].after.is_zero(), "looks now");
    let first = rig.visit.look;
    assert!(rig.does(Command::CheckAgain).effects.is_empty(), "once");
    assert_eq!(rig.visit.look, first);
    rig.member_is(MemberStatus::NotActive);
    assert_eq!(rig.in_flight, [], "once");
    assert_eq!(rig.visit.trouble, Some(Trouble::FollowNotSeen));
    rig.does(Command::CheckAgain);
    rig.member_is(MemberStatus::Active);
    assert_eq!(rig.place(), Place::Bound);
}

#[test]
fn the_watch_obeys_the_directory() {
    let mut rig = Rig::new();
    rig.binds_number().says(Answer::Yes);
    for (why, pause) in [
        (Failure::Offline, 10),
        (Failure::Limited { retry_after: None }, 10),
        (
            Failure::Limited {
                retry_after: Some(Duration::from_secs(1)),
            },
            10,
        ),
        (
            Failure::Limited {
                retry_after: Some(Duration::from_secs(45)),
            },
            45,
        ),
        (
            Failure::Limited {
                retry_after: Some(Duration::from_secs(9000)),
            },
            120,
        ),
        (Failure::Rejected(DirectoryRefusal::Other(1)), 10),
    ] {
        rig.answers(Reply::MemberFound(Err(why)));
        assert_eq!(rig.last.effects[0].after.as_secs(), pause);
        assert_eq!(rig.visit.trouble, None, "nobody is troubled by it");
    }
}

#[test]
fn bound_already_is_found_by_the_directory_or_told_by_the_phone() {
    let mut rig = Rig::new();
    rig.agrees().signs_in(1).member_is(MemberStatus::Active);
    assert_eq!(rig.place(), Place::AlreadyBound);
    rig.does(Command::Back);
    assert_eq!(
        rig.place(),
        Place::AlreadyBound,
        "the directory's word stands"
    );
    rig.ends(Outcome::AlreadyBound);

    let mut rig = Rig::with(guide(), Connectivity::default(), Way::Phone);
    rig.does(Command::Choose { choice: 1 });
    assert_eq!(rig.place(), Place::AlreadyBound);
    rig.does(Command::Back);
    assert_eq!(rig.place(), phone(StepKind::Identity), "a wrong tap");
    rig.does(Command::Choose { choice: 1 });
    rig.ends(Outcome::AlreadyBoundByWord);

    // Also late, where the phone shows it at the follow step of a student who signed in here.
    let mut rig = Rig::new();
    rig.binds_number().says(Answer::No);
    rig.does(Command::Choose { choice: 2 });
    assert_eq!(rig.place(), Place::AlreadyBound);
    rig.does(Command::Back);
    assert_eq!(rig.place(), phone(StepKind::Follow));
    rig.does(Command::Choose { choice: 2 });
    rig.ends(Outcome::AlreadyBoundByWord);
    assert_eq!(rig.outbox(), [ActKind::FindMember], "looked up later");
}

#[test]
fn a_member_that_became_active_meanwhile_is_found_by_the_bind() {
    let mut rig = Rig::new();
    rig.comes_to_number().gives(1);
    let active = Failure::Rejected(DirectoryRefusal::AlreadyActive);
    rig.answers(Reply::NumberBound(Err(active)));
    assert_eq!(rig.place(), Place::AlreadyBound);
    rig.ends(Outcome::AlreadyBound);
}

#[test]
fn a_disabled_or_departed_member_waits_for_a_person() {
    for (status, why) in [
        (MemberStatus::Disabled, DirectoryRefusal::Disabled),
        (MemberStatus::Departed, DirectoryRefusal::Departed),
    ] {
        let mut rig = Rig::new();
        rig.agrees().signs_in(1).member_is(status);
        assert_eq!(
            rig.visit.trouble,
            Some(Trouble::Directory(Failure::Rejected(why)))
        );
        assert_eq!(rig.place(), desk(StepKind::Identity));
        assert_eq!(rig.does(Command::Back).facts, [], "signed in is signed in");
        // Once the campus has mended it, a retry finds out.
        rig.does(Command::Retry);
        rig.member_is(MemberStatus::NotActive);
        assert_eq!(
            (rig.place(), &rig.visit.trouble),
            (desk(StepKind::Number), &None)
        );
    }
}

#[test]
fn not_knowing_the_member_holds_nobody_up() {
    for failure in [Failure::Offline, Failure::Misconfigured("no secret".into())] {
        let mut rig = Rig::new();
        rig.agrees().signs_in(1);
        rig.answers(Reply::MemberFound(Err(failure)));
        assert_eq!(rig.place(), desk(StepKind::Number));
    }
    let mut reach = everything();
    reach.directory_read = crate::visit::Gateway::Absent;
    let mut rig = Rig::with(guide(), reach, Way::Desk);
    rig.agrees().signs_in(1);
    assert_eq!(rig.place(), desk(StepKind::Number));
    rig.gives(1);
    rig.answers(Reply::NumberBound(Ok(Binding::Created)));
    rig.says(Answer::Yes);
    // The desk cannot look: the student's word is the fact.
    assert_eq!(rig.place(), phone(StepKind::Follow));
    assert_eq!(rig.in_flight, []);
    rig.does(Command::Choose { choice: 0 });
    rig.ends(Outcome::BoundByWord);
}

/// Fault 1: Enter at the follow page said that the account is bound, though the directory had the member as not active.
#[test]
fn fault_01_a_follow_counts_when_the_directory_says_so() {
    let mut rig = Rig::new();
    rig.binds_number().says(Answer::Yes);
    for _ in 0..3 {
        // Said without a lookup before: the desk looks it up now.
        rig.does(Command::SayFollowed);
        assert!(rig.last.effects[0].after.is_zero());
        rig.member_is(MemberStatus::NotActive);
        assert_eq!(rig.place(), desk(StepKind::Follow));
        assert!(rig.visit.has_looked_in_vain());
        rig.does(Command::CheckAgain);
        assert_eq!(rig.visit.trouble, None, "it is being looked at");
        rig.answers(Reply::MemberFound(Err(Failure::Offline)));
        assert_eq!(rig.visit.trouble, Some(Trouble::FollowNotLooked));
        rig.does(Command::Back);
        rig.says(Answer::Yes);
    }
    rig.does(Command::CheckAgain);
    rig.member_is(MemberStatus::Active);
    assert_eq!(rig.place(), Place::Bound);
    rig.ends(Outcome::Bound);
}

/// A look did not see the follow, and the student's word is noted.
fn noted_by_word() -> Rig {
    let mut rig = Rig::new();
    rig.binds_number().says(Answer::Yes);
    rig.does(Command::CheckAgain);
    rig.member_is(MemberStatus::NotActive);
    rig.does(Command::SayFollowed);
    assert_eq!(rig.place(), Place::NotedByWord);
    rig
}

#[test]
fn fault_01_the_students_word_is_noted_apart_and_looked_up_later() {
    let noted = || {
        let mut rig = noted_by_word();
        rig.ends(Outcome::BoundByWord);
        assert_eq!(rig.outbox(), [ActKind::FindMember]);
        rig
    };
    let counts = |rig: &Rig| {
        let mut counts = Counts::default();
        for recorded in &rig.facts {
            counts.count(&recorded.fact);
        }
        (counts.bound, counts.by_word)
    };
    let mut rig = noted();
    assert_eq!(counts(&rig), (0, 1));
    rig.drains().member_is(MemberStatus::Active);
    let outcome = Outcome::WordConfirmed;
    assert_eq!(rig.visit.status, Status::Closed { outcome });
    assert!(rig.visit.is_over());
    assert_eq!(counts(&rig), (1, 0));
    // What is not there is for a person.
    let mut rig = noted();
    rig.drains().member_is(MemberStatus::NotActive);
    assert_eq!(rig.visit.outbox[0].stopped, None, "some minutes late");
    rig.waits(601).drains().member_is(MemberStatus::NotActive);
    let stopped = rig.visit.outbox[0].stopped.clone();
    assert_eq!(stopped, Some(Stopped::NotActive(MemberStatus::NotActive)));
    assert_eq!(counts(&rig), (0, 1));
}

#[test]
fn what_was_noted_turns_green_while_the_student_is_there() {
    let mut rig = noted_by_word();
    rig.member_is(MemberStatus::NotActive);
    assert_eq!(rig.place(), Place::NotedByWord, "not seen is not green");
    rig.member_is(MemberStatus::Active);
    assert_eq!(rig.place(), Place::Bound);
    rig.ends(Outcome::Bound);
    assert_eq!(rig.outbox(), [], "nothing is left to look up");
    // The watch has an end.
    let mut rig = noted_by_word();
    rig.waits(3600).member_is(MemberStatus::NotActive);
    assert_eq!(rig.under_way(ActKind::FindMember), None);
    rig.ends(Outcome::BoundByWord);
    assert_eq!(rig.outbox(), [ActKind::FindMember]);
}
