//! How the desk ends: by signals, by a terminal that goes away, by a volunteer; and what does not end it.

use std::time::{Duration, Instant};

use crate::support::kiosk::{PIN, Place};
use crate::support::{Desk, ENTER, F10};

const WELCOME: &str = "欢迎新同学";

/// The alternate screen was cleared and left, the cursor and the terminal's modes given back.
fn is_restored(desk: &Desk) -> bool {
    // What the desk wrote last may still be on its way here.
    let end = Instant::now() + Duration::from_secs(5);
    let has_left = || {
        let raw = String::from_utf8_lossy(&desk.raw()).into_owned();
        raw.contains("\x1b[?1049l").then_some(raw)
    };
    let raw = loop {
        match has_left() {
            Some(raw) => break raw,
            None if Instant::now() > end => return false,
            None => std::thread::sleep(Duration::from_millis(20)),
        }
    };
    let (drawn, _) = raw.split_once("\x1b[?1049l").unwrap_or_default();
    // Some terminals show it again, and some keep it in the scrollback: nothing is drawn after it was cleared.
    let after = drawn.rsplit_once("\x1b[2J").map(|(_, after)| after);
    let given_back = "\x1b[H\x1b[?1006l\x1b[?1000l\x1b[?2004l\x1b[?25h";
    after == Some(given_back)
}

#[test]
fn term_int_and_quit_end_the_desk_and_give_the_terminal_back() {
    for signal in ["TERM", "INT", "QUIT"] {
        let place = Place::guide();
        let mut desk = place.kiosk("zh-CN", 80, 24);
        desk.shows(WELCOME);
        desk.signal(signal);
        assert_eq!(desk.ends().exit_code(), 0, "{signal}");
        assert!(is_restored(&desk), "{signal}");
    }
}

/// An earlier program may have left it in application mode, in which digits are sequences.
#[test]
fn the_keypad_is_put_into_its_normal_mode_at_the_start() {
    let place = Place::guide();
    let mut desk = place.kiosk("zh-CN", 80, 24);
    desk.shows(WELCOME);
    let raw = String::from_utf8_lossy(&desk.raw()).into_owned();
    let (before, _) = raw.split_once("\x1b[?1049h").unwrap();
    assert!(before.ends_with("\x1b>\x1b[?1l"), "{before:?}");
}

#[test]
fn a_terminal_that_goes_away_ends_the_desk_and_the_visit_is_kept() {
    let place = Place::guide();
    let mut window = place.kiosk_in_a_window(80, 24);
    window
        .shows(WELCOME)
        .types("s")
        .shows("在校师生")
        .types("1")
        .shows("统一身份认证");
    let desk = place.holder();
    window.kill();
    let (began, alive) = (Instant::now(), || {
        std::path::Path::new(&format!("/proc/{desk}")).exists()
    });
    while alive() {
        assert!(
            began.elapsed() < Duration::from_secs(10),
            "it goes on without a terminal"
        );
        std::thread::sleep(Duration::from_millis(20));
    }
    let (code, list, _) = place.command(&["visits", "list"]);
    assert!(code == 0 && list.contains("PICKUP"), "{code}: {list}");
}

#[test]
fn a_hangup_ends_the_desk() {
    let place = Place::guide();
    let mut desk = place.kiosk("zh-CN", 80, 24);
    desk.shows(WELCOME);
    desk.signal("HUP");
    desk.ends();
}

#[test]
fn what_a_keyboard_can_send_does_not_end_the_desk() {
    let place = Place::guide();
    let mut desk = place.kiosk("zh-CN", 80, 24);
    desk.shows(WELCOME);
    // Ctrl-C, Ctrl-Z, Ctrl-\, Ctrl-D, Ctrl-S, Ctrl-Q; then signals that a shell would send for them.
    desk.types("\x03\x1a\x1c\x04\x13\x11");
    desk.signal("TSTP");
    desk.signal("USR1");
    desk.types("s").shows("在校师生");
}

#[test]
fn a_volunteer_leaves_the_program_with_the_pin_alone() {
    let place = Place::guide();
    let mut desk = place.kiosk("zh-CN", 80, 24);
    desk.shows(WELCOME)
        .types(F10)
        .shows("请输入 PIN")
        .types("000000")
        .types(ENTER)
        .shows("PIN 不对");
    desk.types(PIN).types(ENTER).shows("退出程序");
    let (column, row) = desk.find("退出程序").unwrap();
    desk.clicks(column, row).shows("输入 退出 或 quit");
    desk.types(ENTER).types("quit").shows("quit").types(ENTER);
    assert_eq!(desk.ends().exit_code(), 0);
    assert!(is_restored(&desk));
}

#[test]
fn a_second_desk_on_the_same_store_is_refused() {
    let place = Place::guide();
    let mut first = place.kiosk("zh-CN", 80, 24);
    first.shows(WELCOME);
    let mut second = place.kiosk("zh-CN", 80, 24);
    assert_eq!(second.ends().exit_code(), 75);
    assert!(is_restored(&second));
    first.types("s").shows("在校师生");
}

#[test]
fn too_small_a_window_says_what_is_missing_and_loses_nothing() {
    let place = Place::guide();
    let mut desk = place.kiosk("zh-CN", 80, 24);
    desk.shows(WELCOME)
        .types("s")
        .shows("在校师生")
        .types("1")
        .shows("统一身份认证");
    desk.resizes(20, 5);
    desk.shows("还差");
    desk.resizes(80, 24);
    desk.shows("统一身份认证");
}
