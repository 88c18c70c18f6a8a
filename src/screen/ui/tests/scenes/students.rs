//! What a student meets: each step and question, its troubles, its end.

use std::time::Duration;

use super::{Desk, Scene, at, mobile, secs, student};
use crate::screen::{Delivery, DeliveryIs, PhoneSignIn, ShownCode, StoreHealth};
use crate::visit::*;

fn opened(prefers: Way) -> Visit {
    Visit::open(VisitId(7), prefers, at(590))
}

fn done(visit: &mut Visit, steps: &[StepKind]) {
    visit.done.extend(steps.iter().map(|s| Mark::Step(*s)));
}

pub fn at_step(step: StepKind, way: Way, page: usize) -> Scene {
    let mut visit = opened(way);
    visit.page = page;
    let before: &[StepKind] = match step {
        StepKind::Notice => &[],
        StepKind::Identity => &[StepKind::Notice],
        StepKind::Number => &[StepKind::Notice, StepKind::Identity],
        StepKind::Follow => &[StepKind::Notice, StepKind::Identity, StepKind::Number],
        StepKind::Verify => &[
            StepKind::Notice,
            StepKind::Identity,
            StepKind::Number,
            StepKind::Follow,
        ],
        // Steps of other routes: whatever stands before them.
        _ => &[],
    };
    let before = match way {
        Way::Desk => before,
        Way::Phone => before.get(1..).unwrap_or_default(),
    };
    done(&mut visit, before);
    if before.contains(&StepKind::Identity) && way == Way::Desk {
        visit.student = Some(student());
    }
    if before.contains(&StepKind::Number) && way == Way::Desk {
        visit.mobile = Some(mobile());
        visit.number_bound = true;
    }
    let verifies = step == StepKind::Verify;
    if before.contains(&StepKind::Number) {
        visit.done.push(Mark::Answer(
            Question::WechatNumber,
            if verifies { Answer::No } else { Answer::Yes },
        ));
    }
    Scene::of(Desk::Visit(visit, Place::Step { step, way, page }))
}

pub fn placed(place: Place) -> Scene {
    let mut scene = at_step(StepKind::Follow, Way::Desk, 0);
    if let Desk::Visit(visit, at) = &mut scene.desk {
        if matches!(place, Place::Ask(_)) {
            visit.done.pop();
        }
        visit.seen_active = matches!(place, Place::AlreadyBound | Place::Bound);
        *at = place;
    }
    scene
}

/// The phone says that the account was bound before.
pub fn bound_by_word() -> Scene {
    let mut scene = placed(Place::AlreadyBound);
    scene.visit_mut().seen_active = false;
    scene
}

/// The student asked for a lookup, and it did not see the follow.
pub fn follow_not_seen() -> Scene {
    let mut scene = at_step(StepKind::Follow, Way::Desk, 0);
    scene.visit_mut().trouble = Some(Trouble::FollowNotSeen);
    scene
}

pub fn coded() -> Scene {
    let mut scene = at_step(StepKind::Verify, Way::Desk, 0);
    scene.visit_mut().code = Some(IssuedCode {
        nonce: Nonce(1),
        mobile: mobile(),
        issued: at(560),
        sent: at(560),
        expires: at(860),
        wrong: 0,
        taken: true,
        accepted: false,
    });
    scene.code_ends_in = Some(secs(260));
    scene.resend_in = Some(secs(20));
    scene
}

pub fn offered(failed: bool) -> Scene {
    let mut visit = opened(Way::Desk);
    visit.student = Some(student());
    visit.trouble = failed.then_some(Trouble::SomebodyElse);
    Scene::of(Desk::Offered(visit, failed))
}

/// At the sign-in as the old number, which the app holds.
pub fn other_number() -> Scene {
    let mut scene = at_step(StepKind::Unbind, Way::Desk, 0);
    scene.visit_mut().done = vec![
        Mark::Answer(Question::Standing, Answer::NewNumber),
        Mark::Answer(Question::OldBinding, Answer::App),
        Mark::Step(StepKind::Notice),
    ];
    scene
}

/// At the confirmation, signed in as the old number.
pub fn unbinding() -> Scene {
    let mut scene = other_number();
    scene.visit_mut().old = Some(Old::new(Student {
        number: StudentNumber::from_campus("2023001017"),
        ..student()
    }));
    scene
}

/// The student typed here the number that the phone was given.
pub fn told() -> Scene {
    let mut scene = at_step(StepKind::Verify, Way::Phone, 1);
    scene.visit_mut().mobile = Some(mobile());
    scene
}

/// The number that was given belongs to another account.
pub fn number_taken() -> Scene {
    let mut scene = at_step(StepKind::Number, Way::Desk, 0);
    scene.visit_mut().mobile = Some(mobile());
    let taken = Failure::Rejected(DirectoryRefusal::NumberTaken);
    scene.troubled(Trouble::Directory(taken))
}

/// The student said before that WeChat has another number.
pub fn number_of_other_case() -> Scene {
    let mut scene = at_step(StepKind::Number, Way::Desk, 0);
    let other = Mark::Answer(Question::WechatNumber, Answer::No);
    scene.visit_mut().done.push(other);
    scene
}

/// Begun by the phone, after the scan; then the student chose the desk.
pub fn taking_over() -> Scene {
    let mut scene = at_step(StepKind::Notice, Way::Desk, 0);
    scene.visit_mut().done.push(Mark::Scanned);
    scene
}

/// At a campus whose phones cannot unbind.
pub fn unbind_at_the_desk_alone() -> Scene {
    let mut scene = other_number();
    let steps = scene.pack.rules.routes.iter_mut();
    for step in steps.flat_map(|route| &mut route.steps) {
        if step.kind == StepKind::Unbind {
            step.ways = vec![Way::Desk];
        }
    }
    scene
}

pub fn without_gateways() -> Scene {
    let mut scene = Scene::of(Desk::Free);
    scene.reach = Connectivity::default();
    scene
}

pub fn without_qr() -> Scene {
    let mut scene = without_gateways();
    scene.pack.front.register_qr = None;
    scene
}

pub fn late_follow() -> Scene {
    let mut scene = at_step(StepKind::Follow, Way::Desk, 0);
    scene.visit_mut().step_began = at(500);
    scene
}

/// Students sign in on their own phones; without an address that holds the code where `whole` is false.
pub fn granting(mut scene: Scene, whole: bool) -> Scene {
    let address = "https://sso.example.edu.cn/device";
    let whole = whole.then(|| format!("{address}?code=WDJB-MJHT").into());
    scene.reach.device_grant = Gateway::Up;
    scene.granting = Some(PhoneSignIn {
        code: Some(ShownCode {
            user_code: "WDJB-MJHT".to_owned().into(),
            address: address.into(),
            whole_address: whole,
            until: secs(1200),
        }),
        is_heard: true,
    });
    scene
}

/// The code is sent, and its carrier has reported the delivery status.
pub fn messaged(is: DeliveryIs) -> Scene {
    let mut scene = coded();
    let carrier = "aliyun";
    scene.delivery = Some(Delivery { carrier, is });
    scene
}

pub fn undelivered() -> DeliveryIs {
    DeliveryIs::Failed {
        code: "MK:0001".into(),
    }
}

pub fn asking_for_code() -> Scene {
    let mut scene = granting(at_step(StepKind::Identity, Way::Desk, 0), true);
    scene.granting = Some(PhoneSignIn::default());
    scene
}

pub fn unheard() -> Scene {
    let mut scene = granting(at_step(StepKind::Identity, Way::Desk, 0), true);
    if let Some(granting) = &mut scene.granting {
        granting.is_heard = false;
    }
    scene
}

/// The last code came to nothing.
pub fn refused(mut scene: Scene, why: GrantRefusal) -> Scene {
    scene.reach.device_grant = Gateway::Up;
    scene.troubled(Trouble::DeviceGrant(Failure::Rejected(why)))
}

pub fn offered_by_phone(failed: bool) -> Scene {
    let mut scene = offered(failed);
    scene.reach.device_grant = Gateway::Up;
    scene
}

pub fn expired() -> Scene {
    let mut scene = coded();
    scene.code_ends_in = None;
    scene.resend_in = Some(Duration::ZERO);
    scene
}

pub fn idle() -> Scene {
    let mut scene = at_step(StepKind::Number, Way::Desk, 0);
    scene.idle_left = Some(secs(12));
    scene
}

pub fn full() -> Scene {
    let mut scene = Scene::of(Desk::Free);
    scene.store = StoreHealth::Full;
    scene
}
