//! What terminals send, as what the screen understands: [`UiInput`]. Whatever a terminal does differently ends here, and
//! nothing here knows what a key leads to.
//!
//! Every function key has two others: with Alt and its digit, and with Ctrl and a letter, for terminals and desktops
//! that keep the function keys for themselves.

use termina::Event;
use termina::event::{
    KeyCode, KeyEvent, KeyEventKind, Modifiers, MouseButton, MouseEvent, MouseEventKind,
};
use zeroize::Zeroize;

use crate::screen::{UiInput, UiKey};
use crate::visit::is_format;

/// The most of a paste that is kept, in bytes: no field takes more.
pub const PASTE_CAP: usize = 16 * 1024;

/// What came from the terminal.
#[derive(Debug, PartialEq, Eq)]
pub enum TerminalEvent {
    /// A key, a paste or a tap.
    Input(UiInput),
    /// The terminal has another size: the whole screen is repainted.
    Resized,
}

/// Understands an event; `None` for what means nothing here.
pub fn translate(event: Event) -> Option<TerminalEvent> {
    let input = match event {
        Event::Key(key) => UiInput::Key(key_meant(key)?),
        Event::Paste(text) => UiInput::Paste(cleaned(text)?),
        Event::Mouse(mouse) => mouse_meant(mouse)?,
        Event::WindowResized(_) => return Some(TerminalEvent::Resized),
        // Focus, and what terminals answer without a question.
        _ => return None,
    };
    Some(TerminalEvent::Input(input))
}

fn key_meant(event: KeyEvent) -> Option<UiKey> {
    if event.kind == KeyEventKind::Release {
        return None;
    }
    let modifiers = event.modifiers;
    if let KeyCode::Char(c) = event.code {
        return match (
            modifiers.contains(Modifiers::CONTROL),
            modifiers.contains(Modifiers::ALT),
        ) {
            (false, false) => Some(UiKey::Char(c)).filter(|_| !c.is_control() && !is_format(c)),
            (true, false) => with_control(c),
            (false, true) => with_alt(c),
            (true, true) => None,
        };
    }
    Some(match event.code {
        KeyCode::Enter => UiKey::Enter,
        KeyCode::Escape => UiKey::Esc,
        KeyCode::Backspace => UiKey::Backspace,
        KeyCode::Delete => UiKey::Delete,
        KeyCode::Left => UiKey::Left,
        KeyCode::Right => UiKey::Right,
        KeyCode::Up => UiKey::Up,
        KeyCode::Down => UiKey::Down,
        KeyCode::Home => UiKey::Home,
        KeyCode::End => UiKey::End,
        KeyCode::Tab if modifiers.contains(Modifiers::SHIFT) => UiKey::BackTab,
        KeyCode::Tab => UiKey::Tab,
        KeyCode::BackTab => UiKey::BackTab,
        KeyCode::PageUp => UiKey::PageUp,
        KeyCode::PageDown => UiKey::PageDown,
        KeyCode::Function(1) => UiKey::Help,
        KeyCode::Function(2) => UiKey::Language,
        KeyCode::Function(3) => UiKey::Theme,
        KeyCode::Function(4) => UiKey::Forgotten,
        KeyCode::Function(5) => UiKey::OtherWay,
        KeyCode::Function(6) => UiKey::StepAside,
        KeyCode::Function(7) => UiKey::Ticket,
        KeyCode::Function(8) => UiKey::Call,
        KeyCode::Function(9) => UiKey::Phone,
        KeyCode::Function(10) => UiKey::Volunteer,
        _ => return None,
    })
}

/// `Ctrl` and a letter. Ctrl-C answers as Esc does: it is pressed to get out of something.
fn with_control(c: char) -> Option<UiKey> {
    Some(match c.to_ascii_lowercase() {
        'c' | '[' => UiKey::Esc,
        // Terminals that send BS for the backspace key, and LF for Enter.
        'h' => UiKey::Backspace,
        'j' | 'm' => UiKey::Enter,
        'i' => UiKey::Tab,
        'd' => UiKey::Delete,
        'a' => UiKey::Home,
        'e' => UiKey::End,
        'g' => UiKey::Help,
        't' => UiKey::Language,
        'y' => UiKey::Theme,
        'f' => UiKey::Forgotten,
        'o' => UiKey::OtherWay,
        'n' => UiKey::StepAside,
        'b' => UiKey::Ticket,
        'v' => UiKey::Call,
        'p' => UiKey::Phone,
        'k' => UiKey::Volunteer,
        'l' => UiKey::Repaint,
        'r' => UiKey::Reveal,
        'u' => UiKey::ClearField,
        _ => return None,
    })
}

/// `Alt` and the function key's digit.
fn with_alt(c: char) -> Option<UiKey> {
    Some(match c {
        '1' | 'h' => UiKey::Help,
        '2' => UiKey::Language,
        '3' => UiKey::Theme,
        '4' => UiKey::Forgotten,
        '5' => UiKey::OtherWay,
        '6' => UiKey::StepAside,
        '7' => UiKey::Ticket,
        '8' => UiKey::Call,
        '9' => UiKey::Phone,
        '0' => UiKey::Volunteer,
        _ => return None,
    })
}

/// The beginning of a paste without control and invisible characters. What the terminal handed over is overwritten: it
/// may have been a password.
fn cleaned(mut text: String) -> Option<String> {
    let mut end = text.len().min(PASTE_CAP);
    while !text.is_char_boundary(end) {
        end = end.saturating_sub(1);
    }
    // Room for all of it at once: a string that grows leaves copies behind.
    let mut kept = String::with_capacity(end);
    // What joins and colours emoji, and line feeds within, belong to the text of a ticket; other fields drop them.
    let visible = |c: &char| {
        matches!(*c, '\n' | '\u{200d}' | '\u{fe0f}') || !c.is_control() && !is_format(*c)
    };
    let given = text.get(..end).unwrap_or_default();
    kept.extend(given.trim_matches(['\r', '\n']).chars().filter(visible));
    text.zeroize();
    Some(kept).filter(|kept| !kept.is_empty())
}

fn mouse_meant(event: MouseEvent) -> Option<UiInput> {
    match event.kind {
        MouseEventKind::Down(MouseButton::Left) => Some(UiInput::Tap {
            column: event.column,
            row: event.row,
        }),
        MouseEventKind::ScrollDown => Some(UiInput::Scroll { down: true }),
        MouseEventKind::ScrollUp => Some(UiInput::Scroll { down: false }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(code: KeyCode, modifiers: Modifiers) -> Option<TerminalEvent> {
        translate(Event::Key(KeyEvent::new(code, modifiers)))
    }

    #[test]
    fn each_function_key_has_two_others() {
        for (number, digit, letter, meant) in [
            (1, '1', 'g', UiKey::Help),
            (2, '2', 't', UiKey::Language),
            (3, '3', 'y', UiKey::Theme),
            (4, '4', 'f', UiKey::Forgotten),
            (5, '5', 'o', UiKey::OtherWay),
            (6, '6', 'n', UiKey::StepAside),
            (7, '7', 'b', UiKey::Ticket),
            (8, '8', 'v', UiKey::Call),
            (9, '9', 'p', UiKey::Phone),
            (10, '0', 'k', UiKey::Volunteer),
        ] {
            let wanted = Some(TerminalEvent::Input(UiInput::Key(meant)));
            assert_eq!(key(KeyCode::Function(number), Modifiers::NONE), wanted);
            assert_eq!(key(KeyCode::Char(digit), Modifiers::ALT), wanted);
            assert_eq!(key(KeyCode::Char(letter), Modifiers::CONTROL), wanted);
            let named = crate::screen::second_key(meant);
            assert_eq!(
                named,
                Some(&*format!("Alt-{digit}")),
                "as the footer names it"
            );
        }
    }

    #[test]
    fn no_key_is_bound_twice() {
        for with in [with_control, with_alt] {
            let mut meant: Vec<String> = (' '..='~')
                .filter(|c| !c.is_ascii_uppercase())
                .filter_map(with)
                .map(|key| format!("{key:?}"))
                .collect();
            let all = meant.len();
            meant.sort();
            meant.dedup();
            // Esc, Enter and, with Alt, help each have one more.
            assert!(all - meant.len() <= 2, "{meant:?}");
        }
    }

    #[test]
    fn keys_mean_the_same_on_every_terminal() {
        let none = Modifiers::NONE;
        for (code, modifiers, meant) in [
            (KeyCode::Char('a'), none, Some(UiKey::Char('a'))),
            (KeyCode::Char('A'), Modifiers::SHIFT, Some(UiKey::Char('A'))),
            (KeyCode::Char('?'), Modifiers::SHIFT, Some(UiKey::Char('?'))),
            (KeyCode::Char('张'), none, Some(UiKey::Char('张'))),
            (KeyCode::Char('\u{7}'), none, None),
            (KeyCode::Char('\u{202e}'), none, None),
            (
                KeyCode::Char('h'),
                Modifiers::CONTROL,
                Some(UiKey::Backspace),
            ),
            (KeyCode::Char('j'), Modifiers::CONTROL, Some(UiKey::Enter)),
            (KeyCode::Char('c'), Modifiers::CONTROL, Some(UiKey::Esc)),
            (KeyCode::Char('z'), Modifiers::CONTROL, None),
            (KeyCode::Char('x'), Modifiers::ALT, None),
            (
                KeyCode::Char('l'),
                Modifiers::CONTROL | Modifiers::ALT,
                None,
            ),
            (KeyCode::Tab, Modifiers::SHIFT, Some(UiKey::BackTab)),
            (KeyCode::BackTab, Modifiers::SHIFT, Some(UiKey::BackTab)),
            (KeyCode::Function(11), none, None),
            (KeyCode::Insert, none, None),
        ] {
            let wanted = meant.map(|key| TerminalEvent::Input(UiInput::Key(key)));
            assert_eq!(key(code, modifiers), wanted, "{code:?} {modifiers:?}");
        }
        let mut release = KeyEvent::new(KeyCode::Enter, none);
        release.kind = KeyEventKind::Release;
        assert_eq!(translate(Event::Key(release)), None);
    }

    #[test]
    fn a_paste_is_bounded_and_clean() {
        let paste = |text: &str| translate(Event::Paste(text.to_owned()));
        let kept = |text: &str| Some(TerminalEvent::Input(UiInput::Paste(text.to_owned())));
        assert_eq!(paste("13800138000\r\n"), kept("13800138000"));
        assert_eq!(
            paste("\u{202d}138\u{1b}[31m00\u{200b}\u{9b}"),
            kept("138[31m00")
        );
        assert_eq!(paste("\r\n\u{7}"), None);
        assert_eq!(paste(&"x".repeat(1 << 20)), kept(&"x".repeat(PASTE_CAP)));
        // A character on the edge is left out whole.
        let text = format!("x{}", "张".repeat(PASTE_CAP));
        assert_eq!(
            paste(&text),
            kept(&format!("x{}", "张".repeat(PASTE_CAP / 3)))
        );
    }

    #[test]
    fn a_press_of_the_left_button_is_a_tap() {
        let mouse = |kind| {
            translate(Event::Mouse(MouseEvent {
                kind,
                column: 4,
                row: 2,
                modifiers: Modifiers::NONE,
            }))
        };
        let tap = TerminalEvent::Input(UiInput::Tap { column: 4, row: 2 });
        assert_eq!(mouse(MouseEventKind::Down(MouseButton::Left)), Some(tap));
        assert_eq!(mouse(MouseEventKind::Down(MouseButton::Right)), None);
        assert_eq!(mouse(MouseEventKind::Up(MouseButton::Left)), None);
        assert_eq!(mouse(MouseEventKind::Moved), None);
        let scroll = TerminalEvent::Input(UiInput::Scroll { down: true });
        assert_eq!(mouse(MouseEventKind::ScrollDown), Some(scroll));
    }
}
