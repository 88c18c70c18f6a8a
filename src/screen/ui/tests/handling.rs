//! What keys, pastes and taps lead to on every page.

use super::scenes::at_step;
use super::*;
use crate::screen::checkup::CheckupFinding;
use crate::visit::{ActKind, StepKind};

pub(super) fn free() -> Scene {
    Scene::of(scenes::Desk::Free)
}

pub(super) fn signed(desk: &mut Desk, scene: &Scene) -> UiAction {
    desk.keys(scene, "2026001012");
    desk.key(scene, UiKey::Enter);
    desk.keys(scene, "secret");
    desk.key(scene, UiKey::Enter)
}

#[test]
fn a_second_enter_sends_nothing() {
    let scene = at_step(StepKind::Identity, Way::Desk, 0);
    let mut desk = Desk::new(80, 24);
    assert!(matches!(
        signed(&mut desk, &scene),
        UiAction::Visit(Command::SignIn(_))
    ));
    assert!(matches!(desk.key(&scene, UiKey::Enter), UiAction::Ignored));
    let waiting = at_step(StepKind::Identity, Way::Desk, 0).waits(ActKind::SignIn);
    desk.keys(&waiting, "again");
    assert!(matches!(
        desk.key(&waiting, UiKey::Enter),
        UiAction::Ignored
    ));
    assert!(matches!(
        desk.key(&waiting, UiKey::Esc),
        UiAction::Visit(Command::Back)
    ));
    // The answer came: what was typed meanwhile goes off.
    assert!(matches!(
        desk.key(&scene, UiKey::Enter),
        UiAction::Visit(Command::SignIn(with)) if with.password.expose() == "again"
    ));

    let number = at_step(StepKind::Number, Way::Desk, 0);
    desk.keys(&number, "13800138000");
    assert!(matches!(
        desk.key(&number, UiKey::Enter),
        UiAction::Visit(Command::GiveNumber { mobile }) if mobile.as_str() == "13800138000"
    ));
    assert!(matches!(desk.key(&number, UiKey::Enter), UiAction::Ignored));
}

#[test]
fn a_send_that_nothing_came_of_may_be_repeated() {
    let mut scene = at_step(StepKind::Notice, Way::Desk, 0);
    let mut desk = Desk::new(80, 24);
    assert!(matches!(
        desk.key(&scene, UiKey::Enter),
        UiAction::Visit(Command::Agree)
    ));
    assert!(matches!(desk.key(&scene, UiKey::Enter), UiAction::Ignored));
    scene.now.mono += Duration::from_secs(1);
    assert!(matches!(
        desk.key(&scene, UiKey::Enter),
        UiAction::Visit(Command::Agree)
    ));
}

#[test]
fn esc_goes_back_or_leaves_and_asks_where_something_was_given() {
    let mut desk = Desk::new(80, 24);
    for (scene, back) in [
        (at_step(StepKind::Identity, Way::Desk, 0), true),
        (at_step(StepKind::Follow, Way::Desk, 0), true),
        (at_step(StepKind::Identity, Way::Phone, 1), true),
    ] {
        let went = matches!(desk.key(&scene, UiKey::Esc), UiAction::Visit(Command::Back));
        assert_eq!(went, back, "{:?}", desk.ui);
    }
    for scene in [
        at_step(StepKind::Notice, Way::Desk, 0),
        at_step(StepKind::Identity, Way::Phone, 0),
    ] {
        assert!(matches!(
            desk.key(&scene, UiKey::Esc),
            UiAction::Visit(Command::Leave)
        ));
    }
    let number = at_step(StepKind::Number, Way::Desk, 0);
    assert!(matches!(desk.key(&number, UiKey::Esc), UiAction::Edited));
    assert!(desk.text(&number).contains("要离开吗"));
    assert!(matches!(desk.key(&number, UiKey::Enter), UiAction::Edited));
    assert!(!desk.text(&number).contains("要离开吗"));
    desk.key(&number, UiKey::Esc);
    assert!(matches!(
        desk.key(&number, UiKey::Char('2')),
        UiAction::Visit(Command::Leave)
    ));
}

#[test]
fn function_keys_work_on_every_page() {
    for (name, mut scene) in scenes::all() {
        scene.idle_left = None;
        let mut desk = Desk::new(80, 24);
        desk.draw(&scene);
        // What opened by itself is passed over.
        if desk.ui.overlay.is_some() {
            desk.key(&scene, UiKey::Esc);
        }
        let order = |reaction, want: fn(&DeskCommand) -> bool| matches!(&reaction, UiAction::Desk(order) if want(order));
        assert!(
            order(desk.key(&scene, UiKey::Language), |o| matches!(
                o,
                DeskCommand::Language
            )),
            "{name}"
        );
        assert!(
            order(desk.key(&scene, UiKey::Theme), |o| matches!(
                o,
                DeskCommand::Theme
            )),
            "{name}"
        );
        assert!(
            order(desk.key(&scene, UiKey::Repaint), |o| matches!(
                o,
                DeskCommand::Repaint
            )),
            "{name}"
        );
        desk.key(&scene, UiKey::Help);
        assert!(desk.text(&scene).contains("服务电话"), "{name}");
        desk.key(&scene, UiKey::Esc);
        desk.key(&scene, UiKey::Volunteer);
        assert!(desk.text(&scene).contains("请输入 PIN"), "{name}");
        desk.key(&scene, UiKey::Esc);
        assert!(!desk.text(&scene).contains("请输入 PIN"), "{name}");
    }
}

#[test]
fn rubbish_that_is_pasted_is_cleaned_or_refused() {
    let megabyte = "9".repeat(1_000_000);
    let rubbish = [
        megabyte.as_str(),
        "\u{1b}[2J\u{7}\0",
        "\u{202e}\u{200f}\u{2066}",
        "💥汉字",
    ];
    for (_, scene) in scenes::all() {
        let mut desk = Desk::new(80, 24);
        desk.draw(&scene);
        for text in rubbish {
            desk.paste(&scene, text);
            let drawn = desk.text(&scene);
            assert!(!drawn.contains('\u{1b}') && !drawn.contains('\u{202e}'));
            desk.key(&scene, UiKey::Tab);
        }
    }
    let number = at_step(StepKind::Number, Way::Desk, 0);
    let mut desk = Desk::new(80, 24);
    desk.paste(&number, "\u{202d}+86 138-0013-8000\u{202c}\r\n");
    assert!(matches!(
        desk.key(&number, UiKey::Enter),
        UiAction::Visit(Command::GiveNumber { mobile }) if mobile.as_str() == "13800138000"
    ));
    desk.ui.wipe();
    desk.paste(&number, &megabyte);
    assert!(matches!(desk.key(&number, UiKey::Enter), UiAction::Edited));
    let identity = at_step(StepKind::Identity, Way::Desk, 0);
    desk.paste(&identity, " 2026 0010 12 ");
    desk.key(&identity, UiKey::Enter);
    desk.keys(&identity, "x");
    assert!(matches!(
        desk.key(&identity, UiKey::Enter),
        UiAction::Visit(Command::SignIn(with)) if with.student.as_str() == "2026001012"
    ));
}

#[test]
fn a_countdown_takes_one_input_for_itself() {
    let mut scene = at_step(StepKind::Notice, Way::Desk, 0);
    scene.idle_left = Some(Duration::from_millis(11_400));
    let mut desk = Desk::new(80, 24);
    assert!(desk.text(&scene).contains("12 秒"));
    assert!(matches!(desk.key(&scene, UiKey::Enter), UiAction::Edited));
    assert_eq!(
        desk.ui.next_wake(&scene.view()),
        Some(scene.now.mono + Duration::from_millis(400))
    );
}

/// What becomes of the visit is said: the pickup number stands there afterwards, where the visit has one.
#[test]
fn a_countdown_says_how_to_go_on_later() {
    let words = |mut scene: Scene| {
        scene.idle_left = Some(Duration::from_secs(9));
        Desk::new(80, 24).text(&scene)
    };
    let by_desk = words(at_step(StepKind::Number, Way::Desk, 0));
    assert!(by_desk.contains("会给您一个续办号"), "{by_desk}");
    let at_phone = words(at_step(StepKind::Follow, Way::Desk, 0));
    assert!(at_phone.contains("会给您一个续办号"), "{at_phone}");
    let unsigned = words(at_step(StepKind::Notice, Way::Desk, 0));
    assert!(unsigned.contains("从头办"), "{unsigned}");
    let bound = words(placed(Place::AlreadyBound));
    assert!(bound.contains("已经办好的步骤不会丢"), "{bound}");
}

/// A list of checks that is longer than its room says how many are not seen.
#[test]
fn the_checks_that_are_not_seen_are_counted() {
    let mut scene = scenes::examined();
    let checkup = scene.checkup.as_mut().unwrap();
    for name in ["a", "b", "c", "d", "e"] {
        let found = CheckupFinding::pass("check-gateway", "told-answers");
        checkup.findings.push(found.about(name));
    }
    let (mut desk, count) = (Desk::new(80, 24), 16);
    desk.draw(&scene);
    desk.key(&scene, UiKey::Volunteer);
    desk.keys(&scene, "246810");
    desk.key(&scene, UiKey::Enter);
    let text = desk.text(&scene);
    let words = ["[不行]", "[注意]", "[正常]"];
    let seen: usize = words.iter().map(|word| text.matches(word).count()).sum();
    assert!(seen < count, "{text}");
    let told = format!("还有 {} 项", count - seen);
    assert!(text.contains(&told), "{told} {text}");
}

#[test]
fn nothing_wakes_a_screen_that_stands_still() {
    for (name, scene) in scenes::all() {
        let counts = scene.code_ends_in.is_some() || scene.idle_left.is_some();
        let follows = name == "follow";
        // It takes a key after a while.
        let numbers = name.starts_with("parked");
        let mut desk = Desk::new(80, 24);
        desk.draw(&scene);
        let wakes = desk.ui.next_wake(&scene.view()).is_some();
        let resends = scene.resend_in.is_some_and(|left| !left.is_zero());
        assert_eq!(wakes, counts || follows || numbers || resends, "{name}");
    }
}

/// A password that is shown is hidden by drawing alone, and what lies beneath something is not drawn.
#[test]
fn what_lies_beneath_wakes_nothing() {
    let mut scene = at_step(StepKind::Identity, Way::Desk, 0);
    let mut desk = Desk::new(80, 24);
    desk.draw(&scene);
    desk.keys(&scene, "2026001012");
    desk.key(&scene, UiKey::Tab);
    desk.keys(&scene, "secret");
    desk.key(&scene, UiKey::Reveal);
    let hides = scene.now.mono + Duration::from_secs(3);
    assert!(desk.text(&scene).contains("secret"));
    assert_eq!(desk.ui.next_wake(&scene.view()), Some(hides));
    desk.key(&scene, UiKey::Help);
    scene.now.mono = hides;
    assert_eq!(desk.ui.next_wake(&scene.view()), None);
    desk.key(&scene, UiKey::Help);
    assert!(!desk.text(&scene).contains("secret"), "hidden in time");
    assert_eq!(desk.ui.next_wake(&scene.view()), None);
}

#[test]
fn a_tap_does_what_its_key_does() {
    let scene = at_step(StepKind::Notice, Way::Desk, 0);
    let mut desk = Desk::new(80, 24);
    assert!(matches!(
        desk.tap(&scene, "同意，开始办理"),
        UiAction::Visit(Command::Agree)
    ));
    let number = at_step(StepKind::Number, Way::Desk, 0);
    desk.draw(&number);
    assert!(matches!(desk.tap(&number, "8"), UiAction::Edited));
    assert!(matches!(
        desk.tap(&number, "English"),
        UiAction::Desk(DeskCommand::Language)
    ));
    assert!(matches!(
        desk.ui.handle(
            UiInput::Tap {
                column: 500,
                row: 500
            },
            &number.view()
        ),
        UiAction::Ignored
    ));
}
