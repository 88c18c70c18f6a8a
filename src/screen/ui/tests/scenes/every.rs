//! Every screen that needs no key, by name.

use super::{Desk, Scene, practised, students::*};
use crate::screen::DeliveryIs;
use crate::visit::*;

/// Every screen, by name.
pub fn all() -> Vec<(&'static str, Scene)> {
    use StepKind::{Follow, Identity, Notice, Number, Verify};
    use Way::{Desk as D, Phone as P};
    let wrong = Trouble::SignIn(Failure::Rejected(SignInRefusal::WrongPassword));
    let must_change = Trouble::SignIn(Failure::Rejected(SignInRefusal::MustChange));
    vec![
        ("starting", Scene::of(Desk::Starting)),
        ("welcome", Scene::of(Desk::Free)),
        ("welcome_phone_only", without_gateways()),
        ("welcome_no_qr", without_qr()),
        ("welcome_full", full()),
        ("welcome_practice", practised(Scene::of(Desk::Free))),
        ("notice", at_step(Notice, D, 0)),
        ("notice_taking_over", taking_over()),
        ("identity", at_step(Identity, D, 0)),
        (
            "identity_waiting",
            at_step(Identity, D, 0).waits(ActKind::SignIn),
        ),
        ("identity_wrong", at_step(Identity, D, 0).troubled(wrong)),
        (
            "identity_must_change",
            at_step(Identity, D, 0).troubled(must_change),
        ),
        ("grant_asking", asking_for_code()),
        ("grant", granting(at_step(Identity, D, 0), true)),
        ("grant_plain", granting(at_step(Identity, D, 0), false)),
        ("grant_unheard", unheard()),
        (
            "grant_denied",
            refused(at_step(Identity, D, 0), GrantRefusal::Denied),
        ),
        ("grant_unbind", granting(other_number(), true)),
        ("grant_offered", offered_by_phone(false)),
        ("grant_resume", granting(offered(false), true)),
        ("number", at_step(Number, D, 0)),
        ("number_taken", number_taken()),
        ("number_other_case", number_of_other_case()),
        ("unbind_phone_cannot", unbind_at_the_desk_alone()),
        ("ask", placed(Place::Ask(Question::WechatNumber))),
        ("follow", at_step(Follow, D, 0)),
        ("follow_late", late_follow()),
        ("verify_unsent", at_step(Verify, D, 0)),
        ("verify", coded()),
        ("verify_delivered", messaged(DeliveryIs::Delivered)),
        ("verify_undelivered", messaged(undelivered())),
        ("verify_expired", expired()),
        ("coach_scan", at_step(Identity, P, 0)),
        ("coach_role", at_step(Identity, P, 1)),
        ("coach_login", at_step(Identity, P, 2)),
        ("coach_number", at_step(Number, P, 0)),
        ("coach_follow", at_step(Follow, P, 0)),
        ("tell_number", at_step(Verify, P, 0)),
        ("coach_verify", at_step(Verify, P, 1)),
        ("coach_verify_told", told()),
        ("unbind", other_number()),
        ("unbind_confirm", unbinding()),
        (
            "unbind_unknown",
            unbinding().troubled(Trouble::UnbindUnknown),
        ),
        ("already_bound", placed(Place::AlreadyBound)),
        ("already_bound_by_word", bound_by_word()),
        ("follow_not_seen", follow_not_seen()),
        ("bound", placed(Place::Bound)),
        ("noted_by_word", placed(Place::NotedByWord)),
        ("stuck", placed(Place::Stuck)),
        ("closed", placed(Place::Closed)),
        ("parked", Scene::of(Desk::JustParked)),
        ("offered", offered(false)),
        ("offered_failed", offered(true)),
        ("idle", idle()),
    ]
}
