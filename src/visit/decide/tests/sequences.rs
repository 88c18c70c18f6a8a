//! Random sequences: commands of every kind, answers good and bad, late replies, clocks set back, gateways that come
//! and go, power cuts. The rig checks the invariants at every turn; here is what must hold at the end of any of them.

use std::time::Duration;

use proptest::prelude::*;

use super::campus::{
    another_number, by_phone_too, checked_by_campus, everything, guide, mobile, sign_in, student,
    verify_first,
};
use super::rig::Rig;
use super::walking::{go_on, reply, typed};
use crate::visit::{
    ActKind, Answer, CodesBy, Command, Connectivity, EffectId, Failure, FreeText, Gateway,
    ParkedFor, Question, Rules, Secret, SignInMethod, TicketContact, Trouble, Way,
};

/// Something that happens at a desk. The numbers are read by what is there when it happens.
#[derive(Clone, Debug)]
enum Event {
    /// What somebody sensible does at this place.
    GoOn,
    /// Any command at all.
    Ask(u8, u32),
    /// An effect under way is answered: which one, and how.
    Answered(usize, u8),
    /// A reply to something that is under way no longer, or never was.
    Stale(u64, u8, u8),
    Wait(u64),
    ClockSetBack(u64),
    Gateways([u8; 5]),
    /// The sign-in is down, and a volunteer vouches for this student.
    Vouched(u32),
    /// A volunteer resumes a waiting visit.
    Papers,
    PowerCut,
}

fn events(most: usize) -> impl Strategy<Value = Vec<Event>> {
    let event = prop_oneof![
        8 => Just(Event::GoOn),
        6 => (0..42u8, any::<u32>()).prop_map(|(which, with)| Event::Ask(which, with)),
        8 => (any::<usize>(), 0..12u8).prop_map(|(which, how)| Event::Answered(which, how)),
        1 => (100..200u64, 0..8u8, 0..12u8).prop_map(|(id, kind, how)| Event::Stale(id, kind, how)),
        3 => prop_oneof![0..90u64, 0..4000u64, Just(90_000u64)].prop_map(Event::Wait),
        1 => prop_oneof![0..90u64, 0..100_000u64].prop_map(Event::ClockSetBack),
        1 => any::<[u8; 5]>().prop_map(Event::Gateways),
        2 => any::<u32>().prop_map(Event::Vouched),
        2 => Just(Event::Papers),
        1 => Just(Event::PowerCut),
    ];
    prop::collection::vec(event, 1..most)
}

fn happens(rig: &mut Rig, event: &Event) {
    match event {
        Event::GoOn => go_on(rig),
        Event::Ask(which, with) => {
            let command = command(rig, *which, *with);
            rig.does(command);
        }
        Event::Answered(which, how) => {
            if !rig.in_flight.is_empty() {
                let flight = rig.in_flight[which % rig.in_flight.len()];
                let (id, reply) = (flight.id, reply(flight.kind, *how));
                rig.does(Command::Reply { id, reply });
            }
        }
        Event::Stale(id, kind, how) => {
            let id = EffectId(*id);
            if rig.in_flight.iter().all(|flight| flight.id != id) {
                let before = rig.visit.clone();
                let reply = reply(KINDS[usize::from(*kind)], *how);
                rig.does(Command::Reply { id, reply });
                assert_eq!(before, rig.visit, "a stale reply");
            }
        }
        Event::Wait(secs) => _ = rig.waits(*secs),
        Event::ClockSetBack(secs) => _ = rig.steps_back(*secs),
        Event::Gateways(states) => rig.reach = reach(*states),
        Event::Papers => _ = rig.does(Command::ResumeByVolunteer),
        Event::Vouched(who) => {
            rig.reach.identity = Gateway::Down {
                since: Duration::ZERO,
            };
            let student = student(who % 3);
            rig.does(Command::Vouch { student });
        }
        Event::PowerCut => {
            let steps = rig.visit.done.clone();
            let was_open = rig.visit.is_open();
            rig.restarts();
            assert!(
                !was_open || !rig.visit.is_open(),
                "nobody stands there for sure"
            );
            assert_eq!(steps, rig.visit.done, "every step done is done");
        }
    }
}

const KINDS: [ActKind; 8] = [
    ActKind::SignIn,
    ActKind::DeviceGrant,
    ActKind::FindMember,
    ActKind::BindNumber,
    ActKind::SendCode,
    ActKind::CheckCode,
    ActKind::ConfirmMember,
    ActKind::Unbind,
];

/// The gateways come and go; one that was never configured stays so while the program runs, but not over a restart,
/// and here not even that is promised.
fn reach(states: [u8; 5]) -> Connectivity {
    let gateway = |state: u8| match state % 4 {
        0 => Gateway::Absent,
        1 => Gateway::Slow,
        2 => Gateway::Down {
            since: Duration::ZERO,
        },
        _ => Gateway::Up,
    };
    Connectivity {
        identity: gateway(states[0]),
        device_grant: gateway(states[4]),
        directory_read: gateway(states[1]),
        directory_write: gateway(states[2]),
        sms: gateway(states[3]),
        codes: if states[3] < 128 {
            CodesBy::Desk
        } else {
            CodesBy::Campus
        },
    }
}

fn command(rig: &Rig, which: u8, with: u32) -> Command {
    let way = if with.is_multiple_of(2) {
        Way::Desk
    } else {
        Way::Phone
    };
    match which {
        0 => Command::Open {
            prefers: way,
            first_time: true,
            scanned: false,
        },
        1 => Command::Agree,
        2 | 3 => Command::SignIn(sign_in(with % 3)),
        4 | 5 => Command::GiveNumber {
            mobile: mobile(with % 3),
        },
        6 | 7 => Command::Answer {
            question: Question::WechatNumber,
            answer: [Answer::Yes, Answer::No, Answer::Unsure][with as usize % 3],
        },
        8 | 9 => Command::Choose {
            choice: with as usize % 4,
        },
        10 => Command::SayFollowed,
        11 => Command::CheckAgain,
        12 | 13 => Command::SendCode,
        14 | 15 => Command::TypeCode {
            code: match &rig.visit.code {
                Some(_) if with.is_multiple_of(4) => Secret::new(rig.code()),
                Some(_) => rig.wrong_code(),
                None => Secret::new("123456".into()),
            },
        },
        16 => Command::ChangeNumber,
        17 => Command::Retry,
        18 => Command::Back,
        19 => Command::Finish,
        20 => Command::Leave,
        21 => Command::Prefer { way },
        22 => Command::Park {
            why: ParkedFor::Idle,
        },
        23 => Command::ResumeByVolunteer,
        24 => Command::BeginAgain,
        25 => Command::TellNumber {
            mobile: mobile(with % 3),
        },
        26 | 27 => Command::Unbind {
            typed: typed(rig, with.is_multiple_of(4)),
        },
        34 => Command::StepAside,
        35 => Command::BeginAsNewNumber,
        36 => Command::OpenTicket {
            reason: FreeText::new("=cmd"),
            contact: TicketContact::default(),
        },
        28 | 29 => Command::RetryDue,
        30 => Command::RetryEntry {
            what: KINDS[with as usize % KINDS.len()],
        },
        31 => Command::DiscardEntry {
            what: KINDS[with as usize % KINDS.len()],
        },
        32 => Command::TicketForEntry {
            what: KINDS[with as usize % KINDS.len()],
            reason: FreeText::new("offline"),
        },
        33 => Command::Vouch {
            student: student(with % 3),
        },
        37 => Command::StartDeviceGrant,
        38 | 39 => Command::ChooseSignInMethod {
            means: if with.is_multiple_of(2) {
                SignInMethod::Device
            } else {
                SignInMethod::Password
            },
        },
        _ if with.is_multiple_of(4) => Command::End,
        _ => Command::Expire,
    }
}

/// From wherever a visit stands: everybody does what is sensible, the campus is up, time goes by.
fn gets_through(rig: &mut Rig) {
    for _ in 0..120 {
        if rig.visit.is_closed() {
            return;
        }
        // A rate limit is waited out as long as it says.
        let told = match &rig.visit.trouble {
            Some(Trouble::Sms(Failure::Limited { retry_after }))
            | Some(Trouble::CodeCheck(Failure::Limited { retry_after }))
            | Some(Trouble::SignIn(Failure::Limited { retry_after })) => *retry_after,
            _ => None,
        };
        rig.waits(told.map_or(20, |told| told.as_secs()));
        go_on(rig);
    }
    panic!("round and round at {:?}: {:?}", rig.place(), rig.visit);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// The invariants of the rig, and that from everywhere there is a way to the end.
    #[test]
    fn whatever_happens_the_student_gets_through(events in events(50), by_phone in any::<bool>()) {
        let prefers = if by_phone { Way::Phone } else { Way::Desk };
        let mut rig = Rig::with(guide(), everything(), prefers);
        for event in &events {
            happens(&mut rig, event);
        }
        rig.reach = everything();
        gets_through(&mut rig);
    }

    #[test]
    fn on_a_campus_that_takes_a_volunteers_word_too(events in events(50)) {
        let rules = Rules { vouching_binds: true, ..guide() };
        let mut rig = Rig::with(rules, everything(), Way::Desk);
        for event in &events {
            happens(&mut rig, event);
        }
        rig.reach = everything();
        gets_through(&mut rig);
    }

    #[test]
    fn on_a_campus_of_another_order_too(events in events(50)) {
        let mut rig = Rig::with(verify_first(), everything(), Way::Desk);
        for event in &events {
            happens(&mut rig, event);
        }
        rig.reach = everything();
        gets_through(&mut rig);
    }

    #[test]
    fn on_a_campus_that_checks_its_own_codes_too(events in events(50)) {
        let mut rig = Rig::with(guide(), checked_by_campus(), Way::Desk);
        for event in &events {
            happens(&mut rig, event);
        }
        rig.reach = checked_by_campus();
        gets_through(&mut rig);
    }

    /// The old number is unbound on the way: never without a confirmation typed just then, never twice.
    #[test]
    fn whoever_has_another_number_gets_through(events in events(50)) {
        let mut rig = Rig::with(another_number(), everything(), Way::Desk);
        for event in &events {
            happens(&mut rig, event);
        }
        rig.reach = everything();
        gets_through(&mut rig);
    }

    /// Students sign in on their own phones, with a password form beside it.
    #[test]
    fn whoever_signs_in_on_a_phone_gets_through(events in events(50)) {
        for rules in [guide(), another_number()] {
            let mut rig = Rig::with(rules, by_phone_too(), Way::Desk);
            for event in &events {
                happens(&mut rig, event);
            }
            rig.reach = by_phone_too();
            gets_through(&mut rig);
        }
    }

    /// With no API at all the phone does everything, whatever else is tried.
    #[test]
    fn with_nothing_connected_nothing_is_asked_of_the_campus(events in events(40)) {
        let mut rig = Rig::with(guide(), Connectivity::default(), Way::Phone);
        for event in &events {
            if !matches!(event, Event::Gateways(_) | Event::Vouched(_)) {
                happens(&mut rig, event);
                prop_assert!(rig.in_flight.is_empty(), "{event:?}: {:?}", rig.in_flight);
            }
        }
    }
}
