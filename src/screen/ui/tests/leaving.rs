//! How a locked desk is left.

use super::handling::free;
use super::scenes::Lock;
use super::volunteering::opened;
use super::*;
use crate::screen::LeaveWays;

#[test]
fn a_locked_desk_is_left_for_no_shell_and_by_no_habit() {
    let ask = |keys: &[UiKey], was_refused| {
        let mut scene = free();
        scene.volunteer = Lock::Open;
        scene.leave = LeaveWays::System { was_refused };
        let mut desk = opened(&scene);
        desk.key(&scene, UiKey::Char('q'));
        desk.draw(&scene);
        let mut last = UiAction::Ignored;
        for key in keys {
            last = desk.key(&scene, *key);
        }
        (last, desk.text(&scene))
    };
    let (_, text) = ask(&[], false);
    for words in ["1. 返回", "2. 重新启动本台", "3. 关机", "4. 维护"] {
        assert!(text.contains(words), "{text}");
    }
    // Enter by habit leads back to the panel, and the word of a developer's desk is nothing here.
    let (done, text) = ask(&[UiKey::Enter], false);
    assert!(
        matches!(done, UiAction::Edited) && text.contains("开门前检查"),
        "{text}"
    );
    let word = ["q", "u", "i", "t"].map(|c| UiKey::Char(c.chars().next().unwrap()));
    assert!(matches!(ask(&word, false).0, UiAction::Edited));
    let down = UiKey::Down;
    for (keys, wanted) in [
        (vec![UiKey::Char('2')], "Desk(Quit)"),
        (vec![down, UiKey::Enter], "Desk(Quit)"),
        (vec![UiKey::Char('3')], "Desk(AskSystem(SwitchOff))"),
        (vec![UiKey::Char('4')], "Desk(AskSystem(Maintenance))"),
        (vec![UiKey::Volunteer], "Desk(Lock)"),
    ] {
        assert_eq!(format!("{:?}", ask(&keys, false).0), wanted);
    }
    let (_, text) = ask(&[UiKey::Char('3')], true);
    assert!(text.contains("系统没有接受"), "{text}");
}
