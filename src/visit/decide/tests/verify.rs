//! The desk's own code: how long it is good, how often it is tried and sent, and what a clock that is set back does.

use std::time::Duration;

use super::campus::mobile;
use super::rig::{Rig, desk};
use crate::visit::{
    Act, ActKind, Answer, Command, DirectoryRefusal, Fact, Failure, Place, Reply, Secret,
    SmsAllowance, SmsRefusal, StepKind, Trouble,
};

/// A visit at the code step with the first code sent.
fn with_code() -> Rig {
    let mut rig = Rig::new();
    rig.comes_to_code().gets_code();
    rig
}

fn sends(rig: &mut Rig) -> bool {
    let sends = rig.does(Command::SendCode).effects.len() == 1;
    if sends {
        rig.answers(Reply::CodeSent(Ok(())));
    }
    sends
}

#[test]
fn a_code_is_good_for_its_five_minutes_and_no_longer() {
    for (secs, good) in [(0, true), (299, true), (300, false), (100_000, false)] {
        let mut rig = with_code();
        rig.waits(secs).types_right();
        assert_eq!(
            rig.under_way(ActKind::ConfirmMember).is_some(),
            good,
            "after {secs} s"
        );
        assert_eq!(
            rig.last.facts.is_empty(),
            !good,
            "an expired code costs no try"
        );
    }
}

#[test]
fn the_same_code_while_it_is_good_and_another_afterwards() {
    let mut rig = with_code();
    rig.waits(60);
    assert!(sends(&mut rig));
    rig.waits(60);
    assert!(sends(&mut rig));
    assert_eq!(rig.sent[0].2, rig.sent[1].2);
    assert_eq!(rig.sent[0].2, rig.sent[2].2);
    // A resend prolongs nothing.
    rig.waits(180).types_right();
    assert!(rig.last.facts.is_empty());
    assert!(sends(&mut rig));
    assert_ne!(rig.sent[0].2, rig.sent[3].2);
    rig.types(Secret::new(rig.sent[0].2.clone()));
    assert_eq!(
        rig.visit.trouble,
        Some(Trouble::CodeWrong { left: 4 }),
        "the old one"
    );
    rig.types_right();
    assert!(rig.under_way(ActKind::ConfirmMember).is_some());
}

#[test]
fn a_restart_changes_no_code() {
    let mut rig = with_code();
    let code = rig.code();
    rig.types_wrong();
    rig.restarts();
    rig.does(Command::ResumeByVolunteer);
    assert_eq!(rig.code(), code);
    rig.types_wrong();
    assert_eq!(
        rig.visit.trouble,
        Some(Trouble::CodeWrong { left: 3 }),
        "and gives no tries back"
    );
    rig.waits(60);
    assert!(sends(&mut rig));
    assert_eq!(rig.sent[1].2, code);
    rig.types(Secret::new(code));
    assert!(rig.under_way(ActKind::ConfirmMember).is_some());
}

#[test]
fn five_wrong_tries_spend_a_code() {
    let mut rig = with_code();
    for left in (1..5).rev() {
        rig.types_wrong();
        assert_eq!(rig.visit.trouble, Some(Trouble::CodeWrong { left }));
    }
    // A resend of the same code gives none back.
    rig.waits(60);
    assert!(sends(&mut rig));
    rig.types_wrong();
    assert_eq!(rig.visit.trouble, Some(Trouble::CodeSpent));
    rig.types_right();
    assert!(rig.last.facts.is_empty(), "spent is spent");
    rig.waits(60);
    assert!(sends(&mut rig));
    rig.types_right();
    assert!(rig.under_way(ActKind::ConfirmMember).is_some());
}

#[test]
fn what_is_not_a_code_is_a_wrong_one() {
    for typed in ["", "12345", "1234567", "１２３４５６", "\u{0}", "abcdef"] {
        let mut rig = with_code();
        rig.types(Secret::new(typed.into()));
        let tried = Fact::CodeTried {
            right: false,
            left: 4,
        };
        assert_eq!(rig.last.facts, [tried]);
    }
}

#[test]
fn another_message_only_after_a_minute_but_at_once_where_none_went_out() {
    let mut rig = with_code();
    rig.rules.sms.per_hour = 10;
    assert!(!sends(&mut rig));
    rig.waits(59);
    assert!(!sends(&mut rig));
    assert_eq!(rig.last.facts, []);
    rig.waits(1);
    assert!(sends(&mut rig));
    rig.waits(60).does(Command::SendCode);
    for why in [
        Failure::Rejected(SmsRefusal::BadNumber),
        Failure::Offline,
        Failure::Limited { retry_after: None },
        Failure::Misconfigured("signature".into()),
    ] {
        rig.answers(Reply::CodeSent(Err(why.clone())));
        assert_eq!(rig.visit.trouble, Some(Trouble::Sms(why)));
        assert_eq!(rig.does(Command::SendCode).effects.len(), 1);
    }
}

#[test]
fn five_an_hour_and_ten_a_day_for_a_number() {
    let mut rig = Rig::new();
    rig.comes_to_code();
    let mut sent_at = Vec::new();
    for minute in 0..25 * 60 {
        if sends(&mut rig) {
            sent_at.push(minute);
        } else {
            let is_limit = match &rig.visit.trouble {
                Some(Trouble::Sms(Failure::Limited { retry_after })) => {
                    retry_after.is_some_and(|wait| !wait.is_zero())
                }
                _ => false,
            };
            assert!(is_limit, "with how long to wait");
        }
        rig.waits(60);
    }
    assert_eq!(
        sent_at,
        [
            0, 1, 2, 3, 4, 60, 61, 62, 63, 64, 1440, 1441, 1442, 1443, 1444
        ]
    );
    // Another number of the same visit has its own.
    rig.does(Command::ChangeNumber);
    rig.gives(2).is_bound().says(Answer::No);
    rig.does(Command::SayFollowed);
    assert!(sends(&mut rig));
}

#[test]
fn a_clock_set_back_gives_no_codes_away() {
    for back in [1, 30, 59, 61, 299, 301, 3599, 86_400, 1_000_000] {
        let mut rig = with_code();
        rig.steps_back(back);
        // The limits are checked with every message by the rig, in real time.
        for _ in 0..100 {
            rig.does(Command::SendCode);
            if rig.under_way(ActKind::SendCode).is_some() {
                rig.answers(Reply::CodeSent(Ok(())));
            }
            rig.waits(61);
        }
        let mobile = mobile(1);
        let allowed = rig.limits.sms(&mobile, &rig.rules.sms, rig.now.wall);
        if let SmsAllowance::After(wait) = allowed {
            assert!(wait <= Duration::from_secs(86_400));
        }
        assert!(rig.sent.len() <= 10, "{} with {back} s", rig.sent.len());
    }
}

#[test]
fn a_clock_set_back_ends_in_no_endless_wait_and_no_endless_code() {
    for (back, good) in [(1, true), (299, true), (301, false), (3600, false)] {
        let mut rig = with_code();
        rig.waits(1).steps_back(1 + back);
        let code = rig.visit.code.clone().unwrap();
        assert_eq!(code.is_good(5, rig.now.wall), good, "{back} s back");
        // Within two pauses another one can be asked for, whatever the clock did.
        rig.waits(120);
        assert!(sends(&mut rig), "{back} s back");
    }
}

#[test]
fn a_right_code_counts_whatever_became_of_its_message() {
    let mut rig = Rig::new();
    rig.comes_to_code().does(Command::SendCode);
    let sending = rig.under_way(ActKind::SendCode).unwrap();
    rig.types_right();
    assert_eq!(rig.last.cancel, [sending]);
    rig.answers(Reply::Confirmed(Ok(())));
    assert_eq!(rig.place(), Place::Bound);
    let late = Command::Reply {
        id: sending,
        reply: Reply::CodeSent(Err(Failure::Offline)),
    };
    assert_eq!(rig.does(late).facts, []);
}

#[test]
fn a_code_is_accepted_once_and_confirmed_until_it_is() {
    let mut rig = with_code();
    rig.types_right();
    for again in [Command::Retry, Command::SendCode] {
        rig.answers(Reply::Confirmed(Err(Failure::Offline)));
        assert_eq!(
            rig.visit.trouble,
            Some(Trouble::Directory(Failure::Offline))
        );
        rig.types_right();
        assert_eq!(rig.last.facts, [], "used");
        rig.waits(100);
        let effects = &rig.does(again).effects;
        assert!(
            matches!(effects[0].act, Act::ConfirmMember { .. }),
            "no message, the same confirmation"
        );
    }
    let gone = Failure::Rejected(DirectoryRefusal::UnknownMember);
    rig.answers(Reply::Confirmed(Err(gone)));
    assert_eq!(rig.place(), desk(StepKind::Verify));
    // Even by a way back and forth.
    rig.does(Command::Back);
    rig.does(Command::SayFollowed);
    rig.does(Command::SendCode);
    rig.answers(Reply::Confirmed(Ok(())));
    assert_eq!(rig.place(), Place::Bound);
    assert_eq!(rig.sent.len(), 1);
}
