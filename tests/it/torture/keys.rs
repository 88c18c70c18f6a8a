//! Random keys, taps, resizes and pastes against the built binary, as from a cat on the keyboard. The program neither panics
//! nor lets a student leave it.

use std::time::Duration;

use super::chance::Chance;
use super::{row, times};
use crate::support::kiosk::Place;
use crate::support::{Desk, ENTER};

/// Input as keyboards, terminals and clipboards send it. None of it is the PIN.
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
            // Every control character, with those that are signals of the keyboard.
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
    place.desk_setting("number = 17");
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
        if n % 250 == 249 {
            is_drawn_as_if_anew(&mut desk, n);
        }
    }
    // It still serves: from any screen it leads back, and a student signs in.
    desk.resizes(100, 45);
    let (falls, steps) = (desk.falls(), serves(&mut desk));
    let log = std::fs::read_to_string(place.store().join("yingxin.log")).unwrap_or_default();
    assert!(!log.contains("panic"), "{log}");
    row(
        "keys, taps, resizes, pastes",
        events,
        format!(
            "0 panics, 0 escapes, it still serves after {steps} steps back; the emulator fell {falls} times"
        ),
    );
}

/// The screen after many small changes is the same as a whole frame; and a whole frame, in a window of constant size, does
/// not break the emulator.
fn is_drawn_as_if_anew(desk: &mut Desk, event: usize) {
    let mut seen = Vec::new();
    // A broken emulator shows nothing until the first whole frame, and a countdown goes on meanwhile.
    for _ in 0..6 {
        desk.rests();
        let before = (looks(desk), desk.text());
        let falls = desk.falls();
        desk.types("\x0c").rests();
        assert_eq!(
            desk.falls(),
            falls,
            "event {event}: the emulator falls over a whole frame"
        );
        if looks(desk) == before.0 {
            return;
        }
        seen = vec![before.1, desk.text()];
    }
    panic!(
        "event {event}: a whole frame shows something else:\n{}",
        seen.join("\n=====\n")
    );
}

/// Every glyph with its colours and attributes, and the visible cursor. A countdown goes on meanwhile: all digits count as
/// equal.
fn looks(desk: &Desk) -> (Vec<Look>, Option<(u16, u16)>) {
    let screen = desk.screen();
    let (rows, columns) = screen.size();
    let cells = (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column)));
    let cells = cells.filter_map(|(row, column)| screen.cell(row, column));
    let looks = cells
        .filter(|cell| !cell.is_wide_continuation())
        .map(|cell| Look {
            glyph: cell.contents().replace(|c: char| c.is_ascii_digit(), "0"),
            colours: (cell.fgcolor(), cell.bgcolor()),
            attributes: [
                cell.bold(),
                cell.dim(),
                cell.italic(),
                cell.underline(),
                cell.inverse(),
            ],
        });
    let cursor = (!screen.hide_cursor()).then(|| screen.cursor_position());
    (looks.collect(), cursor)
}

#[derive(PartialEq, Eq)]
struct Look {
    glyph: String,
    colours: (vt100::Color, vt100::Color),
    attributes: [bool; 5],
}

/// The most steps that lead back: no visit of any pack has more than twenty pages and answers behind it (tests/packs), and
/// before each may stand a panel, a wait that is given up, or the question whether to leave.
const MOST_BACK: usize = 40;

/// Leads any screen back to Welcome, and one step on; returns how many steps that took.
fn serves(desk: &mut Desk) -> usize {
    let shows = |text: &str, words: [&str; 2]| words.iter().any(|words| text.contains(words));
    let mut walk = Vec::new();
    // Esc takes back a page or an answer at a time.
    for step in 0..MOST_BACK {
        // A paste that is still open ends here, and the whole screen is drawn again.
        desk.types("\x1b[201~\x0c").rests();
        let text = desk.text();
        if shows(&text, ["欢迎新同学", "Welcome, new students"]) {
            // Where a panel is open, Enter goes to the panel.
            desk.types(ENTER).rests();
            if shows(&desk.text(), ["开始之前，请您知道", "Before we begin"]) {
                println!("back in {step} steps:\n{}", walk.join("\n"));
                return step;
            }
        }
        let words = desk.text();
        let words = words.split_whitespace().take(12).collect::<Vec<_>>();
        walk.push(words.join(" "));
        // Back, or leave. To the question whether to leave Enter says no.
        desk.types("\x1b").rests();
        if shows(&desk.text(), ["要离开吗", "Leave?"]) {
            desk.types("2");
        }
    }
    panic!(
        "it leads nowhere any more; it went by\n{}\nthe screen:\n{}",
        walk.join("\n"),
        desk.text()
    );
}
