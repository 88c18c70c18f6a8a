//! Keys, of every page: Tab reaches each button, Enter presses what Tab has reached, and the footer names each key that
//! works, with the second key of the function keys.

use ratatui::layout::Rect;

use super::pages::{PageCase, SIZES, every_page};
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
fn is_phones(page: &PageCase) -> bool {
    page.name.starts_with("over_phone")
}

#[test]
fn tab_reaches_every_button_of_every_page_and_comes_back() {
    for (back, sizes) in [(UiKey::Tab, &SIZES[..]), (UiKey::BackTab, &SIZES[..1])] {
        of_every_page("dark", sizes, |page, desk| {
            let first = desk.frame(&page.scene);
            let all = buttons(desk, &first);
            let mut missed: Vec<Hit> = all.iter().map(|(_, hit)| *hit).collect();
            if is_phones(page) || missed.is_empty() {
                return Vec::new();
            }
            // Four fields at the most come before the buttons.
            let mut is_back = false;
            for _ in 0..=all.len() + 4 {
                let buffer = desk.frame(&page.scene);
                let reached = highlighted(desk, &buffer);
                missed.retain(|hit| !reached.iter().any(|(_, reached)| reached == hit));
                is_back |= missed.is_empty() && buffer == first;
                desk.key(&page.scene, back);
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
    for page in every_page().iter().filter(|page| !is_phones(page)) {
        page.open_on(&mut desk);
        let buffer = desk.draw(&page.scene).clone();
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

/// What the footer can be tapped for.
fn in_footer(desk: &Desk, rows: u16) -> Vec<Hit> {
    let places = desk.ui.hits.places().iter();
    let last = rows - 1;
    let below = places.filter(|(place, _)| place.y == last);
    below.map(|(_, hit)| *hit).collect()
}

#[test]
fn the_smallest_footer_names_every_key_of_the_page() {
    of_every_page("dark", &SIZES[..1], |page, desk| {
        if page.scene.idle_left.is_some() || is_phones(page) {
            return Vec::new();
        }
        desk.frame(&page.scene);
        let footer = in_footer(desk, 24);
        let view = page.scene.view();
        let top = desk.ui.overlay.as_ref().unwrap_or(&desk.ui.page);
        // What has a button on the page and little weight may be left out.
        let tips = top.tips(&view);
        let mut wanted: Vec<Hit> = tips
            .iter()
            .filter(|tip| tip.rank < 4)
            .map(|tip| tip.hit)
            .collect();
        wanted.extend([UiKey::Language, UiKey::Volunteer].map(Hit::Key));
        if desk.ui.overlay.is_none() {
            wanted.push(Hit::Key(UiKey::Help));
        }
        wanted.retain(|hit| !footer.contains(hit));
        wanted
            .iter()
            .map(|hit| format!("{hit:?} is not named"))
            .collect()
    });
}

#[test]
fn fault_23_the_footer_names_the_second_keys_where_there_is_room() {
    of_every_page("dark", &SIZES[2..], |page, desk| {
        // The phone in hand has a row of its own, without a function key.
        if is_phones(page) {
            return Vec::new();
        }
        let buffer = desk.frame(&page.scene);
        let last = buffer.area.height - 1;
        let row: String = (0..buffer.area.width)
            .map(|x| buffer[(x, last)].symbol())
            .collect();
        let is_named = row.contains("Alt-") || page.scene.idle_left.is_some();
        if is_named { Vec::new() } else { vec![row] }
    });
    // At the least size most pages have the room for one that stands for all.
    let mut desk = Desk::new(80, 24);
    let (mut named, mut all) = (0, 0);
    for page in every_page() {
        page.open_on(&mut desk);
        all += 1;
        named += usize::from(desk.text(&page.scene).contains("Alt-"));
    }
    assert!(named * 4 > all * 3, "{named} of {all}");
}
