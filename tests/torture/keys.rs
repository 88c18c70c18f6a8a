//! A keyboard under a cat, a mouse under a kitten: random keys, taps, resizes and pastes against the built binary. It
//! neither falls nor lets anybody out.

use std::time::Duration;

use crate::chance::Chance;
use crate::support::kiosk::Place;
use crate::support::{Desk, ENTER};
use crate::{row, times};

/// What keyboards, terminals and clipboards send. Nothing here is the PIN.
const KEYS: &[&str] = &[
    "\r", "\r", "\r", "\r", "\n", "\x1b", "\x1b", "\t", "\x1b[Z", " ", "\x7f", "\x08", "1", "2",
    "3", "9", "0", "s", "S", "c", "C", "T", "t", "x", "张", "🎓", "\x1bOP", "\x1bOQ", "\x1bOR",
    "\x1bOS", "\x1b[15~", "\x1b[20~", "\x1b[21~", "\x1b[A", "\x1b[B", "\x1b[C", "\x1b[D", "\x1b[H",
    "\x1b[F", "\x1b[5~", "\x1b[6~", "\x1b[3~", "\x1b1", "\x1b9",
];
const WORDS: &[&str] = &[
    "20260001\tpractice-0001\r",
    "20260002\tpractice-0002\r",
    "20260002\twrong\r",
    "13700137000\r",
    "13800138000\r",
    "１３８００１３８０００\r",
    "+86 137-0013-7000\r",
    "qchc",
    "123456",
    "\x1b[200~\x1b[31m\u{202e}rm -rf /\u{7}\r\n\x1b[201~",
    "\x1b]0;title\x07\x1bP1$r\x1b\\",
    "\x1b[?62;4c\x1b[24;80R",
];

fn strike(desk: &mut Desk, chance: &mut Chance, size: &mut (u16, u16)) {
    match chance.below(100) {
        0..=59 => {
            desk.types(chance.pick(KEYS));
        }
        60..=69 => {
            desk.types(chance.pick(WORDS));
        }
        70..=74 => {
            // Every control character, the keyboard's signals among them.
            let control = char::from(chance.below(32) as u8);
            desk.types(&control.to_string());
        }
        75..=92 => {
            let (column, row) = (chance.below(size.0.into()), chance.below(size.1.into()));
            desk.clicks(column as u16, row as u16);
        }
        93..=96 => {
            let limit = chance.pick(&[300, 300, 300, 300, 200_000]);
            let length = chance.below(limit);
            let piece = chance.pick(&["x", "9", "长", "\u{200b}", "=cmd", "\x1b[2J"]);
            desk.pastes(&piece.repeat(length / piece.len() + 1));
        }
        _ => {
            let sizes = [(80, 24), (100, 45), (20, 5), (200, 60), (79, 23), (40, 15)];
            *size = chance.pick(&sizes);
            desk.resizes(size.0, size.1);
        }
    }
}

fn children(pid: u32) -> String {
    std::fs::read_to_string(format!("/proc/{pid}/task/{pid}/children")).unwrap_or_default()
}

#[test]
fn no_key_gets_it_down_and_nobody_gets_out() {
    let mut chance = Chance::new("keys");
    let events = times(1200, 10_000);
    let place = Place::connected();
    place.desk_setting("letter = \"A\"");
    let mut desk = place.kiosk("zh-CN", 100, 45);
    desk.shows("欢迎新同学");
    let pid = desk.pid();
    let mut size = (100, 45);
    for n in 0..events {
        strike(&mut desk, &mut chance, &mut size);
        if n % 50 == 49 {
            std::thread::sleep(Duration::from_millis(60));
            assert!(
                desk.is_running(),
                "event {n}: it ended; the screen:\n{}",
                desk.text()
            );
            assert!(
                desk.screen().alternate_screen(),
                "event {n}: the screen was left"
            );
            assert_eq!(children(pid), "", "event {n}: it started something");
        }
    }
    // It still serves: whatever stands there, a volunteer puts it away and a student signs in.
    desk.resizes(100, 45);
    serves(&mut desk);
    let log = std::fs::read_to_string(place.store().join("yingxin.log")).unwrap_or_default();
    assert!(!log.contains("panic"), "{log}");
    row(
        "keys, taps, resizes, pastes",
        events,
        "0 panics, 0 escapes, it still serves",
    );
}

/// Leads whatever is on the screen back to Welcome, and one step on.
fn serves(desk: &mut Desk) {
    // Esc takes back a page or an answer at a time, and the longest route has some forty.
    for _ in 0..150 {
        // A paste that is still open ends here, and all is drawn anew.
        desk.types("\x1b[201~\x0c").rests();
        let text = desk.text();
        if text.contains("欢迎新同学") || text.contains("Welcome, new students") {
            desk.types(ENTER).rests();
            let text = desk.text();
            assert!(
                !text.contains("欢迎新同学"),
                "Enter does nothing any more:\n{text}"
            );
            return;
        }
        // Back, or leave; where leaving is asked about, yes.
        desk.types("\x1b").rests();
        if desk.text().contains("要离开吗") || desk.text().contains("Leave?") {
            desk.types(ENTER);
        }
    }
    panic!("it leads nowhere any more; the screen:\n{}", desk.text());
}
