//! A barcode scanner: what it reads goes where a number fits, and nowhere else.

use super::handling::free;
use super::scenes::{at_step, desk_number, offered};
use super::*;
use crate::visit::{Pickup, StepKind};

const CARD: &str = "2026001012";

fn scan(desk: &mut Desk, scene: &Scene, text: &str) -> UiAction {
    desk.ui
        .handle(UiInput::Scan(text.to_owned()), &scene.view())
}

fn pickup() -> Pickup {
    Pickup::new(desk_number(), 482)
}

#[test]
fn a_pickup_number_on_welcome_is_looked_for_as_a_typed_one() {
    let (mut desk, scene) = (Desk::new(80, 24), free());
    desk.draw(&scene);
    assert!(matches!(
        scan(&mut desk, &scene, &pickup().code()),
        UiAction::Desk(DeskCommand::FindPickup { pickup: found }) if found == pickup()
    ));
    // It stands in the field, and what is wrong with it beneath.
    let mut missed = free();
    missed.pickup_missed = Some(pickup());
    let text = desk.text(&missed);
    assert!(
        text.contains(&pickup().code()) && text.contains("没有找到这个续办号"),
        "{text}"
    );
}

#[test]
fn a_card_on_welcome_begins_a_visit_and_is_in_the_form() {
    let (mut desk, scene) = (Desk::new(80, 24), free());
    desk.draw(&scene);
    assert!(matches!(
        scan(&mut desk, &scene, CARD),
        UiAction::Visit(Command::Open {
            prefers: Way::Desk,
            scanned: false,
            ..
        })
    ));
    let notice = at_step(StepKind::Notice, Way::Desk, 0);
    assert!(!desk.text(&notice).contains(CARD));
    let form = at_step(StepKind::Identity, Way::Desk, 0);
    assert!(desk.text(&form).contains(CARD));
    // The password is next.
    desk.keys(&form, "secret");
    assert!(matches!(
        desk.key(&form, UiKey::Enter),
        UiAction::Visit(Command::SignIn(with)) if with.student.as_str() == CARD && with.password.expose() == "secret"
    ));
}

/// Nothing of a card is left for the next student: not where the visit ended, nor where none came of it.
#[test]
fn a_card_is_forgotten_with_its_student() {
    let form = at_step(StepKind::Identity, Way::Desk, 0);
    let (mut desk, scene) = (Desk::new(80, 24), free());
    desk.draw(&scene);
    scan(&mut desk, &scene, CARD);
    desk.draw(&at_step(StepKind::Notice, Way::Desk, 0));
    desk.draw(&scene);
    assert!(!desk.text(&form).contains(CARD));

    let mut desk = Desk::new(80, 24);
    desk.draw(&scene);
    scan(&mut desk, &scene, CARD);
    desk.key(&scene, UiKey::Enter);
    assert!(!desk.text(&form).contains(CARD));
}

#[test]
fn nothing_is_scanned_into_a_password_or_a_pin() {
    let form = at_step(StepKind::Identity, Way::Desk, 0);
    let mut desk = Desk::new(80, 24);
    desk.draw(&form);
    desk.keys(&form, CARD);
    desk.key(&form, UiKey::Tab);
    desk.keys(&form, "sec");
    scan(&mut desk, &form, "2026009999");
    let told = desk.text(&form);
    assert!(
        told.contains("密码和 PIN 请用键盘输入") && told.contains(CARD),
        "{told}"
    );
    desk.keys(&form, "ret");
    assert!(
        !desk.text(&form).contains("扫码枪"),
        "what was said goes with the next key"
    );
    assert!(matches!(
        desk.key(&form, UiKey::Enter),
        UiAction::Visit(Command::SignIn(with)) if with.student.as_str() == CARD && with.password.expose() == "secret"
    ));

    let mut desk = Desk::new(80, 24);
    desk.draw(&free());
    desk.key(&free(), UiKey::Volunteer);
    assert!(matches!(
        scan(&mut desk, &free(), &pickup().code()),
        UiAction::Edited
    ));
    assert!(desk.text(&free()).contains("密码和 PIN 请用键盘输入"));
    desk.keys(&free(), "246810");
    assert!(matches!(
        desk.key(&free(), UiKey::Enter),
        UiAction::Desk(DeskCommand::Unlock { pin }) if pin.expose() == "246810"
    ));
}

#[test]
fn a_card_replaces_what_was_typed_in_each_form() {
    for scene in [at_step(StepKind::Identity, Way::Desk, 0), offered(false)] {
        let mut desk = Desk::new(80, 24);
        desk.draw(&scene);
        desk.keys(&scene, "2026");
        scan(&mut desk, &scene, CARD);
        let text = desk.text(&scene);
        assert!(text.contains(CARD) && !text.contains("20262026"), "{text}");
    }
}

#[test]
fn the_panel_and_its_list_find_what_was_scanned() {
    let mut scene = free();
    let mut desk = Desk::new(80, 24);
    desk.opens_panel(&mut scene);
    let wanted = scene.waiting[1].pickup.unwrap().code();
    // First on the panel, then over what the list was narrowed by.
    for _ in 0..2 {
        assert!(matches!(scan(&mut desk, &scene, &wanted), UiAction::Edited));
        let text = desk.text(&scene);
        assert!(text.contains(&wanted) && text.contains("1"), "{text}");
    }
    let id = scene.waiting[1].visit;
    assert!(matches!(
        desk.key(&scene, UiKey::Enter),
        UiAction::Desk(DeskCommand::TakeUp { visit }) if visit == id
    ));
}

#[test]
fn whatever_else_is_scanned_does_nothing_and_is_told() {
    let scene = free();
    for (text, told) in [
        ("https://example.com/s", "不是学号"),
        ("", "不是学号"),
        ("sssssss-cppp", "不是学号"),
    ] {
        let mut desk = Desk::new(80, 24);
        desk.draw(&scene);
        assert!(
            matches!(scan(&mut desk, &scene, text), UiAction::Edited),
            "{text}"
        );
        let drawn = desk.text(&scene);
        assert!(drawn.contains(told), "{text}\n{drawn}");
    }
    let follow = at_step(StepKind::Follow, Way::Desk, 0);
    let mut desk = Desk::new(80, 24);
    desk.draw(&follow);
    assert!(matches!(scan(&mut desk, &follow, CARD), UiAction::Edited));
    assert!(desk.text(&follow).contains("这一页不用扫码"));
}
