//! The page that calls a volunteer: seen from across the room, opened by one key on every page, closed by one. How long
//! it lasts is the desk's matter.

use super::pages::{SIZES, every_page};
use super::scenes::at_step;
use super::*;

/// The ground of every cell between the header and the footer, bands apart.
fn grounds(buffer: &Buffer) -> Vec<Color> {
    let rows = 1..buffer.area.height - 1;
    let cells = rows.flat_map(|y| (0..buffer.area.width).map(move |x| (x, y)));
    cells.map(|at| buffer[at].bg).collect()
}

/// The line without the blanks at both ends stands there once.
fn has_line(text: &str, words: &str) -> bool {
    text.lines().filter(|line| line.trim() == words).count() == 1
}

fn follow() -> Scene {
    at_step(StepKind::Follow, Way::Desk, 0)
}

#[test]
fn one_key_calls_a_volunteer_on_every_page_of_a_student_and_leaves_it_as_it_was() {
    let mut seen_any = 0;
    for mut page in every_page() {
        let mut desk = Desk::new(80, 24);
        page.open_on(&mut desk);
        let is_starting = matches!(page.scene.desk, scenes::Desk::Starting);
        let is_students = !desk.ui.shows_volunteers_page() && !page.scene.is_called;
        if !is_students || is_starting || page.scene.idle_left.is_some() {
            continue;
        }
        seen_any += 1;
        let before = desk.text(&page.scene);
        let action = desk.key(&page.scene, UiKey::Call);
        let calls = matches!(action, UiAction::Desk(DeskCommand::Call));
        assert!(calls, "{}: {action:?}", page.name);
        page.scene.is_called = true;
        let called = desk.text(&page.scene);
        assert!(
            has_line(&called, "17 号台需要志愿者"),
            "{}: {called}",
            page.name
        );
        let words = "请志愿者来。已经办好的都在，不用重来。";
        assert!(has_line(&called, words), "{}: {called}", page.name);
        for key in [UiKey::Call, UiKey::Enter, UiKey::Esc] {
            let action = desk.key(&page.scene, key);
            let ends = matches!(action, UiAction::Desk(DeskCommand::EndCall));
            assert!(ends, "{} {key:?}: {action:?}", page.name);
        }
        // Nothing else of the keyboard reaches what lies beneath.
        for key in [UiKey::Char('1'), UiKey::Tab, UiKey::Help, UiKey::Backspace] {
            let action = desk.key(&page.scene, key);
            let does_nothing = matches!(action, UiAction::Edited | UiAction::Ignored);
            assert!(does_nothing, "{} {key:?}: {action:?}", page.name);
        }
        page.scene.is_called = false;
        assert_eq!(desk.text(&page.scene), before, "{}", page.name);
    }
    assert!(seen_any > 100, "{seen_any} pages");
}

#[test]
fn a_half_written_ticket_is_there_again_after_the_call() {
    let mut scene = placed(Place::Stuck);
    let mut desk = Desk::new(80, 24);
    desk.draw(&scene);
    desk.key(&scene, UiKey::Char('t'));
    desk.draw(&scene);
    desk.keys(&scene, "a page that is not drawn here");
    let before = desk.text(&scene);
    assert!(before.contains("a page that is not drawn here"), "{before}");
    desk.key(&scene, UiKey::Call);
    scene.is_called = true;
    assert!(!desk.text(&scene).contains("not drawn here"));
    desk.key(&scene, UiKey::Call);
    scene.is_called = false;
    assert_eq!(desk.text(&scene), before);
    desk.keys(&scene, ", twice");
    assert!(desk.text(&scene).contains("not drawn here, twice"));
}

#[test]
fn the_help_calls_by_its_button_and_is_there_again() {
    let mut scene = Scene::of(scenes::Desk::Free);
    let mut desk = Desk::new(80, 24);
    desk.draw(&scene);
    desk.key(&scene, UiKey::Help);
    let help = desk.text(&scene);
    let action = desk.tap(&scene, "F8 叫志愿者");
    assert!(matches!(action, UiAction::Desk(DeskCommand::Call)));
    scene.is_called = true;
    assert!(has_line(&desk.text(&scene), "17 号台需要志愿者"));
    scene.is_called = false;
    assert_eq!(desk.text(&scene), help);
}

#[test]
fn the_call_is_one_colour_with_the_desks_number_as_large_as_the_screen() {
    let scene = follow().called();
    for name in ["dark", "light", "high-contrast", "16-colour", "monochrome"] {
        for (columns, rows) in [&SIZES[..], &[(200, 60)]].concat() {
            let mut desk = Desk::new(columns, rows);
            let theme = Theme::builtin(name).unwrap();
            let amber = theme.style(Role::Call).bg;
            desk.ui.set_theme(theme);
            let buffer = desk.frame(&scene);
            let all = grounds(buffer);
            let others = all
                .iter()
                .filter(|bg| amber.is_some_and(|amber| **bg != amber));
            // The button alone has another ground.
            let others = others.count();
            assert!(others < 40, "{name} {columns}x{rows}: {others}");
            let text = text_of(buffer);
            let large = text.lines().filter(|row| row.contains(['█', '▀', '▄']));
            // The digits are a half to two thirds of the screen: at 80x24 of 15 rows, at 200x60 of 30.
            let large = large.count();
            assert!(large >= usize::from(rows) / 2, "{columns}x{rows}: {text}");
        }
    }
}

#[test]
fn the_words_are_large_too_where_that_leaves_the_number_large_enough() {
    let large_rows = |columns, rows| {
        let text = Desk::new(columns, rows).text(&follow().called());
        text.lines()
            .filter(|row| row.contains(['█', '▀', '▄']))
            .count()
    };
    assert_eq!(large_rows(80, 24), 15, "the number alone");
    // The words are of eight rows.
    assert!(large_rows(100, 45) >= 15 + 7);
}

#[test]
fn the_countdown_is_seen_over_the_call_and_so_is_the_pin_pad_of_who_was_called() {
    let mut scene = follow().called();
    let mut desk = Desk::new(100, 45);
    assert!(has_line(&desk.text(&scene), "17 号台需要志愿者"));
    scene.idle_left = Some(Duration::from_secs(9));
    assert!(desk.text(&scene).contains("您还在吗"));
    scene.idle_left = None;
    desk.key(&scene, UiKey::Volunteer);
    let pad = desk.text(&scene);
    assert!(
        pad.contains("请输入 PIN") && !pad.contains("需要志愿者"),
        "{pad}"
    );
}

#[test]
fn the_store_has_its_say_over_the_call_and_the_student_has_none() {
    let mut scene = follow().called();
    scene.patience_left = Some(Duration::from_secs(300));
    scene.store = StoreHealth::Full;
    let text = Desk::new(80, 24).text(&scene);
    assert!(
        text.contains("本机磁盘已满") && !text.contains("这里还等您"),
        "{text}"
    );
}
