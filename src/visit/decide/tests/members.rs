//! What the directory says of the member: bound already, disabled, nothing at all; and the watch while following.

use std::time::Duration;

use super::campus::{everything, guide};
use super::rig::{Rig, desk, phone};
use crate::visit::{
    ActKind, Answer, Binding, Command, Connectivity, DirectoryRefusal, Failure, MemberStatus,
    Outcome, Place, Reply, StepKind, Trouble, Way,
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
    rig.member_is(MemberStatus::NotActive);
    assert_eq!(rig.in_flight, [], "once");
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
    rig.ends(Outcome::AlreadyBound);

    // Also late, where the phone shows it at the follow step of a student who signed in here.
    let mut rig = Rig::new();
    rig.binds_number().says(Answer::No);
    rig.does(Command::Choose { choice: 2 });
    assert_eq!(rig.place(), Place::AlreadyBound);
    rig.does(Command::Back);
    assert_eq!(rig.place(), phone(StepKind::Follow));
    rig.does(Command::Choose { choice: 2 });
    rig.ends(Outcome::AlreadyBound);
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
    rig.ends(Outcome::Bound);
}
