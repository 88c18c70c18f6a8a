//! What is wrong with something typed is told at its field, which is marked, and in no band at the other end.

use super::scenes::{Lock, at_step, coded, number_taken, offered};
use super::*;
use crate::visit::{ActKind, Failure, SignInRefusal, StepKind, Trouble, Way};

/// The rows of the label that is marked and of the message; panics with the screen where one of them is not there.
fn rows(text: &str, label: &str, message: &str) -> (usize, usize) {
    let row = |found: &dyn Fn(&str) -> bool| text.lines().position(found);
    let marked =
        row(&|line| line.contains(&format!("!{label}")) || line.contains(&format!("! {label}")));
    let told = row(&|line| line.contains(message));
    match (marked, told) {
        (Some(marked), Some(told)) => (marked, told),
        _ => panic!("{label} {marked:?}, {message} {told:?}:\n{text}"),
    }
}

fn typed(text: &str) -> Vec<UiKey> {
    text.chars().map(UiKey::Char).collect()
}

fn with_pin(keys: &[UiKey]) -> Vec<UiKey> {
    let pin = [vec![UiKey::Volunteer], typed("246810"), vec![UiKey::Enter]].concat();
    [pin, keys.to_vec()].concat()
}

#[test]
fn every_mistake_stands_at_its_field_and_marks_it() {
    let identity = || at_step(StepKind::Identity, Way::Desk, 0);
    let wrong = Trouble::SignIn(Failure::Rejected(SignInRefusal::WrongPassword));
    let mut pin = identity();
    pin.volunteer = Lock::Wrong(609);
    let mut open = identity();
    open.volunteer = Lock::Open;
    let number = || at_step(StepKind::Number, Way::Desk, 0);
    let enter = UiKey::Enter;
    let cases: Vec<(Scene, Vec<UiKey>, &str, &str)> = vec![
        (identity().troubled(wrong), vec![], "密码", "学号或密码不对"),
        (identity(), typed("20@6"), "学号", "学号里只能有"),
        (
            identity(),
            [typed("2"), vec![enter]].concat(),
            "学号",
            "学号至少",
        ),
        (
            identity(),
            [typed("2026001012"), vec![enter, enter]].concat(),
            "密码",
            "请输入密码",
        ),
        (offered(false), typed("20@6"), "学号", "学号里只能有"),
        (number_taken(), vec![], "手机号", "绑定在别的账号上"),
        (number(), typed("12800138000"), "手机号", "不像大陆的手机号"),
        (
            Scene::of(scenes::Desk::Free),
            [typed("p12"), vec![enter]].concat(),
            "请输入",
            "一共",
        ),
        (pin, vec![UiKey::Volunteer], "请输入 PIN", "秒后再试"),
        (
            scenes::unbinding(),
            vec![UiKey::Char('9'), enter],
            "",
            "输入的不对",
        ),
        (
            open,
            with_pin(
                &[
                    typed("t"),
                    vec![UiKey::Tab, UiKey::Tab],
                    typed("12"),
                    vec![enter],
                ]
                .concat(),
            ),
            "手机号",
            "请核对手机号",
        ),
    ];
    for (scene, keys, label, message) in cases {
        let mut desk = Desk::new(80, 24);
        desk.draw(&scene);
        for key in keys {
            desk.key(&scene, key);
            desk.draw(&scene);
        }
        let text = desk.text(&scene);
        let (marked, told) = rows(&text, label, message);
        let below = told.checked_sub(marked);
        assert!(below.is_some_and(|below| below < 4), "{label}:\n{text}");
        assert!(!text.contains("[请看这里]"), "{label}:\n{text}");
    }
}

#[test]
fn a_wrong_code_is_told_beneath_its_boxes() {
    let mut desk = Desk::new(80, 24);
    let text = desk.text(&coded().troubled(Trouble::CodeWrong { left: 2 }));
    assert!(!text.contains("[请看这里]"), "{text}");
    let lines: Vec<&str> = text.lines().collect();
    let boxes = lines.iter().rposition(|row| row.contains("[     ]"));
    let told = lines.iter().position(|row| row.contains("! "));
    let below = told
        .zip(boxes)
        .and_then(|(told, boxes)| told.checked_sub(boxes));
    assert!(below.is_some_and(|below| below < 4), "{below:?}:\n{text}");
}

#[test]
fn what_is_not_of_a_field_or_under_way_still_has_its_band() {
    let identity = || at_step(StepKind::Identity, Way::Desk, 0);
    let mut desk = Desk::new(80, 24);
    let offline = identity().troubled(Trouble::SignIn(Failure::Offline));
    assert!(desk.text(&offline).contains("[请看这里]"));
    let wrong = Trouble::SignIn(Failure::Rejected(SignInRefusal::WrongPassword));
    let again = identity().troubled(wrong).waits(ActKind::SignIn);
    let text = desk.text(&again);
    assert!(!text.contains("学号或密码不对"), "{text}");
}
