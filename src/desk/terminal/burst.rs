//! Tells a barcode scanner from hands. A scanner is a keyboard: it types a code a few milliseconds a character and ends
//! with Enter or Tab (CR, LF, HT). A character is therefore held back until it is known whose it is: another follows
//! sooner than a hand could type it, or none does.

use std::time::{Duration, Instant};

use zeroize::Zeroize;

use super::input::TerminalEvent;
use crate::screen::{UiInput, UiKey};

/// The longest pause within a scan. Scanners take 1 to 20 ms a character; a key that is held down repeats every 33 ms and
/// more slowly, and so does the quickest typist over six keys.
const PAUSE: Duration = Duration::from_millis(30);
/// The fewest characters of a scan. Four digits of a PIN and Enter that were read at once on a busy machine are keys.
const LEAST: usize = 6;
/// The most characters of a scan: what is longer is no number, and its rest goes by.
const MOST: usize = 256;

/// What came too quickly for a hand so far. It may be a password that was typed: it is wiped when it is handed on.
pub(super) struct Burst {
    /// With room for all of it, so that nothing is copied as it grows.
    held: String,
    count: usize,
    /// When the last character came.
    last: Option<Instant>,
    /// When a scan ended last: CR and LF are one end.
    ended: Option<Instant>,
}

impl Default for Burst {
    fn default() -> Self {
        Burst {
            held: String::with_capacity(MOST * 4),
            count: 0,
            last: None,
            ended: None,
        }
    }
}

impl Burst {
    /// What is certain by this event, in order.
    pub fn take(&mut self, event: TerminalEvent, now: Instant) -> Vec<TerminalEvent> {
        let is_soon = |moment: Option<Instant>| {
            moment.is_some_and(|moment| now.saturating_duration_since(moment) <= PAUSE)
        };
        let follows_end = is_soon(self.ended.take());
        let mut certain = if is_soon(self.last) {
            Vec::new()
        } else {
            self.release()
        };
        match event {
            TerminalEvent::Input(UiInput::Key(UiKey::Char(c))) => {
                self.count = self.count.saturating_add(1);
                if self.count <= MOST {
                    self.held.push(c);
                }
                self.last = Some(now);
            }
            TerminalEvent::Input(UiInput::Key(UiKey::Enter | UiKey::Tab))
                if self.count >= LEAST =>
            {
                let text = if self.count > MOST { "" } else { &self.held };
                certain.push(TerminalEvent::Input(UiInput::Scan(text.to_owned())));
                self.wipe();
                self.ended = Some(now);
            }
            TerminalEvent::Input(UiInput::Key(UiKey::Enter)) if follows_end => {}
            other => {
                certain.extend(self.release());
                certain.push(other);
            }
        }
        certain
    }

    /// What is held, as the keys that it was. Of more than a scan can have, nothing: no hand typed it.
    pub fn release(&mut self) -> Vec<TerminalEvent> {
        let held = if self.count > MOST { "" } else { &self.held };
        let key = |c| TerminalEvent::Input(UiInput::Key(UiKey::Char(c)));
        let keys = held.chars().map(key).collect();
        self.wipe();
        keys
    }

    /// How long what is held may still turn out to be a scan.
    pub fn left(&self, now: Instant) -> Option<Duration> {
        let end = self.last?.checked_add(PAUSE)?;
        Some(
            end.saturating_duration_since(now)
                .max(Duration::from_millis(1)),
        )
    }

    fn wipe(&mut self) {
        self.held.zeroize();
        (self.count, self.last) = (0, None);
    }
}

impl Drop for Burst {
    fn drop(&mut self) {
        self.wipe();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(key: UiKey) -> TerminalEvent {
        TerminalEvent::Input(UiInput::Key(key))
    }

    fn scan(text: &str) -> TerminalEvent {
        TerminalEvent::Input(UiInput::Scan(text.to_owned()))
    }

    fn keys(text: &str) -> Vec<TerminalEvent> {
        text.chars().map(|c| key(UiKey::Char(c))).collect()
    }

    /// What comes of these events, each so many milliseconds after the one before, with the loop's own deadline.
    fn heard(burst: &mut Burst, events: Vec<(u64, TerminalEvent)>) -> Vec<TerminalEvent> {
        let mut now = Instant::now();
        let mut heard = Vec::new();
        for (after, event) in events {
            let after = Duration::from_millis(after);
            if burst.left(now).is_some_and(|left| left < after) {
                heard.extend(burst.release());
            }
            now += after;
            heard.extend(burst.take(event, now));
        }
        if burst.left(now).is_some() {
            heard.extend(burst.release());
        }
        heard
    }

    fn each(pause: u64, text: &str, ends: &[UiKey]) -> Vec<(u64, TerminalEvent)> {
        let ends = ends.iter().map(|end| key(*end));
        let events = keys(text).into_iter().chain(ends);
        events.map(|event| (pause, event)).collect()
    }

    #[test]
    fn a_code_is_one_event_however_it_ends() {
        for pause in [0, 2, 8, 20] {
            for ends in [
                &[UiKey::Enter][..],
                &[UiKey::Tab],
                &[UiKey::Enter, UiKey::Enter],
            ] {
                let events = each(pause, "S0174822", ends);
                assert_eq!(heard(&mut Burst::default(), events), [scan("S0174822")]);
            }
        }
        // Two scans, and a key of a hand after them.
        let mut events = each(4, "2026001012", &[UiKey::Enter]);
        events.extend(each(4, "0174822", &[UiKey::Tab]));
        events.push((400, key(UiKey::Enter)));
        let wanted = [scan("2026001012"), scan("0174822"), key(UiKey::Enter)];
        assert_eq!(heard(&mut Burst::default(), events), wanted);
    }

    #[test]
    fn what_a_hand_types_stays_keys() {
        for (pause, text) in [(33, "20260010"), (120, "246810"), (5, "12345")] {
            let mut wanted = keys(text);
            wanted.push(key(UiKey::Enter));
            let events = each(pause, text, &[UiKey::Enter]);
            assert_eq!(heard(&mut Burst::default(), events), wanted, "{text}");
        }
        // An input method hands over many characters at once; Enter is another key.
        let mut events = each(0, "手机号换了打不开", &[]);
        events.push((200, key(UiKey::Enter)));
        let mut wanted = keys("手机号换了打不开");
        wanted.push(key(UiKey::Enter));
        assert_eq!(heard(&mut Burst::default(), events), wanted);
        // Another key between keeps its place.
        let events = vec![
            (9, key(UiKey::Char('a'))),
            (9, key(UiKey::Backspace)),
            (9, key(UiKey::Char('b'))),
        ];
        let wanted = [
            key(UiKey::Char('a')),
            key(UiKey::Backspace),
            key(UiKey::Char('b')),
        ];
        assert_eq!(heard(&mut Burst::default(), events), wanted);
    }

    #[test]
    fn what_is_too_long_goes_by() {
        let mut burst = Burst::default();
        let room = burst.held.capacity();
        let events = each(1, &"9".repeat(100_000), &[UiKey::Enter]);
        assert_eq!(heard(&mut burst, events), [scan("")]);
        let events = each(1, &"s".repeat(MOST + 1), &[]);
        assert_eq!(heard(&mut burst, events), []);
        let events = each(1, &"张".repeat(MOST), &[UiKey::Enter]);
        assert_eq!(heard(&mut burst, events), [scan(&"张".repeat(MOST))]);
        assert_eq!(burst.held.capacity(), room, "nothing was copied");
    }
}
