//! The volunteer's side, visits that wait, and the practice phone.

use super::handling::{free, signed};
use super::scenes::{self, Lock, at_step, offered, placed, practised};
use super::*;
use crate::visit::{Pickup, StepKind};

#[test]
fn a_panel_opens_only_for_a_pin_typed_here() {
    let mut scene = free();
    scene.volunteer = Lock::Open;
    let mut desk = Desk::new(80, 24);
    assert!(matches!(
        desk.key(&scene, UiKey::Volunteer),
        UiAction::Desk(DeskCommand::Lock)
    ));
    assert!(!desk.text(&scene).contains("退出程序"));
    scene.volunteer = Lock::Locked;
    desk.keys(&scene, "246810");
    assert!(matches!(
        desk.key(&scene, UiKey::Enter),
        UiAction::Desk(DeskCommand::Unlock { pin }) if pin.expose() == "246810"
    ));
    scene.volunteer = Lock::Checking;
    desk.draw(&scene);
    scene.volunteer = Lock::Open;
    assert!(desk.text(&scene).contains("退出程序"));
    assert!(matches!(
        desk.key(&scene, UiKey::Char('q')),
        UiAction::Edited
    ));
    // Neither Enter nor the letter again: a word.
    for typed in ["", "q", "qui", "quit it"] {
        desk.keys(&scene, typed);
        assert!(matches!(desk.key(&scene, UiKey::Enter), UiAction::Edited));
    }
    for word in ["quit", "QUIT", "退出"] {
        desk.draw(&scene);
        desk.keys(&scene, word);
        assert!(matches!(
            desk.key(&scene, UiKey::Enter),
            UiAction::Desk(DeskCommand::Quit)
        ));
        desk = opened(&scene);
        desk.key(&scene, UiKey::Char('q'));
    }
}

#[test]
fn the_desk_locks_and_the_panel_is_gone() {
    let mut scene = at_step(StepKind::Number, Way::Desk, 0);
    let mut desk = Desk::new(80, 24);
    desk.key(&scene, UiKey::Volunteer);
    desk.keys(&scene, "1");
    desk.key(&scene, UiKey::Enter);
    scene.volunteer = Lock::Open;
    assert!(desk.text(&scene).contains("接待下一位"));
    scene.volunteer = Lock::Locked;
    assert!(!desk.text(&scene).contains("接待下一位"));
}

/// A desk with the panel open over the scene.
pub(super) fn opened(scene: &Scene) -> Desk {
    let mut desk = Desk::new(80, 24);
    desk.key(scene, UiKey::Volunteer);
    desk.keys(scene, "1");
    desk.key(scene, UiKey::Enter);
    desk.draw(scene);
    desk
}

/// The program stopped before anybody had signed in.
fn offered_unsigned() -> Scene {
    let mut scene = offered(false);
    scene.visit_mut().student = None;
    scene
}

/// Every state of the desk in which the panel can be open.
fn every_state() -> Vec<Scene> {
    let mut down = at_step(StepKind::Identity, Way::Desk, 0);
    down.reach.identity = crate::visit::Gateway::Down {
        since: scenes::secs(1),
    };
    let mut scenes = vec![
        free(),
        offered(false),
        offered_unsigned(),
        at_step(StepKind::Number, Way::Desk, 0),
        placed(Place::Bound),
        Scene::of(scenes::Desk::JustParked),
        Scene::of(scenes::Desk::Starting),
        down,
    ];
    for scene in &mut scenes {
        scene.volunteer = Lock::Open;
    }
    scenes
}

/// The letters that the panel shows, each with its words.
fn letters(text: &str) -> Vec<(char, String)> {
    let deed = |line: &str| {
        let (_, rest) = line.split_once('│')?;
        let mut chars = rest.chars().skip(3);
        let letter = chars.next().filter(char::is_ascii_uppercase)?;
        let words: String = chars.skip(2).collect();
        Some((letter, words.split("  ").next()?.trim().to_owned()))
    };
    text.lines().filter_map(deed).collect()
}

#[test]
fn fault_7_a_letter_is_one_deed_in_every_state_and_quitting_is_last_and_never_preselected() {
    let mut deeds: Vec<(char, String)> = Vec::new();
    for scene in every_state() {
        let text = opened(&scene).text(&scene);
        let shown = letters(&text);
        assert!(shown.len() >= 4, "{text}");
        assert_eq!(shown.last().map(|(letter, _)| *letter), Some('Q'), "{text}");
        let marked = text.lines().find(|line| line.contains("> ")).unwrap();
        assert!(!marked.contains("> Q"), "{text}");
        deeds.extend(shown);
        // Enter by habit never leaves the program.
        let mut desk = opened(&scene);
        for _ in 0..3 {
            let done = desk.key(&scene, UiKey::Enter);
            assert!(!matches!(done, UiAction::Desk(DeskCommand::Quit)));
        }
    }
    for (letter, words) in &deeds {
        let same = deeds.iter().filter(|(other, _)| other == letter);
        for (_, others) in same {
            assert_eq!(words, others, "{letter}");
        }
    }
}

#[test]
fn the_volunteer_orders_what_the_panel_names() {
    let open = |keys: &[UiKey]| {
        let mut scene = at_step(StepKind::Number, Way::Desk, 0);
        scene.volunteer = Lock::Open;
        let mut desk = opened(&scene);
        let mut last = UiAction::Ignored;
        for key in keys {
            last = desk.key(&scene, *key);
        }
        last
    };
    let letter = |c: char| UiKey::Char(c);
    assert!(matches!(
        open(&[letter('g')]),
        UiAction::Desk(DeskCommand::Lock)
    ));
    assert!(matches!(
        open(&[letter('N')]),
        UiAction::Desk(DeskCommand::NextStudent)
    ));
    assert!(matches!(
        open(&[letter('p')]),
        UiAction::Visit(Command::Park { .. })
    ));
    assert!(matches!(
        open(&[letter('r')]),
        UiAction::Visit(Command::BeginAgain)
    ));
    assert!(matches!(open(&[letter('x')]), UiAction::Edited));
    assert!(matches!(
        open(&[letter('x'), letter('x')]),
        UiAction::Visit(Command::End)
    ));
    assert!(matches!(
        open(&[letter('x'), UiKey::Down, letter('x')]),
        UiAction::Edited
    ));
    assert!(matches!(
        open(&[letter('w'), UiKey::End, UiKey::Enter]),
        UiAction::Desk(DeskCommand::TakeUp { visit }) if visit == crate::visit::VisitId(2)
    ));
    assert!(matches!(
        open(&[UiKey::Esc]),
        UiAction::Desk(DeskCommand::Lock)
    ));
    // What cannot be done here is not offered, and its letter says why.
    assert!(matches!(open(&[letter('v')]), UiAction::Edited));
}

/// Offered or not, no letter is pressed in vain; another key takes the words away.
#[test]
fn a_letter_that_is_not_offered_says_why() {
    for scene in every_state() {
        let panel = opened(&scene).text(&scene);
        for letter in "gvnprtxwkodhlcq".chars() {
            let mut desk = opened(&scene);
            let action = desk.key(&scene, UiKey::Char(letter));
            let is_heard = !matches!(action, UiAction::Edited | UiAction::Ignored);
            let told = desk.text(&scene);
            assert!(is_heard || told != panel, "{letter}: {told}");
        }
    }
    let mut identity = at_step(StepKind::Identity, Way::Desk, 0);
    identity.volunteer = Lock::Open;
    let mut known = at_step(StepKind::Number, Way::Desk, 0);
    known.volunteer = Lock::Open;
    let mut unlisted = at_step(StepKind::Identity, Way::Desk, 0);
    (unlisted.volunteer, unlisted.has_roster) = (Lock::Open, false);
    let mut nobody = free();
    nobody.volunteer = Lock::Open;
    for (scene, letter, why) in [
        (&identity, 'v', "连不上的时候"),
        (&known, 'V', "已经登录，不用看证件"),
        (&unlisted, 'v', "还没有导入名单"),
        (&nobody, 'v', "现在没有正在办的登记"),
        (&nobody, 't', "现在没有正在办的登记"),
        (&identity, 'c', "办完再查"),
        (&nobody, 'l', "时间没有疑问"),
    ] {
        let mut desk = opened(scene);
        desk.key(scene, UiKey::Char(letter));
        let told = desk.text(scene);
        assert!(told.contains(why), "{letter}: {told}");
        desk.key(scene, UiKey::Down);
        assert!(!desk.text(scene).contains(why), "{letter}");
    }
}

#[test]
fn fault_8_esc_goes_one_level_back_everywhere() {
    let mut scene = at_step(StepKind::Identity, Way::Desk, 0);
    scene.reach.identity = crate::visit::Gateway::Down {
        since: scenes::secs(1),
    };
    scene.volunteer = Lock::Open;
    let panel = opened(&scene).text(&scene);
    for keys in ["w", "7", "/", "k", "o", "t", "v", "d", "h", "x", "q"] {
        let mut desk = opened(&scene);
        desk.keys(&scene, keys);
        assert_ne!(desk.text(&scene), panel, "{keys} opens something");
        assert!(
            matches!(desk.key(&scene, UiKey::Esc), UiAction::Edited),
            "{keys}"
        );
        let back = desk.text(&scene);
        assert!(letters(&back) == letters(&panel), "{keys}: {back}");
    }
    // Two levels: from the form of a ticket to the list, and from there to the panel.
    let mut desk = opened(&scene);
    desk.keys(&scene, "w");
    let list = desk.text(&scene);
    desk.key(&scene, UiKey::Ticket);
    assert_ne!(desk.text(&scene), list);
    desk.key(&scene, UiKey::Esc);
    assert_eq!(desk.text(&scene), list);
}

#[test]
fn the_panel_that_was_left_opens_again_without_the_pin() {
    let mut scene = free();
    scene.volunteer = Lock::Left;
    let mut desk = Desk::new(80, 24);
    assert!(matches!(
        desk.key(&scene, UiKey::Volunteer),
        UiAction::Desk(DeskCommand::Reopen)
    ));
    scene.volunteer = Lock::Open;
    assert!(desk.text(&scene).contains("退出程序"));
    // Where the desk does not open it, the PIN is asked for.
    scene.volunteer = Lock::Locked;
    let mut desk = Desk::new(80, 24);
    desk.key(&scene, UiKey::Volunteer);
    assert!(desk.text(&scene).contains("请输入 PIN"));
}

#[test]
fn an_offered_visit_takes_a_sign_in_or_is_left() {
    let scene = offered(false);
    let mut desk = Desk::new(80, 24);
    assert!(matches!(desk.key(&scene, UiKey::Enter), UiAction::Edited));
    assert!(matches!(
        signed(&mut desk, &scene),
        UiAction::Desk(DeskCommand::ResumeBySignIn(_))
    ));
    assert!(matches!(
        desk.key(&scene, UiKey::Esc),
        UiAction::Desk(DeskCommand::DismissOffer)
    ));
}

/// A volunteer took up another visit: whoever stood there is told the number, and the page beneath keeps its button.
#[test]
fn the_number_of_a_visit_that_gave_way_is_said_beside_the_one_taken_up() {
    let mut scene = at_step(StepKind::Number, Way::Desk, 0);
    for &lang in Lang::ALL {
        scene.lang = lang;
        for (columns, rows) in pages::SIZES {
            let mut desk = Desk::new(columns, rows);
            scene.gave_way = None;
            assert!(!desk.text(&scene).contains("017-4822"));
            scene.gave_way = Some(Pickup::new(scenes::desk_number(), 482));
            let text = desk.text(&scene);
            assert!(text.contains("017-4822"), "{columns}x{rows}: {text}");
            assert!(text.contains("[ Enter "), "{columns}x{rows}: {text}");
            // The volunteer's own pages have the list.
            desk.key(&scene, UiKey::Volunteer);
            assert!(!desk.text(&scene).contains("017-4822"));
        }
    }
}

#[test]
fn the_practice_phone_takes_keys_while_it_is_in_hand() {
    let scene = practised(at_step(StepKind::Identity, Way::Desk, 0));
    let mut desk = Desk::new(80, 24);
    desk.draw(&scene);
    desk.key(&scene, UiKey::Char('1'));
    desk.key(&scene, UiKey::Phone);
    assert!(matches!(
        desk.key(&scene, UiKey::Char('2')),
        UiAction::Desk(DeskCommand::PhoneAction { action: 1 })
    ));
    assert!(matches!(
        desk.tap(&scene, "扫描注册二维码"),
        UiAction::Desk(DeskCommand::PhoneAction { action: 0 })
    ));
    desk.key(&scene, UiKey::Char('n'));
    desk.keys(&scene, "13900139000");
    assert!(matches!(
        desk.key(&scene, UiKey::Enter),
        UiAction::Desk(DeskCommand::PhoneNumber { mobile }) if mobile == "13900139000"
    ));
    desk.key(&scene, UiKey::Esc);
    assert!(!desk.text(&scene).contains("扫描注册二维码"));
    let real = at_step(StepKind::Identity, Way::Desk, 0);
    assert!(matches!(desk.key(&real, UiKey::Phone), UiAction::Ignored));
}

#[test]
fn a_page_that_only_tells_is_left_by_a_key() {
    let mut desk = Desk::new(80, 24);
    for place in [Place::Bound, Place::AlreadyBound] {
        let scene = placed(place);
        assert!(matches!(
            desk.key(&scene, UiKey::Enter),
            UiAction::Visit(Command::Finish)
        ));
    }
    let mut parked = Scene::of(scenes::Desk::JustParked);
    desk.draw(&parked);
    parked.now.mono += scenes::secs(2);
    assert!(matches!(
        desk.key(&parked, UiKey::Enter),
        UiAction::Desk(DeskCommand::Continue)
    ));
    assert!(matches!(
        desk.key(&Scene::of(scenes::Desk::Starting), UiKey::Enter),
        UiAction::Ignored
    ));
}

#[test]
fn fault_13_no_key_is_named_that_does_nothing_yet() {
    let mut scene = scenes::coded();
    if let Some(code) = &mut scene.visit_mut().code {
        code.wrong = 5;
    }
    scene.code_ends_in = None;
    let mut scene = scene.troubled(crate::visit::Trouble::CodeSpent);
    scene.resend_in = Some(scenes::secs(50));
    let mut desk = Desk::new(80, 24);
    let text = desk.text(&scene);
    assert!(
        !text.contains("按 S") && !text.contains("S 重新发送"),
        "{text}"
    );
    assert!(text.contains("50 秒"), "{text}");
    scene.resend_in = Some(std::time::Duration::ZERO);
    let text = desk.text(&scene);
    assert!(text.contains("[ S "), "{text}");
    assert!(matches!(
        desk.key(&scene, UiKey::Char('s')),
        UiAction::Visit(Command::SendCode)
    ));
}

/// Papers are compared with whom the desk knows: where that is nobody, the visit just goes on.
#[test]
fn fault_21_no_papers_are_asked_for_where_nobody_is_known() {
    for has_roster in [false, true] {
        let mut scene = offered_unsigned();
        (scene.volunteer, scene.has_roster) = (Lock::Open, has_roster);
        let mut desk = opened(&scene);
        let shown = letters(&desk.text(&scene));
        assert!(shown.iter().all(|(letter, _)| *letter != 'V'), "{shown:?}");
        assert!(matches!(
            desk.key(&scene, UiKey::Enter),
            UiAction::Visit(Command::ResumeByVolunteer)
        ));
        let mut desk = opened(&scene);
        desk.key(&scene, UiKey::Char('v'));
        let told = desk.text(&scene);
        assert!(told.contains("没有人登录过"), "{told}");
    }
}
