//! The number that the phone was given: typed at the desk or skipped, and shown large where the phone asks for it.

use super::scenes::{at_step, mobile};
use super::*;
use crate::visit::{Mobile, StepKind};

const ASKS: &str = "要把号码放大显示吗？";

fn verifies(page: usize) -> Scene {
    at_step(StepKind::Verify, Way::Phone, page)
}

fn told(page: usize) -> Scene {
    let mut scene = verifies(page);
    scene.visit_mut().mobile = Some(mobile());
    scene
}

fn tells(reaction: &UiAction) -> Option<&Mobile> {
    match reaction {
        UiAction::Visit(Command::TellNumber { mobile }) => Some(mobile),
        _ => None,
    }
}

#[test]
fn it_is_offered_once_and_one_key_passes_it_over() {
    for key in [UiKey::Enter, UiKey::Esc] {
        let scene = verifies(0);
        let mut desk = Desk::new(80, 24);
        assert!(desk.text(&scene).contains(ASKS));
        assert!(matches!(desk.key(&scene, key), UiAction::Edited), "{key:?}");
        assert!(!desk.text(&scene).contains(ASKS), "{key:?}");
        // What was passed over is not asked again, and the page beneath is the phone's.
        assert!(matches!(
            desk.key(&scene, UiKey::Char('1')),
            UiAction::Visit(Command::Choose { choice: 0 })
        ));
        assert!(!desk.text(&verifies(1)).contains(ASKS), "{key:?}");
    }
    // A student who typed it, or whose number the desk set, is not asked.
    for scene in [told(0), at_step(StepKind::Verify, Way::Desk, 0)] {
        assert!(!Desk::new(80, 24).text(&scene).contains(ASKS));
    }
    // Where the phone is asked for no number again, neither is the student.
    let mut scene = verifies(0);
    let quiet = crate::campus::pack::PhoneItem::Text {
        text: scene.pack.pages.values().next().unwrap().title.clone(),
    };
    scene
        .pack
        .pages
        .values_mut()
        .for_each(|page| page.shows = vec![quiet.clone()]);
    assert!(!Desk::new(80, 24).text(&scene).contains(ASKS));
}

#[test]
fn it_is_typed_grouped_and_refused_with_the_reason() {
    let scene = verifies(0);
    let mut desk = Desk::new(80, 24);
    desk.draw(&scene);
    desk.keys(&scene, "138 0013-800");
    assert!(desk.text(&scene).contains("138 0013 800"));
    assert!(tells(&desk.key(&scene, UiKey::Enter)).is_none());
    assert!(desk.text(&scene).contains("还差 1 位"));
    assert!(matches!(desk.tap(&scene, "[   0   ]"), UiAction::Edited));
    let sent = desk.key(&scene, UiKey::Enter);
    assert_eq!(tells(&sent), Some(&mobile()));

    desk.ui.wipe();
    desk.draw(&scene);
    desk.paste(&scene, "+85251234567");
    assert!(tells(&desk.key(&scene, UiKey::Enter)).is_none());
    assert!(desk.text(&scene).contains("境外的号码这里办不了"));
    desk.key(&scene, UiKey::ClearField);
    desk.paste(&scene, "\u{202e}+86 １３８ 0013 8000\n");
    assert_eq!(tells(&desk.key(&scene, UiKey::Enter)), Some(&mobile()));
}

#[test]
fn it_stands_large_where_the_phone_asks_for_it_again() {
    let mut desk = Desk::new(80, 24);
    let large = |text: &str| text.lines().filter(|line| line.contains("###")).count();
    let without = desk.text(&verifies(1));
    assert_eq!(large(&without), 0, "{without}");
    let with = desk.text(&told(1));
    assert!(large(&with) >= 3, "{with}");
    assert!(
        with.contains("138 0013 8000"),
        "in the phone's field\n{with}"
    );
}

#[test]
fn it_can_be_told_or_changed_wherever_the_phone_asks_but_not_what_the_desk_has_set() {
    let mut desk = Desk::new(80, 24);
    for scene in [at_step(StepKind::Number, Way::Phone, 0), told(1)] {
        desk.ui.wipe();
        assert!(desk.text(&scene).contains("放大号码"));
        assert!(matches!(
            desk.key(&scene, UiKey::Char('n')),
            UiAction::Edited
        ));
        assert!(desk.text(&scene).contains(ASKS));
    }
    let mut set = told(1);
    set.visit_mut().number_bound = true;
    desk.ui.wipe();
    assert!(!desk.text(&set).contains("放大号码"));
    assert!(matches!(
        desk.key(&set, UiKey::Char('n')),
        UiAction::Ignored
    ));
}
