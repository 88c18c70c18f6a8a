//! The queue as a target: what somebody does at the keyboard who wants the room to stand still.

use std::time::Duration;

use proptest::prelude::*;

use super::campus::{sign_in, student};
use super::rig::Rig;
use crate::visit::{
    Command, Fact, Failure, NAMELESS_LIFE, ParkedFor, Recorded, Reply, SignInRefusal, SmsRefusal,
    Status, Trouble, VisitId, Way,
};

fn wrong() -> Failure<SignInRefusal> {
    Failure::Rejected(SignInRefusal::WrongPassword)
}

/// Wrong passwords for numbers that nobody has, in other visits.
fn floods(rig: &mut Rig, tries: u32) {
    for n in 0..tries {
        let fact = Fact::SignInRefused {
            student: student(1000 + n).number,
            why: wrong(),
        };
        let recorded = Recorded::new(VisitId(99), rig.now.wall, fact);
        rig.limits.count(&recorded);
    }
}

#[test]
fn wrong_passwords_for_invented_numbers_slow_the_desk_and_close_it_to_nobody() {
    let mut rig = Rig::new();
    rig.agrees();
    floods(&mut rig, 1000);
    let after = |rig: &mut Rig| {
        let decision = rig.decide(Command::SignIn(sign_in(1)));
        let [effect] = decision.effects.as_slice() else {
            panic!("not asked: {:?}", decision.facts);
        };
        effect.after
    };
    assert_eq!(after(&mut rig), Duration::from_secs(20));
    // A volunteer's PIN lifts it.
    rig.limits.lift_desk();
    assert_eq!(after(&mut rig), Duration::ZERO);
}

#[test]
fn an_account_that_has_to_pause_may_be_vouched_for() {
    let mut rig = Rig::new();
    rig.agrees();
    for _ in 0..4 {
        assert!(!rig.visit.cannot_sign_in(rig.reach));
        rig.does(Command::SignIn(sign_in(1)));
        rig.answers(Reply::SignedIn(Err(wrong())));
    }
    rig.does(Command::SignIn(sign_in(1)));
    assert!(rig.last.effects.is_empty());
    assert!(rig.visit.cannot_sign_in(rig.reach));
    rig.does(Command::Vouch {
        student: student(1),
    });
    assert!(rig.visit.vouched);
}

#[test]
fn a_desk_that_has_sent_its_share_says_that_it_is_the_desk() {
    let mut rig = Rig::new();
    rig.rules.sms.desk_per_hour = 0;
    rig.comes_to_code().does(Command::SendCode);
    let full = Failure::Rejected(SmsRefusal::DeskFull);
    assert_eq!(rig.visit.trouble, Some(Trouble::Sms(full)));
    assert!(rig.last.effects.is_empty());
}

fn parks(rig: &mut Rig) -> Duration {
    rig.does(Command::Park {
        why: ParkedFor::Queue,
    });
    let Status::Parked { expires, .. } = &rig.visit.status else {
        panic!("not parked: {:?}", rig.visit);
    };
    Duration::try_from(expires.duration_since(rig.now.wall)).unwrap()
}

/// Somebody who reads the phone's pages, and has told nobody's name.
fn reading() -> Rig {
    let mut rig = Rig::new();
    rig.agrees();
    rig.does(Command::Prefer { way: Way::Phone });
    rig.does(Command::Choose { choice: 0 });
    assert!(rig.visit.holds_something(), "{:?}", rig.visit);
    rig
}

#[test]
fn a_visit_without_a_name_waits_shortly_and_one_with_a_name_as_long_as_the_pack_says() {
    let mut nameless = reading();
    assert!(nameless.visit.is_nameless());
    assert_eq!(parks(&mut nameless), NAMELESS_LIFE);
    // Taken up and signed in, it is a student's.
    nameless.does(Command::SignIn(sign_in(1)));
    nameless.answers(Reply::SignedIn(Ok(student(1))));
    let life = nameless.rules.pickup_life;
    assert!(!nameless.visit.is_nameless());
    assert_eq!(parks(&mut nameless), life);
    // Room is made by those without a name alone.
    assert_eq!(nameless.does(Command::MakeRoom).facts, []);
    let mut other = reading();
    assert_eq!(other.does(Command::MakeRoom).facts, [], "in hand");
    parks(&mut other);
    other.does(Command::MakeRoom);
    assert!(other.visit.is_closed());
}

proptest! {
    /// Whatever was typed at the desk before, a student's own sign-in leaves, and soon; and an hour of guesses at the
    /// numbers of a whole year sees no more than the limit has always let through.
    #[test]
    fn no_flood_keeps_a_student_out_and_no_hour_of_guesses_gets_far(
        pauses in proptest::collection::vec(0_u64..30, 0..400),
    ) {
        let mut rig = Rig::new();
        rig.agrees();
        let (mut asked, mut spent) = (0, 0);
        for (n, pause) in pauses.into_iter().enumerate() {
            let slowed = rig.limits.sign_in_slowed(rig.now.wall).as_secs();
            prop_assert!(slowed <= 20);
            prop_assert!(rig.limits.sign_in_wait(&student(1).number, rig.now.wall).is_zero());
            rig.waits(pause + slowed);
            spent += pause + slowed;
            if spent > 3600 {
                break;
            }
            asked += 1;
            let fact = Fact::SignInRefused {
                student: student(1000 + u32::try_from(n).unwrap()).number,
                why: wrong(),
            };
            let recorded = Recorded::new(VisitId(99), rig.now.wall, fact);
            rig.limits.count(&recorded);
        }
        prop_assert!(asked <= 30 + 3600 / 20 + 1, "{asked}");
        let decision = rig.decide(Command::SignIn(sign_in(1)));
        prop_assert_eq!(decision.effects.len(), 1);
    }
}
