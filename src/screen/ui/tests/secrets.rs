//! A secret typed into the screen is nowhere else: not in the cells, not in Debug.

use super::scenes::{Lock, at_step, coded, offered};
use super::*;
use crate::visit::StepKind;

/// A password that is typed in tests and searched for.
pub const CANARY: &str = "hunter2canary";

fn hides(desk: &mut Desk, scene: &Scene, secret: &str) {
    let drawn = desk.text(scene);
    assert!(!drawn.contains(secret), "drawn:\n{drawn}");
    assert!(!format!("{:?}", desk.ui).contains(secret));
}

#[test]
fn a_password_is_drawn_only_while_it_is_shown() {
    let mut scene = at_step(StepKind::Identity, Way::Desk, 0);
    let mut desk = Desk::new(80, 24);
    desk.keys(&scene, "2026001012");
    desk.key(&scene, UiKey::Tab);
    desk.paste(&scene, CANARY);
    hides(&mut desk, &scene, CANARY);

    desk.key(&scene, UiKey::Reveal);
    assert!(desk.text(&scene).contains(CANARY));
    let hidden_at = desk.ui.next_wake(&scene.view()).unwrap();
    assert_eq!(hidden_at, scene.now.mono + Duration::from_secs(3));
    scene.now.mono = hidden_at;
    hides(&mut desk, &scene, CANARY);

    desk.key(&scene, UiKey::Reveal);
    assert!(matches!(
        desk.key(&scene, UiKey::Enter),
        UiAction::Visit(Command::SignIn(with)) if with.password.expose() == CANARY
    ));
    hides(&mut desk, &scene, CANARY);
    desk.key(&scene, UiKey::Reveal);
    hides(&mut desk, &scene, CANARY);
}

#[test]
fn a_password_does_not_outlive_its_page() {
    let scene = at_step(StepKind::Identity, Way::Desk, 0);
    let mut desk = Desk::new(80, 24);
    desk.key(&scene, UiKey::Tab);
    desk.keys(&scene, CANARY);
    desk.draw(&Scene::of(scenes::Desk::Free));
    desk.key(&scene, UiKey::Tab);
    desk.key(&scene, UiKey::Reveal);
    hides(&mut desk, &scene, CANARY);

    desk.keys(&scene, CANARY);
    desk.ui.wipe();
    desk.key(&scene, UiKey::Tab);
    desk.key(&scene, UiKey::Reveal);
    hides(&mut desk, &scene, CANARY);
}

#[test]
fn a_student_number_is_not_in_debug() {
    let scene = at_step(StepKind::Identity, Way::Desk, 0);
    let mut desk = Desk::new(80, 24);
    desk.keys(&scene, "2026009999");
    desk.draw(&scene);
    assert!(!format!("{:?}", desk.ui).contains("2026009999"));
}

#[test]
fn a_pin_and_an_offered_password_are_not_drawn() {
    let scene = offered(false);
    let mut desk = Desk::new(80, 24);
    desk.key(&scene, UiKey::Tab);
    desk.keys(&scene, CANARY);
    hides(&mut desk, &scene, CANARY);
    desk.key(&scene, UiKey::Volunteer);
    desk.keys(&scene, "864209");
    hides(&mut desk, &scene, "864209");
    let drawn = desk.text(&scene);
    assert!(!drawn.contains("2026001012") && !drawn.contains("张三丰"));
}

#[test]
fn waiting_students_are_masked() {
    let mut scene = Scene::of(scenes::Desk::Free);
    let mut desk = Desk::new(120, 40);
    desk.key(&scene, UiKey::Volunteer);
    desk.keys(&scene, "1234");
    desk.key(&scene, UiKey::Enter);
    scene.volunteer = Lock::Open;
    desk.draw(&scene);
    desk.key(&scene, UiKey::Char('w'));
    let drawn = desk.text(&scene);
    assert!(
        drawn.contains("20****") && drawn.contains("张**"),
        "{drawn}"
    );
    assert!(!drawn.contains("2026001012") && !drawn.contains("张三丰"));
}

#[test]
fn a_typed_code_leaves_the_boxes_when_it_goes_off() {
    let scene = coded();
    let mut desk = Desk::new(80, 24);
    desk.keys(&scene, "97531");
    assert!(matches!(
        desk.key(&scene, UiKey::Char('8')),
        UiAction::Visit(Command::TypeCode { code }) if code.expose() == "975318"
    ));
    hides(&mut desk, &scene, "975318");
    hides(&mut desk, &scene, "9  7  5");
}
