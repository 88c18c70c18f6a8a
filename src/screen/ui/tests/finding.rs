//! Visits that wait, found by their number or by typing: whether it stays quick, and what is said where there is none.

use super::handling::free;
use super::scenes::{self, Lock};
use super::volunteering::opened;
use super::*;
use crate::visit::{DeskNumber, Pickup, VisitId};

#[test]
fn a_pickup_number_is_looked_for() {
    let mut scene = free();
    let mut desk = Desk::new(80, 24);
    desk.key(&scene, UiKey::Char('p'));
    for (typed, told) in [
        ("abc", "续办号里只有数字"),
        ("017-482", "一共七位数字，请再看一下"),
        ("017-4823", "号码输错了"),
        ("017-8422", "号码输错了"),
    ] {
        desk.keys(&scene, typed);
        desk.key(&scene, UiKey::Enter);
        assert!(desk.text(&scene).contains(told), "{typed}");
        desk.key(&scene, UiKey::ClearField);
    }
    let pickup = Pickup::new(scenes::desk_number(), 482);
    desk.paste(&scene, "０１７－４８２２");
    assert!(matches!(
        desk.key(&scene, UiKey::Enter),
        UiAction::Desk(DeskCommand::FindPickup { pickup: typed }) if typed == pickup
    ));
    scene.pickup_missed = Some(pickup);
    assert!(desk.text(&scene).contains("没有找到"));
    // Another desk's number is named as that.
    scene.pickup_missed = Some(Pickup::new(DeskNumber::new(23).unwrap(), 482));
    assert!(desk.text(&scene).contains("这是 23 号台的号，请到 23 号台"));
    assert!(matches!(desk.key(&scene, UiKey::Esc), UiAction::Edited));
}

/// Three thousand wait: each key that narrows the list, and the frame after it, is far below what a person notices. The
/// bound has slack for a busy machine and a program that is not optimised.
#[test]
fn fault_19_thousands_are_found_and_scrolled_as_fast_as_three() {
    let mut scene = free();
    scene.volunteer = Lock::Open;
    let one = scene.waiting[0].clone();
    scene.waiting = (0..3000)
        .map(|n| {
            let mut one = one.clone();
            one.visit = VisitId(n);
            let gave = DeskNumber::new(1 + n as u16 / 1000).unwrap();
            one.pickup = Some(Pickup::new(gave, n as u16 % 1000));
            one
        })
        .collect();
    let mut desk = opened(&scene);
    desk.draw(&scene);
    let last = scene.waiting[2999].pickup.unwrap();
    let mut keys: Vec<UiKey> = vec![UiKey::Char('w'), UiKey::End, UiKey::PageUp, UiKey::Down];
    keys.extend(last.to_string().chars().map(UiKey::Char));
    let (mut slowest, count) = (std::time::Duration::ZERO, keys.len());
    for key in keys {
        let began = std::time::Instant::now();
        desk.key(&scene, key);
        desk.draw(&scene);
        slowest = slowest.max(began.elapsed());
    }
    assert!(
        slowest.as_millis() < 250,
        "{slowest:?} for one of {count} keys"
    );
    assert!(desk.text(&scene).contains(&last.to_string()));
    assert!(matches!(
        desk.key(&scene, UiKey::Enter),
        UiAction::Desk(DeskCommand::TakeUp { visit }) if visit == VisitId(2999)
    ));
}

/// What a key and the frame after it format with so many who wait.
fn formatted(waiting: usize) -> Vec<usize> {
    let mut scene = free();
    scene.volunteer = Lock::Open;
    let one = scene.waiting[0].clone();
    scene.waiting = (0..waiting).map(|_| one.clone()).collect();
    for (n, one) in (0..).zip(&mut scene.waiting) {
        one.visit = VisitId(n);
    }
    let mut desk = opened(&scene);
    desk.draw(&scene);
    let typed = "z".chars().map(UiKey::Char);
    let keys = [UiKey::Char('w'), UiKey::Down, UiKey::End, UiKey::PageUp];
    let keys = keys.into_iter().chain(typed);
    keys.map(|key| {
        crate::screen::pages::work::take();
        desk.key(&scene, key);
        desk.draw(&scene);
        crate::screen::pages::work::take()
    })
    .collect()
}

#[test]
fn three_hundred_who_wait_take_no_more_work_than_fill_the_screen() {
    assert_eq!(formatted(3), [3; 5]);
    let full = formatted(18);
    assert!(full.iter().all(|rows| (10..=18).contains(rows)), "{full:?}");
    assert_eq!(formatted(300), full);
    assert_eq!(formatted(3000), full);
}

#[test]
fn a_number_is_typed_at_welcome_without_a_key_before_it() {
    let scene = free();
    let mut desk = Desk::new(80, 24);
    let welcome = desk.text(&scene);
    desk.keys(&scene, "01");
    let typed = desk.text(&scene);
    assert!(typed.contains("[01"), "{typed}");
    desk.key(&scene, UiKey::Esc);
    assert_eq!(desk.text(&scene), welcome);
}
