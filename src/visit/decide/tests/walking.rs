//! What somebody sensible does next at any place, and what effects answer.

use std::time::Duration;

use super::campus::{mobile, sign_in, student};
use super::rig::Rig;
use crate::visit::{
    ActKind, Answer, Binding, CodeRefusal, CodeVerdict, Command, DirectoryRefusal, Failure,
    GrantRefusal, Member, MemberStatus, Place, Reply, Secret, SignInMethod, SignInRefusal,
    SignInWith, SmsRefusal, StepKind, Student, Way,
};

/// What confirms that the old number is unbound, or what does not.
pub fn typed(rig: &Rig, right: bool) -> Secret {
    let old = rig.visit.old.as_ref();
    let number = old.map_or("0000", |old| old.student.number.as_str());
    let ending = number.get(number.len().saturating_sub(4)..).unwrap();
    Secret::new(if right { ending } else { "x" }.into())
}

pub fn reply(kind: ActKind, how: u8) -> Reply {
    fn or<T, R>(how: u8, good: T, refused: R) -> Result<T, Failure<R>> {
        match how {
            8 => Err(Failure::Offline),
            9 => Err(Failure::Limited {
                retry_after: Some(Duration::from_secs(7)),
            }),
            10 => Err(Failure::Misconfigured("60011".into())),
            11 => Err(Failure::Rejected(refused)),
            _ => Ok(good),
        }
    }
    let status = match how {
        0 => MemberStatus::Active,
        1 => MemberStatus::Disabled,
        2 => MemberStatus::Departed,
        3 => MemberStatus::Absent,
        _ => MemberStatus::NotActive,
    };
    let member = Member {
        status,
        mobile: None,
    };
    let no_number = if how.is_multiple_of(2) {
        DirectoryRefusal::NumberTaken
    } else {
        DirectoryRefusal::AlreadyActive
    };
    match kind {
        ActKind::SignIn => Reply::SignedIn(or(
            how,
            student(u32::from(how) / 3),
            SignInRefusal::WrongPassword,
        )),
        ActKind::DeviceGrant => {
            Reply::DeviceGranted(or(how, student(u32::from(how) / 3), GrantRefusal::Expired))
        }
        ActKind::FindMember => Reply::MemberFound(or(how, member, DirectoryRefusal::Other(40_001))),
        ActKind::BindNumber => Reply::NumberBound(or(how, Binding::Set, no_number)),
        ActKind::SendCode => Reply::CodeSent(or(how, (), SmsRefusal::Other)),
        ActKind::CheckCode => {
            let verdict = if how < 3 {
                CodeVerdict::Wrong
            } else {
                CodeVerdict::Right
            };
            let over = [CodeRefusal::Expired, CodeRefusal::TooManyTries];
            Reply::CodeChecked(or(how, verdict, over[usize::from(how % 2)]))
        }
        ActKind::ConfirmMember => Reply::Confirmed(or(how, (), DirectoryRefusal::UnknownMember)),
        ActKind::Unbind => Reply::Unbound(or(how, (), DirectoryRefusal::Creator)),
    }
}

/// What a student who wants to get through, and a volunteer who helps, do next.
pub fn go_on(rig: &mut Rig) {
    // At the end nobody waits for what is under way.
    let is_end = matches!(
        rig.place(),
        Place::AlreadyBound | Place::Bound | Place::NotedByWord
    );
    if is_end {
        rig.does(Command::Finish);
        return;
    }
    if let Some(flight) = rig.in_flight.first().copied() {
        let how = match flight.kind {
            // The visit's own student signs in; and the follow is seen.
            ActKind::SignIn | ActKind::DeviceGrant => {
                let who = whoever(rig);
                let reply = match flight.kind {
                    ActKind::DeviceGrant => Reply::DeviceGranted(Ok(who)),
                    _ => Reply::SignedIn(Ok(who)),
                };
                rig.does(Command::Reply {
                    id: flight.id,
                    reply,
                });
                return;
            }
            ActKind::FindMember if is_following(rig) => 0,
            _ => 5,
        };
        let reply = reply(flight.kind, how);
        rig.does(Command::Reply {
            id: flight.id,
            reply,
        });
        return;
    }
    let command = match rig.place() {
        Place::Step { step, way, .. } => return go_on_at(rig, step, way),
        Place::Ask(question) => Command::Answer {
            question,
            answer: Answer::No,
        },
        // A student who was vouched for signs in once the sign-in works.
        Place::Parked if rig.visit.vouched => Command::SignIn(signing_in(rig)),
        Place::Parked => Command::ResumeByVolunteer,
        Place::Closed | Place::AlreadyBound | Place::Bound | Place::NotedByWord => return,
        Place::Stuck => Command::BeginAgain,
    };
    rig.does(command);
}

/// The visit's own student; at the old number another one.
fn whoever(rig: &Rig) -> Student {
    let unbinds = matches!(
        rig.place(),
        Place::Step {
            step: StepKind::Unbind,
            ..
        }
    );
    let old = rig.visit.old.as_ref().map(|old| &old.student);
    let other = unbinds || old == Some(&student(1));
    let newcomer = student(if other { 2 } else { 1 });
    let owner = rig.visit.owner().filter(|_| !rig.visit.is_open());
    owner.cloned().unwrap_or(newcomer)
}

/// What they type.
fn signing_in(rig: &Rig) -> SignInWith {
    SignInWith {
        student: whoever(rig).number,
        ..sign_in(1)
    }
}

fn is_following(rig: &Rig) -> bool {
    matches!(
        rig.place(),
        Place::Step {
            step: StepKind::Follow,
            ..
        }
    )
}

fn go_on_at(rig: &mut Rig, step: StepKind, way: Way) {
    let command = match (step, way) {
        (StepKind::Notice, _) => Command::Agree,
        (_, Way::Phone) => Command::Choose { choice: 0 },
        (StepKind::Identity, Way::Desk) if rig.visit.student.is_some() => Command::Retry,
        (StepKind::Identity | StepKind::Unbind, Way::Desk) if needs_another_code(rig) => {
            Command::StartDeviceGrant
        }
        (StepKind::Identity, Way::Desk) => Command::SignIn(signing_in(rig)),
        (StepKind::Unbind, Way::Desk) if rig.visit.old.is_some() => Command::Unbind {
            typed: typed(rig, true),
        },
        (StepKind::Unbind, Way::Desk) => Command::SignIn(signing_in(rig)),
        (StepKind::Number, Way::Desk) => Command::GiveNumber { mobile: mobile(1) },
        (StepKind::Follow, Way::Desk) => Command::CheckAgain,
        (StepKind::Verify, Way::Desk) => {
            let good =
                rig.visit.code.as_ref().is_some_and(|code| {
                    code.taken && code.is_good(rig.rules.sms.tries, rig.now.wall)
                });
            if good {
                Command::TypeCode {
                    code: Secret::new(rig.code()),
                }
            } else {
                Command::SendCode
            }
        }
        (_, Way::Desk) => unreachable!("{step:?} is not done by the desk"),
    };
    rig.does(command);
}

/// The phone is the way to sign in, and the last code came to nothing.
fn needs_another_code(rig: &Rig) -> bool {
    let by_phone = rig.reach.means(rig.visit.means) == SignInMethod::Device;
    by_phone && rig.reach.device_grant.is_connected() && rig.visit.old.is_none()
}
