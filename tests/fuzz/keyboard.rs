//! What a terminal sends: keys, pastes, taps, answers, and what only looks like them.

use std::time::{Duration, Instant};

use super::{Target, assert_harmless};
use crate::desk::terminal::input::TerminalEvent;
use crate::desk::terminal::tty::Ear;
use crate::screen::{UiInput, UiKey};

pub const TERMINAL: Target = Target {
    name: "terminal",
    words: &[
        "\u{1b}",
        "\u{1b}[",
        "\u{1b}]",
        "\u{1b}P",
        "\u{1b}O",
        "\u{1b}OP",
        "\u{1b}[200~",
        "\u{1b}[201~",
        "\u{1b}[<0;5;3M",
        "\u{1b}[<0;5;3m",
        "\u{1b}[M",
        "\u{1b}[21~",
        "\u{1b}[Z",
        "\u{1b}[I",
        "\u{1b}[?62;4c",
        "\u{1b}[24;80R",
        "\u{1b}]52;c;",
        "\u{7}",
        "\u{1b}\\",
        "\r",
        "\t",
        "\u{7f}",
        "张",
        "\u{200d}",
        "\u{1b}[97;5u",
        "\u{1b}[57358;1:3u",
        "\u{1b}_",
        "\u{1b}^",
    ],
    seeds: || vec![b"20260001\tpractice-0001\r\x1b[21~".to_vec()],
    longest: 16 * 1024,
    slowest: Duration::from_secs(3),
    memory: 256,
    read: |bytes| {
        let mut ear = Ear::default();
        let began = Instant::now();
        let mut kinds = String::new();
        // In one piece, then in small ones: what is meant does not act on the screen either way.
        for size in [bytes.len().max(1), 7] {
            let pieces = bytes.chunks(size);
            for (turn, piece) in (0u32..).zip(pieces) {
                let now = began + Duration::from_millis(1) * turn;
                for heard in ear.hear(piece, piece.len() == size && turn % 2 == 0, now) {
                    kinds.push(meant(&heard));
                }
            }
            // Whatever was left unfinished, keys come through after a pause.
            let later = began + Duration::from_secs(60);
            let heard = ear.hear(b"\x1bOP", false, later);
            let help = TerminalEvent::Input(UiInput::Key(UiKey::Help));
            assert_eq!(heard.last(), Some(&help));
            ear = Ear::default();
        }
        kinds.truncate(12);
        kinds
    },
};

/// A letter for an event, which holds nothing that acts on a terminal.
fn meant(event: &TerminalEvent) -> char {
    match event {
        TerminalEvent::Resized => 'r',
        TerminalEvent::Input(UiInput::Key(UiKey::Char(c))) => {
            assert_harmless(&c.to_string());
            'c'
        }
        TerminalEvent::Input(UiInput::Key(_)) => 'k',
        TerminalEvent::Input(UiInput::Paste(text)) => {
            assert!(text.len() <= 16 * 1024);
            assert_harmless(&text.replace(['\n', '\u{200d}', '\u{fe0f}'], ""));
            'p'
        }
        TerminalEvent::Input(UiInput::Scan(_)) => unreachable!("there is no scanner"),
        TerminalEvent::Input(UiInput::Tap { .. } | UiInput::Scroll { .. }) => 't',
    }
}
