//! The drill: how each task is done, which one is next, and what is to be read again at its end.

use super::scenes::{at_step, drilled, practised};
use super::*;
use crate::screen::drill::{DrillOrder, DrillTask};

#[test]
fn the_drill_shows_how_each_task_is_done_and_at_its_end_what_to_read_again() {
    for lang in [Lang::Zh, Lang::En] {
        let mut scene = drilled(Scene::of(scenes::Desk::Free), false);
        scene.lang = lang;
        let mut desk = Desk::new(80, 24);
        let text = desk.text(&scene);
        let open = [("1 ✓", true), ("2 ✓", true), ("3 ✓", false)];
        for (mark, there) in open {
            assert_eq!(text.contains(mark), there, "{mark}: {text}");
        }
        for _ in 0..5 {
            desk.key(&scene, UiKey::Down);
            let text = desk.text(&scene);
            // Each is read whole: the last row before the buttons is free.
            let rows: Vec<&str> = text.lines().collect();
            assert!(rows[21].contains("Enter"), "{text}");
            let blank = rows[20].chars().all(|c| c == '│' || c == ' ');
            assert!(blank, "{text}");
        }
        let ends = desk.key(&scene, UiKey::Char('x'));
        assert!(matches!(
            ends,
            UiAction::Desk(DeskCommand::Drill(DrillOrder::End))
        ));
        let mut over = drilled(Scene::of(scenes::Desk::Free), true);
        over.lang = lang;
        let text = desk.text(&over);
        let weak = if lang == Lang::Zh {
            "【请再读】"
        } else {
            "read again"
        };
        // The second, third, fourth and fifth, and the words about them.
        let told = text.matches(weak).count();
        assert_eq!(told, 5, "{text}");
        let verdict = match lang {
            Lang::Zh => [
                "没通过",
                "要办的",
                "用时",
                "1:05",
                "0:55",
                "没成 1 次",
                "没成的：号码没有找到",
            ],
            Lang::En => [
                "Not passed",
                "To do",
                "Took",
                "1:05",
                "0:55",
                "1 failed",
                "Failed: the number",
            ],
        };
        for words in verdict {
            assert!(text.contains(words), "{words}: {text}");
        }
        // What came a moment ago is not taken away by a key that was meant for what lay there before.
        for key in [UiKey::Enter, UiKey::Esc, UiKey::Char('d')] {
            let heard = desk.key(&over, key);
            assert!(matches!(heard, UiAction::Edited), "{key:?}: {heard:?}");
            assert!(desk.text(&over).contains(weak), "{key:?}");
        }
        let shown = over.now.mono;
        assert_eq!(
            desk.ui.next_wake(&over.view()),
            Some(shown + scenes::secs(2))
        );
        over.now.mono = shown + scenes::secs(2);
        let again = desk.key(&over, UiKey::Char('d'));
        assert!(matches!(
            again,
            UiAction::Desk(DeskCommand::Drill(DrillOrder::Begin))
        ));
    }
}

/// Papers are for somebody else than the student who signed in and stands there; who is there for the papers stays.
#[test]
fn the_drill_says_when_the_one_in_hand_is_to_be_left_first() {
    let mut scene = drilled(at_step(StepKind::Number, Way::Desk, 0), false);
    let mut desk = Desk::new(80, 24);
    let leave = "手上这一份先离开";
    let text = desk.text(&scene);
    assert!(text.contains("> 3") && text.contains(leave), "{text}");
    for (key, told) in [
        ('1', false),
        ('2', false),
        ('3', true),
        ('4', false),
        ('5', true),
    ] {
        desk.key(&scene, UiKey::Char(key));
        assert_eq!(desk.text(&scene).contains(leave), told, "{key}");
    }
    // Once something goes wrong, the one in hand is who is looked after.
    scene.phone.as_mut().unwrap().bad_days[1].on = true;
    assert!(!desk.text(&scene).contains(leave));
    desk.key(&scene, UiKey::Char('3'));
    assert!(desk.text(&scene).contains(leave));
    scene.visit_mut().vouched = true;
    assert!(!desk.text(&scene).contains(leave));
    let free = drilled(Scene::of(scenes::Desk::Free), false);
    let mut desk = Desk::new(80, 24);
    assert!(!desk.text(&free).contains(leave));
}

#[test]
fn the_drill_is_begun_from_the_phone_and_stays_in_the_line_of_practice() {
    let free = practised(Scene::of(scenes::Desk::Free));
    let mut desk = Desk::new(80, 24);
    desk.draw(&free);
    desk.key(&free, UiKey::Phone);
    let begins = desk.key(&free, UiKey::Char('d'));
    assert!(matches!(
        begins,
        UiAction::Desk(DeskCommand::Drill(DrillOrder::Begin))
    ));
    let scene = drilled(Scene::of(scenes::Desk::Free), false);
    assert!(desk.text(&scene).contains("五分钟演练"));
    desk.key(&scene, UiKey::Enter);
    let text = desk.text(&scene);
    assert!(
        !text.contains("五分钟演练") && text.contains("演练 2/5，下一项：断网时看证件"),
        "{text}"
    );
    assert_eq!(DrillTask::ALL.len(), 5, "what the line says");
    desk.key(&scene, UiKey::Phone);
    desk.key(&scene, UiKey::Char('d'));
    assert!(desk.text(&scene).contains("五分钟演练"), "again by its key");
    desk.key(&scene, UiKey::Enter);
    // Who has just taken a bad day back still has the phone in hand.
    for key in [UiKey::Phone, UiKey::Char('b'), UiKey::Char('d')] {
        desk.key(&scene, key);
    }
    let text = desk.text(&scene);
    assert!(text.contains("五分钟演练"), "{text}");
}
