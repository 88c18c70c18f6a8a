//! Whole journeys of the guide, by the desk and by the phone, on the guide's campus and on one of another order.

use std::time::Duration;

use super::campus::{everything, guide, mobile, student, verify_first};
use super::rig::{Rig, desk, phone};
use crate::visit::{
    Act, ActKind, Answer, Command, Connectivity, Fact, MemberStatus, Outcome, Place, Question,
    Reply, StepKind, Way,
};

/// The first choice of each page, until the route is done. Gives the pages seen.
fn taps_on(rig: &mut Rig) -> Vec<(StepKind, usize)> {
    let mut seen = Vec::new();
    while let Place::Step {
        step,
        way: Way::Phone,
        page,
    } = rig.place()
    {
        seen.push((step, page));
        assert!(seen.len() < 50, "round and round: {seen:?}");
        rig.does(Command::Choose { choice: 0 });
    }
    seen
}

#[test]
fn the_wechat_number_by_the_desk() {
    let mut rig = Rig::new();
    assert_eq!(rig.place(), desk(StepKind::Notice));
    rig.agrees();
    assert_eq!(rig.place(), desk(StepKind::Identity));
    rig.signs_in(1);
    assert_eq!(
        rig.place(),
        desk(StepKind::Identity),
        "while it is looked up"
    );
    rig.member_is(MemberStatus::NotActive);
    assert_eq!(rig.place(), desk(StepKind::Number));
    rig.gives(1);
    assert!(!rig.visit.number_bound);
    rig.is_bound();
    assert!(rig.visit.number_bound);
    assert_eq!(rig.place(), Place::Ask(Question::WechatNumber));
    rig.says(Answer::Yes);
    assert_eq!(rig.place(), desk(StepKind::Follow));
    rig.member_is(MemberStatus::NotActive);
    assert_eq!(rig.place(), desk(StepKind::Follow));
    rig.member_is(MemberStatus::Active);
    assert_eq!(rig.place(), Place::Bound);
    rig.ends(Outcome::Bound);
    assert_eq!(rig.visit.student, Some(student(1)));
}

#[test]
fn another_number_by_the_desk() {
    let mut rig = Rig::new();
    rig.binds_number().says(Answer::No);
    // Following does not activate the member here, so the desk does not watch the directory.
    assert_eq!(rig.place(), phone(StepKind::Follow));
    assert_eq!(rig.in_flight, []);
    rig.does(Command::SayFollowed);
    assert_eq!(rig.place(), desk(StepKind::Verify));
    rig.gets_code().types_right();
    assert_eq!(rig.place(), desk(StepKind::Verify), "not confirmed yet");
    rig.answers(Reply::Confirmed(Ok(())));
    assert_eq!(rig.place(), Place::Bound);
    rig.ends(Outcome::Bound);
}

#[test]
fn another_number_with_the_assistants_code() {
    let mut rig = Rig::new();
    rig.binds_number().says(Answer::No);
    rig.does(Command::SayFollowed);
    // The desk could send a code; the student's phone does it instead.
    rig.does(Command::Prefer { way: Way::Phone });
    assert_eq!(rig.place(), phone(StepKind::Verify));
    assert_eq!(rig.visit.mobile, Some(mobile(1)), "shown large");
    let seen = taps_on(&mut rig);
    assert_eq!(
        seen,
        (0..4).map(|n| (StepKind::Verify, n)).collect::<Vec<_>>()
    );
    rig.ends(Outcome::BoundByWord);
    assert_eq!(rig.outbox(), [ActKind::FindMember], "looked up later");
}

#[test]
fn a_number_that_is_told_is_shown_and_proves_nothing() {
    let mut rig = Rig::with(guide(), everything(), Way::Phone);
    rig.does(Command::Choose { choice: 0 });
    rig.does(Command::Choose { choice: 0 });
    assert_eq!(rig.place(), phone(StepKind::Number));
    rig.does(Command::TellNumber { mobile: mobile(1) });
    assert_eq!(rig.place(), phone(StepKind::Number), "the phone does it");
    assert!(rig.in_flight.is_empty(), "nothing is asked of the campus");
    rig.does(Command::Choose { choice: 0 });
    rig.says(Answer::No).does(Command::Choose { choice: 0 });
    assert_eq!(rig.place(), phone(StepKind::Verify));
    assert_eq!(rig.visit.mobile, Some(mobile(1)), "shown large");
    assert!(!rig.visit.number_bound);

    // Parked and resumed by a sign-in, the student is known; the desk's code to this number would prove nothing.
    rig.does(Command::Leave);
    rig.signs_in(1);
    rig.does(Command::Prefer { way: Way::Desk });
    assert_eq!(rig.place(), phone(StepKind::Verify));

    // What the desk itself has set stays.
    let mut rig = Rig::new();
    rig.comes_to_code()
        .does(Command::Prefer { way: Way::Phone });
    rig.does(Command::TellNumber { mobile: mobile(7) });
    assert_eq!(rig.visit.mobile, Some(mobile(1)));
}

#[test]
fn both_cases_by_the_phone_alone() {
    // With no API at all, and with all of them but a student who scanned: the same, and no notice, for no data is taken.
    for (reach, prefers) in [
        (Connectivity::default(), Way::Desk),
        (Connectivity::default(), Way::Phone),
        (everything(), Way::Phone),
    ] {
        for (answer, steps_after) in [
            (Answer::Yes, vec![StepKind::Follow]),
            (Answer::Unsure, vec![StepKind::Follow]),
            (Answer::No, vec![StepKind::Follow, StepKind::Verify]),
        ] {
            let mut rig = Rig::with(guide(), reach, prefers);
            let seen = taps_on(&mut rig);
            let begin = [
                (StepKind::Identity, 0),
                (StepKind::Identity, 1),
                (StepKind::Number, 0),
            ];
            assert_eq!(seen, begin);
            assert_eq!(rig.place(), Place::Ask(Question::WechatNumber));
            rig.says(answer);
            let mut steps: Vec<StepKind> = taps_on(&mut rig).into_iter().map(|s| s.0).collect();
            steps.dedup();
            assert_eq!(steps, steps_after);
            assert_eq!(rig.place(), Place::NotedByWord);
            rig.ends(Outcome::BoundByWord);
            assert_eq!(
                (rig.visit.student.clone(), rig.visit.mobile.clone()),
                (None, None)
            );
        }
    }
}

#[test]
fn a_campus_that_verifies_before_it_follows_and_asks_nothing() {
    let mut rig = Rig::with(verify_first(), everything(), Way::Desk);
    rig.binds_number();
    assert_eq!(rig.place(), desk(StepKind::Verify));
    rig.gets_code().types_right();
    rig.answers(Reply::Confirmed(Ok(())));
    assert_eq!(rig.place(), desk(StepKind::Follow));
    rig.member_is(MemberStatus::Active);
    rig.ends(Outcome::Bound);

    // What this campus does only by the desk cannot be done without its APIs: a person must help.
    let rig = Rig::with(verify_first(), Connectivity::default(), Way::Phone);
    assert_eq!(rig.place(), Place::Stuck);
}

#[test]
fn a_follow_that_does_not_become_active_leads_to_the_other_case() {
    let mut rig = Rig::new();
    rig.binds_number().says(Answer::Unsure);
    assert_eq!(rig.visit.in_step_for(rig.now.wall), Duration::ZERO);
    rig.waits(61);
    rig.member_is(MemberStatus::NotActive);
    assert!(rig.visit.in_step_for(rig.now.wall) > rig.rules.follow_patience);
    let watch = rig.under_way(ActKind::FindMember).unwrap();
    rig.says(Answer::No);
    assert_eq!(rig.last.cancel, [watch], "nobody watches any more");
    assert_eq!(rig.place(), phone(StepKind::Follow));
    rig.does(Command::SayFollowed);
    assert_eq!(rig.place(), desk(StepKind::Verify));
    // And back again: it was the number after all. Now the directory must see the follow that the student reported.
    rig.says(Answer::Yes);
    assert_eq!(rig.place(), desk(StepKind::Follow));
    rig.member_is(MemberStatus::Active);
    assert_eq!(rig.place(), Place::Bound);
}

#[test]
fn the_phone_shows_the_other_case_by_itself() {
    let mut rig = Rig::with(guide(), Connectivity::default(), Way::Phone);
    taps_on(&mut rig);
    rig.says(Answer::Yes);
    rig.does(Command::Choose { choice: 1 });
    assert_eq!(rig.visit.answer(Question::WechatNumber), Some(Answer::No));
    assert_eq!(rig.place(), phone(StepKind::Follow));
    // It is no news the second time, and never counts as followed.
    rig.does(Command::Choose { choice: 1 });
    assert!(rig.last.facts.is_empty());
    taps_on(&mut rig);
    assert_eq!(rig.place(), Place::NotedByWord);
}

#[test]
fn what_the_phone_shows_is_taken_before_the_desk_would_ask() {
    let mut rules = guide();
    let number = crate::visit::PageId("number".into());
    let lead = crate::visit::Lead::Answer {
        question: Question::WechatNumber,
        answer: Answer::No,
    };
    rules.pages.get_mut(&number).unwrap().leads = vec![crate::visit::Lead::Next, lead];
    let mut rig = Rig::with(rules, Connectivity::default(), Way::Phone);
    rig.does(Command::Choose { choice: 0 });
    rig.does(Command::Choose { choice: 0 });
    assert_eq!(rig.place(), phone(StepKind::Number));
    rig.does(Command::Choose { choice: 1 });
    rig.does(Command::Choose { choice: 0 });
    assert_eq!(rig.place(), phone(StepKind::Follow), "not asked again");
}

#[test]
fn changing_the_number_asks_everything_about_it_anew() {
    let mut rig = Rig::new();
    rig.comes_to_code().gets_code();
    rig.does(Command::ChangeNumber);
    assert_eq!(rig.place(), desk(StepKind::Number));
    assert_eq!(rig.visit.answer(Question::WechatNumber), None);
    assert_eq!((&rig.visit.code, rig.visit.number_bound), (&None, false));
    // Neither a retry nor being parked binds the number that was taken back.
    rig.does(Command::Retry);
    assert!(rig.last.effects.is_empty());
    rig.gives(2);
    assert!(
        matches!(&rig.last.effects[0].act, Act::BindNumber { mobile: m, .. } if *m == mobile(2))
    );
    rig.is_bound().says(Answer::No);
    rig.does(Command::SayFollowed);
    rig.gets_code();
    assert_ne!(rig.sent[0].2, rig.sent[1].2, "another number, another code");
    assert_eq!(rig.sent[1].1, mobile(2).as_str());
}

#[test]
fn changing_the_number_gives_up_a_message_under_way() {
    let mut rig = Rig::new();
    rig.comes_to_code().does(Command::SendCode);
    let id = rig.under_way(ActKind::SendCode).unwrap();
    rig.does(Command::ChangeNumber);
    assert_eq!(rig.last.cancel, [id]);
    assert_eq!(rig.visit.unsettled, None);
    // Not while the old number is being confirmed.
    let mut rig = Rig::new();
    rig.comes_to_code().gets_code().types_right();
    rig.does(Command::ChangeNumber);
    assert!(rig.last.facts.is_empty());
}

#[test]
fn the_desk_takes_over_from_the_phone_with_a_notice_first() {
    let mut rig = Rig::with(guide(), everything(), Way::Phone);
    rig.does(Command::Choose { choice: 0 });
    rig.does(Command::Prefer { way: Way::Desk });
    assert_eq!(rig.place(), desk(StepKind::Notice));
    rig.agrees();
    assert_eq!(rig.place(), desk(StepKind::Identity));

    // Who signed in on the phone is not known here: the rest stays there, and no notice comes round and round.
    let mut rig = Rig::with(guide(), everything(), Way::Phone);
    rig.does(Command::Choose { choice: 0 });
    rig.does(Command::Choose { choice: 0 });
    rig.does(Command::Prefer { way: Way::Desk });
    assert_eq!(rig.place(), phone(StepKind::Number));
    taps_on(&mut rig);
    rig.says(Answer::Yes);
    taps_on(&mut rig);
    assert_eq!(rig.place(), Place::NotedByWord);
}

#[test]
fn a_notice_that_comes_late_is_agreed_to_once() {
    // By the phone, parked, resumed by a sign-in here: from then on the desk knows the student.
    let mut rig = Rig::with(guide(), everything(), Way::Phone);
    rig.does(Command::Choose { choice: 0 });
    rig.does(Command::Leave);
    rig.signs_in(1).member_is(MemberStatus::NotActive);
    assert_eq!(rig.place(), phone(StepKind::Number));
    rig.does(Command::Prefer { way: Way::Desk });
    assert_eq!(rig.place(), desk(StepKind::Notice));
    rig.agrees();
    assert_eq!(rig.place(), desk(StepKind::Number));
    rig.gives(1).is_bound().says(Answer::Yes);
    rig.member_is(MemberStatus::Active);
    rig.ends(Outcome::Bound);
}

#[test]
fn by_whose_word() {
    let mut rig = Rig::new();
    rig.binds_number().says(Answer::Yes);
    rig.member_is(MemberStatus::Active);
    let words: Vec<String> = rig
        .facts
        .iter()
        .filter_map(|recorded| match &recorded.fact {
            Fact::StepDone { step, word } => Some(format!("{step:?} {word:?}")),
            _ => None,
        })
        .collect();
    let expected = [
        "Notice Student",
        "Identity Campus",
        "Number Campus",
        "Follow Campus",
    ];
    assert_eq!(words, expected);
}
