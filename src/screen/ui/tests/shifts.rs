//! Volunteers with PINs of their own, and the page on which one hands over to the next.

use super::handling::free;
use super::scenes::{Lock, Scene};
use super::*;
use crate::screen::HandoverState;
use crate::visit::VolunteerName;

fn wang() -> Option<VolunteerName> {
    VolunteerName::parse("王老师").ok()
}

fn pin() -> Vec<UiKey> {
    "246810".chars().map(UiKey::Char).collect()
}

/// The keys to the panel, and then to its page of handing over.
fn to_handover() -> Vec<UiKey> {
    let to_panel = [vec![UiKey::Volunteer], pin(), vec![UiKey::Enter]].concat();
    [to_panel, vec![UiKey::Char('h')]].concat()
}

/// Wang is at the panel, and this far with handing over.
fn handing(handover: HandoverState) -> Scene {
    let mut scene = free();
    (scene.volunteer, scene.by, scene.handover) = (Lock::Open, wang(), handover);
    scene.outbox = owing::tray();
    scene.needs_person = 3;
    scene
}

pub fn pages() -> Vec<(&'static str, Scene, Vec<UiKey>)> {
    let mut left = free();
    // As wide as a name can be.
    let widest = VolunteerName::parse("Wang Xiaoming 012345").ok();
    (left.volunteer, left.by) = (Lock::Left, widest);
    let again_at = scenes::secs(600);
    let typed = [to_handover(), vec![UiKey::End], pin()].concat();
    vec![
        ("pin_still", left, vec![UiKey::Volunteer]),
        ("handover", handing(HandoverState::None), to_handover()),
        ("handover_typed", handing(HandoverState::None), typed),
        ("handover_same", handing(HandoverState::Same), to_handover()),
        (
            "handover_wrong",
            handing(HandoverState::Wrong { again_at }),
            to_handover(),
        ),
        ("handover_done", handing(HandoverState::Done), to_handover()),
    ]
}

fn shown(scene: &Scene) -> Desk {
    let mut desk = Desk::new(80, 24);
    desk.draw(scene);
    for key in to_handover() {
        desk.key(scene, key);
    }
    desk.draw(scene);
    desk
}

#[test]
fn who_left_the_panel_is_asked_for_and_not_taken_for_granted() {
    let mut scene = free();
    (scene.volunteer, scene.by) = (Lock::Left, wang());
    let mut desk = Desk::new(80, 24);
    assert!(matches!(
        desk.key(&scene, UiKey::Volunteer),
        UiAction::Edited
    ));
    assert!(desk.text(&scene).contains("刚才是 王老师"));
    assert!(matches!(
        desk.key(&scene, UiKey::Enter),
        UiAction::Desk(DeskCommand::Reopen)
    ));
    // Another one types a PIN.
    let mut desk = Desk::new(80, 24);
    desk.key(&scene, UiKey::Volunteer);
    desk.keys(&scene, "3333");
    assert!(matches!(
        desk.key(&scene, UiKey::Enter),
        UiAction::Desk(DeskCommand::Unlock { pin }) if pin.expose() == "3333"
    ));
    // Two minutes are over while the pad stands open.
    let mut desk = Desk::new(80, 24);
    desk.key(&scene, UiKey::Volunteer);
    scene.volunteer = Lock::Locked;
    assert!(matches!(desk.key(&scene, UiKey::Enter), UiAction::Edited));
    assert!(!desk.text(&scene).contains("王老师"));
}

#[test]
fn the_next_one_confirms_with_a_pin_what_was_read_to_its_end() {
    let mut scene = handing(HandoverState::None);
    // More of those who need a person than fit beside the rest.
    scene.waiting = vec![scene.waiting[0].clone(); 12];
    let mut desk = shown(&scene);
    let text = desk.text(&scene);
    assert!(text.contains("等着的人：12 份"), "{text}");
    desk.keys(&scene, "3333");
    let early = desk.key(&scene, UiKey::Enter);
    let text = desk.text(&scene);
    assert!(matches!(early, UiAction::Edited), "{text}");
    assert!(text.contains("请先用下键看完"), "{text}");
    desk.key(&scene, UiKey::End);
    let text = desk.text(&scene);
    assert!(text.contains("未解决的工单"), "{text}");
    assert!(!text.contains("请先用下键看完"), "{text}");
    assert!(matches!(
        desk.key(&scene, UiKey::Enter),
        UiAction::Desk(DeskCommand::HandOver { pin }) if pin.expose() == "3333"
    ));
    // The field is empty now: a second Enter hands over nothing.
    assert!(matches!(desk.key(&scene, UiKey::Enter), UiAction::Edited));
}

#[test]
fn a_page_of_handing_over_is_bounded_and_names_nobody_whole() {
    let mut scene = handing(HandoverState::None);
    let one = scene.waiting[0].clone();
    scene.waiting = (0..3000)
        .map(|n| {
            let mut one = one.clone();
            one.visit = crate::visit::VisitId(n);
            one
        })
        .collect();
    let mut desk = shown(&scene);
    let mut text = desk.text(&scene);
    for _ in 0..10 {
        desk.key(&scene, UiKey::PageDown);
        text += &desk.text(&scene);
    }
    assert!(text.contains("3000"), "{text}");
    assert!(text.contains("另有 2988 份"), "{text}");
    let student = scenes::student();
    assert!(!text.contains(student.number.as_str()), "{text}");
    assert!(!text.contains(student.name.as_str()), "{text}");
}

#[test]
fn after_handing_over_enter_leads_to_the_panel() {
    let scene = handing(HandoverState::Done);
    let mut desk = shown(&scene);
    assert!(desk.text(&scene).contains("现在是 王老师 值班"));
    assert!(matches!(desk.key(&scene, UiKey::Enter), UiAction::Edited));
    assert!(desk.text(&scene).contains("退出程序"));
}
