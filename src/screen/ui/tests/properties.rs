//! What holds for every page, at every size, in both languages and every theme: nothing is cut, nothing lies over
//! something else, every key that is named works, and the words are those of the language.

use ratatui::layout::Rect;

use super::pages::{PageCase, SIZES, every_page};
use super::*;
use crate::screen::cells::faults;

/// What people and the campus wrote, in whatever language: names, a ticket's reason and notes, a message, a complaint.
const DATA: [&str; 6] = [
    "张三丰",
    "王老师",
    "第次工程师明天回电",
    "微信里一直是旧身份清理了两次缓存退出登录关机重启也试过了微信里一直是旧身份",
    "练习验证码",
    "企业可信",
];

/// What may stand in Chinese on an English page: what the English texts quote of the Chinese phone and of proper names,
/// in the language's file and in the pack, and the data of the scenes.
fn quoted(page: &PageCase) -> String {
    let han = |text: &str| text.chars().filter(|c| is_han(*c)).collect::<String>();
    let mut quoted = DATA.join(" ");
    // F2 has the name of the language that it leads to.
    quoted += &format!(" {}", page.scene.lang.next().name());
    for line in include_str!("../../../text/en.ftl").lines() {
        quoted += &format!(" {}", han(line));
    }
    let pack = format!("{:?}", page.scene.pack);
    for text in pack.split("en: \"").skip(1) {
        let english = text.split_once("\" }").map_or(text, |(english, _)| english);
        quoted += &format!(" {}", han(english));
    }
    quoted
}

/// Themes differ in colours and in how a code is drawn: one size, where there is the least room, is enough for all but
/// one of them.
const LEAST: [(u16, u16); 1] = [SIZES[0]];

fn is_han(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

/// Runs a check of each page in a theme, in both languages and at these sizes, and fails with all that it finds.
pub fn of_every_page(
    theme: &str,
    sizes: &[(u16, u16)],
    check: impl Fn(&PageCase, &mut Desk) -> Vec<String>,
) {
    of_pages(every_page(), theme, sizes, check);
}

/// The same of these pages alone.
fn of_pages(
    mut pages: Vec<PageCase>,
    theme: &str,
    sizes: &[(u16, u16)],
    check: impl Fn(&PageCase, &mut Desk) -> Vec<String>,
) {
    let mut found = Vec::new();
    let mut desk = Desk::new(80, 24);
    desk.ui.set_theme(Theme::builtin(theme).unwrap());
    for lang in [Lang::Zh, Lang::En] {
        for (columns, rows) in sizes.iter().copied() {
            desk.resize(columns, rows);
            for page in &mut pages {
                page.scene.lang = lang;
                page.open_on(&mut desk);
                for fault in check(page, &mut desk) {
                    found.push(format!("{} {lang:?} {columns}x{rows}: {fault}", page.name));
                }
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// What the frame says of itself, the halves of wide characters, and the places to tap.
fn drawn_whole(_: &PageCase, desk: &mut Desk) -> Vec<String> {
    let buffer = desk.shown();
    let mut found = faults::take();
    for row in 0..buffer.area.height {
        for column in 0..buffer.area.width {
            if cells::width(buffer[(column, row)].symbol()) < 2 {
                continue;
            }
            let next = column + 1;
            if next >= buffer.area.width || buffer[(next, row)].symbol() != " " {
                found.push(format!("half of a wide character at {column},{row}"));
            }
        }
    }
    let places: Vec<Rect> = desk.ui.hits.places().iter().map(|(at, _)| *at).collect();
    for (n, later) in places.iter().enumerate() {
        if !buffer.area.contains((later.x, later.y).into()) || later.right() > buffer.area.right() {
            found.push(format!("a place to tap is outside: {later}"));
        }
        for earlier in &places[..n] {
            let within = earlier.union(*later) == *earlier;
            if earlier.intersects(*later) && !within {
                found.push(format!("a place to tap at {later} lies over {earlier}"));
            }
        }
    }
    found
}

#[test]
fn nothing_is_cut_and_nothing_overlaps_in_the_dark_theme() {
    of_every_page("dark", &SIZES, drawn_whole);
}

/// Where the student is busy with the phone a line says how long the desk waits: it takes a row of the page.
#[test]
fn fault_4_nothing_is_cut_where_the_desk_says_how_long_it_waits() {
    let mut pages = every_page();
    pages.retain(|page| match &page.scene.desk {
        scenes::Desk::Visit(_, place) => crate::visit::route::phone_task(place).is_some(),
        _ => false,
    });
    assert!(pages.len() > 40, "{} pages", pages.len());
    for page in &mut pages {
        page.scene.patience_left = Some(scenes::secs(890));
    }
    of_pages(pages, "dark", &SIZES, drawn_whole);
}

#[test]
fn nothing_is_cut_and_nothing_overlaps_in_the_light_theme() {
    of_every_page("light", &LEAST, drawn_whole);
}

#[test]
fn nothing_is_cut_and_nothing_overlaps_in_high_contrast() {
    of_every_page("high-contrast", &LEAST, drawn_whole);
}

#[test]
fn nothing_is_cut_and_nothing_overlaps_in_sixteen_colours() {
    of_every_page("16-colour", &LEAST, drawn_whole);
}

#[test]
fn nothing_is_cut_and_nothing_overlaps_without_colours() {
    of_every_page("monochrome", &LEAST, drawn_whole);
}

/// A key by the name that buttons and the footer give it.
pub fn key_named(name: &str) -> Option<UiKey> {
    let mut chars = name.chars();
    match (name, chars.next(), chars.next()) {
        ("Enter", ..) => Some(UiKey::Enter),
        ("Esc", ..) => Some(UiKey::Esc),
        ("Tab", ..) => Some(UiKey::Tab),
        ("PgUp/PgDn", ..) => Some(UiKey::PageDown),
        ("/", ..) => Some(UiKey::Char('/')),
        ("F1", ..) => Some(UiKey::Help),
        ("F2", ..) => Some(UiKey::Language),
        ("F3", ..) => Some(UiKey::Theme),
        ("F4", ..) => Some(UiKey::Forgotten),
        ("F5", ..) => Some(UiKey::OtherWay),
        ("F6", ..) => Some(UiKey::StepAside),
        ("F7", ..) => Some(UiKey::Ticket),
        ("F8", ..) => Some(UiKey::Call),
        ("F9", ..) => Some(UiKey::Phone),
        ("F10", ..) => Some(UiKey::Volunteer),
        ("Ctrl-R", ..) => Some(UiKey::Reveal),
        ("Ctrl-U", ..) => Some(UiKey::ClearField),
        (_, Some(c), None) if c.is_ascii_digit() || c.is_ascii_uppercase() => {
            Some(UiKey::Char(c.to_ascii_lowercase()))
        }
        _ => None,
    }
}

/// The names on the buttons, with their cells: what stands behind `[ `.
fn button_names(buffer: &Buffer) -> Vec<(String, u16, u16)> {
    let mut names = Vec::new();
    let symbol = |x: u16, y: u16| buffer.cell((x, y)).map_or(" ", |cell| cell.symbol());
    for y in 0..buffer.area.height {
        for x in 0..buffer.area.width {
            let begins = symbol(x, y) == "[" && symbol(x + 1, y) == " " && symbol(x + 2, y) != " ";
            if begins {
                let name = (x + 2..buffer.area.width).map(|x| symbol(x, y));
                names.push((name.take_while(|s| *s != " ").collect(), x, y));
            }
        }
    }
    names
}

#[test]
fn fault_17_every_button_has_a_key_and_a_tap_is_that_key() {
    of_every_page("dark", &SIZES, |page, desk| {
        let buffer = desk.shown();
        let mut found = Vec::new();
        let is_over = desk.ui.overlay.is_some()
            || page.scene.idle_left.is_some()
            || page.scene.phone.is_some()
            || page.name == "over_pickup";
        for (name, column, row) in button_names(buffer) {
            let hit = desk.ui.hits.at(column, row).copied();
            // What lies over a page takes the taps from the buttons that it leaves to be seen.
            if hit.is_none() && is_over {
                continue;
            }
            // The number in the field that the phone's picture shows.
            let is_picture = hit.is_none() && name == "138";
            // A keypad's own keys, and in the help what its list has with a number too.
            let is_key = matches!(hit, Some(Hit::Key(UiKey::Backspace | UiKey::Enter)));
            let is_listed = page.name.contains("help") && matches!(hit, Some(Hit::Pick(_)));
            let key = key_named(&name);
            if is_picture || is_listed || (is_key && key.is_none()) {
                continue;
            }
            if key.is_none() || hit != key.map(Hit::Key) {
                found.push(format!("[ {name} ] is tapped as {hit:?}"));
            }
        }
        let view = page.scene.view();
        for tip in desk.ui.top(&view).tips(&view) {
            if key_named(tip.key).map(Hit::Key) != Some(tip.hit) {
                found.push(format!("{} in the footer is {:?}", tip.key, tip.hit));
            }
        }
        found
    });
}

/// What Enter is to do: the hits of the highlighted button or, where there is none, of the highlighted choice or row.
pub fn highlighted(desk: &Desk, buffer: &Buffer) -> Vec<(Rect, Hit)> {
    let symbol = |x: u16, y: u16| buffer.cell((x, y)).map_or(" ", |cell| cell.symbol());
    let places = desk.ui.hits.places().iter().copied();
    let marked: Vec<(Rect, Hit)> = places
        .filter(|(place, _)| symbol(place.x, place.y) == ">" && symbol(place.x + 1, place.y) == " ")
        .collect();
    let is_button = |(place, _): &(Rect, Hit)| symbol(place.x + 2, place.y) == "[";
    let buttons: Vec<(Rect, Hit)> = marked.iter().copied().filter(is_button).collect();
    if buttons.is_empty() { marked } else { buttons }
}

#[test]
fn fault_12_enter_does_what_is_highlighted_on_every_page() {
    let mut found = Vec::new();
    let mut desk = Desk::new(80, 24);
    let mut seen_any = 0;
    for page in every_page() {
        page.open_on(&mut desk);
        let buffer = desk.shown().clone();
        let highlighted = highlighted(&desk, &buffer);
        let buttons = highlighted.len();
        if buttons > 1 {
            found.push(format!("{}: {buttons} are highlighted", page.name));
        }
        for (place, hit) in highlighted {
            if matches!(hit, Hit::Focus(_)) {
                continue;
            }
            seen_any += 1;
            page.open_on(&mut desk);
            let by_enter = format!("{:?}", desk.key(&page.scene, UiKey::Enter));
            let after_enter = desk.text(&page.scene);
            page.open_on(&mut desk);
            let (column, row) = (place.x, place.y);
            let tap = UiInput::Tap { column, row };
            let by_tap = format!("{:?}", desk.ui.handle(tap, &page.scene.view()));
            if by_enter != by_tap || after_enter != desk.text(&page.scene) {
                found.push(format!(
                    "{}: {hit:?} is {by_tap}, Enter is {by_enter}",
                    page.name
                ));
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(seen_any > 50, "{seen_any} highlights");
}

/// Whether a box lies over the page, as the pages say it themselves or the countdown does.
fn has_box(page: &PageCase, desk: &Desk) -> bool {
    desk.ui.overlay.is_some() || page.scene.idle_left.is_some() || page.name == "over_pickup"
}

#[test]
fn fault_28_nothing_of_the_page_stands_around_what_lies_over_it() {
    let seen_any = std::cell::Cell::new(0);
    let sizes = [&SIZES[..], &[(200, 60)]].concat();
    let ground = Theme::builtin("dark").unwrap().style(Role::Screen).bg;
    let mut pages = every_page();
    let mut desk = Desk::new(80, 24);
    pages.retain(|page| {
        page.open_on(&mut desk);
        has_box(page, &desk)
    });
    of_pages(pages, "dark", &sizes, |page, desk| {
        // The practice phone stands beside the pages.
        if !has_box(page, desk) || page.scene.phone.is_some() {
            return Vec::new();
        }
        seen_any.set(seen_any.get() + 1);
        let buffer = desk.shown();
        let Rect { width, height, .. } = buffer.area;
        let symbol = |x: u16, y: u16| buffer[(x, y)].symbol();
        // The bands go over the whole width, which no box does. What is said to the student is not said to a volunteer.
        let is_volunteers = desk.ui.shows_volunteers_page();
        let may_be_band = |y: u16| !is_volunteers || y == 1 && page.scene.practice;
        let is_band = |y: u16| may_be_band(y) && Some(buffer[(0, y)].bg) != ground;
        let rows = || (1..height - 1).filter(|y| !is_band(*y));
        let cells = || rows().flat_map(|y| (0..width).map(move |x| (x, y)));
        let Some((left, top)) = cells().find(|(x, y)| symbol(*x, *y) == "┌") else {
            return vec!["there is no box".to_owned()];
        };
        let right = (left..width).find(|x| symbol(*x, top) == "┐").unwrap();
        let bottom = (top..height).find(|y| symbol(left, *y) == "└").unwrap();
        let around = cells().filter(|(x, y)| {
            let is_inside = (left..=right).contains(x) && (top..=bottom).contains(y);
            let is_blank = symbol(*x, *y) == " " && Some(buffer[(*x, *y)].bg) == ground;
            !is_inside && !is_blank
        });
        let found = around.map(|(x, y)| format!("{:?} at {x},{y}", symbol(x, y)));
        found.collect()
    });
    assert!(seen_any.get() > 300, "{} boxes", seen_any.get());
}

/// What can be seen and what the cursor says: a key that changes neither, and asks for nothing, is dead.
fn seen(desk: &mut Desk) -> (Buffer, Option<ratatui::layout::Position>) {
    (
        desk.shown().clone(),
        desk.terminal.get_cursor_position().ok(),
    )
}

/// Why a key that is named may do nothing, for the pages where it is so.
const INERT: [(&str, UiKey); 3] = [
    // The page says already why it goes no further.
    ("over_number_foreign", UiKey::Enter),
    ("over_unbind_wrong", UiKey::Enter),
    // No PIN is taken until the pause is over, which is shown.
    ("over_pin_wrong", UiKey::Enter),
];

/// Whether a key asks for something or changes what is seen.
fn works(desk: &mut Desk, page: &PageCase, before: &[UiKey], key: UiKey) -> bool {
    page.open_on(desk);
    for key in before {
        desk.key(&page.scene, *key);
        desk.draw(&page.scene);
    }
    let seen_before = seen(desk);
    match desk.key(&page.scene, key) {
        UiAction::Visit(_) | UiAction::Desk(_) => true,
        UiAction::Edited => {
            desk.draw(&page.scene);
            seen(desk) != seen_before
        }
        UiAction::Ignored => false,
    }
}

#[test]
fn every_key_that_is_named_works() {
    let mut dead = Vec::new();
    let mut desk = Desk::new(120, 40);
    for page in every_page() {
        page.open_on(&mut desk);
        let buffer = desk.shown().clone();
        let busy = desk.ui.top(&page.scene.view()).is_busy(&page.scene.view());
        let mut keys: Vec<UiKey> = Vec::new();
        for (place, hit) in desk.ui.hits.places() {
            // `  1. a choice`: its number is its key.
            let symbol = |beside: u16| buffer[(place.x + beside, place.y)].symbol();
            let key = match *hit {
                Hit::Key(key) => Some(key),
                Hit::Pick(_) if place.width > 4 && symbol(3) == "." => {
                    symbol(2).chars().next().map(UiKey::Char)
                }
                _ => None,
            };
            keys.extend(key.filter(|key| !keys.contains(key)));
        }
        for key in keys {
            let typed = [UiKey::Char('1')];
            let is_alive = match key {
                // While something is under way it is inert, and the page says so.
                UiKey::Enter if busy => true,
                // Something to take back or to send must be typed first.
                UiKey::Backspace | UiKey::ClearField => works(&mut desk, &page, &typed, key),
                UiKey::Enter => {
                    works(&mut desk, &page, &[], key) || works(&mut desk, &page, &typed, key)
                }
                // The footer names both.
                UiKey::PageDown => {
                    works(&mut desk, &page, &[], key) || works(&mut desk, &page, &[], UiKey::PageUp)
                }
                _ => works(&mut desk, &page, &[], key),
            };
            if !is_alive && !INERT.contains(&(page.name.as_str(), key)) {
                dead.push(format!("{}: {key:?}", page.name));
            }
        }
    }
    assert!(dead.is_empty(), "{}", dead.join("\n"));
}

#[test]
fn the_words_of_a_page_are_those_of_its_language() {
    let mut found = Vec::new();
    let (mut chinese, mut english) = (Desk::new(80, 24), Desk::new(80, 24));
    for mut page in every_page() {
        page.open_on(&mut chinese);
        let zh = chinese.text(&page.scene);
        page.scene.lang = Lang::En;
        page.open_on(&mut english);
        let en = english.text(&page.scene);
        if zh == en {
            found.push(format!("{} is the same in both languages", page.name));
        }
        let quoted = quoted(&page);
        let runs = en.split(|c| !is_han(c));
        for run in runs.filter(|run| !quoted.contains(*run)) {
            found.push(format!("{}: {run}", page.name));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}
