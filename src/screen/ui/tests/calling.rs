//! The page that calls a volunteer: seen from across the room, opened by one key on every page, closed by one.

use super::pages::{SIZES, every_page};
use super::scenes::at_step;
use super::*;
use crate::visit::{StepKind, Way};

/// The ground of every cell between the header and the footer, bands apart.
fn grounds(buffer: &Buffer) -> Vec<Color> {
    let rows = 1..buffer.area.height - 1;
    let cells = rows.flat_map(|y| (0..buffer.area.width).map(move |x| (x, y)));
    cells.map(|at| buffer[at].bg).collect()
}

#[test]
fn one_key_calls_a_volunteer_on_every_page_of_a_student() {
    let mut seen_any = 0;
    for page in every_page() {
        let mut desk = Desk::new(80, 24);
        page.open_on(&mut desk);
        let is_starting = matches!(page.scene.desk, scenes::Desk::Starting);
        if desk.ui.shows_volunteers_page() || is_starting || page.scene.idle_left.is_some() {
            continue;
        }
        seen_any += 1;
        let is_page = desk.ui.overlay.is_none() && page.name != "over_pickup";
        let before = desk.text(&page.scene);
        let action = desk.key(&page.scene, UiKey::Call);
        assert!(matches!(action, UiAction::Edited), "{}", page.name);
        let called = desk.text(&page.scene);
        assert!(called.contains("请叫志愿者"), "{}: {called}", page.name);
        desk.key(&page.scene, UiKey::Enter);
        let after = desk.text(&page.scene);
        assert!(!is_page || before == after, "{}: {after}", page.name);
    }
    assert!(seen_any > 100, "{seen_any} pages");
}

#[test]
fn the_call_is_one_colour_with_words_as_large_as_the_screen() {
    let scene = at_step(StepKind::Follow, Way::Desk, 0);
    for name in ["dark", "light", "high-contrast", "16-colour"] {
        for (columns, rows) in [&SIZES[..], &[(200, 60)]].concat() {
            let mut desk = Desk::new(columns, rows);
            let theme = Theme::builtin(name).unwrap();
            let amber = theme.style(Role::Call).bg.unwrap();
            desk.ui.set_theme(theme);
            desk.draw(&scene);
            desk.key(&scene, UiKey::Call);
            let buffer = desk.frame(&scene);
            let all = grounds(&buffer);
            let others = all.iter().filter(|bg| **bg != amber).count();
            // The button alone has another ground.
            assert!(others < 40, "{name} {columns}x{rows}: {others}");
            let large = text_of(&buffer);
            let is_large = large.lines().filter(|row| row.contains(['█', '▀'])).count();
            // Five characters of sixteen points, as often as they fit.
            let wanted = usize::from(columns / 80 * 16 / 2) - 1;
            assert!(is_large >= wanted, "{columns}x{rows}: {large}");
        }
    }
}

#[test]
fn the_call_ends_with_the_page_that_it_lies_over() {
    let mut desk = Desk::new(100, 45);
    let scene = at_step(StepKind::Number, Way::Desk, 0);
    desk.draw(&scene);
    desk.key(&scene, UiKey::Call);
    assert!(desk.text(&scene).contains("请叫志愿者"));
    // The countdown is seen over it, and Welcome after it.
    let mut idle = at_step(StepKind::Number, Way::Desk, 0);
    idle.idle_left = Some(Duration::from_secs(9));
    assert!(desk.text(&idle).contains("您还在吗"));
    let free = Scene::of(scenes::Desk::Free);
    let welcome = desk.text(&free);
    assert!(welcome.contains("欢迎新同学") && !welcome.contains("请叫志愿者"));
}
