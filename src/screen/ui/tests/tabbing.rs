//! Keys, of every page: Tab reaches each button, and Enter presses what Tab has reached.

use ratatui::layout::Rect;

use super::pages::{SIZES, every_page};
use super::properties::{highlighted, of_every_page};
use super::*;

/// The buttons of the frame that was drawn last; not the keypad's, which are the digits.
fn buttons(desk: &Desk, buffer: &Buffer) -> Vec<(Rect, Hit)> {
    let symbol = |x: u16, y: u16| buffer.cell((x, y)).map_or(" ", |cell| cell.symbol());
    let places = desk.ui.hits.places().iter().copied();
    places
        .filter(|(place, _)| symbol(place.x + 2, place.y) == "[")
        .filter(|(place, _)| symbol(place.x + 3, place.y) == " ")
        .collect()
}

/// The practice phone has the keys.
fn is_phones(desk: &Desk) -> bool {
    desk.ui.phone.is_held() && desk.ui.overlay.is_none()
}

#[test]
fn tab_reaches_every_button_of_every_page_and_comes_back() {
    for (back, sizes) in [(UiKey::Tab, &SIZES[..]), (UiKey::BackTab, &SIZES[..1])] {
        of_every_page("dark", sizes, |page, desk| {
            let first = desk.shown().clone();
            let all = buttons(desk, &first);
            let mut missed: Vec<Hit> = all.iter().map(|(_, hit)| *hit).collect();
            if is_phones(desk) || missed.is_empty() {
                return Vec::new();
            }
            // Four fields at the most come before the buttons.
            let mut is_back = false;
            for _ in 0..=all.len() + 4 {
                let reached = highlighted(desk, desk.shown());
                missed.retain(|hit| !reached.iter().any(|(_, reached)| reached == hit));
                is_back = missed.is_empty() && *desk.shown() == first;
                if is_back {
                    break;
                }
                desk.key(&page.scene, back);
                desk.draw(&page.scene);
            }
            let mut found: Vec<String> = missed
                .iter()
                .map(|hit| format!("{back:?} does not reach {hit:?}"))
                .collect();
            if !is_back {
                found.push(format!("{back:?} does not come back"));
            }
            found
        });
    }
}

#[test]
fn enter_presses_the_button_that_tab_has_reached() {
    let mut found = Vec::new();
    let mut desk = Desk::new(80, 24);
    let mut seen_any = 0;
    for page in every_page() {
        page.open_on(&mut desk);
        if is_phones(&desk) {
            continue;
        }
        let buffer = desk.shown().clone();
        for presses in 1..=buttons(&desk, &buffer).len() + 1 {
            let open = |desk: &mut Desk| {
                page.open_on(desk);
                for _ in 0..presses {
                    desk.key(&page.scene, UiKey::Tab);
                    desk.draw(&page.scene);
                }
            };
            open(&mut desk);
            let Some(pressed) = desk.ui.ring.at() else {
                continue;
            };
            seen_any += 1;
            let by_enter = format!("{:?}", desk.key(&page.scene, UiKey::Enter));
            let after_enter = desk.text(&page.scene);
            open(&mut desk);
            let places = desk.ui.hits.places();
            let place = places.iter().rfind(|(_, hit)| *hit == pressed).unwrap().0;
            let tap = UiInput::Tap {
                column: place.x,
                row: place.y,
            };
            let by_tap = format!("{:?}", desk.ui.handle(tap, &page.scene.view()));
            if by_enter != by_tap || after_enter != desk.text(&page.scene) {
                let name = &page.name;
                found.push(format!(
                    "{name}: {pressed:?} is {by_tap}, Enter is {by_enter}"
                ));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(seen_any > 100, "{seen_any} buttons");
}

#[test]
fn typing_goes_to_the_field_whatever_tab_has_reached() {
    let scene = scenes::at_step(StepKind::Identity, Way::Desk, 0);
    let mut desk = Desk::new(80, 24);
    desk.draw(&scene);
    for _ in 0..3 {
        desk.key(&scene, UiKey::Tab);
        desk.draw(&scene);
    }
    assert!(desk.ui.ring.at().is_some());
    desk.keys(&scene, "x");
    assert!(desk.ui.ring.at().is_none());
    assert!(desk.text(&scene).contains("[*"), "in the password's field");
}

/// A button that comes or goes before the one that Tab has reached does not take its place.
#[test]
fn what_tab_has_reached_is_a_button_and_no_place() {
    let mut scene = scenes::coded();
    let mut desk = Desk::new(80, 24);
    desk.draw(&scene);
    desk.key(&scene, UiKey::Tab);
    // Meanwhile the code may be sent again: the button for that stands before the other.
    scene.resend_in = Some(Duration::ZERO);
    assert!(desk.text(&scene).contains("> [ C 换手机号 ] <"));
    assert!(matches!(
        desk.key(&scene, UiKey::Enter),
        UiAction::Visit(Command::ChangeNumber)
    ));
    // One that goes is not pressed, and nothing is highlighted in its stead.
    desk.ui.wipe();
    desk.draw(&scene);
    desk.key(&scene, UiKey::Tab);
    assert!(desk.text(&scene).contains("> [ S 重新发送 ] <"));
    scene.resend_in = Some(Duration::from_secs(60));
    assert!(!desk.text(&scene).contains("> ["));
    assert!(matches!(desk.key(&scene, UiKey::Enter), UiAction::Edited));
}

/// Where no sign-in is taken there is no field: the first Tab is at the button.
#[test]
fn a_visit_of_nobody_has_no_field_for_tab() {
    let mut scene = scenes::offered(false);
    let (pickup, expires) = (scene.pickup, scene.now.wall);
    let visit = scene.visit_mut();
    visit.student = None;
    visit.status = crate::visit::Status::Parked {
        pickup,
        expires,
        why: crate::visit::ParkedFor::ProgramRestart,
    };
    let mut desk = Desk::new(80, 24);
    desk.draw(&scene);
    desk.key(&scene, UiKey::Tab);
    let text = desk.text(&scene);
    assert!(text.contains("> [ Esc 不是我的 ] <"), "{text}");
    assert!(matches!(
        desk.key(&scene, UiKey::Enter),
        UiAction::Desk(DeskCommand::DismissOffer)
    ));
}
