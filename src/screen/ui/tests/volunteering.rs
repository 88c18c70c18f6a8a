//! The volunteer's side, visits that wait, and the practice phone.

use super::handling::{free, signed};
use super::scenes::{Lock, at_step, offered, placed, practised};
use super::*;
use crate::visit::StepKind;

#[test]
fn a_panel_opens_only_for_a_pin_typed_here() {
    let mut scene = free();
    scene.volunteer = Lock::Open;
    let mut desk = Desk::new(80, 24);
    assert!(matches!(
        desk.key(&scene, UiKey::Volunteer),
        UiAction::Desk(DeskCommand::Lock)
    ));
    assert!(!desk.text(&scene).contains("退出程序"));
    scene.volunteer = Lock::Locked;
    desk.keys(&scene, "246810");
    assert!(matches!(
        desk.key(&scene, UiKey::Enter),
        UiAction::Desk(DeskCommand::Unlock { pin }) if pin.expose() == "246810"
    ));
    scene.volunteer = Lock::Checking;
    desk.draw(&scene);
    scene.volunteer = Lock::Open;
    assert!(desk.text(&scene).contains("退出程序"));
    assert!(matches!(
        desk.key(&scene, UiKey::Char('1')),
        UiAction::Edited
    ));
    assert!(matches!(
        desk.key(&scene, UiKey::Char('1')),
        UiAction::Desk(DeskCommand::Quit)
    ));
}

#[test]
fn the_desk_locks_and_the_panel_is_gone() {
    let mut scene = at_step(StepKind::Number, Way::Desk, 0);
    let mut desk = Desk::new(80, 24);
    desk.key(&scene, UiKey::Volunteer);
    desk.keys(&scene, "1");
    desk.key(&scene, UiKey::Enter);
    scene.volunteer = Lock::Open;
    assert!(desk.text(&scene).contains("接待下一位"));
    scene.volunteer = Lock::Locked;
    assert!(!desk.text(&scene).contains("接待下一位"));
}

#[test]
fn the_volunteer_orders_what_the_panel_names() {
    let open = |keys: &[UiKey]| {
        let mut scene = at_step(StepKind::Number, Way::Desk, 0);
        let mut desk = Desk::new(80, 24);
        desk.key(&scene, UiKey::Volunteer);
        desk.keys(&scene, "1");
        desk.key(&scene, UiKey::Enter);
        scene.volunteer = Lock::Open;
        desk.draw(&scene);
        let mut last = UiAction::Ignored;
        for key in keys {
            last = desk.key(&scene, *key);
        }
        last
    };
    let digit = |n: char| UiKey::Char(n);
    assert!(matches!(
        open(&[digit('1')]),
        UiAction::Desk(DeskCommand::Lock)
    ));
    assert!(matches!(
        open(&[digit('2')]),
        UiAction::Desk(DeskCommand::NextStudent)
    ));
    assert!(matches!(
        open(&[digit('3')]),
        UiAction::Visit(Command::Park { .. })
    ));
    assert!(matches!(
        open(&[digit('4')]),
        UiAction::Visit(Command::BeginAgain)
    ));
    assert!(matches!(open(&[digit('5')]), UiAction::Edited));
    assert!(matches!(
        open(&[digit('5'), digit('5')]),
        UiAction::Visit(Command::End)
    ));
    assert!(matches!(
        open(&[digit('6'), digit('6')]),
        UiAction::Desk(DeskCommand::Quit)
    ));
    assert!(matches!(
        open(&[digit('5'), UiKey::Down, digit('6')]),
        UiAction::Edited
    ));
    assert!(matches!(
        open(&[UiKey::End, UiKey::Enter]),
        UiAction::Desk(DeskCommand::TakeUp { .. })
    ));
    assert!(matches!(
        open(&[UiKey::Esc]),
        UiAction::Desk(DeskCommand::Lock)
    ));
}

#[test]
fn an_offered_visit_takes_a_sign_in_or_is_left() {
    let scene = offered(false);
    let mut desk = Desk::new(80, 24);
    assert!(matches!(desk.key(&scene, UiKey::Enter), UiAction::Edited));
    assert!(matches!(
        signed(&mut desk, &scene),
        UiAction::Desk(DeskCommand::ResumeBySignIn(_))
    ));
    assert!(matches!(
        desk.key(&scene, UiKey::Esc),
        UiAction::Desk(DeskCommand::DismissOffer)
    ));
}

#[test]
fn a_pickup_number_is_looked_for() {
    let mut scene = free();
    let mut desk = Desk::new(80, 24);
    desk.key(&scene, UiKey::Char('p'));
    desk.keys(&scene, "abc");
    desk.key(&scene, UiKey::Enter);
    assert!(desk.text(&scene).contains("一共六位"));
    desk.key(&scene, UiKey::ClearField);
    let pickup = crate::visit::Pickup::new(Default::default(), 99);
    desk.paste(&scene, pickup.as_str());
    assert!(matches!(
        desk.key(&scene, UiKey::Enter),
        UiAction::Desk(DeskCommand::FindPickup { pickup: typed }) if typed == pickup
    ));
    scene.pickup_missed = true;
    assert!(desk.text(&scene).contains("没有找到"));
    assert!(matches!(desk.key(&scene, UiKey::Esc), UiAction::Edited));
}

#[test]
fn the_practice_phone_takes_keys_while_it_is_in_hand() {
    let scene = practised(at_step(StepKind::Identity, Way::Desk, 0));
    let mut desk = Desk::new(80, 24);
    desk.draw(&scene);
    desk.key(&scene, UiKey::Char('1'));
    desk.key(&scene, UiKey::Phone);
    assert!(matches!(
        desk.key(&scene, UiKey::Char('2')),
        UiAction::Desk(DeskCommand::PhoneAction { action: 1 })
    ));
    assert!(matches!(
        desk.tap(&scene, "扫描注册二维码"),
        UiAction::Desk(DeskCommand::PhoneAction { action: 0 })
    ));
    desk.key(&scene, UiKey::Char('n'));
    desk.keys(&scene, "13900139000");
    assert!(matches!(
        desk.key(&scene, UiKey::Enter),
        UiAction::Desk(DeskCommand::PhoneNumber { mobile }) if mobile == "13900139000"
    ));
    desk.key(&scene, UiKey::Esc);
    assert!(!desk.text(&scene).contains("扫描注册二维码"));
    let real = at_step(StepKind::Identity, Way::Desk, 0);
    assert!(matches!(desk.key(&real, UiKey::Phone), UiAction::Ignored));
}

#[test]
fn a_page_that_only_tells_is_left_by_a_key() {
    let mut desk = Desk::new(80, 24);
    for place in [Place::Bound, Place::AlreadyBound] {
        let scene = placed(place);
        assert!(matches!(
            desk.key(&scene, UiKey::Enter),
            UiAction::Visit(Command::Finish)
        ));
    }
    let parked = Scene::of(scenes::Desk::JustParked);
    assert!(matches!(
        desk.key(&parked, UiKey::Enter),
        UiAction::Desk(DeskCommand::Continue)
    ));
    assert!(matches!(
        desk.key(&Scene::of(scenes::Desk::Starting), UiKey::Enter),
        UiAction::Ignored
    ));
}
