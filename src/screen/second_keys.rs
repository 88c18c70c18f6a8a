//! The second key of each function key, for keyboards whose function keys set brightness and volume.

use super::UiKey;

/// What does the same as a function key: Alt and its digit. Which letter does so with Ctrl, the help says.
pub fn second_key(key: UiKey) -> Option<&'static str> {
    match key {
        UiKey::Help => Some("Alt-1"),
        UiKey::Language => Some("Alt-2"),
        UiKey::Theme => Some("Alt-3"),
        UiKey::Forgotten => Some("Alt-4"),
        UiKey::OtherWay => Some("Alt-5"),
        UiKey::StepAside => Some("Alt-6"),
        UiKey::Ticket => Some("Alt-7"),
        UiKey::Call => Some("Alt-8"),
        UiKey::Phone => Some("Alt-9"),
        UiKey::Volunteer => Some("Alt-0"),
        UiKey::Char(_)
        | UiKey::Enter
        | UiKey::Esc
        | UiKey::Backspace
        | UiKey::Delete
        | UiKey::Left
        | UiKey::Right
        | UiKey::Up
        | UiKey::Down
        | UiKey::Home
        | UiKey::End
        | UiKey::Tab
        | UiKey::BackTab
        | UiKey::PageUp
        | UiKey::PageDown
        | UiKey::Repaint
        | UiKey::Reveal
        | UiKey::ClearField => None,
    }
}
