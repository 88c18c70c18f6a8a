//! Every command at every place: it fits and moves the visit, or it does nothing at all.

use super::campus::{everything, guide, mobile, sign_in, verify_first};
use super::rig::Rig;
use crate::visit::{
    Answer, Command, Connectivity, EffectId, Failure, MemberStatus, ParkedFor, Question, Reply,
    Secret, Way,
};

/// A visit that stands at the place of this name.
fn at(place: &str) -> Rig {
    let by_phone = || Rig::with(guide(), Connectivity::default(), Way::Phone);
    let mut rig = match place {
        "role page" | "login page" | "number page" | "question by phone" => by_phone(),
        "stuck" => Rig::with(verify_first(), Connectivity::default(), Way::Phone),
        "verify page" => Rig::with(guide(), everything(), Way::Phone),
        _ => Rig::new(),
    };
    match place {
        "notice" | "role page" | "stuck" => {}
        "login page" => _ = rig.does(Command::Choose { choice: 0 }),
        "number page" => taps(&mut rig, 2),
        "question by phone" => taps(&mut rig, 3),
        "verify page" => {
            taps(&mut rig, 3);
            rig.says(Answer::No);
            taps(&mut rig, 1);
        }
        "identity" => _ = rig.agrees(),
        "disabled" => _ = rig.agrees().signs_in(1).member_is(MemberStatus::Disabled),
        "already bound" => _ = rig.agrees().signs_in(1).member_is(MemberStatus::Active),
        "number" => _ = rig.comes_to_number(),
        "number refused" => {
            rig.comes_to_number().gives(1);
            rig.answers(Reply::NumberBound(Err(Failure::Offline)));
        }
        "question" => _ = rig.binds_number(),
        "follow" => _ = rig.binds_number().says(Answer::Yes),
        "follow page" => _ = rig.binds_number().says(Answer::No),
        "verify" => _ = rig.comes_to_code(),
        "code" => _ = rig.comes_to_code().gets_code().waits(60),
        "code accepted" => {
            rig.comes_to_code().gets_code().types_right();
            rig.answers(Reply::Confirmed(Err(Failure::Offline)));
        }
        "bound" => {
            _ = rig
                .binds_number()
                .says(Answer::Yes)
                .member_is(MemberStatus::Active)
        }
        "parked" => _ = rig.comes_to_number().does(Command::Leave),
        "closed" => _ = rig.does(Command::End),
        other => panic!("no such place: {other}"),
    }
    rig
}

fn taps(rig: &mut Rig, times: usize) {
    for _ in 0..times {
        rig.does(Command::Choose { choice: 0 });
    }
}

const COMMANDS: &str = "open agree sign-in number yes no unsure choose-0 choose-1 choose-9 tell followed check-again \
    send-code right-code wrong-code change-number retry back finish leave desk phone park resume restart end expire \
    recover stale";

/// The command of this name, as it would be given to this visit.
fn command(name: &str, rig: &Rig) -> Command {
    let answer = |answer| Command::Answer {
        question: Question::WechatNumber,
        answer,
    };
    let code = |right: bool| match (&rig.visit.code, right) {
        (Some(_), true) => Secret::new(rig.code()),
        (Some(_), false) => rig.wrong_code(),
        (None, _) => Secret::new("000000".into()),
    };
    match name {
        "open" => Command::Open {
            prefers: Way::Desk,
            first_time: true,
            scanned: false,
        },
        "agree" => Command::Agree,
        "sign-in" => Command::SignIn(sign_in(1)),
        "number" => Command::GiveNumber { mobile: mobile(5) },
        "yes" => answer(Answer::Yes),
        "no" => answer(Answer::No),
        "unsure" => answer(Answer::Unsure),
        "choose-0" => Command::Choose { choice: 0 },
        "choose-1" => Command::Choose { choice: 1 },
        "choose-9" => Command::Choose { choice: 9 },
        "tell" => Command::TellNumber { mobile: mobile(7) },
        "followed" => Command::SayFollowed,
        "check-again" => Command::CheckAgain,
        "send-code" => Command::SendCode,
        "right-code" => Command::TypeCode { code: code(true) },
        "wrong-code" => Command::TypeCode { code: code(false) },
        "change-number" => Command::ChangeNumber,
        "retry" => Command::Retry,
        "back" => Command::Back,
        "finish" => Command::Finish,
        "leave" => Command::Leave,
        "desk" => Command::Prefer { way: Way::Desk },
        "phone" => Command::Prefer { way: Way::Phone },
        "park" => Command::Park {
            why: ParkedFor::Idle,
        },
        "resume" => Command::ResumeByVolunteer,
        "restart" => Command::BeginAgain,
        "end" => Command::End,
        "expire" => Command::Expire,
        "recover" => Command::Recover,
        "stale" => Command::Reply {
            id: EffectId(1),
            reply: Reply::CodeSent(Ok(())),
        },
        other => panic!("no such command: {other}"),
    }
}

/// Each place with the commands that move the visit there.
const FITS: [(&str, &str); 21] = [
    ("notice", "open agree leave phone"),
    ("identity", "sign-in back leave phone"),
    ("disabled", "retry leave phone"),
    ("already bound", "finish leave phone"),
    ("number", "number leave phone"),
    ("number refused", "number retry leave phone"),
    ("question", "yes no unsure back leave phone"),
    (
        "follow",
        "no unsure followed check-again change-number back leave phone",
    ),
    (
        "follow page",
        "yes unsure choose-0 followed change-number back leave phone",
    ),
    (
        "verify",
        "yes unsure send-code change-number back leave phone",
    ),
    (
        "code",
        "yes unsure send-code right-code wrong-code change-number back leave phone",
    ),
    (
        "code accepted",
        "yes unsure send-code change-number retry back leave phone",
    ),
    ("bound", "finish leave phone"),
    ("role page", "open choose-0 choose-1 leave desk"),
    ("login page", "choose-0 choose-1 back leave desk"),
    ("number page", "choose-0 tell back leave desk"),
    ("question by phone", "yes no unsure back leave desk"),
    (
        "verify page",
        "yes unsure choose-0 tell change-number back leave desk",
    ),
    ("stuck", "open leave desk"),
    ("parked", "sign-in resume end"),
    ("closed", ""),
];

/// What a volunteer, the idle clock and a restart may do with every open visit.
const ALWAYS: &str = "park restart end recover";

#[test]
fn a_command_fits_or_does_nothing() {
    for (place, fits) in FITS {
        let open = at(place).visit.is_open();
        let always = if open { ALWAYS } else { "" };
        let expected: Vec<&str> = fits.split(' ').chain(always.split(' ')).collect();
        for name in COMMANDS.split_whitespace() {
            let mut rig = at(place);
            let before = rig.visit.clone();
            let command = command(name, &rig);
            let decision = rig.does(command);
            let moved = !(decision.facts.is_empty()
                && decision.effects.is_empty()
                && decision.cancel.is_empty());
            assert_eq!(moved, expected.contains(&name), "{name} at {place}");
            assert!(moved || rig.visit == before, "{name} at {place}");
        }
    }
}

#[test]
fn every_open_place_has_a_way_on_for_the_student() {
    for (place, fits) in FITS {
        let ways = fits.split(' ').filter(|name| *name != "open").count();
        assert!(ways > 1 || place == "closed", "{place}");
    }
}
