//! A fault of something typed stands at its field, which is marked, and in no band at the other end.

use super::scenes::{Lock, at_step, coded, number_taken, offered};
use super::*;
use crate::screen::HandoverState;
use crate::visit::{ActKind, Failure, SignInRefusal, Trouble};

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

/// The page of handing over, opened.
fn handed(keys: &[UiKey]) -> Vec<UiKey> {
    with_pin(&[&[UiKey::Char('h')], keys].concat())
}

fn handing(handover: HandoverState) -> Scene {
    let mut scene = Scene::of(scenes::Desk::Free);
    (scene.volunteer, scene.handover) = (Lock::Open, handover);
    scene
}

fn wrong_password() -> Trouble {
    Trouble::SignIn(Failure::Rejected(SignInRefusal::WrongPassword))
}

#[test]
fn every_mistake_stands_at_its_field_and_marks_it() {
    let identity = || at_step(StepKind::Identity, Way::Desk, 0);
    let wrong = wrong_password();
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
            "确认删除，请输入老学号的最后",
            "输入的不对",
        ),
        (offered(true), vec![], "学号", "登录的不是同一位同学"),
        (
            offered(true).troubled(wrong_password()),
            vec![],
            "密码",
            "学号或密码不对",
        ),
        (
            identity().troubled(Trouble::SignIn(Failure::Rejected(
                SignInRefusal::NotAStudent,
            ))),
            vec![],
            "学号",
            "这个账号登记的不是学号",
        ),
        // An emptied field does not say what was wrong with it.
        (
            number_taken(),
            vec![UiKey::ClearField],
            "手机号",
            "绑定在别的账号上",
        ),
        (
            handing(HandoverState::Same),
            handed(&[]),
            "接班的人看完以后",
            "这是交班的人自己的 PIN",
        ),
        (
            handing(HandoverState::Wrong {
                again_at: scenes::secs(609),
            }),
            handed(&[]),
            "接班的人看完以后",
            "9 秒后再试",
        ),
        (
            handing(HandoverState::Wrong {
                again_at: scenes::secs(600),
            }),
            handed(&[]),
            "接班的人看完以后",
            "PIN 不对",
        ),
        (
            open,
            with_pin(
                &[
                    typed("t"),
                    vec![UiKey::Tab, UiKey::Tab],
                    typed("12"),
                    vec![enter, enter],
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

/// What was wrong with something is not said of nothing: Ctrl-U empties the field, and typing begins anew.
#[test]
fn a_mistake_of_what_was_typed_goes_with_it() {
    let identity = || at_step(StepKind::Identity, Way::Desk, 0);
    let free = || Scene::of(scenes::Desk::Free);
    let cases = [
        (identity(), typed("20@6"), "学号里只能有"),
        (
            free(),
            [typed("p12"), vec![UiKey::Enter]].concat(),
            "七位数字，请再看",
        ),
        (
            scenes::unbinding(),
            vec![UiKey::Char('9'), UiKey::Enter],
            "输入的不对",
        ),
    ];
    for (scene, keys, message) in cases {
        let mut desk = Desk::new(80, 24);
        desk.draw(&scene);
        for key in keys {
            desk.key(&scene, key);
        }
        assert!(desk.text(&scene).contains(message), "{message}");
        desk.key(&scene, UiKey::ClearField);
        let text = desk.text(&scene);
        assert!(!text.contains(message) && !text.contains(">!"), "{text}");
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
    let again = identity().troubled(wrong_password()).waits(ActKind::SignIn);
    let text = desk.text(&again);
    assert!(!text.contains("学号或密码不对"), "{text}");
}
